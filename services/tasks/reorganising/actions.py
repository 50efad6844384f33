"""One reviewed list, one transaction: assignments, people, groups, and the units themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentChanged, AssignmentHandedOver, AssignmentState
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
from tasks.assignments.requests import withdraw_contributions, withdraw_request
from tasks.calendar.moment import Moment
from tasks.directory.actions import without_substitute_where_moved
from tasks.directory.models import Person, Unit
from tasks.directory.together import Kept, leave_all
from tasks.reorganising.contributions import pass_on
from tasks.reorganising.domain import helping_after, outdated, undecided, why_not
from tasks.reorganising.rows import below, groups_of, people_of, touched
from tasks.steering.actions import lead_by
from tasks.words import key

UNIT_UNKNOWN = Sentence(N_("Không có đơn vị này, hoặc đơn vị đã ngừng hoạt động"))
GOES_NOWHERE = Sentence(N_("Đơn vị nhận cũng là đơn vị sắp ngừng: hãy chọn đơn vị khác"))
NOT_THEIRS = Sentence(N_("Người này không làm ở các đơn vị được sắp xếp lại"))


@dataclass(frozen=True)
class Order:
    """What was reviewed. `successors`: of each unit that is reorganised, or None.

    `rows`, `people`: to which unit each goes; what is not named stays. `close`: the units end.
    """

    successors: Mapping[UUID, UUID | None]
    rows: Mapping[UUID, UUID]
    people: Mapping[UUID, UUID]
    close: bool
    reason: str

    @property
    def heirs(self) -> Mapping[UUID, UUID | None]:
        """Who takes the place of which unit; of a unit that stays, nobody does."""
        return self.successors if self.close else {}


@dataclass(frozen=True)
class Done:
    """How much went over."""

    handed_over: int
    helped: int
    moved: int
    closed: int


async def reorganise(session: AsyncSession, actor: Actor, order: Order, at: Moment) -> Done:
    """Hand over what was reviewed, move people, let successors help, close the units: all or none.

    What is done or ended stays with the unit it had. Raises InputRefused for a unit or a person
    that cannot be; RuleBroken `reorganisation_outdated` when the units lead or have others by now,
    `assignment_submitted` while a result of what goes over waits.
    """
    units = await _units(session, order)
    rows = await take(session, touched(order.successors).with_for_update(of=Assignment))
    people = await people_of(session, order.successors, lock=True)
    _check(order, rows, people)
    moved = _move(order, people)
    await leave_all(session, actor, moved, at.now, order.reason)
    before = {row.id: row.state() for row in rows}
    await pass_on(session, rows, order.heirs, at)
    led = [row for row in rows if row.id in order.rows]
    steps = [_handed_over(row, order, people, before[row.id]) for row in led]
    await withdraw_request(session, led, at)
    for unit_id in {row.unit_id for row in rows}:
        of_it = [row for row in rows if row.unit_id == unit_id]
        await withdraw_contributions(session, of_it, at, of_unit=unit_id)
    helped = [step for row in rows if (step := _helped(row, order, units, before[row.id]))]
    await change_by(session, [*steps, *helped], at, actor)
    await _regroup(session, actor, order, at)
    closed = await _close(session, order, units)
    await leave_all(session, actor, closed, at.now, order.reason)
    return Done(len(steps), len(helped), len(moved), sum(not each.entry.active for each in closed))


async def _units(session: AsyncSession, order: Order) -> dict[UUID, Unit]:
    """Return every unit of the directory, those named locked in one order and looked at."""
    named = {*order.successors, *order.rows.values(), *order.people.values()}
    named |= {each for each in order.successors.values() if each}
    locked = select(Unit).where(Unit.id.in_(named)).order_by(Unit.id).with_for_update()
    await session.execute(locked)
    units = {unit.id: unit for unit in await session.scalars(select(Unit))}
    targets = [
        *((f"/units/{n}/successor_id", id_) for n, id_ in enumerate(order.successors.values())),
        *((f"/rows/{n}/unit_id", id_) for n, id_ in enumerate(order.rows.values())),
        *((f"/people/{n}/unit_id", id_) for n, id_ in enumerate(order.people.values())),
    ]
    own = [(f"/units/{n}/unit_id", id_) for n, id_ in enumerate(order.successors)]
    problems = [
        Problem(pointer, UNIT_UNKNOWN)
        for pointer, id_ in [*own, *targets]
        if id_ and (id_ not in units or not units[id_].active)
    ]
    problems += [
        Problem(pointer, GOES_NOWHERE)
        for pointer, id_ in targets
        if order.close and id_ in order.successors
    ]
    if problems:
        raise InputRefused("input_invalid", problems[0].sentence, problems)
    return units


def _check(order: Order, rows: Sequence[Assignment], people: Sequence[Person]) -> None:
    """What was reviewed is what is there; a unit that ends leaves nothing and nobody behind."""
    led = {row.id: row for row in rows if row.unit_id in order.successors}
    here = {each.id for each in people}
    if gone := [f"/people/{n}/person_id" for n, id_ in enumerate(order.people) if id_ not in here]:
        raise InputRefused(
            "input_invalid", NOT_THEIRS, [Problem(each, NOT_THEIRS) for each in gone]
        )
    unknown = [str(id_) for id_ in order.rows if id_ not in led]
    left = [row.number for row in led.values() if row.id not in order.rows]
    forgotten = [each.name for each in people if each.id not in order.people]
    if unknown or (order.close and (left or forgotten)):
        raise outdated([*(left if order.close else ()), *forgotten] or unknown)
    waiting = [led[id_].number for id_ in order.rows if why_not(led[id_].status)]
    if waiting:
        raise undecided(waiting)


def _move(order: Order, people: Sequence[Person]) -> list[Kept]:
    moved = []
    for person in people:
        to = order.people.get(person.id, person.unit_id)
        if to != person.unit_id:
            before = person.state()
            for name, value in without_substitute_where_moved(person, {"unit_id": to}).items():
                setattr(person, name, value)
            person.version += 1
            moved.append(Kept(person, before))
    return moved


def _handed_over(
    row: Assignment, order: Order, people: Sequence[Person], before: AssignmentState
) -> Step:
    """Whoever is accountable stays so where they went along."""
    former, unit_id = row.unit_id, order.rows[row.id]
    goes_along = {each.id for each in people if each.unit_id == unit_id}
    person_id = row.accountable_person_id if row.accountable_person_id in goes_along else None
    lead_by(row, unit_id, person_id)
    row.coordinating_unit_ids = helping_after(row.coordinating_unit_ids, order.heirs, unit_id)
    moved = {"field": "unit_id", "before": str(former), "after": str(unit_id)}
    facts = {"previous_unit_id": former, "changes": [moved], "reason": order.reason}
    return Step(row, "handed_over", AssignmentHandedOver, facts, before)


def _helped(
    row: Assignment, order: Order, units: Mapping[UUID, Unit], before: AssignmentState
) -> Step | None:
    """Where a unit only helps, its successor does; a unit that stays goes on helping itself."""
    if row.id in order.rows or not order.close:
        return None
    after = helping_after(row.coordinating_unit_ids, order.heirs, row.unit_id)
    if after == before.coordinating_unit_ids:
        return None
    row.coordinating_unit_ids = after
    names = ["; ".join(units[id_].name for id_ in ids)
             for ids in (before.coordinating_unit_ids, after)]  # fmt: skip
    moved = {"field": "coordinating_unit_ids", "before": names[0], "after": names[1]}
    facts = {"changes": [moved], "reason": order.reason}
    return Step(row, "changed", AssignmentChanged, facts, before)


async def _regroup(session: AsyncSession, actor: Actor, order: Order, at: Moment) -> None:
    """In groups the successor takes the place of a unit that ends."""
    for group in await groups_of(session, order.successors) if order.close else ():
        before = group.facts()
        after = (order.successors.get(each, each) for each in group.unit_ids)
        kept = [each for each in dict.fromkeys(after) if each is not None]
        group.unit_ids, group.version = kept or group.unit_ids, group.version + 1
        await traces.leave(
            session, actor, "unit_group.change", group.id, now=at.now, before=before,
            after=group.facts(), reason=order.reason,
        )  # fmt: skip


async def _close(session: AsyncSession, order: Order, units: Mapping[UUID, Unit]) -> list[Kept]:
    """End the units; what stood below them and what they were called goes to the successor."""
    if not order.close:
        return []
    kept: dict[UUID, Kept] = {}
    for id_, successor_id in order.successors.items():
        unit = units[id_]
        kept[id_] = Kept(unit, unit.state())
        unit.active = False
        if successor_id is not None:
            heir = units[successor_id]
            kept.setdefault(successor_id, Kept(heir, heir.state()))
            heir.former_names = _with_names(heir, unit)
    for lower in await below(session, order.successors):
        kept.setdefault(lower.id, Kept(lower, lower.state()))
        lower.parent_id = _above(lower, order, units)
    for each in kept.values():
        each.entry.version += 1
    return list(kept.values())


def _above(lower: Unit, order: Order, units: Mapping[UUID, Unit]) -> UUID | None:
    """Return what a unit stands below now; one that takes its parent's place, where that stood."""
    ended = lower.parent_id
    if ended is None:
        return None
    heir = order.successors[ended]
    return units[ended].parent_id if heir == lower.id else heir


def _with_names(heir: Unit, unit: Unit) -> list[str]:
    """Plans that name the unit of before find its successor."""
    known = {key(name) for name in (heir.name, heir.code, *heir.aliases, *heir.former_names)}
    names = [
        name for name in (unit.name, *unit.aliases, *unit.former_names) if key(name) not in known
    ]
    return [*heir.former_names, *names]
