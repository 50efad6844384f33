"""Urging: rows that were ticked, who gets what, what was sent and who says that they know."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Response
from starlette.datastructures import FormData
from starlette.responses import StreamingResponse

from portal import listing
from portal.bulk import ticked
from portal.fields import Field, Fields, named, placed
from portal.forms import Form, day, text
from portal.i18n import mark
from portal.listing import Listing
from portal.parts import optional
from portal.place import own_page
from portal.problems import Problem
from portal.visit import COOKIE, Visit, Visitor, portal_of, require

router = APIRouter()
MOST, PAGE = 2000, 200  # rows of one urging; of a list at once
MOST_UNREAD = 100  # notices that are looked through for the one of an urging
PASSED_ON = ("content-type", "content-disposition", "content-length")
OF_URGING: Fields = {
    **named(Field("text", mark("What they are told")), Field("reason", mark("Who is urged"))),
    "/assignment_ids": Field("chosen", mark("Assignments")),
}
OF_LETTER = named(
    Field("number", mark("Number of the letter")),
    Field("issued_on", mark("Issued on"), is_day=True),
)


@router.get("/urgings")
async def show_list(visit: Visitor, origin: str = "", cursor: str = "") -> Response:
    """Show the urgings that concern the visitor."""
    found = await visit.api.get("tasks", "/v1/urgings", origin=origin, cursor=cursor)
    return visit.page("urgings.html", urgings=found, origin=origin)


@router.post("/urgings")
async def urge(visit: Visitor, form: Form) -> Response:
    """Ask for words and reason, say who would get what, or send it: as the button says."""
    asked, step = listing.of_query(text(form, "query")), text(form, "step")
    ids = await _every(visit, asked) if text(form, "whole") else _ids(form)
    counts = await visit.api.get("tasks", "/v1/assignments/counts")
    require(counts, "urge")
    if not ids:
        return visit.page("assignments/bulk_nothing.html", status=422, back=asked.address())
    if step not in ("preview", "send"):
        return await _shown(visit, ids, form, asked)
    body = {
        "assignment_ids": _owed(form) if step == "send" else ids,
        "reason": text(form, "reason") or "lead",
        "text": text(form, "text"),
        "preview": step == "preview",
        # What was shown is sent: without a preview nothing is, so nothing else can be.
        "digest": text(form, "digest") if step == "send" else None,
    }
    key = str(uuid4()) if step == "preview" else text(form, "key")
    try:
        told = await visit.api.post("tasks", "/v1/urgings", body, key=key)
    except Problem as problem:
        found = placed(problem, form, OF_URGING)
        return await _shown(visit, ids, form, asked, status=problem.status, problem=found)
    if step == "send":
        return visit.go(f"/urgings/{told['urging_id']}", "urged")
    return await _shown(visit, ids, form, asked, told=told)


@router.get("/urgings/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show one urging with its receipts."""
    return await _one(visit, id)


@router.get("/urgings/{id}/letter.docx")
async def letter(visit: Visitor, id: UUID) -> Response:
    """Hand on the official letter."""
    answer = await visit.api.passing("tasks", f"/v1/urgings/{id}/letter.docx")

    async def parts() -> AsyncIterator[bytes]:
        try:
            async for part in answer.aiter_raw():
                yield part
        finally:
            await answer.aclose()

    headers = {name: answer.headers[name] for name in PASSED_ON if name in answer.headers}
    return StreamingResponse(parts(), headers=headers)


