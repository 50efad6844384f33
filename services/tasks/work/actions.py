"""Somebody's day, in a handful of statements whatever is stored."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, func, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import TIME_ZONE
from contracts.tasks import AssignmentStatus
from tasks.acknowledgements.models import Acknowledgement
from tasks.assignments.filters import DRAFTS, Filters, fits, issued, narrowed
from tasks.assignments.lists import PLANNED_EACH_TIME, first_ids, whole
from tasks.assignments.models import Assignment, Entry
from tasks.assignments.scope import EVERYTHING, visible
from tasks.assignments.sorting import order_of
from tasks.assignments.views import AssignmentPresenter, AssignmentView
from tasks.calendar.moment import Moment
from tasks.contributions.views import first_owed
from tasks.directory.models import Person
from tasks.directory.people import stood_in_for
from tasks.plans.models import Plan, Task
from tasks.work.domain import LEADING, What, waits_for, week_end
from tasks.work.views import Moved, PlanToNote, Share, StoodInFor, Waiting, WorkView

FIRST = 8  # assignments shown of each share
LATEST = 12  # lines of what moved
_OPEN = Filters(statuses=("not_started", "in_progress", "returned"), in_force=True, not_paused=True)
_TO_REPORT: tuple[AssignmentStatus, ...] = ("not_started", "in_progress")
_TELLING_NOTHING = ("created", "due_soon")  # nobody acted, and nothing is different


async def work_of(session: AsyncSession, actor: Actor, at: Moment) -> WorkView:
    """Return what waits for the actor, their own and their unit's work, and what moved."""
    await session.execute(PLANNED_EACH_TIME)
    until, since = week_end(at.today), _yesterday(at.today)
    waiting = {what: _waiting(what, actor, until) for what in waits_for(actor.role)}
    mine = replace(_OPEN, person_id=actor.person_id)
    unit = replace(_OPEN, unit_ids=(actor.unit_id,))
    shares = [mine, unit] if actor.role in LEADING else [mine]
    away = await stood_in_for(session, actor.person_id, at.today)
    asked = [*waiting.values(), *(part for share in shares for part in _parts(share, at, until))]
    theirs = [part for person in away for part in _owed_by(person)]
    counts, firsts = await _seen(session, actor, [*asked, *theirs], shares, at.today)
    numbers = dict(zip(waiting, counts, strict=False))
    rows = {row[0].id: row for row in await whole(session, list(dict.fromkeys(chain(*firsts))))}
    presenter = AssignmentPresenter(at, actor)
    lists = [
        _share(share, counts[len(waiting) + 3 * place :], [presenter.view(*rows[i]) for i in ids])
        for place, (share, ids) in enumerate(zip(shares, firsts, strict=True))
    ]
    moved, moved_count = await _moved(session, actor, since)
    return WorkView(
        today=at.today,
        week_ends_on=until,
        waiting=[
            Waiting(what=what, count=numbers[what], query=filters.query())
            for what, filters in waiting.items()
        ],
        mine=lists[0],
        unit=lists[1] if len(lists) > 1 else None,
        acknowledge=await _to_take_note_of(session, actor),
        contributions=await first_owed(session, actor, at, FIRST),
        standing_in=_standing_in(away, counts[len(asked) :]),
        since=since,
        moved=moved,
        moved_count=moved_count,
    )


async def _to_take_note_of(session: AsyncSession, actor: Actor) -> list[PlanToNote]:
    """Return the plans in force that the actor was asked to take note of and has not yet."""
    asked = (
        select(Plan.id, Plan.number, Plan.title, Acknowledgement.asked_at)
        .join(Acknowledgement, Acknowledgement.plan_id == Plan.id)
        .where(
            Acknowledgement.person_id == actor.person_id,
            Acknowledgement.acknowledged_at.is_(None),
            Plan.status == "active",
        )
        .order_by(Acknowledgement.asked_at, Plan.id)
    )
    return [PlanToNote.model_validate(row) for row in await session.execute(asked)]


def _yesterday(today: date) -> datetime:
    return datetime.combine(today - timedelta(days=1), time(), TIME_ZONE)


def _waiting(what: What, actor: Actor, until: date) -> Filters:
    """Return which assignments wait; what a list with the same filters shows."""
    own = (actor.unit_id,)
    return {
        "accept": Filters(statuses=("submitted",), in_force=True),
        "extend": Filters(extension_to_decide=True, in_force=True),
        "correct": Filters(unit_ids=own, statuses=("returned",), in_force=True, not_paused=True),
        "report": Filters(
            unit_ids=own, statuses=_TO_REPORT, due_to=until, in_force=True, not_paused=True
        ),
        "contribute": Filters(contribution_of=actor.unit_id, in_force=True),
        "take_contribution": Filters(unit_ids=own, contribution_given=True, in_force=True),
        "update": Filters(unit_ids=own, update_owed=True, in_force=True),
        "answer": Filters(unanswered=True),  # of what another plan goes on with, too
        "set_deadline": Filters(statuses=_TO_REPORT, needs_person=True, in_force=True),
        "name_person": Filters(accountable_lost=True, in_force=True),
    }[what]


