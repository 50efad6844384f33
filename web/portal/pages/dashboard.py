"""The dashboard: both indices, the counters, the units; moved by the live stream."""

import asyncio
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response

from chassis.clock import TIME_ZONE
from portal.parts import Unavailable, optional, optional_if_visible
from portal.visit import Visit, Visitor

router = APIRouter()
ATTENTION = 6  # assignments listed as needing attention: one glance
FIRST = 6  # sub-criteria to act on first


@router.get("/")
async def dashboard(visit: Visitor, year: int | None = None) -> Response:
    """Show a year's figures; without a year, those of the plan that runs now."""
    plans, work, to_decide, repeated = await asyncio.gather(
        optional(visit.api.whole("tasks", "/v1/plans")),
        optional_if_visible(visit.api.get("tasks", "/v1/me/work")),
        optional(_to_decide(visit)),
        optional_if_visible(
            visit.api.get("tasks", "/v1/repeated_weaknesses", unit_id=visit.me.get("unit_id"))
        ),
    )
    plan = chosen_plan(plans, year, datetime.now(TIME_ZONE).year)
    year = year or (plan["year"] if plan else None)
    of_year = in_force(plans, year) or ([plan] if plan else [])
    overview, attention, first = await asyncio.gather(
        read_overview(visit, year),
        optional(_overdue(visit, of_year)),
        read_priorities(visit, year),
    )
    offer = await offered(visit, plan, overview)
    return visit.page(
        "dashboard.html",
        year=year,
        plan=plan,
        of_year=of_year,
        plans=plans,
        work=None if isinstance(work, Unavailable) else work,
        to_decide=0 if isinstance(to_decide, Unavailable) else to_decide,
        repeated=repeated,
        offer=offer,
        figures_query=urlencode({"year": year, "offer": offer}, doseq=True),
        years=sorted({each["year"] for each in _data(plans)}, reverse=True),
        overview=overview,
        attention=attention,
        priorities=first,
        tasks_down=isinstance(plans, Unavailable),
    )


async def _to_decide(visit: Visit) -> int:
    """Count the handling proposals that the visitor may decide and nobody has."""
    if "handling_proposal.read" not in (visit.me.get("allowed") or []):
        return 0
    waiting = await visit.api.whole("tasks", "/v1/handling_proposals", decided="false")
    return sum("decide" in each["allowed"] for each in waiting["data"])


@router.get("/figures")
async def figures(
    visit: Visitor, year: int, offer: Annotated[list[str] | None, Query()] = None
) -> Response:
    """Return the moving part alone; nothing at all while reporting is away: old figures stay.

    `offer`: what the page offered when it was opened; rights do not move with the figures.
    """
    overview = await read_overview(visit, year)
    if isinstance(overview, Unavailable):
        return Response(status_code=204)
    return visit.page("dashboard/figures.html", year=year, overview=overview, offer=offer or [])


@router.get("/priorities")
async def priorities(visit: Visitor, year: int) -> Response:
    """Return what to act on first alone; nothing while reporting is away: what was said stays."""
    first = await read_priorities(visit, year)
    if isinstance(first, Unavailable):
        return Response(status_code=204)
    return visit.page("dashboard/priorities.html", year=year, priorities=first)


async def read_priorities(visit: Visit, year: int | None) -> Any:
    """Return where most points may still be won, Unavailable, or None without a criteria set."""
    if year is None:
        return None
    path = "/v1/priorities"
    return await optional_if_visible(visit.api.get("reporting", path, year=year, limit=FIRST))


async def offered(visit: Visit, plan: dict[str, Any] | None, overview: Any) -> list[str]:
    """Return what this person may do where a figure is missing: enter a target, prepare a round."""
    offer = ["enter_target"] if plan and "change" in plan.get("allowed", []) else []
    if isinstance(overview, dict) and not overview.get("satisfaction"):
        rounds = await optional(visit.api.get("surveys", "/v1/rounds", limit=1))
        if isinstance(rounds, dict) and "create" in rounds.get("allowed", []):
            offer.append("prepare_round")
    return offer


async def read_overview(visit: Visit, year: int | None) -> Any:
    """Return the figures of a year, Unavailable, or None when there is no year to show."""
    if year is None:
        return None
    return await optional(visit.api.get("reporting", "/v1/overview", year=year))


def chosen_plan(plans: Any, year: int | None, this_year: int) -> dict[str, Any] | None:
    """Return the plan of a year; without one, of this year, else the last before it, else the next.

    Plans in force come first: a draft only where there is nothing else, a cancelled one never.
    """
    found: list[dict[str, Any]] = [
        plan
        for plan in _data(plans)
        if year in {None, plan["year"]} and plan["status"] != "cancelled"
    ]

    def nearness(plan: dict[str, Any]) -> tuple[bool, bool, int]:
        past = plan["year"] <= this_year
        return plan["status"] == "active", past, plan["year"] if past else -plan["year"]

    return max(found, key=nearness, default=None)


def _data(answer: Any) -> list[dict[str, Any]]:
    return [] if isinstance(answer, Unavailable) else answer["data"]


def in_force(plans: Any, year: int | None) -> list[dict[str, Any]]:
    """Return the plans that make a year, oldest first: its figures are over all of them."""
    found = [p for p in _data(plans) if p["year"] == year and p["status"] in ("active", "closed")]
    return sorted(found, key=lambda plan: str(plan["id"]))


async def _overdue(visit: Visit, plans: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the assignments of some plans that are overdue for longest."""
    pages = await asyncio.gather(*(
        visit.api.get(
            "tasks", "/v1/assignments", plan_id=plan["id"], overdue="true", limit=ATTENTION
        )
        for plan in plans
    ))  # fmt: skip
    found = [assignment for page in pages for assignment in page["data"]]
    if len(plans) > 1:
        found.sort(key=lambda assignment: (assignment["due_on"] or "", assignment["number"]))
    return {"data": found[:ATTENTION]}
