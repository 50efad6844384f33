"""What a body enters in its sheet: self-scores, and answers to what it is asked to explain."""

from collections.abc import Mapping
from typing import Any

from chassis.rules import InputRefused, Problem
from reporting.bodies.models import OWN_BODY
from reporting.score_sheets.domain import check_values, problem_with_not_applicable
from reporting.score_sheets.entries import check_asked, check_one_of, points_given
from reporting.score_sheets.models import ScoreRow
from reporting.score_sheets.rows import change, locked
from reporting.score_sheets.seen import SeenSheet
from reporting.score_sheets.sheets import is_fed


async def self_score(
    seen: SeenSheet, code: str, given: Mapping[str, Any], expected: int, why: str | None
) -> ScoreRow:
    """Enter points, or numerator and denominator, or why a row does not apply, and how it was made.

    What `given` does not name stays. Raises NotFound, StaleVersion, InputRefused.
    """
    sub = seen.sub(code)
    row = await locked(seen, code, expected)
    values = {name: given[name] for name in ("not_applicable_reason",) if name in given}
    if "note" in given:
        values["self_note"] = given["note"]
    if reason := values.get("not_applicable_reason"):
        problem = problem_with_not_applicable(sub, reason)
        if problem:
            where = [Problem("/not_applicable_reason", problem)]
            raise InputRefused("score_invalid", problem, where)
    if {"points", "done", "due"} & given.keys():
        done, due = given.get("done"), given.get("due")
        points = points_given(sub, given.get("points"), done, due, "self_score")
        values |= {"self_score": points, "self_done": done, "self_due": due}
    check_one_of(
        sub,
        values.get("self_score", row.self_score),
        values.get("not_applicable_reason", row.not_applicable_reason),
    )
    if "not_applicable_reason" in values:
        values["not_applicable_accepted"] = False
    await change(seen, row, "self_score", values, why)
    return row


async def count_ballots(
    seen: SeenSheet, code: str, ballots: Mapping[str, int], evidence: str, expected: int
) -> ScoreRow:
    """Enter ballots that were counted outside of the system, with what proves them.

    Whoever changes them takes the appraiser's word on them back. Raises NotFound, StaleVersion,
    InputRefused for a row without options or fewer than ten ballots, RuleBroken where a round of
    ours gives the answers.
    """
    sub = seen.sub(code)
    row = await locked(seen, code, expected)
    values = {"ballots": dict(ballots), "ballots_evidence": evidence}
    own = seen.body.id == OWN_BODY
    fed = own and await is_fed(seen.session, seen.sheet.year, sub)
    check_values(sub, values, reason=None, ballots=ballots, evidence=evidence, fed=fed)
    await change(seen, row, "count_ballots", {**values, "ballots_accepted": False})
    return row


async def answer(seen: SeenSheet, code: str, text: str, expected: int) -> ScoreRow:
    """Answer what the appraiser asked. Raises NotFound, StaleVersion, RuleBroken."""
    seen.sub(code)
    row = await locked(seen, code, expected)
    check_asked(code, row.question)
    await change(seen, row, "answer", {"answer": text})
    return row
