"""Cells of a row of a body's sheet: read from their form, stored, also beside somebody else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import unquote
from uuid import NAMESPACE_OID, uuid5

from starlette.datastructures import FormData

from portal.forms import count, day, number, text
from portal.problems import Problem
from portal.sheet_cells import Meeting, fields_of, meet, stored_cells
from portal.visit import Visit

Entry = Literal[
    "self_scores", "appraisals", "questions", "explanations", "ballots", "survey_figures"
]
OPTION = "option_"  # how many chose it
SHARED = frozenset({"self_scores", "appraisals", "questions", "explanations"})
"""Cells that save by themselves: several people write into one row."""
TURNS = 4  # each is lost only to somebody who stored another change meanwhile


@dataclass(frozen=True)
class Tried:
    """What came of storing cells: the row, or why not. `met`: where somebody else stored some, too.

    `fields`: which field of the row stands in which cell.
    """

    row: dict[str, Any] | None = None
    problem: Problem | None = None
    met: Meeting | None = None
    fields: Mapping[str, str] = field(default_factory=dict)


async def try_entry(visit: Visit, at: str, entry: Entry, form: FormData) -> Tried:
    """Store a row's cells; where somebody else changed others of them, both are kept.

    `at`: the address of the row's API.
    """
    try:
        body, key = read_entry(entry, form), text(form, "key")
        return Tried(await _post(visit, at, entry, body, key, text(form, "version")))
    except Problem as refusal:
        stale = refusal.status == HTTPStatus.PRECONDITION_FAILED
        if stale and entry in SHARED and "ballots_accepted" not in form:
            return await _try_together(visit, at, entry, form, refusal)
        return Tried(problem=refusal)


async def _try_together(
    visit: Visit, at: str, entry: Entry, form: FormData, refusal: Problem
) -> Tried:
    """Store one's own cells beside what somebody else stored; a cell that both changed waits."""
    language = visit.request.state.language
    for _ in range(TURNS):
        state, row = await _now(visit, at)
        met = meet(form, stored_cells(row, state, language))
        if met.both:
            met = replace(met, by=await _changed_by(visit, at))
            return Tried(problem=refusal, met=met, fields=fields_of(state))
        try:
            row = await _post_own(visit, at, entry, form, met, row)
        except Problem as again:
            if again.status != HTTPStatus.PRECONDITION_FAILED:
                return Tried(problem=again)
        else:
            return Tried(row, met=replace(met, stored=stored_cells(row, state, language)))
    return Tried(problem=refusal)


async def _now(visit: Visit, at: str) -> tuple[str, dict[str, Any]]:
    """Return how far the sheet has come, and the row as it is stored."""
    address, _, code = at.rpartition("/rows/")
    sheet = await visit.api.get("reporting", address)
    return sheet["state"], row_of(sheet, unquote(code))


async def _post_own(
    visit: Visit, at: str, entry: Entry, form: FormData, met: Meeting, row: dict[str, Any]
) -> dict[str, Any]:
    """Store the cells that this person changed, and leave all others as they are."""
    body, version = met.own(read_entry(entry, form)), str(row["version"])
    if not body:
        return row
    key = uuid5(NAMESPACE_OID, f"{text(form, 'key')} {version}")
    return await _post(visit, at, entry, body, str(key), version)


async def _post(
    visit: Visit, at: str, entry: Entry, body: dict[str, Any], key: str, version: str
) -> dict[str, Any]:
    row: dict[str, Any] = await visit.api.post(
        "reporting", f"{at}/{entry}", body, key=key, version=version
    )
    return row


async def _changed_by(visit: Visit, at: str) -> str:
    """Return who changed a row last; empty where the directory does not know."""
    changes = (await visit.api.get("reporting", f"{at}/history"))["data"]
    return (changes[0]["name"] or "") if changes else ""


def read_entry(entry: Entry, form: FormData) -> dict[str, Any]:
    """Return the cells of a form; an empty cell takes its value back."""
    if entry == "questions":
        return {"question": text(form, "question") or None}
    if entry == "explanations":
        return {"answer": text(form, "answer")}
    if entry == "ballots":
        counts = {n.removeprefix(OPTION): count(form, n) for n in form if n.startswith(OPTION)}
        return {"ballots": counts, "evidence": text(form, "evidence")}
    return _figure(form) if entry == "survey_figures" else _scored(entry, form)


def _figure(form: FormData) -> dict[str, Any]:
    index = number(form, "index")
    source, dated_on = text(form, "source") or None, day(form, "dated_on") or None
    return {"index": index, "source": source, "dated_on": dated_on}


def _scored(entry: Entry, form: FormData) -> dict[str, Any]:
    if "ballots_accepted" in form:
        return {"ballots_accepted": bool(text(form, "ballots_accepted"))}
    cells = {**_points(form), "note": text(form, "note") or None}
    if entry == "appraisals":
        if "round" in form:
            cells["round"] = count(form, "round")
        if "decides" in form:
            cells["not_applicable_accepted"] = bool(text(form, "not_applicable_accepted"))
        return cells
    if "not_applicable_reason" in form:
        cells["not_applicable_reason"] = text(form, "not_applicable_reason") or None
    return cells


def _points(form: FormData) -> dict[str, Any]:
    """Return points, or numerator and denominator once both are there."""
    if "points" in form:
        return {"points": number(form, "points")}
    counts = {name: count(form, name) for name in ("done", "due") if name in form}
    filled = [each for each in counts.values() if each != ""]
    if len(filled) == 1:
        return {}
    return {name: value if value != "" else None for name, value in counts.items()}


def row_of(sheet: Mapping[str, Any], code: str) -> dict[str, Any]:
    """Return a row of a sheet. Raises Problem (404)."""
    found: dict[str, Any] | None = next((r for r in sheet["rows"] if r["code"] == code), None)
    if found is None:
        raise Problem(404, {"code": "not_found"})
    return found
