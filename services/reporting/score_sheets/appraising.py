"""What the appraiser of a block decides on a row, and asks to have explained."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from reporting.score_sheets.domain import check_values
from reporting.score_sheets.entries import check_difference, points_given
from reporting.score_sheets.models import ScoreRow
from reporting.score_sheets.rows import change, locked
from reporting.score_sheets.seen import SeenSheet
from reporting.score_sheets.steps import check_round

_ROUNDS = {True: ("appraised_1", "appraisal_note"), False: ("appraised_2", "appraisal_note_2")}
_NO_REASON = N_("Đơn vị chưa nêu lý do không áp dụng, chưa thể chấp nhận")


async def appraise(seen: SeenSheet, code: str, given: Mapping[str, Any], expected: int) -> ScoreRow:
    """Give a row its points of this round, or accept that it does not apply.

    Points that differ from the body's need a note of this round, or be those that the first
    round gave a note for. Raises NotFound, StaleVersion, InputRefused, RuleBroken.
    """
    sub = seen.sub(code)
    check_round(given.get("round"), seen.state)
    row = await locked(seen, code, expected)
    column, noted = _ROUNDS[seen.state == "locked"]
    values: dict[str, Any] = {}
    if "note" in given:
        values[noted] = given["note"]
    if "not_applicable_accepted" in given:
        values["not_applicable_accepted"] = _accepted(
            row, accepted=given["not_applicable_accepted"]
        )
    if {"points", "done", "due"} & given.keys():
        done, due = given.get("done"), given.get("due")
        points = points_given(sub, given.get("points"), done, due, column)
        values[column] = points
        if points is not None:
            values |= {"appraised_done": done, "appraised_due": due}
    if column in values or "note" in given:
        points, note = _counting(row, values)
        check_difference(sub, points, row.self_score, note)
    if "ballots_accepted" in given:
        accepted = {"ballots_accepted": given["ballots_accepted"]}
        check_values(sub, accepted, reason=None, ballots=row.ballots)
        values |= accepted
    await change(seen, row, "appraise", values, given.get("note"))
    return row


async def ask(seen: SeenSheet, code: str, question: str | None, expected: int) -> ScoreRow:
    """Ask to have a row explained; None takes it back. Raises NotFound, StaleVersion."""
    seen.sub(code)
    row = await locked(seen, code, expected)
    await change(seen, row, "ask", {"question": question})
    return row


def _counting(row: ScoreRow, values: Mapping[str, Any]) -> tuple[Decimal | None, str | None]:
    """Return the appraised points that count once the values are written, and why they do."""
    first, note = (values.get(name, getattr(row, name)) for name in _ROUNDS[True])
    second, anew = (values.get(name, getattr(row, name)) for name in _ROUNDS[False])
    if second is None:
        return first, note
    return second, anew or (note if second == first else None)


def _accepted(row: ScoreRow, *, accepted: bool) -> bool:
    if accepted and not row.not_applicable_reason:
        raise RuleBroken("score_row_without_reason", Sentence(_NO_REASON))
    return accepted
