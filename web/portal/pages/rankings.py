"""Rankings of blocks: as published or prepared, their versions, and comparisons."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from chassis.clock import TIME_ZONE
from portal.forms import Form, text
from portal.parts import optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
COMPARED = 4  # side by side: more do not fit a screen, nor a glance
Bodies = Annotated[list[str] | None, Query()]


@router.get("/rankings")
async def rankings(
    visit: Visitor,
    block: str = "",
    year: int | None = None,
    show: str = "",
    id: str = "",
) -> Response:
    """Show the ranking of a block in a year; `id`: of the ranking that a notification names."""
    blocks = (await visit.api.get("reporting", "/v1/rankings"))["data"]
    chosen, found = choose(blocks, block, year, id)
    if year is None and not id and chosen and await _waits(visit, chosen):
        found = chosen["years"][0]["year"]
    return await _show(visit, blocks, chosen, found, show)


async def _waits(visit: Visit, block: dict[str, Any]) -> bool:
    """Tell whether a ranking newer than those published waits for the reader to publish it."""
    years = block["years"]
    if not years or years[0]["version"]:
        return False
    ranking = await _read(visit, years[0]["year"], block["id"])
    return "publish" in ranking["allowed"] and not ranking["hindrance"]


async def _show(
    visit: Visit,
    blocks: list[dict[str, Any]],
    chosen: dict[str, Any] | None,
    year: int,
    show: str = "",
    *,
    status: int = 200,
    **view: Any,
) -> Response:
    if chosen is None:
        return visit.page("rankings.html", blocks=blocks, block=None, year=year)
    ranking, sheets = await asyncio.gather(_read(visit, year, chosen["id"]), _sheets(visit, year))
    return visit.page(
        "rankings.html", status=status, blocks=blocks, block=chosen, year=year, ranking=ranking,
        years=years_of(chosen, year), shown=shown(ranking, show), show=show, place="table",
        sheets=sheets, **view,
    )  # fmt: skip


@router.get("/rankings/{year}/{block}/table")
async def table(visit: Visitor, year: int, block: UUID, show: str = "") -> Response:
    """Return the moving part of the page alone."""
    ranking, sheets = await asyncio.gather(_read(visit, year, block), _sheets(visit, year))
    return visit.page(
        "rankings/table.html", ranking=ranking, shown=shown(ranking, show), year=year,
        block=ranking["block"], sheets=sheets,
    )  # fmt: skip


async def _sheets(visit: Visit, year: int) -> set[str]:
    """Return the bodies whose sheets of a year the person may read."""
    found = await optional_if_visible(visit.api.get("reporting", f"/v1/score_sheets/{year}/bodies"))
    return {each["body_id"] for each in found["data"]} if isinstance(found, dict) else set()


@router.post("/rankings/{year}/{block}/publish")
async def publish(visit: Visitor, year: int, block: UUID, form: Form) -> Response:
    """Publish how the block stands now, for good."""
    body = {"block": str(block), "reason": text(form, "reason")}
    try:
        path = f"/v1/rankings/{year}/publish"
        await visit.api.post("reporting", path, body, key=text(form, "key"))
    except Problem as problem:
        blocks = (await visit.api.get("reporting", "/v1/rankings"))["data"]
        chosen = next((each for each in blocks if each["id"] == str(block)), None)
        return await _show(
            visit, blocks, chosen, year, "preview", status=problem.status, problem=problem,
            form=body,
        )  # fmt: skip
    return visit.go(f"/rankings?block={block}&year={year}", "ranking_published")


@router.get("/rankings/{year}/{block}/versions/{number}")
async def version(visit: Visitor, year: int, block: UUID, number: int) -> Response:
    """Show one published version and what it changed."""
    path = f"/v1/rankings/{year}/versions/{number}"
    found = await visit.api.get("reporting", path, block=block)
    areas = {area["code"]: area["name"] for area in found["table"]["areas"]}
    return visit.page(
        "rankings/version.html", version=found, year=year, block=found["block"], areas=areas
    )


@router.get("/rankings/{year}/{block}/heat_map")
async def heat_map(
    visit: Visitor, year: int, block: UUID, show: str = "", part: str = ""
) -> Response:
    """Show every body's share of the points of every area; `part`: within an area or criterion."""
    ranking = await _read(visit, year, block)
    seen = shown(ranking, show)
    found, sheets = None, set[str]()
    if part and seen:
        found, sheets = await asyncio.gather(
            _parts(visit, year, block, part, preview=seen["version"] is None), _sheets(visit, year)
        )
    return visit.page(
        "rankings/heat_map.html", ranking=ranking, shown=seen, year=year, found=found,
        cells=cells_of(seen, found), block=ranking["block"], show=show, place="heat_map",
        sheets=sheets,
    )  # fmt: skip


