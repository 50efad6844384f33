"""A lock undone before the next phase, a decision undone, a last day moved: each says why."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select

from chassis import traces
from chassis.tables import audit_entry
from contracts.reporting import ScoreSheetReopened
from reporting.score_sheets.models import ScoreRow
from reporting.score_sheets.passing import moved, sheet_state
from reporting.score_sheets.rows import evidence_of, row_id
from reporting.score_sheets.seen import SeenSheet
from reporting.score_sheets.sheets import rows_of
from reporting.score_sheets.standing import let_stand
from reporting.score_sheets.steps import (
    DECIDED,
    Days,
    State,
    before_lock,
    check_back,
    check_days,
    check_moved,
    check_new_day,
    check_no_second_day,
    check_not_begun,
    check_without_day,
    has_passed,
)

_ANSWERS = ("not_applicable_accepted", "ballots_accepted")
"""Columns of an appraiser's yes."""


async def reopen(seen: SeenSheet, reason: str, days: Days) -> None:
    """Let what the last lock ended go on. `days`: see `extend`; needed where it has passed.

    What was decided is appraised anew, and counts as it was until then. Raises RuleBroken
    (`score_sheet_next_begun`, `score_sheet_corrected`), InputRefused (`score_sheet_day`).
    """
    before, rows = seen.state, await rows_of(seen.session, seen.sheet.year, seen.body.id)
    check_back(corrected=seen.corrected)
    check_not_begun(await _begun(seen, rows))
    if before in DECIDED:
        let_stand(seen.sheet, rows)
    seen.move(
        before_lock(before, answered=any(row.question for row in rows)), act="reopen", reason=reason
    )
    if seen.state in ("locked", "explained"):
        check_without_day(days)
    _set_days(seen, days, needed=has_passed(seen.closes_on, seen.today))
    await leave(seen, "reopen", before, reason)


async def extend(seen: SeenSheet, reason: str, days: Days) -> None:
    """Move the last day of what the body is to enter now; it is only ever moved on.

    `days`: that one, and with self-scores that of explanations, which does not come before it.
    Raises InputRefused (`score_sheet_day`).
    """
    before = seen.state
    check_moved(days[:1], [seen.closes_on])
    seen.move(before, act="extend", reason=reason)
    _set_days(seen, days, needed=True)
    await leave(seen, "extend", before, reason)


def _set_days(seen: SeenSheet, days: Days, *, needed: bool) -> None:
    """Give a phase of the body its last day, and what follows it a later one."""
    closes_on, explain_by = days
    check_new_day(closes_on, seen.closes_on, seen.today, needed=needed)
    if seen.state == "explaining":
        check_no_second_day(explain_by)
        seen.sheet.explain_by = closes_on or seen.sheet.explain_by
    elif seen.state in ("opened", "self_scoring"):
        check_days(days, seen.explain_by, seen.today)
        seen.sheet.closes_on = closes_on or seen.sheet.closes_on
        seen.sheet.explain_by = explain_by or seen.sheet.explain_by


async def _begun(seen: SeenSheet, rows: Sequence[ScoreRow]) -> list[str]:
    """Return the rows in which something of the phase after the last lock was entered."""
    if seen.state in DECIDED:
        return []
    if seen.state == "locked":
        return [row.code for row in rows if _appraised(row)]
    if seen.state == "explained":
        decided = await _decided_anew(seen, rows)
        return [row.code for row in rows if row.code in decided or _appraised_again(row)]
    given = [
        each.code
        for each in await evidence_of(seen)
        if each.purpose == "explanation" and each.withdrawn_at is None
    ]
    return sorted({*given, *(row.code for row in rows if row.answer)})


def _appraised(row: ScoreRow) -> bool:
    decided = row.not_applicable_accepted or row.ballots_accepted
    return row.appraised_1 is not None or bool(row.question or row.appraisal_note) or decided


def _appraised_again(row: ScoreRow) -> bool:
    return row.appraised_2 is not None or row.appraisal_note_2 is not None


async def _decided_anew(seen: SeenSheet, rows: Sequence[ScoreRow]) -> set[str]:
    """Return the rows of which a yes of the first appraisal was given or taken back since.

    Both appraisals write it into one column: how it stood at the last lock, the trail tells.
    """
    row_of = {row_id(row.year, row.code, row.body_id): row for row in rows}
    entry, act = audit_entry.c, audit_entry.c.action
    last_lock = select(func.max(entry.id)).where(
        entry.subject_id == seen.sheet.id, act == "sheet.lock"
    )
    changes = await seen.session.execute(
        select(entry.subject_id, entry.before)
        .where(
            entry.subject_id.in_(row_of), act == "sheet.appraise",
            entry.id > last_lock.scalar_subquery(),
        )
        .order_by(entry.id.desc())
    )  # fmt: skip
    stood: dict[UUID, dict[str, bool]] = {}
    for subject, before in changes:
        said = {name: value for name, value in (before or {}).items() if name in _ANSWERS}
        stood.setdefault(subject, {}).update(said)  # the oldest one since the lock stays
    return {
        row_of[subject].code
        for subject, answers in stood.items()
        if any(getattr(row_of[subject], name) != value for name, value in answers.items())
    }


async def leave(
    seen: SeenSheet, act: Literal["reopen", "extend"], before: State, reason: str
) -> None:
    """Leave the trace of an act on one sheet; those who act for its body are told."""
    day = seen.closes_on
    event = ScoreSheetReopened(sheet=await sheet_state(seen), act=act, reason=reason, closes_on=day)
    await traces.leave(
        seen.session, seen.actor, f"sheet.{act}", seen.sheet.id, event, now=seen.now,
        before={"state": before}, after={"state": seen.state, "closes_on": day and f"{day}"},
        reason=reason,
    )  # fmt: skip
    await moved(seen)
