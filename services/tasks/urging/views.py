"""Urgings as they are shown: what was urged, and how far it has come with each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import Paging, ResponseBody, paginate
from contracts.tasks import UrgedAs, UrgingOrigin
from tasks.access import RIGHTS
from tasks.assignments import scope as assignments
from tasks.assignments.models import Assignment
from tasks.assignments.urged import Urging, UrgingRecipient, UrgingRow
from tasks.calendar.moment import Moment
from tasks.directory.models import Person, Unit
from tasks.ladder.domain import days_late
from tasks.plans.models import Task
from tasks.urging.domain import MOST
from tasks.urging.preview import UrgedRow
from tasks.urging.scope import visible


class UrgingBrief(ResponseBody):
    """An urging in a list. `made_by_name` null: the ladder's. Counts are of people.

    `row_count`: assignments, or, for the reason `report`, units that are to report.
    `allowed`: what the caller may do with it.
    """

    id: UUID
    origin: UrgingOrigin
    reason: str
    made_at: datetime
    made_by_name: str | None
    row_count: int
    people: int
    sent: int
    seen: int
    acknowledged: int
    letter_number: str | None
    letter_issued_on: date | None
    allowed: list[str]


class Receipt(ResponseBody):
    """A person who was urged, and when they were told, saw it, and said that they know.

    `assignment_ids` null: all rows that the ladder told this step.
    """

    person_id: UUID
    name: str
    post: str
    unit_id: UUID
    unit_name: str
    urged_as: UrgedAs
    row_count: int
    assignment_ids: list[UUID] | None
    words: str
    sent_at: datetime | None
    seen_at: datetime | None
    acknowledged_at: datetime | None


class UrgingView(UrgingBrief):
    """An urging with its receipts and rows: for a unit, its own people and the rows it sees.

    `rows`: the first 2,000, as they are today; `row_count` counts all. `version`: of the letter's
    number. `plan_id`: under which reports are urged; then there are no rows.
    """

    version: int
    plan_id: UUID | None
    words: str
    receipts: list[Receipt]
    rows: list[UrgedRow]


# ---------------------------------------------------------------- what was sent


def _counted(actor: Actor) -> Select[Any]:
    """Select an urging with how far it has come; of a unit's people alone, for a unit."""
    of = UrgingRecipient
    counts = (
        select(
            func.count().label("people"),
            func.count(of.sent_at).label("sent"),
            func.count(of.seen_at).label("seen"),
            func.count(of.acknowledged_at).label("acknowledged"),
        )
        .where(of.urging_id == Urging.id, _of_own(actor))
        .lateral("counts")
    )
    return (
        select(Urging, Person.name, *counts.c)
        .select_from(Urging)
        .join(counts, true())
        .outerjoin(Person, Person.id == Urging.made_by)
        .where(visible(actor))
    )


def _of_own(actor: Actor) -> ColumnElement[bool]:
    everybody = RIGHTS.may(actor, "urging.read")
    return true() if everybody else UrgingRecipient.unit_id == actor.unit_id


@dataclass(frozen=True)
class Asked:
    """Which urgings are asked for; what is left out narrows nothing."""

    origin: UrgingOrigin | None = None
    assignment_id: UUID | None = None


async def page(
    session: AsyncSession, actor: Actor, asked: Asked, paging: Paging
) -> tuple[list[UrgingBrief], str | None]:
    """Return urgings that concern the actor, the newest first."""
    statement = _counted(actor)
    if asked.origin:
        statement = statement.where(Urging.origin == asked.origin)
    if asked.assignment_id:
        about = select(UrgingRow.urging_id).where(
            UrgingRow.urging_id == Urging.id, UrgingRow.assignment_id == asked.assignment_id
        )
        statement = statement.where(exists(about))
    rows, cursor = await paginate(
        session, statement, paging, Urging.made_at.desc(), Urging.id.desc()
    )
    return [UrgingBrief(**_brief(row, actor)) for row in rows], cursor


async def one(session: AsyncSession, actor: Actor, id_: UUID, at: Moment) -> UrgingView | None:
    """Return one urging with its receipts; None where it does not concern the actor."""
    row = (await session.execute(_counted(actor).where(Urging.id == id_))).first()
    if row is None:
        return None
    return UrgingView(
        **_brief(row, actor),
        version=row.Urging.version,
        plan_id=row.Urging.plan_id,
        words=row.Urging.words,
        receipts=await _receipts(session, actor, id_),
        rows=await rows_of(session, actor, id_, at),
    )


