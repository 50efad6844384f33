"""The PAR index by sub-criterion, and where any figure comes from."""

from itertools import groupby
from operator import itemgetter
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from portal.parts import optional
from portal.visit import Visit, Visitor

router = APIRouter()
Figure = Literal["secured", "projected", "official"]


@router.get("/indices/par/{year}")
async def par(visit: Visitor, year: int) -> Response:
    """Show every sub-criterion with its three figures."""
    index = await visit.api.get("reporting", f"/v1/indices/par/{year}")
    return visit.page("indices/par.html", year=year, index=index, areas=by_area(index["rows"]))


def by_area(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows under their areas; the rows come ordered."""
    return [
        {"code": code, "name": name, "rows": list(members)}
        for (code, name), members in groupby(rows, key=itemgetter("area_code", "area_name"))
    ]


@router.get("/indices/par/{year}/explain")
async def explain_par(visit: Visitor, year: int, figure: Figure = "projected") -> Response:
    """Show where one of the three PAR figures comes from."""
    return await _explain(visit, f"/v1/indices/par/{year}/explain", year=year, figure=figure)


@router.get("/indices/par/{year}/{code}/explain")
async def explain_sub_criterion(
    visit: Visitor, year: int, code: str, figure: Figure = "projected"
) -> Response:
    """Show where one sub-criterion's points come from."""
    path = f"/v1/indices/par/{year}/sub_criteria/{quote(code)}/explain"
    return await _explain(visit, path, year=year, figure=figure, code=code)


@router.get("/indices/satisfaction/{round_id}/explain")
async def explain_satisfaction(visit: Visitor, round_id: UUID) -> Response:
    """Show where the satisfaction index comes from."""
    return await _explain(visit, f"/v1/indices/satisfaction/{round_id}/explain")


@router.get("/indices/completion_of_year/{year}/explain")
async def explain_year_completion(visit: Visitor, year: int) -> Response:
    """Show where the completion of a year comes from, plan by plan."""
    return await _explain(visit, f"/v1/indices/completion_of_year/{year}/explain")


@router.get("/indices/coordination/{year}/units/{unit_id}/explain")
async def explain_coordination(visit: Visitor, year: int, unit_id: UUID) -> Response:
    """Show which contributions a unit gave in time."""
    return await _explain(visit, f"/v1/indices/coordination/{year}/units/{unit_id}/explain")


@router.get("/indices/completion/{plan_id}/explain")
async def explain_completion(visit: Visitor, plan_id: UUID) -> Response:
    """Show where the completion figures come from."""
    return await _explain(visit, f"/v1/indices/completion/{plan_id}/explain")


async def _explain(
    visit: Visit,
    path: str,
    year: int | None = None,
    figure: str | None = None,
    code: str | None = None,
) -> Response:
    node = await visit.api.get("reporting", path, figure=figure)
    ballots = code if code and await _takes_ballots(visit, year, code) else None
    return visit.page(
        "indices/explain.html", node=node, year=year, figure=figure, ballots_of=ballots
    )


async def _takes_ballots(visit: Visit, year: int | None, code: str) -> bool:
    """Tell whether a row is fed by answer options, so that ballots may be counted for it."""
    sheet = await optional(visit.api.get("reporting", f"/v1/score_sheets/{year}"))
    rows = sheet["rows"] if isinstance(sheet, dict) else []
    return any(row["code"] == code and row["option_weights"] for row in rows)
