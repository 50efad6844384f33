"""One act on many assignments: what it takes, what will happen, what became of each."""

import asyncio
from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal import listing
from portal.bulk import (
    ACTS,
    DECISIONS,
    MOST,
    Act,
    Chosen,
    body_of,
    chosen,
    fields_of,
    of_rows,
    ticked,
)
from portal.directory import names
from portal.fields import placed
from portal.forms import Form, text
from portal.listing import Listing
from portal.parts import optional, optional_if_visible
from portal.passing import passed_on
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
PAGE = 200  # the service gives no more of a list at once
AT_ONCE = "begin"  # the one move that asks for nothing and ends nothing
FEW = 12  # units whose people are offered: more make no choice
NAMED = 60  # results that are looked up to be decided on: one request each


@router.post("/assignments/bulk")
async def act_on_many(visit: Visitor, form: Form) -> Response:
    """Ask what the act takes, say what will happen, or do it: as the button says."""
    asked = listing.of_query(text(form, "query"))
    act, step = ACTS.get(text(form, "act")), text(form, "step")
    those = await _every(visit, asked) if text(form, "whole") else ticked(form)
    if act is None or not those:
        return visit.page("assignments/bulk_nothing.html", status=422, back=_back(form, asked))
    if step == "apply":
        return await _applied(visit, act, those, form, asked)
    if step == "preview" or not act.needed:
        return await _previewed(visit, act, those, form, asked)
    return await _shown(visit, act, those, form, asked)


@router.post("/assignments/export")
async def take_away(visit: Visitor, form: Form) -> Response:
    """Hand on a file of what was ticked, or of the whole list, as the page shows it."""
    asked = listing.of_query(text(form, "query"))
    whole, those = bool(text(form, "whole")), ticked(form)
    if not whole and not those:
        return visit.page("assignments/bulk_nothing.html", status=422, back=_back(form, asked))
    ids = [] if whole else [each.id for each in those]
    return await passed_on(visit, "tasks", f"/v1{asked.export(ids=ids)}")


@router.post("/assignments/board")
async def move(visit: Visitor, form: Form) -> Response:
    """Bring one card into another column: at once, or after asking what the act takes."""
    asked = listing.of_query(text(form, "query"))
    name, _, written = text(form, "move").partition(":")
    act, one = ACTS.get(name), chosen(written)
    if act is None or one is None:
        return visit.page("assignments/bulk_nothing.html", status=422, back=asked.board())
    if act.name != AT_ONCE:
        return await (_shown if act.needed else _previewed)(visit, act, [one], form, asked)
    # One page, one key, many cards: what is moved belongs to it.
    return await _applied(visit, act, [one], form, asked, key=f"{text(form, 'key')}-{written}")


async def _every(visit: Visit, asked: Listing) -> list[Chosen]:
    """Return all of a list, as many of its first as may be acted on at once."""
    rows: list[Any] = []
    cursor = None
    while len(rows) < MOST:
        query = {**asked.asked(), "sort": asked.sort, "limit": PAGE, "cursor": cursor}
        page = await visit.api.get("tasks", "/v1/assignments", **query)
        rows += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return of_rows(rows[:MOST])


async def _previewed(
    visit: Visit, act: Act, those: list[Chosen], form: FormData, asked: Listing
) -> Response:
    body = {**body_of(act, those, form), "preview": True}
    try:
        told = await visit.api.post("tasks", "/v1/assignments/bulk", body, key=str(uuid4()))
    except Problem as problem:
        return await _refused(visit, act, those, form, asked, problem)
    return await _shown(visit, act, those, form, asked, told=told)


async def _applied(
    visit: Visit,
    act: Act,
    those: list[Chosen],
    form: FormData,
    asked: Listing,
    *,
    key: str = "",
) -> Response:
    body, key = body_of(act, those, form), key or text(form, "key")
    try:
        told = await visit.api.post("tasks", "/v1/assignments/bulk", body, key=key)
    except Problem as problem:
        return await _refused(visit, act, those, form, asked, problem)
    if text(form, "to") == "board" and told["done"] == len(those) == 1:
        return visit.go(asked.board(), "moved", f"card-{those[0].id}")
    return visit.page("assignments/bulk_done.html", act=act, told=told, back=_back(form, asked))


async def _refused(
    visit: Visit, act: Act, those: list[Chosen], form: FormData, asked: Listing, problem: Problem
) -> Response:
    found = placed(problem, form, fields_of(act))
    return await _shown(visit, act, those, form, asked, status=problem.status, problem=found)


async def _shown(
    visit: Visit,
    act: Act,
    those: list[Chosen],
    form: FormData,
    asked: Listing,
    *,
    status: int = 200,
    **view: Any,
) -> Response:
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    people = await _people(visit, those) if "accountable_person_id" in act.facts else []
    named = await _named(visit, act, those, told=view.get("told") is not None)
    shown = {"told": None, "problem": None, **view}
    return visit.page(
        "assignments/bulk.html",
        status=status,
        act=act,
        chosen=those,
        form=typed,
        people=people,
        named=named,
        query=text(form, "query"),
        to=text(form, "to"),
        back=_back(form, asked),
        **shown,
    )


def _back(form: FormData, asked: Listing) -> str:
    """Return the page that the ticks were made on: the list, or the board."""
    return asked.board() if text(form, "to") == "board" else asked.address()


async def _named(
    visit: Visit, act: Act, those: list[Chosen], *, told: bool
) -> dict[str, dict[str, Any]]:
    """Return what was ticked by id: before it is judged, and where a result is decided on."""
    if act.name in DECISIONS:
        return await _with_results(visit, those[:NAMED])
    if told:
        return {}
    ids = [each.id for each in those[:PAGE]]
    page = await optional(visit.api.get("tasks", "/v1/assignments", id=ids, limit=PAGE))
    found = {one["id"]: one for one in page["data"]} if isinstance(page, dict) else {}
    return {id_: found[id_] for id_ in ids if id_ in found}


async def _with_results(visit: Visit, those: list[Chosen]) -> dict[str, dict[str, Any]]:
    asked = (
        optional_if_visible(visit.api.get("tasks", f"/v1/assignments/{each.id}")) for each in those
    )
    return {one["id"]: one for one in await asyncio.gather(*asked) if isinstance(one, dict)}


async def _people(visit: Visit, those: list[Chosen]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return who may be accountable, by the name of each unit of what was ticked."""
    ids = list(dict.fromkeys(each.unit_id for each in those))[:FEW]
    units, *found = await asyncio.gather(
        visit.units(),
        *(optional_if_visible(visit.api.whole("tasks", "/v1/people", unit_id=id_)) for id_ in ids),
    )
    known = names(units)
    pairs = zip(ids, found, strict=True)
    return [(known.get(id_, "–"), each["data"]) for id_, each in pairs if isinstance(each, dict)]