async def _parts(
    visit: Visit, year: int, block: UUID, part: str, *, preview: bool
) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get(
        "reporting", f"/v1/rankings/{year}/parts", block=block, part=part,
        preview="true" if preview else "false",
    )  # fmt: skip
    return found


def cells_of(
    seen: dict[str, Any] | None, found: dict[str, Any] | None
) -> dict[str, dict[str, Any]]:
    """Return what each body of the table has in the parts shown, `whole` of them, by code.

    `changed`: its sheet says of this area something else than the published table.
    """
    if seen is None or found is None:
        return {}
    areas = {line["body_id"]: line["areas"] for line in seen["table"]["bodies"]}
    return {
        each["body_id"]: {
            "parts": {cell["code"]: cell for cell in each["parts"]}, "whole": each["whole"],
            "changed": _differs(areas.get(each["body_id"], []), each["whole"]),
        }
        for each in found["bodies"]
    }  # fmt: skip


def _differs(areas: list[dict[str, Any]], whole: dict[str, Any]) -> bool:
    same = ("points", "of_points")
    return any(
        area["code"] == whole["code"] and [area[f] for f in same] != [whole[f] for f in same]
        for area in areas
    )


@router.get("/rankings/{year}/{block}/bodies")
async def bodies(
    visit: Visitor, year: int, block: UUID, body: Bodies = None, show: str = ""
) -> Response:
    """Compare some bodies area by area; without a choice, the first ones."""
    ranking = await _read(visit, year, block)
    seen = shown(ranking, show)
    return visit.page(
        "rankings/bodies.html", ranking=ranking, shown=seen, year=year, block=ranking["block"],
        chosen=compared(seen, body), most=COMPARED, show=show, place="bodies",
    )  # fmt: skip


@router.get("/rankings/{year}/{block}/years")
async def years(visit: Visitor, year: int, block: UUID) -> Response:
    """Compare the years in which the block's ranking was published, body by body."""
    blocks = (await visit.api.get("reporting", "/v1/rankings"))["data"]
    named = next((each for each in blocks if each["id"] == str(block)), None)
    if named is None:
        raise Problem(404, {"code": "not_found"})
    wanted = sorted(each["year"] for each in named["years"] if each["version"])[-COMPARED:]
    found = await asyncio.gather(*(_read(visit, each, block) for each in wanted))
    return visit.page(
        "rankings/years.html", year=year, block=named, compared=wanted,
        lines=by_body(wanted, found), tables=[each["published"]["table"] for each in found],
        place="years", show="",
    )  # fmt: skip


async def _read(visit: Visit, year: int, block: object) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get("reporting", f"/v1/rankings/{year}", block=block)
    return found


def choose(
    blocks: list[dict[str, Any]], block: str, year: int | None, ranking_id: str = ""
) -> tuple[dict[str, Any] | None, int]:
    """Return the block and year to show: those asked for, else the newest published year.

    Where none is published, the newest year there is.
    """
    for each in blocks:
        for known in each["years"]:
            if ranking_id and known["ranking_id"] == ranking_id:
                return each, known["year"]
    scored = [each for each in blocks if each["years"]]
    asked = [each for each in blocks if each["id"] == block]
    chosen = next(iter([*asked, *scored, *blocks]), None)
    years = chosen["years"] if chosen else []
    first = next((each for each in years if each["version"]), next(iter(years), None))
    newest = first and first["year"]
    return chosen, year or newest or datetime.now(TIME_ZONE).year


def years_of(block: dict[str, Any], year: int) -> list[int]:
    """Return the years that may be chosen, newest first, with the one that is shown."""
    return sorted({year, *(each["year"] for each in block["years"])}, reverse=True)


def shown(ranking: dict[str, Any], show: str) -> dict[str, Any] | None:
    """Return the table to show: the published one unless another is asked for, or none is."""
    published = ranking["published"]
    if ranking["preview"] and (show == "preview" or not published):
        return {"table": ranking["preview"], "version": None}
    return {"table": published["table"], "version": published} if published else None


def compared(seen: dict[str, Any] | None, wanted: list[str] | None) -> list[dict[str, Any]]:
    """Return the bodies to compare, at most COMPARED of those that have points."""
    known = [each for each in seen["table"]["bodies"] if each["areas"]] if seen else []
    asked = [each for each in known if each["body_id"] in (wanted or [])]
    return (asked or known[:2])[:COMPARED]


def by_body(years: list[int], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each body with its line in each year, those of the newest year first."""
    lines: dict[str, dict[str, Any]] = {}
    for year, ranking in reversed([*zip(years, found, strict=True)]):
        for line in ranking["published"]["table"]["bodies"]:
            known = lines.setdefault(line["body_id"], {"name": line["name"], "years": {}})
            known["years"][year] = line
    return list(lines.values())
