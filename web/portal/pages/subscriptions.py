"""What another system is told, by which way: listed, made, changed, stopped, ended."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal import conditions
from portal.directory import names
from portal.fields import OF_RECOVERY, OF_SUBSCRIPTION, placed
from portal.forms import Form, instant, text, whole
from portal.problems import Problem
from portal.visit import Visit, Visitor, portal_of, require

router = APIRouter()
SERVICE = "notifications"
TRANSPORTS = ("webhook", "amqp", "feed")
LATEST = 5  # deliveries on the page of a webhook


@router.get("/partners/{id}/subscriptions")
async def listing(visit: Visitor, id: UUID) -> Response:
    """Show what a partner subscribes to, how far each is behind, when a queue will be full."""
    partner, found = await asyncio.gather(
        visit.api.get(SERVICE, f"/v1/partners/{id}"), _of_partner(visit, id)
    )
    asked = await asyncio.gather(*(_queue(visit, each) for each in found["data"]))
    queues = {each["id"]: queue for each, queue in zip(found["data"], asked, strict=True)}
    return visit.page("subscriptions.html", partner=partner, subscriptions=found, queues=queues)


@router.get("/partners/{id}/subscriptions/new")
async def new(visit: Visitor, id: UUID) -> Response:
    """Show the form for a subscription, to those who may make one."""
    require(await _of_partner(visit, id), "create")
    form = {"transport": "webhook", "which_types": "all", "units": "all", "start": "now"}
    return await _form(visit, id, form)


@router.post("/partners/{id}/subscriptions")
async def create(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make a subscription."""
    cursor = text(form, "after")
    start = cursor or ("now" if text(form, "start") == "now" else "")
    body = {
        **read_subscription(form),
        "transport": text(form, "transport"), "partner_id": str(id), "after": start,
    }  # fmt: skip
    try:
        made = await visit.api.post(SERVICE, "/v1/subscriptions", body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_SUBSCRIPTION)
        return await _form(visit, id, form, status=problem.status, problem=found)
    return visit.go(f"/subscriptions/{made['id']}", "subscription_created")


