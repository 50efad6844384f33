"""Contributions as they are shown: with their assignment, whether late, and what may be done."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.tables import stored_file
from chassis.web import Paging, ResponseBody, paginate
from contracts.tasks import ContributionStatus
from tasks.access import RIGHTS
from tasks.assignments.asked import OWED, Contribution
from tasks.assignments.change import find
from tasks.assignments.domain import LIVE, WHILE_PAUSED, acts_open_in
from tasks.assignments.filters import issued
from tasks.assignments.models import Assignment
from tasks.assignments.scope import scope
from tasks.assignments.views import FileView
from tasks.calendar.moment import Moment
from tasks.contributions.domain import FROM, Act
from tasks.directory.models import Person
from tasks.ladder.domain import days_late
from tasks.plans.models import Task

_RIGHT: dict[Act, Any] = {
    "give": "give_contribution", "accept": "decide_contribution", "return": "decide_contribution",
    "withdraw": "decide_contribution",
}  # fmt: skip
_ASKED_BY, _GIVEN_BY, _DECIDED_BY = aliased(Person), aliased(Person), aliased(Person)


class ContributionView(ResponseBody):
    """What a coordinating unit (`unit_id`) was asked for, and what became of it.

    `late_days`: working days past the last allowed day, until it was given or today; `on_time`:
    None while it is owed. `note`, `given_*`: of the last time it was given; `files`: all that ever
    came with it. `allowed`: what the caller may do with it now.
    """

    id: UUID
    assignment_id: UUID
    assignment_number: str
    assignment_content: str
    lead_unit_id: UUID
    unit_id: UUID
    what: str
    due_on: date
    last_working_day: date
    status: ContributionStatus
    late_days: int
    on_time: bool | None
    asked_at: datetime
    asked_by_name: str | None
    given_at: datetime | None
    given_on: date | None
    given_by_name: str | None
    note: str
    files: list[FileView]
    decided_at: datetime | None
    decided_by_name: str | None
    decision_note: str | None
    allowed: list[str]


class Contributions(ResponseBody):
    """All contributions to one assignment, the newest first."""

    data: list[ContributionView]


def owed() -> ColumnElement[bool]:
    """Return the condition that a contribution is owed now, under a plan that was issued."""
    return and_(
        Contribution.status.in_(OWED),
        Assignment.status.in_(sorted(LIVE)),
        Assignment.carried_to_id.is_(None),
        Assignment.paused_on.is_(None),
        issued(),
    )


def of_unit(actor: Actor) -> ColumnElement[bool]:
    """Return the condition that the actor's own unit was asked, where it may give anything."""
    unit_id = actor.unit_id
    if not RIGHTS.may(actor, "assignment.give_contribution", unit_id):
        return false()
    return Contribution.unit_id == unit_id


async def of_assignment(
    session: AsyncSession, actor: Actor, id_: UUID, at: Moment
) -> Contributions:
    """Return all contributions to an assignment the actor sees. Raises NotFound."""
    await find(session, actor, id_)
    statement = _seen(actor).where(Contribution.assignment_id == id_)
    rows = await session.execute(
        statement.order_by(Contribution.asked_at.desc(), Contribution.id.desc())
    )
    return Contributions(data=await _views(session, actor, rows.all(), at))


async def page(
    session: AsyncSession, actor: Actor, at: Moment, paging: Paging, *, mine: bool, only_owed: bool
) -> tuple[list[ContributionView], str | None]:
    """Return contributions the actor sees, by last allowed day. `mine`: asked of the own unit."""
    ids = _ids(actor).where(of_unit(actor)) if mine else _ids(actor)
    ids = ids.where(owed()) if only_owed else ids
    found, cursor = await paginate(session, ids, paging, Contribution.due_on, Contribution.id)
    return await _whole(session, actor, found, at), cursor


async def first_owed(
    session: AsyncSession, actor: Actor, at: Moment, most: int
) -> list[ContributionView]:
    """Return what the actor's unit owes, the first by last allowed day; often nothing."""
    ids = _ids(actor).where(of_unit(actor), owed())
    found = await session.scalars(ids.order_by(Contribution.due_on, Contribution.id).limit(most))
    return await _whole(session, actor, found.all(), at)


