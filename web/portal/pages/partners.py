"""Partners, for administrators: who they are, what they may read, their keys, what they read."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.directory import names
from portal.fields import OF_PARTNER, placed
from portal.format import day as format_day
from portal.forms import Form, day, text
from portal.problems import Problem
from portal.visit import Visit, Visitor, portal_of, require

router = APIRouter()
SERVICE = "notifications"
READ_APIS = ("figures", "rankings", "assignments")
PATTERNS = ("tasks.*", "reporting.*", "surveys.*")


@router.get("/partners")
async def listing(visit: Visitor) -> Response:
    """Show the partners."""
    partners = await visit.api.whole(SERVICE, "/v1/partners")
    return visit.page("partners.html", partners=partners)


@router.get("/partners/new")
async def new(visit: Visitor) -> Response:
    """Show the form for a partner, to those who may enter one."""
    require(await visit.api.get(SERVICE, "/v1/partners", limit=1), "create")
    return await _form(visit, {"event_types": "\n".join(PATTERNS[:1]), "units": "all"})


@router.post("/partners")
async def create(visit: Visitor, form: Form) -> Response:
    """Enter a partner."""
    try:
        made = await visit.api.post(
            SERVICE, "/v1/partners", read_partner(form), key=text(form, "key")
        )
    except Problem as problem:
        found = placed(problem, form, OF_PARTNER)
        return await _form(visit, form, status=problem.status, problem=found)
    return visit.go(f"/partners/{made['id']}", "partner_created")


@router.get("/partners/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a partner: what it may read, its keys, what it read."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    path = f"/v1/partners/{id}"
    partner, access, units = await asyncio.gather(
        visit.api.get(SERVICE, path),
        visit.api.get(SERVICE, f"{path}/access", limit=50),
        visit.units(),
    )
    return visit.page(
        "partner.html", status=status, partner=partner, access=access, unit_names=names(units),
        service=portal_of(visit.request).for_partners, **view,
    )  # fmt: skip


@router.get("/partners/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that changes a partner, to those who may."""
    found = await _allowed(visit, id, "change")
    return await _form(visit, filled(found), partner=found)


@router.post("/partners/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Change a partner."""
    path, version = f"/v1/partners/{id}", text(form, "version")
    try:
        await visit.api.patch(SERVICE, path, read_partner(form), version=version)
    except Problem as problem:
        found = await visit.api.get(SERVICE, path)
        wrong = placed(problem, form, OF_PARTNER)
        return await _form(visit, form, status=problem.status, partner=found, problem=wrong)
    return visit.go(f"/partners/{id}", "partner_changed")


@router.post("/partners/{id}/credentials")
async def make_key(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make a key and show its secret, this once: it stands in no address and is stored nowhere."""
    path = f"/v1/partners/{id}"
    try:
        made = await visit.api.post(SERVICE, f"{path}/credentials", {}, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    partner = await visit.api.get(SERVICE, path)
    service = portal_of(visit.request).for_partners
    page = visit.page("partners/key.html", partner=partner, credential=made, service=service)
    page.headers["Cache-Control"] = "no-store"
    return page


@router.get("/partners/{id}/credentials")
async def after_key(visit: Visitor, id: UUID) -> Response:
    """Go to the partner: the page of a new key cannot be opened again."""
    return visit.go(f"/partners/{id}")


@router.get("/partners/{id}/credentials/{credential_id}/revoke")
async def ask_revoke_key(visit: Visitor, id: UUID, credential_id: UUID) -> Response:
    """Say what revoking a key does, before it is done."""
    partner = await _allowed(visit, id, "revoke_credential")
    key = next((one for one in partner["credentials"] if one["id"] == str(credential_id)), None)
    if key is None:
        raise Problem(404, {"code": "credential_not_found"})
    return visit.page("partners/ask.html", partner=partner, credential=key)


@router.post("/partners/{id}/credentials/{credential_id}/revoke")
async def revoke_key(visit: Visitor, id: UUID, credential_id: UUID, form: Form) -> Response:
    """Revoke a key."""
    path = f"/v1/partners/{id}/credentials/{credential_id}/revoke"
    return await _step(visit, id, path, form, "key_revoked")


@router.get("/partners/{id}/revoke")
async def ask_revoke(visit: Visitor, id: UUID) -> Response:
    """Say what revoking a partner does, before it is done."""
    partner = await _allowed(visit, id, "revoke")
    return visit.page("partners/ask.html", partner=partner, credential=None)


@router.post("/partners/{id}/revoke")
async def revoke(visit: Visitor, id: UUID, form: Form) -> Response:
    """Revoke a partner for good."""
    return await _step(visit, id, f"/v1/partners/{id}/revoke", form, "partner_revoked")


async def _step(visit: Visit, id: UUID, path: str, form: FormData, done: str) -> Response:
    try:
        await visit.api.post(SERVICE, path, None, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/partners/{id}", done)


async def _form(visit: Visit, form: Any, *, status: int = 200, **view: Any) -> Response:
    chosen = form.getlist if isinstance(form, FormData) else lambda name: form.get(name, [])
    return visit.page(
        "partners/form.html", status=status, form=form, units=await visit.units(),
        read_apis=READ_APIS, patterns=PATTERNS,
        chosen={name: chosen(name) for name in ("read_apis", "unit_ids")},
        **{"partner": None, **view},
    )  # fmt: skip


async def _allowed(visit: Visit, id: UUID, act: str) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get(SERVICE, f"/v1/partners/{id}")
    require(found, act)
    return found


def read_partner(form: FormData) -> dict[str, Any]:
    """Return the body of a partner. `units` says all or some: none chosen is never all."""
    some = [str(value) for value in form.getlist("unit_ids")]
    return {
        **{name: text(form, name) for name in ("name", "organisation", "contact_email")},
        "event_types": text(form, "event_types").split(),
        "read_apis": [str(value) for value in form.getlist("read_apis")],
        "unit_ids": None if text(form, "units") == "all" else some,
        "origins": text(form, "origins").split(),
        "subject": text(form, "subject") or None,
        "expires_on": day(form, "expires_on"),
    }


def filled(partner: dict[str, Any]) -> dict[str, Any]:
    """Return a partner's facts as its form shows them."""
    plain = ("name", "organisation", "contact_email", "read_apis")
    return {
        **{name: partner[name] for name in plain},
        "event_types": "\n".join(partner["event_types"]),
        "origins": "\n".join(partner["origins"]),
        "subject": partner["subject"] or "",
        "units": "all" if partner["unit_ids"] is None else "some",
        "unit_ids": partner["unit_ids"] or [],
        "expires_on": format_day(partner["expires_on"]),
    }
