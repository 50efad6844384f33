"""Ballots counted outside of the system: entered with their proof, accepted by the appraiser."""

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, text, whole
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
FIELD = "option_"  # how many chose it


@router.get("/indices/par/{year}/{code}/ballots")
async def show(visit: Visitor, year: int, code: str) -> Response:
    """Show the ballots of a row, and the form to those who may enter or accept them."""
    return await _show(visit, year, code)


async def _show(visit: Visit, year: int, code: str, *, status: int = 200, **view: Any) -> Response:
    sheet = await visit.api.get("reporting", f"/v1/score_sheets/{year}")
    row = next((row for row in sheet["rows"] if row["code"] == code), None)
    if row is None or not row["option_weights"]:
        raise Problem(404, {"code": "not_found"})
    return visit.page("indices/ballots.html", status=status, year=year, row=row, **view)


@router.post("/indices/par/{year}/{code}/ballots")
async def enter(visit: Visitor, year: int, code: str, form: Form) -> Response:
    """Enter how many chose each option, with what proves it."""
    body = {"ballots": read_ballots(form), "ballots_evidence": text(form, "ballots_evidence")}
    return await _change(visit, year, code, form, body, "ballots")


@router.post("/indices/par/{year}/{code}/ballots/accept")
async def accept(visit: Visitor, year: int, code: str, form: Form) -> Response:
    """Accept what was entered: from now on it is official."""
    return await _change(visit, year, code, form, {"ballots_accepted": True}, "ballots_accepted")


def read_ballots(form: FormData) -> dict[str, int | str]:
    """Return the counts by option; what is no number stays as it was typed, to be refused."""
    options = [name.removeprefix(FIELD) for name in form if name.startswith(FIELD)]
    return {option: whole(form, FIELD + option) for option in options}


async def _change(
    visit: Visit, year: int, code: str, form: FormData, body: dict[str, Any], done: str
) -> Response:
    path = f"/v1/score_sheets/{year}/rows/{quote(code)}"
    try:
        await visit.api.patch("reporting", path, body, version=text(form, "version"))
    except Problem as problem:
        return await _show(visit, year, code, status=problem.status, problem=problem, entered=body)
    return visit.go(f"/indices/par/{year}/{quote(code)}/ballots", done)