def _brief(row: Any, actor: Actor) -> dict[str, Any]:
    urging = row.Urging
    with_letter = urging.origin == "office" and urging.reason != "report"
    acts = ["read_letter", "record_letter"] if with_letter else []
    names = (
        "id", "origin", "reason", "made_at", "row_count", "letter_number", "letter_issued_on",
    )  # fmt: skip
    return {
        **{name: getattr(urging, name) for name in names},
        "made_by_name": row.name,
        "people": row.people,
        "sent": row.sent,
        "seen": row.seen,
        "acknowledged": row.acknowledged,
        "allowed": RIGHTS.allowed(actor, "urging", acts),
    }


async def _receipts(session: AsyncSession, actor: Actor, id_: UUID) -> list[Receipt]:
    statement = (
        select(UrgingRecipient, Person.name, Person.post, Unit.name.label("unit_name"))
        .join(Person, Person.id == UrgingRecipient.person_id)
        .join(Unit, Unit.id == UrgingRecipient.unit_id)
        .where(UrgingRecipient.urging_id == id_, _of_own(actor))
        .order_by(Unit.sort_order, Unit.id, Person.sort_key, Person.id)
    )
    found = await session.execute(statement)
    return [_receipt(*row) for row in found]


def _receipt(each: UrgingRecipient, name: str, post: str, unit_name: str) -> Receipt:
    kept = {column: getattr(each, column) for column in UrgingRecipient.__table__.columns.keys()}  # noqa: SIM118 - a collection, not a dict
    return Receipt.model_validate({**kept, "name": name, "post": post, "unit_name": unit_name})


async def rows_of(session: AsyncSession, actor: Actor, id_: UUID, at: Moment) -> list[UrgedRow]:
    """Return the rows of an urging that the actor sees, as they are today, by due day."""
    statement = (
        select(
            Assignment.id, Assignment.number, Task.content, Assignment.unit_id,
            Unit.name.label("unit_name"), Assignment.status, Assignment.due_on,
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Unit, Unit.id == Assignment.unit_id)
        .where(Assignment.id.in_(_ids(id_)), assignments.visible(actor))
        .order_by(Unit.sort_order, Unit.id, Assignment.due_on, Assignment.id)
        .limit(MOST)
    )  # fmt: skip
    found = (await session.execute(statement)).all()
    return [UrgedRow(**row._asdict(), days_late=_late(row, at)) for row in found]


def _ids(urging_id: UUID) -> Select[UUID]:
    return select(UrgingRow.assignment_id).where(UrgingRow.urging_id == urging_id)


def _late(row: Any, at: Moment) -> int:
    owed = row.status in ("not_started", "in_progress", "returned")
    return days_late(row.due_on, at.today, at.calendar) if owed else 0


# ---------------------------------------------------------------- for the Office's month


@dataclass(frozen=True)
class OpenUrging:
    """An urging by hand of the last 30 days that somebody has not acknowledged."""

    id: UUID
    origin: str
    reason: str
    made_at: datetime
    row_count: int
    people: int
    acknowledged: int
    letter_number: str | None


async def open_items(session: AsyncSession, now: datetime) -> Sequence[OpenUrging]:
    """Return urgings by hand of the last 30 days that wait for somebody's word, newest first."""
    counts = (
        select(
            func.count().label("people"),
            func.count(UrgingRecipient.acknowledged_at).label("acknowledged"),
        )
        .where(UrgingRecipient.urging_id == Urging.id)
        .lateral("counts")
    )
    people, acknowledged = tuple(counts.c)
    statement = (
        select(
            Urging.id, Urging.origin, Urging.reason, Urging.made_at, Urging.row_count, people,
            acknowledged, Urging.letter_number,
        )
        .select_from(Urging)
        .join(counts, true())
        .where(Urging.made_at > now - timedelta(days=30), Urging.origin == "office")
        .where(acknowledged < people)
        .order_by(Urging.made_at.desc(), Urging.id.desc())
        .limit(200)
    )  # fmt: skip
    return [OpenUrging(*row) for row in await session.execute(statement)]
