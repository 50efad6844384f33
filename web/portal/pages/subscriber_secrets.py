"""What is shown once to who will hand it to a partner: a webhook's secret, a queue's password."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.forms import Form, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
SERVICE = "notifications"
ACTS = {"rotate_secret": "rotate_secret", "password": "credentials"}  # the service's own names


@router.get("/subscriptions/{id}/rotate_secret")
async def ask_rotate(visit: Visitor, id: UUID) -> Response:
    """Say what a new secret does to those there are, before it is made."""
    found = await _allowed(visit, id, "rotate_secret")
    secrets = await visit.api.get(SERVICE, f"/v1/subscriptions/{id}/secrets")
    return _ask(visit, found, "rotate_secret", secrets=secrets["data"])


@router.post("/subscriptions/{id}/rotate_secret")
async def rotate(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make a secret and show it, this once: it stands in no address and is stored nowhere here."""
    return await _once(visit, id, "rotate_secret", form)


@router.get("/subscriptions/{id}/password")
async def ask_password(visit: Visitor, id: UUID) -> Response:
    """Say what a new password does to the one there is, before it is made."""
    return _ask(visit, await _allowed(visit, id, "credentials"), "password")


@router.post("/subscriptions/{id}/password")
async def give_password(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make the queue or give it a new password, and show that, this once."""
    return await _once(visit, id, "password", form)


async def _once(visit: Visit, id: UUID, act: str, form: FormData) -> Response:
    path = f"/v1/subscriptions/{id}"
    found = await visit.api.get(SERVICE, path)
    try:
        made = await visit.api.post(SERVICE, f"{path}/{ACTS[act]}", None, key=text(form, "key"))
    except Problem as problem:
        return _ask(visit, found, act, status=problem.status, problem=problem)
    page = visit.page("subscriptions/once.html", subscription=found, act=act, made=made)
    page.headers["Cache-Control"] = "no-store"
    return page


def _ask(visit: Visit, found: dict[str, Any], act: str, **view: Any) -> Response:
    return visit.page("subscriptions/ask.html", subscription=found, act=act, **view)


async def _allowed(visit: Visit, id: UUID, act: str) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get(SERVICE, f"/v1/subscriptions/{id}")
    require(found, act)
    return found
