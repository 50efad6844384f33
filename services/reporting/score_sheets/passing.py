"""Steps of a sheet: locked by the body, passed on by the appraiser, approved, published."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from chassis import traces
from chassis.directory import person
from contracts.events import Event
from contracts.reporting import (
    ExplanationRequested,
    ScoredRow,
    ScoreSheetLocked,
    ScoreSheetPublished,
    SheetState,
)
from reporting.bodies.models import OWN_BODY
from reporting.bodies.scope import OF_A_UNIT
from reporting.score_sheets.entries import Filled, check_complete, lacking, rows_of_sheet
from reporting.score_sheets.finals import final_of
from reporting.score_sheets.outcome import Outcome
from reporting.score_sheets.rows import evidence_of
from reporting.score_sheets.seen import SeenSheet
from reporting.score_sheets.sheets import rows_of
from reporting.score_sheets.steps import State, after_lock, check_eligible
from reporting.shown import shown


async def lock(seen: SeenSheet) -> None:
    """End what is under way: self-scores, the first appraisal, or explanations.

    Raises RuleBroken (`score_sheet_incomplete`) naming every row and what it lacks.
    """
    before, rows = seen.state, await filled(seen)
    check_complete(lacking(before, rows))
    asked = [row.sub.code for row in rows if row.asked]
    after = after_lock(before, asked=bool(asked))
    seen.move(after)
    await _leave(seen, "lock", before, await _events_of_lock(seen, before, asked))


async def approve(seen: SeenSheet) -> None:
    """Keep the sheet's figures for good, as they are now.

    Raises RuleBroken; `score_sheet_incomplete` where the second appraisal left a row undecided.
    """
    check_eligible(seen.body.name, seen.body.ineligible_reason)
    check_complete(lacking(seen.state, await filled(seen)))
    before, final = seen.state, await final_of(seen.session, seen.block, seen.sheet)
    seen.sheet.final = final.as_json()
    seen.move("approved")
    await _leave(seen, "approve", before, [])


async def publish(seen: SeenSheet) -> None:
    """Let everybody in the department read the approved sheet. Raises RuleBroken."""
    check_eligible(seen.body.name, seen.body.ineligible_reason)
    before, final = seen.state, await final_of(seen.session, seen.block, seen.sheet)
    seen.move("published")
    rows = _scored(seen, final) if seen.body.id == OWN_BODY else None
    event = ScoreSheetPublished(sheet=await sheet_state(seen, final), rows=rows)
    await _leave(seen, "publish", before, [event])


def _scored(seen: SeenSheet, final: Outcome) -> list[ScoredRow]:
    """Return what each row that applies came to, as it is shown."""
    names = {code: sub.name for code, sub in rows_of_sheet(seen.criteria).items()}
    return [
        ScoredRow(
            code=row.code, name=names[row.code], points=shown(row.points) or Decimal(0),
            max_points=row.max_points,
        )
        for row in final.rows
        if row.applicable
    ]  # fmt: skip


async def filled(seen: SeenSheet) -> list[Filled]:
    """Return every row of the sheet with what a lock looks at."""
    entered = {row.code: row for row in await rows_of(seen.session, seen.sheet.year, seen.body.id)}
    proven = {e.code for e in await evidence_of(seen) if e.withdrawn_at is None}
    found = []
    for code, sub in rows_of_sheet(seen.criteria).items():
        row = entered.get(code)
        if row is None:
            found.append(Filled(sub))
            continue
        appraised = row.appraised_1 if row.appraised_2 is None else row.appraised_2
        found.append(Filled(
            sub, row.self_score, bool(row.not_applicable_reason), row.not_applicable_accepted,
            code in proven or bool(row.self_note), appraised, bool(row.question), bool(row.answer),
        ))  # fmt: skip
    return found


async def _events_of_lock(seen: SeenSheet, before: State, asked: Sequence[str]) -> list[Event]:
    if before == "locked":
        if not asked:
            return []
        return [ExplanationRequested(sheet=await sheet_state(seen), codes=list(asked))]
    of_answers = before == "explaining"
    return [
        ScoreSheetLocked(
            sheet=await sheet_state(seen), locked="explanations" if of_answers else "self_scores"
        )
    ]


async def _leave(seen: SeenSheet, act: str, before: State, events: Sequence[Event]) -> None:
    await traces.leave(
        seen.session, seen.actor, f"sheet.{act}", seen.sheet.id, *events, now=seen.now,
        before={"state": before}, after={"state": seen.state},
    )  # fmt: skip


async def sheet_state(seen: SeenSheet, final: Outcome | None = None) -> SheetState:
    """Return the sheet as an event tells it; figures only of what is published."""
    sheet, body, block = seen.sheet, seen.body, seen.block
    sheet.announced += 1
    told = await _people(seen)
    return SheetState(
        sheet_id=sheet.id, version=sheet.announced, year=sheet.year, body_id=body.id,
        body_code=body.code, body_name=body.name, block_id=block.id, block_code=block.code,
        unit_id=body.unit_id, status=seen.state,
        index=shown(final.index) if final else None,
        points=final and shown(final.points),
        applicable_points=final and final.applicable_points,
        bonus=final and final.bonus, penalty=final and final.penalty,
        people_ids=told, appraiser_ids=[each for each in block.appraisers if each not in told],
    )  # fmt: skip


async def _people(seen: SeenSheet) -> list[UUID]:
    """Return who acts for the body: those named, and those of its unit."""
    columns, unit_id = person.c, seen.body.unit_id
    named = columns.id.in_(seen.body.people)
    of_unit = (columns.unit_id == unit_id) & columns.role.in_(OF_A_UNIT)
    wanted = named if unit_id is None else named | of_unit
    found = select(columns.id).where(wanted, columns.active).order_by(columns.id)
    return list(await seen.session.scalars(found))
