"""Measures: what lost points is kept, units propose, the Office accepts or returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from chassis.web import check_version
from contracts.reporting import ScoreSheetPublished
from contracts.tasks import MeasureAccepted, MeasureEvent, MeasureProposed, MeasureReturned
from tasks.access import RIGHTS
from tasks.by_hand.actions import enter
from tasks.by_hand.domain import Row
from tasks.calendar.moment import Moment
from tasks.directory.models import Unit
from tasks.measures.domain import check_open, not_weak, source_of, unit_unknown
from tasks.measures.models import Measure, WeakCriterion
from tasks.measures.views import unknown


@dataclass(frozen=True)
class Proposal:
    """What is proposed. `unit_id` leads it; `deadline_text`: in an appendix's words."""

    year: int
    code: str
    words: str
    deadline_text: str
    unit_id: UUID


async def keep_sheets(session: AsyncSession, events: Sequence[ScoreSheetPublished]) -> None:
    """Keep what our department's sheets lost, by their newest versions; other bodies' are not told.

    The same sheet may come twice, or an older one after a newer one: it changes nothing.
    """
    for event in sorted(events, key=lambda each: (each.sheet.year, each.version)):
        if event.rows:
            await _keep(session, event)


async def forget_sheets(session: AsyncSession) -> None:
    """Forget what all sheets lost: what is told after that is all that is known."""
    await session.execute(delete(WeakCriterion))


async def _keep(session: AsyncSession, event: ScoreSheetPublished) -> None:
    year, version = event.sheet.year, event.version
    of_year = WeakCriterion.year == year
    newest = await session.scalar(select(func.max(WeakCriterion.version)).where(of_year))
    if newest is not None and newest >= version:
        return
    rows = [
        {
            "year": year, "code": row.code, "name": row.name, "position": place,
            "lost": max(row.max_points - row.points, 0), "max_points": row.max_points,
            "version": version,
        }
        for place, row in enumerate(event.rows or (), start=1)
    ]  # fmt: skip
    await session.execute(update(WeakCriterion).where(of_year).values(lost=0, version=version))
    kept = insert(WeakCriterion).values(sorted(rows, key=lambda row: str(row["code"])))
    changed = {
        name: kept.excluded[name] for name in ("name", "lost", "max_points", "position", "version")
    }
    await session.execute(kept.on_conflict_do_update(index_elements=["year", "code"], set_=changed))


async def propose(session: AsyncSession, actor: Actor, proposal: Proposal, at: Moment) -> Measure:
    """Propose a measure against a sub-criterion that lost points. Raises InputRefused."""
    unit = await session.get(Unit, proposal.unit_id)
    if unit is None or not unit.active:
        raise unit_unknown()
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
    plan_id: UUID,
    number: str,
    at: Moment,
) -> Measure:
    """Take a measure into a plan: it becomes an assignment of the unit that proposed to lead it.

    `number`: of the row in the plan, may be empty. Raises StaleVersion, RuleBroken (decided before,
    `plan_closed` and so on), NotFound for the plan, InputRefused for a unit that has ended.
    """
    check_version(measure.version, seen)
    check_open(measure.status)
    row = Row(
        content=measure.words,
        lead_unit_ids=[measure.unit_id],
        deadline_text=measure.deadline_text,
        number=number,
        subject_matter=measure.criterion,
        source=source_of(measure.code, measure.criterion, measure.year),
    )
    entered = await enter(session, actor, plan_id, row, preview=False)
    made, before = entered.assignments[0], measure.facts()
    measure.plan_id, measure.assignment_id = plan_id, made.id
    measure.assignment_number, measure.status = made.number, "accepted"
    await _decide(session, actor, measure, "accept", MeasureAccepted, before, at)
    return measure


async def give_back(
    session: AsyncSession, actor: Actor, measure: Measure, seen: int, reason: str, at: Moment
) -> Measure:
    """Return a measure, saying why. Raises StaleVersion, RuleBroken."""
    check_version(measure.version, seen)
    check_open(measure.status)
    before = measure.facts()
    measure.status, measure.decision_note = "returned", reason
    await _decide(session, actor, measure, "return", MeasureReturned, before, at)
    return measure


async def _decide(
    session: AsyncSession,
    actor: Actor,
    measure: Measure,
    act: str,
    event: type[MeasureEvent],
    before: dict[str, object],
    at: Moment,
) -> None:
    measure.version += 1
    measure.decided_at, measure.decided_by = at.now, actor.person_id
    await traces.leave(
        session, actor, f"measure.{act}", measure.id,
        event(measure=measure.state()),  # type: ignore[arg-type]  # every MeasureEvent is an Event
        now=at.now, before=before, after=measure.facts(), reason=measure.decision_note,
    )  # fmt: skip


async def _weak(session: AsyncSession, year: int, code: str) -> WeakCriterion:
    found = await session.get(WeakCriterion, (year, code))
    if found is not None and found.lost > 0:
        return found
    of_year = select(WeakCriterion.code).where(WeakCriterion.year == year).limit(1)
    raise not_weak(code, year, known=await session.scalar(of_year) is not None)