@router.post("/urgings/{id}/letter_number")
async def enter_number(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter the number of the letter that went out."""
    body = {"number": text(form, "number"), "issued_on": day(form, "issued_on")}
    path, version = f"/v1/urgings/{id}/letter_number", text(form, "version")
    try:
        await visit.api.post("tasks", path, body, key=text(form, "key"), version=version)
    except Problem as problem:
        found = placed(problem, form, OF_LETTER)
        return await _one(visit, id, status=problem.status, problem=found, form=_typed(form))
    return visit.go(f"/urgings/{id}", "letter_number")


@router.post("/acknowledgements/later")
async def postpone(visit: Visitor, form: Form) -> Response:
    """Be asked again at the next sign-in, and go on where one was; what came since is asked now."""
    sessions, until = portal_of(visit.request).sessions, _instant(text(form, "until"))
    await sessions.postpone(visit.request.cookies[COOKIE], until)
    return visit.go(own_page(text(form, "back"), "/notifications"), "later")


@router.post("/acknowledgements/{id}")
async def acknowledge(visit: Visitor, id: UUID, form: Form) -> Response:
    """Say that one knows, and go on where one was."""
    path = f"/v1/notifications/{id}/acknowledge"
    await visit.api.post("notifications", path, {}, key=text(form, "key"))
    return visit.go(own_page(text(form, "back"), "/notifications"), "known")


def _instant(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
    except ValueError:
        return None
    return found if found.tzinfo else None


async def _one(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    urging = await visit.api.get("tasks", f"/v1/urgings/{id}")
    mine = (each for each in urging["receipts"] if each["person_id"] == visit.me.get("person_id"))
    if any(not each["seen_at"] for each in mine):
        await optional(_see(visit, id))
    return visit.page("urging.html", status=status, urging=urging, **view)


async def _see(visit: Visit, id: UUID) -> None:
    """Mark the notice of an urging as read: who opens its page has seen it."""
    unread = await visit.api.get(
        "notifications", "/v1/notifications", unread="true", limit=MOST_UNREAD
    )
    for each in unread["data"]:
        if each["subject_type"] == "urging" and each["subject_id"] == str(id):
            path = f"/v1/notifications/{each['id']}/read"
            await visit.api.post("notifications", path, {}, key=str(uuid4()))


async def _shown(
    visit: Visit, ids: list[str], form: FormData, asked: Listing, *, status: int = 200, **view: Any
) -> Response:
    ladder = await visit.api.get("tasks", "/v1/urging_ladder")
    typed = {"text": ladder["words"], "reason": "lead", **_typed(form)}
    shown = {"told": None, "problem": None, **view}
    told = shown["told"] or await _would_get(visit, ids, typed)
    return visit.page(
        "urgings/new.html", status=status, ids=ids, form=typed, query=text(form, "query"),
        back=asked.address(), ladder=ladder, example=next(iter(told["people"]), None), **shown,
    )  # fmt: skip


async def _would_get(visit: Visit, ids: list[str], typed: Mapping[str, str]) -> Any:
    """Return who would get what, to show the words as somebody will read them; else nobody."""
    body = {
        "assignment_ids": ids, "reason": typed["reason"], "text": typed["text"], "preview": True
    }  # fmt: skip
    try:
        return await visit.api.post("tasks", "/v1/urgings", body, key=str(uuid4()))
    except Problem:
        return {"people": []}


def _typed(form: FormData) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _ids(form: FormData) -> list[str]:
    """Return the rows of the list that were ticked, or those that the page itself carries."""
    carried = [value for value in form.getlist("row") if isinstance(value, str)]
    return list(dict.fromkeys(carried or [each.id for each in ticked(form)]))[:MOST]


def _owed(form: FormData) -> list[str]:
    """Return the rows that the preview found to be owed: what it left out is not sent."""
    return [value for value in form.getlist("urged") if isinstance(value, str)][:MOST]


async def _every(visit: Visit, asked: Listing) -> list[str]:
    """Return all of a list, as many of its first as may be urged at once."""
    found: list[str] = []
    cursor = None
    while len(found) < MOST:
        query = {**asked.asked(), "sort": asked.sort, "limit": PAGE, "cursor": cursor}
        page = await visit.api.get("tasks", "/v1/assignments", **query)
        found += [row["id"] for row in page["data"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return found[:MOST]
