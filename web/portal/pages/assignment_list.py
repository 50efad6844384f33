"""The list of assignments: filters that live in the address, order, columns, views, a file."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal import listing
from portal.bulk import MOST, offered
from portal.directory import names
from portal.forms import Form, text
from portal.i18n import mark
from portal.labels import LABELS
from portal.listing import Listing, Pick
from portal.parts import Unavailable, optional, optional_if_visible
from portal.passing import passed_on
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
PAGE = 25  # rows: about two screens


async def _rows(visit: Visit, asked: Listing) -> Any:
    query = {**asked.asked(), "sort": asked.sort, "limit": PAGE, "cursor": _cursor(visit)}
    return await optional(visit.api.get("tasks", "/v1/assignments", **query))


def _cursor(visit: Visit) -> str | None:
    return visit.request.query_params.get("cursor")


def more_query(asked: Listing, listed: Any) -> str:
    """Return the query of the next rows; empty after the last."""
    cursor = None if isinstance(listed, Unavailable) else listed["next_cursor"]
    return asked.address(cursor=cursor).partition("?")[2] if cursor else ""


@router.get("/assignments")
async def show_list(visit: Visitor) -> Response:
    """Show the list."""
    return await _show(visit, listing.read(visit.request.query_params))


async def _show(visit: Visit, asked: Listing, *, status: int = 200, **view: Any) -> Response:
    listed, (counts, tabs), plans, units, people, views = await asyncio.gather(
        _rows(visit, asked),
        _both_counts(visit, asked),
        optional(visit.api.whole("tasks", "/v1/plans")),
        visit.units(),
        _people(visit, asked),
        optional_if_visible(visit.api.whole("tasks", "/v1/saved_views")),
    )
    return visit.page(
        "assignments.html",
        status=status,
        asked=asked,
        listed=listed,
        more=more_query(asked, listed),
        counts=counts,
        acts=offered([] if isinstance(counts, Unavailable) else counts["allowed"]),
        tabs=tabs,
        plans=plans,
        units=units,
        unit_names=names(units),
        people=people,
        views=views,
        opened=_opened(views, asked.view),
        picks=_picks(asked, units, plans),
        chips=listing.chips(asked, _names(units, people, plans)),
        columns=listing.COLUMNS.values(),
        task=listing.TASK,
        most=MOST,
        **view,
    )


async def _both_counts(visit: Visit, asked: Listing) -> tuple[Any, Any]:
    """Return the counts of what is shown, and of what the quick filters choose from."""
    if not asked.filters.keys() & set(listing.QUICK):
        counts = await _counts(visit, asked)
        return counts, counts
    shown, every = await asyncio.gather(
        _counts(visit, asked), _counts(visit, asked, *listing.QUICK)
    )
    return shown, every


async def _counts(visit: Visit, asked: Listing, *without: str) -> Any:
    query = asked.asked(*without)
    return await optional(visit.api.get("tasks", "/v1/assignments/counts", **query))


def _plans(plans: Any) -> dict[str, str]:
    found = [] if isinstance(plans, Unavailable) else plans["data"]
    return {plan["id"]: f"{plan['year']} · {plan['number'] or plan['title']}" for plan in found}


def _names(
    units: list[dict[str, Any]], people: list[dict[str, Any]], plans: Any
) -> dict[str, dict[str, str]]:
    return {
        "unit_id": names(units), "contribution_of": names(units), "person_id": names(people),
        "plan_id": _plans(plans),
    }  # fmt: skip


def _picks(asked: Listing, units: list[dict[str, Any]], plans: Any) -> list[Pick]:
    """Return the filters of several values; a single plan is no choice."""
    of_plan = list(_plans(plans).items())
    several = [Pick("plan_id", mark("Plan"), of_plan)]
    return [
        Pick("unit_id", mark("Unit"), list(names(units).items())),
        Pick("status", mark("Status"), [(one, "") for one in LABELS["status"]], "status"),
        Pick(
            "deadline_kind", mark("Kind of deadline"),
            [(one, "") for one in LABELS["deadline_kind"]], "deadline_kind",
        ),
        *(several if len(of_plan) > 1 or "plan_id" in asked.filters else []),
    ]  # fmt: skip


async def _people(visit: Visit, asked: Listing) -> list[dict[str, Any]]:
    """Return who may be chosen as accountable: of the one unit chosen, else of one's own."""
    chosen = asked.filters.get("unit_id", [])
    unit = chosen[0] if len(chosen) == 1 else visit.me.get("unit_id")
    found = await optional_if_visible(visit.api.whole("tasks", "/v1/people", unit_id=unit))
    people: list[dict[str, Any]] = found["data"] if isinstance(found, dict) else []
    wanted = asked.filters.get("person_id")
    if wanted and wanted not in {one["id"] for one in people}:
        other = await optional_if_visible(visit.api.get("tasks", f"/v1/people/{wanted}"))
        people = [*people, other] if isinstance(other, dict) else people
    return people