def _owed_by(person: Person) -> Sequence[Filters]:
    """Return the filters of the two counts of somebody who is away."""
    owed = replace(_OPEN, person_id=person.id)
    return owed, replace(owed, overdue=True)


def _standing_in(away: Sequence[Person], counts: Sequence[int]) -> list[StoodInFor]:
    return [
        StoodInFor(
            person_id=person.id,
            name=person.name,
            until=person.absent_until,
            open=counts[2 * place],
            overdue=counts[2 * place + 1],
            query=f"{_owed_by(person)[0].query()}&sort=due_on",
        )
        for place, person in enumerate(away)
        if person.absent_until is not None
    ]


def _parts(share: Filters, at: Moment, until: date) -> Sequence[Filters]:
    """Return the filters of the three counts of a share, in the order of `Share`."""
    return share, replace(share, overdue=True), replace(share, due_from=at.today, due_to=until)


async def _seen(
    session: AsyncSession,
    actor: Actor,
    asked: Sequence[Filters],
    shares: Sequence[Filters],
    today: date,
) -> tuple[list[int], list[list[UUID]]]:
    """Count several lists and find the first of each share, by one statement.

    Those of one unit, or of one person, are counted in one look at theirs; to what else waits an
    index leads (`assignments/indexes.py`).
    """
    due = order_of("due_on")
    ids = [first_ids(actor, share, due, FIRST, today) for share in shares]
    looks: dict[Filters, list[int]] = defaultdict(list)
    for place, filters in enumerate(asked):
        looks[Filters(unit_ids=filters.unit_ids, person_id=filters.person_id)].append(place)
    alone = looks.pop(Filters(), ())
    counts: dict[int, Any] = {place: _count(actor, asked[place], today) for place in alone}
    tables = []
    for whose, places in looks.items():
        look = [fits(actor, asked[place], today) for place in places]
        tables.append(_look(actor, whose, look, today).subquery())
        counts |= dict(zip(places, tables[-1].c, strict=True))
    statement = select(*(counts[place] for place in range(len(asked))), *ids)
    row = list((await session.execute(statement.select_from(*_beside(tables)))).one())
    return row[: len(asked)], row[len(asked) :]


def _look(
    actor: Actor, whose: Filters, fitting: Sequence[ColumnElement[bool]], today: date
) -> Select[*tuple[Any, ...]]:
    """Count each condition in one look at what is somebody's."""
    counts = [func.count().filter(fit) for fit in fitting]
    return narrowed(select(*counts).select_from(Assignment), actor, whose, today)


def _beside(tables: Sequence[FromClause]) -> Sequence[FromClause]:
    """Join tables of one row each."""
    return [reduce(lambda one, other: one.join(other, true()), tables)] if tables else []


def _count(actor: Actor, filters: Filters, today: date) -> ScalarSelect[int]:
    every = select(func.count()).select_from(Assignment)
    return narrowed(every, actor, filters, today).scalar_subquery()


def _share(share: Filters, counts: Sequence[int], data: list[AssignmentView]) -> Share:
    owed, overdue, due_this_week, *_ = counts
    return Share(
        open=owed,
        overdue=overdue,
        due_this_week=due_this_week,
        query=f"{share.query()}&sort=due_on",
        data=data,
    )


def _theirs(actor: Actor, day: date) -> ColumnElement[bool]:
    """Return which lines of history concern the actor; of a draft nobody's."""
    of_unit = actor.role in LEADING - {"office"}
    if visible(actor) is EVERYTHING and not of_unit:
        drafted = select(Assignment.id).where(Assignment.plan_id.in_(DRAFTS))
        return Entry.assignment_id.not_in(drafted)
    theirs = Filters(unit_ids=(actor.unit_id,)) if of_unit else Filters()
    seen = narrowed(select(Assignment.id).where(issued()), actor, theirs, day)
    return Entry.assignment_id.in_(seen)


async def _moved(session: AsyncSession, actor: Actor, since: datetime) -> tuple[list[Moved], int]:
    """Return the latest lines of history, and how many there are; one's own acts tell nothing."""
    those = [
        Entry.at >= since,
        Entry.kind.not_in(_TELLING_NOTHING),
        Entry.actor_id.is_distinct_from(actor.person_id),
        _theirs(actor, since.date()),
    ]
    in_all = select(func.count()).select_from(Entry).where(*those)
    order = (Entry.at.desc(), Entry.id.desc())  # as the index has it
    latest = select(Entry.id).where(*those).order_by(*order).limit(LATEST)
    told = (
        select(
            in_all.correlate(None).scalar_subquery().label("in_all"),
            Entry.assignment_id,
            Assignment.number,
            Task.content,
            Assignment.occurrence,
            Assignment.unit_id,
            Entry.kind,
            Entry.at,
            Person.name.label("actor_name"),
        )
        .join(Assignment, Assignment.id == Entry.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .outerjoin(Person, Person.id == Entry.actor_id)
        .where(Entry.id.in_(latest))
        .order_by(*order)
    )
    rows = (await session.execute(told)).all()
    return [Moved.model_validate(row) for row in rows], rows[0].in_all if rows else 0
