"""Events on their way to a webhook: what became of each, one sent again, an example to try."""

import asyncio
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from portal.fields import OF_TRIAL, placed
from portal.forms import Form, text
from portal.place import from_list, own_page
from portal.problems import Problem
from portal.visit import Visit, Visitor

router = APIRouter()
SERVICE = "notifications"
PAGE = 30
State = Literal["pending", "sending", "delivered", "failed"]
STATES: tuple[State, ...] = ("pending", "sending", "delivered", "failed")


@router.get("/subscriptions/{id}/deliveries")
async def listing(
    visit: Visitor, id: UUID, state: State | Literal[""] = "", cursor: str = ""
) -> Response:
    """Show what was sent to a webhook, the newest first."""
    subscription, found = await asyncio.gather(
        visit.api.get(SERVICE, f"/v1/subscriptions/{id}"),
        visit.api.get(
            SERVICE, "/v1/deliveries", subscription_id=str(id), state=state, cursor=cursor,
            limit=PAGE,
        ),
    )  # fmt: skip
    return visit.page(
        "subscriptions/deliveries.html", subscription=subscription, deliveries=found, state=state,
        states=STATES,
    )  # fmt: skip


@router.get("/subscriptions/{id}/deliveries/{delivery_id}")
async def show(visit: Visitor, id: UUID, delivery_id: UUID) -> Response:
    """Show one delivery; while it is on its way the page looks again by itself."""
    return await _show(visit, id, delivery_id)


@router.get("/subscriptions/{id}/deliveries/{delivery_id}/outcome")
async def outcome(visit: Visitor, id: UUID, delivery_id: UUID) -> Response:
    """Show what became of a delivery, as a part of its page, to which its button leads back."""
    found = await visit.api.get(SERVICE, f"/v1/deliveries/{delivery_id}")
    whole = f"/subscriptions/{id}/deliveries/{delivery_id}"
    view = {"d": found, "subscription": {"id": str(id)}, "address": whole}
    return visit.page("subscriptions/outcome.html", **view)


@router.post("/subscriptions/{id}/deliveries/{delivery_id}/retry")
async def retry(visit: Visitor, id: UUID, delivery_id: UUID, form: Form) -> Response:
    """Send one again, under the same id; from a list, its outcome leads back to the row below."""
    path = f"/v1/deliveries/{delivery_id}/retry"
    try:
        await visit.api.post(SERVICE, path, None, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, delivery_id, status=problem.status, problem=problem)
    listed = own_page(text(form, "back"), "") if "next" in form else ""
    page = f"/subscriptions/{id}/deliveries/{delivery_id}"
    return visit.go(
        from_list(page, listed, text(form, "next")) if listed else page, "delivery_again"
    )


@router.post("/subscriptions/{id}/test")
async def try_it(visit: Visitor, id: UUID, form: Form) -> Response:
    """Send a signed example, and go to where its outcome is shown."""
    path, body = f"/v1/subscriptions/{id}/test", {"type": text(form, "type")}
    try:
        made = await visit.api.post(SERVICE, path, body, key=text(form, "key"))
    except Problem as problem:
        found = await visit.api.get(SERVICE, f"/v1/subscriptions/{id}")
        return visit.page(
            "subscriptions/untried.html", status=problem.status, subscription=found,
            problem=placed(problem, form, OF_TRIAL),
        )  # fmt: skip
    return visit.go(f"/subscriptions/{id}/deliveries/{made['id']}")


async def _show(
    visit: Visit, id: UUID, delivery_id: UUID, *, status: int = 200, **view: Any
) -> Response:
    subscription, found = await asyncio.gather(
        visit.api.get(SERVICE, f"/v1/subscriptions/{id}"),
        visit.api.get(SERVICE, f"/v1/deliveries/{delivery_id}"),
    )
    if found.get("subscription_id") != str(id):
        raise Problem(404, {"code": "delivery_not_found"})
    return visit.page(
        "subscriptions/delivery.html", status=status, subscription=subscription, d=found, **view
    )
