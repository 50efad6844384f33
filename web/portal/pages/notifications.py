"""Notifications: the page, the bell, marking as read."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from portal.forms import Form, text
from portal.parts import optional, optional_if_visible
from portal.place import own_page
from portal.visit import Visitor

router = APIRouter()
RECENT = 6  # in the bell's list
PAGE = 30
SUBJECT_PAGES = {
    "assignment": "/assignments/{}",
    "question": "/questions/{}",
    "measure": "/measures?id={}",
    "instruction": "/instructions/{}",
    "inspection": "/inspections/{}",
    "plan": "/plans/{}",
    "round": "/surveys/{}",
    "criteria_set": "/criteria_sets/{}/links",
    "ranking": "/rankings?id={}",
    "report": "/reports/{}",
    "sheet": "/score_sheets?id={}",
    "urging": "/urgings/{}",
    "unit_report": "/unit_reports/{}",
    "subscription": "/subscriptions/{}",
    "partner": "/partners/{}",
    "digest": "/notifications",
}


def with_page(notification: dict[str, Any]) -> dict[str, Any]:
    """Add where the subject can be seen, and those of what a digest holds (`entries`)."""
    entries = [with_page(each) for each in notification.get("items", [])]
    pattern = SUBJECT_PAGES.get(str(notification.get("subject_type")), "/")
    page = pattern.format(notification.get("subject_id"))
    return {**notification, "page": page, "entries": entries}


@router.get("/notifications")
async def listing(visit: Visitor, unread: bool = False, cursor: str = "") -> Response:
    """Show the notifications, newest first."""
    wanted = "true" if unread else None
    found, partners = await asyncio.gather(
        visit.api.get(
            "notifications", "/v1/notifications", unread=wanted, limit=PAGE, cursor=cursor
        ),
        optional_if_visible(visit.api.get("notifications", "/v1/partners", limit=1)),
    )
    return visit.page(
        "notifications.html",
        notifications=[with_page(each) for each in found["data"]],
        next_cursor=found["next_cursor"],
        unread=unread,
        partners=partners,
    )


@router.get("/bell")
async def bell(visit: Visitor) -> Response:
    """Return the number beside the bell."""
    count = await optional(visit.api.get("notifications", "/v1/notifications/unread_count"))
    return visit.page("notifications/bell.html", count=count)


@router.get("/notifications/recent")
async def recent(visit: Visitor) -> Response:
    """Return the list under the bell."""
    found = await optional(visit.api.get("notifications", "/v1/notifications", limit=RECENT))
    items = [with_page(each) for each in found["data"]] if isinstance(found, dict) else found
    return visit.page("notifications/recent.html", notifications=items)


@router.post("/notifications/{id}/read")
async def read(visit: Visitor, id: UUID, form: Form) -> Response:
    """Mark one as read, and go to what it is about."""
    await visit.api.post("notifications", f"/v1/notifications/{id}/read", {}, key=text(form, "key"))
    return visit.go(own_page(text(form, "page"), "/notifications"))


@router.post("/notifications/read_all")
async def read_all(visit: Visitor, form: Form) -> Response:
    """Mark all as read."""
    await visit.api.post("notifications", "/v1/notifications/read_all", {}, key=text(form, "key"))
    return visit.go("/notifications", "read")