async def one(
    session: AsyncSession, actor: Actor, contribution: Contribution, at: Moment
) -> ContributionView:
    """Return a contribution that was just asked for, given or decided."""
    [view] = await _whole(session, actor, [contribution.id], at)
    return view


async def _whole(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], at: Moment
) -> list[ContributionView]:
    if not ids:
        return []
    rows = (await session.execute(_seen(actor).where(Contribution.id.in_(ids)))).all()
    views = {view.id: view for view in await _views(session, actor, rows, at)}
    return [views[id_] for id_ in ids]


def _ids(actor: Actor) -> Select[UUID]:
    ids = select(Contribution.id).join(Assignment, Assignment.id == Contribution.assignment_id)
    return scope(ids, actor)


def _seen(actor: Actor) -> Select[*tuple[Any, ...]]:
    whole = (
        select(Contribution, Assignment, Task.content, _ASKED_BY.name, _GIVEN_BY.name,
               _DECIDED_BY.name)
        .join(Assignment, Assignment.id == Contribution.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .outerjoin(_ASKED_BY, _ASKED_BY.id == Contribution.asked_by)
        .outerjoin(_GIVEN_BY, _GIVEN_BY.id == Contribution.given_by)
        .outerjoin(_DECIDED_BY, _DECIDED_BY.id == Contribution.decided_by)
    )  # fmt: skip
    return scope(whole, actor)


async def _views(
    session: AsyncSession, actor: Actor, rows: Sequence[Any], at: Moment
) -> list[ContributionView]:
    files = await _files(session, [each for row in rows for each in row[0].file_ids])
    return [_view(row, actor, files, at) for row in rows]


async def _files(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, FileView]:
    if not ids:
        return {}
    rows = await session.execute(select(stored_file).where(stored_file.c.id.in_(ids)))
    return {row.id: FileView.model_validate(row) for row in rows}


def _view(row: Any, actor: Actor, files: dict[UUID, FileView], at: Moment) -> ContributionView:
    contribution, assignment, content, asked_by, given_by, decided_by = row
    names = (
        "id", "unit_id", "what", "due_on", "status", "asked_at", "given_at", "note", "decided_at",
        "decision_note",
    )  # fmt: skip
    stands = contribution.status in ("given", "accepted")
    return ContributionView(
        **{name: getattr(contribution, name) for name in names},
        assignment_id=assignment.id,
        assignment_number=assignment.number,
        assignment_content=content,
        lead_unit_id=assignment.unit_id,
        last_working_day=at.calendar.last_working_day_on_or_before(contribution.due_on),
        late_days=_late_days(contribution, assignment, at),
        given_on=contribution.given_on,
        on_time=contribution.on_time if stands else None,
        asked_by_name=asked_by,
        given_by_name=given_by,
        decided_by_name=decided_by,
        files=[files[id_] for id_ in contribution.file_ids if id_ in files],
        allowed=_allowed(contribution, assignment, actor),
    )


def _late_days(contribution: Contribution, assignment: Assignment, at: Moment) -> int:
    """Return how late it is or was; what was given in time stays so when the calendar moves."""
    if contribution.status in ("given", "accepted"):
        given_on = contribution.given_on
        if given_on is None or contribution.on_time:
            return 0
        return max(days_late(contribution.due_on, given_on, at.calendar), 1)
    if contribution.status == "withdrawn" or assignment.paused_on is not None:
        return 0
    return days_late(contribution.due_on, at.today, at.calendar)


def _allowed(contribution: Contribution, assignment: Assignment, actor: Actor) -> list[str]:
    if assignment.carried_to_id is not None:
        return []
    open_acts = set(acts_open_in(assignment.status))
    if assignment.paused_on is not None:
        open_acts &= WHILE_PAUSED
    units = {"give": contribution.unit_id}
    return [
        act
        for act, statuses in FROM.items()
        if contribution.status in statuses
        and _RIGHT[act] in open_acts
        and RIGHTS.may(actor, f"assignment.{_RIGHT[act]}", units.get(act, assignment.unit_id))
    ]
