"""Measures: what lost points is kept, units propose, the Office accepts or returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.web import check_version
from contracts.events import Event
from contracts.reporting import ScoreSheetPublished
from contracts.tasks import MeasureAccepted, MeasureProposed, MeasureReturned
from tasks.access import RIGHTS
from tasks.by_hand.actions import enter
from tasks.by_hand.domain import Row
from tasks.calendar.moment import Moment
from tasks.directory.models import Unit
from tasks.measures.domain import (
    check_open,
    check_year,
    has_measures,
    known_already,
    not_weak,
    source_of,
    unit_unknown,
)
from tasks.measures.models import Measure, WeakCriterion
from tasks.measures.views import unknown
from tasks.plans.actions import find
from tasks.plans.domain import check_in_force

WEAK_CRITERIA = UUID(int=20)  # all of them, as the audit names what an act was about


@dataclass(frozen=True)
class Proposal:
    """What is proposed. `unit_id` leads it; `deadline_text`: in an appendix's words."""

    year: int
    code: str
    words: str
    deadline_text: str
    unit_id: UUID


@dataclass(frozen=True)
class Naming:
    """A sub-criterion that somebody calls weak, and why."""

    year: int
    code: str
    name: str
    reason: str


@dataclass(frozen=True)
class Acceptance:
    """Which plan takes a measure in. `number`: of the row there, may be empty.

    `unit_id`, `deadline_text`: who leads it and by when, where the Office says otherwise.
    """

    plan_id: UUID
    number: str = ""
    unit_id: UUID | None = None
    deadline_text: str | None = None


async def keep_sheets(session: AsyncSession, events: Sequence[ScoreSheetPublished]) -> None:
    """Keep what our department's sheets lost, by their newest versions; other bodies' are not told.

    The same sheet may come twice, or an older one after a newer one: it changes nothing.
    """
    for event in sorted(events, key=lambda each: (each.sheet.year, each.version)):
        if event.rows:
            await _keep(session, event)


async def forget_sheets(session: AsyncSession) -> None:
    """Forget what all sheets lost: what is told after that is all that they say.

    What people named weak stays, without what a sheet said of it.
    """
    await session.execute(delete(WeakCriterion).where(WeakCriterion.reason.is_(None)))
    await session.execute(update(WeakCriterion).values(lost=0, max_points=0, version=0))


async def _keep(session: AsyncSession, event: ScoreSheetPublished) -> None:
    year, version = event.sheet.year, event.version
    of_year = WeakCriterion.year == year
    newest = await session.scalar(select(func.max(WeakCriterion.version)).where(of_year))
    if newest and newest >= version:
        return
    rows = [
        {
            "year": year, "code": row.code, "name": row.name, "position": place,
            "lost": max(row.max_points - row.points, 0), "max_points": row.max_points,
            "version": version,
        }
        for place, row in enumerate(event.rows or (), start=1)
    ]  # fmt: skip
    of_sheets = update(WeakCriterion).where(of_year, WeakCriterion.version > 0)
    await session.execute(of_sheets.values(lost=0, version=version))
    kept = insert(WeakCriterion).values(sorted(rows, key=lambda row: str(row["code"])))
    changed = {
        name: kept.excluded[name] for name in ("name", "lost", "max_points", "position", "version")
    }
    await session.execute(kept.on_conflict_do_update(index_elements=["year", "code"], set_=changed))


async def name(session: AsyncSession, actor: Actor, named: Naming, at: Moment) -> WeakCriterion:
    """Call a sub-criterion weak, saying why, whether or not a sheet has it.

    Raises InputRefused for a year that has not come, RuleBroken `weak_criterion_known`.
    """
    check_year(named.year, at.today.year)
    of_year = select(func.coalesce(func.max(WeakCriterion.position), 0) + 1)
    position = await session.scalar(of_year.where(WeakCriterion.year == named.year))
    made = insert(WeakCriterion).values(
        year=named.year, code=named.code, name=named.name, position=position, lost=0, max_points=0,
        version=0,
    )  # fmt: skip
    await session.execute(made.on_conflict_do_nothing())
    found = await session.get_one(WeakCriterion, (named.year, named.code), with_for_update=True)
    if found.lost > 0 or found.reason:
        raise known_already(named.code, named.year)
    found.reason, found.named_unit_id = named.reason, actor.unit_id
    found.named_at, found.named_by = at.now, actor.person_id
    await _trace(session, actor, "name", found, at)
    return found


async def withdraw(session: AsyncSession, actor: Actor, year: int, code: str, at: Moment) -> None:
    """Take back what was named by hand; a sheet's own row stays as the sheet has it.

    Raises NotFound, NotAllowed for what another unit named, RuleBroken
    `weak_criterion_has_measures`.
    """
    found = await session.get(WeakCriterion, (year, code), with_for_update=True)
    if found is None or not found.reason:
        raise NotFound("Không tìm thấy tiêu chí này", code="weak_criterion_not_found")
    RIGHTS.check(actor, "weak_criterion.withdraw", found.named_unit_id)
    of_it = select(Measure.id).where(Measure.year == year, Measure.code == code).limit(1)
    if await session.scalar(of_it):
        raise has_measures(code, year)
    await _trace(session, actor, "withdraw", found, at)
    found.reason = found.named_unit_id = found.named_at = found.named_by = None
    if not found.version:
        await session.delete(found)