def _opened(views: Any, id_: str) -> dict[str, Any] | None:
    every = views["data"] if isinstance(views, dict) else []
    return next((view for view in every if view["id"] == id_), None)


@router.get("/assignments/rows")
async def more_rows(visit: Visitor) -> Response:
    """Return the next rows alone."""
    asked = listing.read(visit.request.query_params)
    listed, units = await asyncio.gather(_rows(visit, asked), visit.units())
    return visit.page(
        "assignments/rows.html",
        asked=asked,
        listed=listed,
        acts="ticks" in visit.request.query_params,
        more=more_query(asked, listed),
        unit_names=names(units),
        address=asked.address(cursor=_cursor(visit)),  # of the page that holds these rows
    )


@router.get("/assignments.xlsx")
async def download_list(visit: Visitor) -> Response:
    """Hand the file of a list on as it comes, whatever its size."""
    return await passed_on(visit, "tasks", f"/v1/assignments.xlsx?{visit.request.url.query}")


@router.get("/views/{id}")
async def open_view(visit: Visitor, id: UUID) -> Response:
    """Open a saved view: its address stays when what it shows is changed."""
    view = await visit.api.get("tasks", f"/v1/saved_views/{id}")
    return visit.go(listing.saved(view))


@router.post("/views")
async def save_view(visit: Visitor, form: Form) -> Response:
    """Save how the list is looked at."""
    asked = listing.of_query(text(form, "query"))
    named = {"name": text(form, "name"), "shared_with": text(form, "shared_with") or "nobody"}
    try:
        view = await visit.api.post(
            "tasks", "/v1/saved_views", {**named, **listing.body(asked)}, key=text(form, "key")
        )
    except Problem as problem:
        return await _show(
            visit, asked, status=problem.status, problem=problem, form=dict(form.items())
        )
    return visit.go(listing.saved(view), "view_saved")


@router.post("/views/{id}")
async def change_view(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make one's view show what is shown now, under the name and for those that are chosen."""
    asked = listing.of_query(text(form, "query"))
    named = {"name": text(form, "name"), "shared_with": text(form, "shared_with") or "nobody"}
    try:
        view = await visit.api.patch(
            "tasks", f"/v1/saved_views/{id}", {**named, **listing.body(asked)},
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        return await _show(
            visit, asked, status=problem.status, problem=problem, form=dict(form.items())
        )
    return visit.go(listing.saved(view), "view_changed")


@router.post("/views/{id}/delete")
async def delete_view(visit: Visitor, id: UUID, form: Form) -> Response:
    """Throw one's view away; the list stays as it is shown."""
    await visit.api.delete("tasks", f"/v1/saved_views/{id}")
    asked = listing.of_query(text(form, "query"))
    return visit.go(asked.address(view=None), "view_deleted")