@router.get("/subscriptions/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a subscription: what it takes, how it goes, and what can be done with it."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    found = await visit.api.get(SERVICE, f"/v1/subscriptions/{id}")
    partner, units, queue, webhook = await asyncio.gather(
        visit.api.get(SERVICE, f"/v1/partners/{found['partner_id']}"),
        visit.units(),
        _queue(visit, found),
        _webhook(visit, found),
    )
    return visit.page(
        "subscription.html", status=status, subscription=found, partner=partner, queue=queue,
        unit_names=names(units), fields=conditions.written(found["fields"]),
        service=portal_of(visit.request).for_partners, **webhook, **view,
    )  # fmt: skip


@router.get("/subscriptions/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a subscription, to those who may."""
    found = await _allowed(visit, id, "change")
    return await _form(visit, found["partner_id"], filled(found), subscription=found)


@router.post("/subscriptions/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Change a subscription."""
    path, body = f"/v1/subscriptions/{id}", read_subscription(form)
    try:
        await visit.api.patch(SERVICE, path, body, version=text(form, "version"))
    except Problem as problem:
        found = await visit.api.get(SERVICE, path)
        view = {"subscription": found, "problem": placed(problem, form, OF_SUBSCRIPTION)}
        return await _form(visit, found["partner_id"], form, status=problem.status, **view)
    return visit.go(f"/subscriptions/{id}", "subscription_changed")


@router.post("/subscriptions/{id}/pause")
async def pause(visit: Visitor, id: UUID, form: Form) -> Response:
    """Stop handing over until somebody resumes it."""
    return await _step(visit, id, "pause", {"reason": text(form, "reason")}, form)


@router.post("/subscriptions/{id}/resume")
async def resume(visit: Visitor, id: UUID, form: Form) -> Response:
    """Go on where it stopped."""
    return await _step(visit, id, "resume", None, form)


@router.post("/subscriptions/{id}/recover")
async def recover(visit: Visitor, id: UUID, form: Form) -> Response:
    """Hand everything over once more since a time, or behind a cursor."""
    body = {"since": instant(form, "since") or None, "after": text(form, "after") or None}
    return await _step(visit, id, "recover", body, form)


@router.get("/subscriptions/{id}/delete")
async def ask_delete(visit: Visitor, id: UUID) -> Response:
    """Say what ending a subscription does, before it is done."""
    found = await _allowed(visit, id, "delete")
    return visit.page("subscriptions/ask.html", subscription=found, act="delete")


@router.post("/subscriptions/{id}/delete")
async def delete(visit: Visitor, id: UUID, form: Form) -> Response:
    """End a subscription."""
    path = f"/v1/subscriptions/{id}"
    found = await visit.api.get(SERVICE, path)
    try:
        await visit.api.delete(SERVICE, path, version=text(form, "version"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/partners/{found['partner_id']}/subscriptions", "subscription_ended")


async def _step(visit: Visit, id: UUID, act: str, body: Any, form: FormData) -> Response:
    try:
        await visit.api.post(SERVICE, f"/v1/subscriptions/{id}/{act}", body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_RECOVERY)
        view = {"problem": found, "form": form, "open_form": act}
        return await _show(visit, id, status=problem.status, **view)
    return visit.go(f"/subscriptions/{id}", f"subscription_{act}")


async def _of_partner(visit: Visit, id: UUID) -> Any:
    return await visit.api.whole(SERVICE, "/v1/subscriptions", partner_id=str(id))


async def _queue(visit: Visit, subscription: Mapping[str, Any]) -> Any:
    """Return the queue of a subscription; None when it has none, or none yet."""
    if subscription["transport"] != "amqp":
        return None
    try:
        return await visit.api.get(SERVICE, f"/v1/subscriptions/{subscription['id']}/queue")
    except Problem as problem:
        if problem.code != "queue_not_asked_for":
            raise
        return None


async def _webhook(visit: Visit, subscription: Mapping[str, Any]) -> dict[str, Any]:
    """Return what only the page of a webhook shows."""
    if subscription["transport"] != "webhook":
        return {"secrets": None, "latest": None, "types": ()}
    id_ = subscription["id"]
    secrets, latest, types = await asyncio.gather(
        visit.api.get(SERVICE, f"/v1/subscriptions/{id_}/secrets"),
        visit.api.get(SERVICE, "/v1/deliveries", subscription_id=id_, limit=LATEST),
        visit.api.get(SERVICE, "/v1/event_types"),
    )
    return {"secrets": secrets["data"], "latest": latest["data"], "types": types["data"]}


async def _form(
    visit: Visit, partner_id: Any, form: Any, *, status: int = 200, **view: Any
) -> Response:
    chosen = form.getlist if isinstance(form, FormData) else lambda name: form.get(name, [])
    partner, types, units = await asyncio.gather(
        visit.api.get(SERVICE, f"/v1/partners/{partner_id}"),
        visit.api.get(SERVICE, "/v1/event_types"),
        visit.units(),
    )
    return visit.page(
        "subscriptions/form.html", status=status, form=form, partner=partner, units=units,
        types=types["data"], transports=TRANSPORTS,
        chosen={name: chosen(name) for name in ("types", "unit_ids")},
        **{"subscription": None, **view},
    )  # fmt: skip


async def _allowed(visit: Visit, id: UUID, act: str) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get(SERVICE, f"/v1/subscriptions/{id}")
    require(found, act)
    return found


def read_subscription(form: FormData) -> dict[str, Any]:
    """Return what the form says of a subscription: none ticked is never all."""
    some = {name: [str(each) for each in form.getlist(name)] for name in ("types", "unit_ids")}
    return {
        "name": text(form, "name"),
        "types": [] if text(form, "which_types") == "all" else some["types"] or [""],
        "unit_ids": None if text(form, "units") == "all" else some["unit_ids"],
        "fields": conditions.read(text(form, "fields")),
        "url": text(form, "url") or None,
        "rate_per_second": whole(form, "rate_per_second")
        if text(form, "rate_per_second")
        else None,
    }


def filled(subscription: Mapping[str, Any]) -> dict[str, Any]:
    """Return a subscription as its form shows it."""
    return {
        **{name: subscription[name] or "" for name in ("name", "url", "rate_per_second")},
        "transport": subscription["transport"],
        "which_types": "some" if subscription["types"] else "all",
        "types": subscription["types"],
        "units": "all" if subscription["unit_ids"] is None else "some",
        "unit_ids": subscription["unit_ids"] or [],
        "fields": conditions.written(subscription["fields"]),
    }