async def _trace(
    session: AsyncSession, actor: Actor, act: str, weak: WeakCriterion, at: Moment
) -> None:
    facts = {"year": weak.year, "code": weak.code}
    await traces.leave(
        session, actor, f"weak_criterion.{act}", WEAK_CRITERIA, now=at.now, after=facts,
        reason=weak.reason,
    )  # fmt: skip


async def propose(session: AsyncSession, actor: Actor, proposal: Proposal, at: Moment) -> Measure:
    """Propose a measure against a sub-criterion that lost points. Raises InputRefused."""
    await _check_unit(session, proposal.unit_id)
    criterion = await _weak(session, proposal.year, proposal.code)
    measure = Measure(
        id=new_id(), version=1, year=proposal.year, code=proposal.code, criterion=criterion.name,
        words=proposal.words, deadline_text=proposal.deadline_text, unit_id=proposal.unit_id,
        status="proposed", proposed_at=at.now, proposed_by=actor.person_id, decided_at=None,
        decided_by=None, decision_note=None, plan_id=None, assignment_id=None,
        assignment_number=None,
    )  # fmt: skip
    session.add(measure)
    await traces.leave(
        session, actor, "measure.propose", measure.id, MeasureProposed(measure=measure.state()),
        now=at.now, after=measure.facts(),
    )  # fmt: skip
    return measure


async def begin(session: AsyncSession, actor: Actor, act: str, id_: UUID) -> Measure:
    """Lock a measure to be decided. Raises NotFound, NotAllowed."""
    measure = await session.scalar(select(Measure).where(Measure.id == id_).with_for_update())
    if measure is None:
        raise unknown()
    RIGHTS.check(actor, f"measure.{act}", measure.unit_id)
    return measure


async def accept(
    session: AsyncSession,
    actor: Actor,
    measure: Measure,
    seen: int,
    taken: Acceptance,
    at: Moment,
) -> Measure:
    """Take a measure into a plan in force: it becomes assignments of the unit that leads it.

    Raises StaleVersion, RuleBroken (decided before, `plan_draft`, `plan_closed`, `plan_cancelled`),
    NotFound for the plan, InputRefused for a unit that has ended.
    """
    check_version(measure.version, seen)
    check_open(measure.status)
    check_in_force((await find(session, taken.plan_id, lock=True)).status)
    before = measure.facts()
    measure.unit_id = taken.unit_id or measure.unit_id
    measure.deadline_text = taken.deadline_text or measure.deadline_text
    await _check_unit(session, measure.unit_id)
    weak = await session.get(WeakCriterion, (measure.year, measure.code))
    by_sheet = weak is not None and (weak.lost > 0 or not weak.reason)
    row = Row(
        content=measure.words,
        lead_unit_ids=[measure.unit_id],
        deadline_text=measure.deadline_text,
        number=taken.number,
        subject_matter=measure.criterion,
        source=source_of(measure.code, measure.criterion, measure.year, by_sheet=by_sheet),
    )
    made = (await enter(session, actor, taken.plan_id, row, preview=False)).assignments
    measure.plan_id, measure.assignment_id = taken.plan_id, made[0].id
    measure.assignment_number, measure.status = made[0].number, "accepted"
    ids = [each.id for each in made]
    event = MeasureAccepted(measure=_decided(measure, actor, at).state(ids))
    await _leave(session, actor, measure, "accept", event, before, at)
    return measure


async def give_back(
    session: AsyncSession, actor: Actor, measure: Measure, seen: int, reason: str, at: Moment
) -> Measure:
    """Return a measure, saying why. Raises StaleVersion, RuleBroken."""
    check_version(measure.version, seen)
    check_open(measure.status)
    before = measure.facts()
    measure.status, measure.decision_note = "returned", reason
    event = MeasureReturned(measure=_decided(measure, actor, at).state())
    await _leave(session, actor, measure, "return", event, before, at)
    return measure


def _decided(measure: Measure, actor: Actor, at: Moment) -> Measure:
    measure.version += 1
    measure.decided_at, measure.decided_by = at.now, actor.person_id
    return measure


async def _leave(
    session: AsyncSession,
    actor: Actor,
    measure: Measure,
    act: str,
    event: Event,
    before: dict[str, object],
    at: Moment,
) -> None:
    await traces.leave(
        session, actor, f"measure.{act}", measure.id, event, now=at.now, before=before,
        after=measure.facts(), reason=measure.decision_note,
    )  # fmt: skip


async def _check_unit(session: AsyncSession, id_: UUID) -> None:
    unit = await session.get(Unit, id_)
    if unit is None or not unit.active:
        raise unit_unknown()


async def _weak(session: AsyncSession, year: int, code: str) -> WeakCriterion:
    found = await session.get(WeakCriterion, (year, code), with_for_update={"read": True})
    if found is not None and (found.lost > 0 or found.reason):
        return found
    of_sheet = select(WeakCriterion.code).where(
        WeakCriterion.year == year, WeakCriterion.version > 0
    )
    raise not_weak(code, year, known=await session.scalar(of_sheet.limit(1)) is not None)
