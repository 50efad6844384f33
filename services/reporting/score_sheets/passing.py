"""Steps of a sheet: locked by the body, passed on by the appraiser, approved, published."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm.attributes import flag_modified

from chassis import traces
from contracts.events import Event
from contracts.reporting import (
    ExplanationRequested,
    ScoredRow,
    ScoreSheetLocked,
    ScoreSheetMoved,
    ScoreSheetPublished,
    SheetState,
)
from reporting.bodies.models import OWN_BODY, Block, Body
from reporting.bodies.people import people_of
from reporting.marks import ParOf, mark_acted
from reporting.score_sheets.entries import Filled, check_complete, lacking, rows_of_sheet
from reporting.score_sheets.models import Sheet
from reporting.score_sheets.outcome import Outcome
from reporting.score_sheets.rows import evidence_of
from reporting.score_sheets.seen import SeenSheet, state_of
from reporting.score_sheets.sheets import rows_of
from reporting.score_sheets.so_far import final_of
from reporting.score_sheets.standing import was_published
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
    await _leave(seen, "lock", before, await _event_of_lock(seen, before, asked))


async def approve(seen: SeenSheet) -> None:
    """Keep the sheet's figures for good, as they are now.

    Raises RuleBroken; `score_sheet_incomplete` where the second appraisal left a row undecided.
    """
    check_eligible(seen.body.name, seen.body.why_ineligible(seen.sheet.year))
    check_complete(lacking(seen.state, await filled(seen)))
    before, final = seen.state, await final_of(seen.session, seen.block, seen.sheet)
    seen.sheet.final = final.as_json()
    if not was_published(seen.sheet):
        seen.sheet.standing = None
    seen.move("approved")
    told = ScoreSheetMoved(sheet=await sheet_state(seen), closes_on=None)
    await _leave(seen, "approve", before, told)
    await moved(seen)


async def publish(*sheets: SeenSheet) -> None:
    """Let everybody in the department read approved sheets, of one actor. Raises RuleBroken.

    As many statements for many as for one.
    """
    if not sheets:
        return
    session, actor, now = sheets[0].session, sheets[0].actor, sheets[0].now
    people = await people_of(session, [seen.body for seen in sheets])
    left = [await _published(seen, people[seen.body.id]) for seen in sheets]
    await traces.leave_all(session, actor, "sheet.publish", left, now=now)


async def _published(seen: SeenSheet, people: Sequence[UUID]) -> traces.Left:
    """Publish one sheet; return what that leaves behind. Asks nothing of what is approved."""
    check_eligible(seen.body.name, seen.body.why_ineligible(seen.sheet.year))
    before, final = seen.state, await final_of(seen.session, seen.block, seen.sheet)
    seen.sheet.standing = None
    flag_modified(seen.sheet, "standing")  # sheets with and without it are written together
    seen.move("published")
    told = announced(seen.sheet, seen.body, seen.block, people, final)
    rows = _scored(seen, final) if seen.body.id == OWN_BODY else None
    event = ScoreSheetPublished(sheet=told, rows=rows)
    return traces.Left(seen.sheet.id, event, {"state": before}, {"state": seen.state})


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


async def _event_of_lock(seen: SeenSheet, before: State, asked: Sequence[str]) -> Event:
    sheet = await sheet_state(seen)
    if before == "locked":
        if not asked:
            return ScoreSheetMoved(sheet=sheet, closes_on=None)
        return ExplanationRequested(sheet=sheet, codes=list(asked))
    of_answers = before == "explaining"
    return ScoreSheetLocked(sheet=sheet, locked="explanations" if of_answers else "self_scores")


async def _leave(seen: SeenSheet, act: str, before: State, event: Event) -> None:
    await traces.leave(
        seen.session, seen.actor, f"sheet.{act}", seen.sheet.id, event, now=seen.now,
        before={"state": before}, after={"state": seen.state},
    )  # fmt: skip


async def moved(seen: SeenSheet) -> None:
    """Mark our own department's figures: they stand on what is approved, once it was."""
    if seen.body.id == OWN_BODY:
        await mark_acted(seen.session, [ParOf(seen.sheet.year)], seen.now)


async def sheet_state(seen: SeenSheet) -> SheetState:
    """Return the sheet as an event tells it, without figures: it is not published."""
    people = await people_of(seen.session, [seen.body])
    return announced(seen.sheet, seen.body, seen.block, people[seen.body.id])


def announced(
    sheet: Sheet, body: Body, block: Block, people: Sequence[UUID], final: Outcome | None = None
) -> SheetState:
    """Return a sheet as its next event tells it; figures only of what is published.

    `people`: who acts for the body.
    """
    sheet.announced += 1
    return SheetState(
        sheet_id=sheet.id, version=sheet.announced, year=sheet.year, body_id=body.id,
        body_code=body.code, body_name=body.name, block_id=block.id, block_code=block.code,
        unit_id=body.unit_id, status=state_of(sheet),
        index=shown(final.index) if final else None,
        points=final and shown(final.points),
        applicable_points=final and final.applicable_points,
        bonus=final and final.bonus, penalty=final and final.penalty,
        people_ids=list(people),
        appraiser_ids=[each for each in block.appraisers if each not in people],
    )  # fmt: skip
