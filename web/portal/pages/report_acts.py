"""What is done to a report: its text changed, checked, signed, sent."""

from collections.abc import Awaitable, Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData, UploadFile

from chassis.clock import TIME_ZONE
from portal.fields import Field, placed
from portal.forms import Form, day, text
from portal.problems import Problem
from portal.report_fields import (
    OF_DISCARDING,
    OF_REPORT_MAIL,
    OF_REPORT_SENDING,
    OF_REPORT_SIGNING,
)
from portal.report_page import page_of
from portal.unit_words import sentences_of
from portal.visit import Visit, Visitor

router = APIRouter()
REPORTS, COMPILED = "/v1/reports", "/v1/unit_reports/compiled"
MOST_AT_ONCE = 500  # sentences: reporting takes no more in one change


@router.post("/reports/{id}/retry")
async def retry(visit: Visitor, id: UUID, form: Form) -> Response:
    """Have a report made whose job failed."""
    call = visit.api.post("reporting", f"{REPORTS}/{id}/retry", {}, key=text(form, "key"))
    try:
        await call
    except Problem as problem:
        return await page_of(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/reports/{id}")


@router.post("/reports/{id}/title")
async def retitle(visit: Visitor, id: UUID, form: Form) -> Response:
    """Change what the report is called."""
    call = visit.api.patch(
        "reporting", f"{REPORTS}/{id}", {"title": text(form, "title")},
        version=text(form, "version"),
    )  # fmt: skip
    return await _done(visit, id, form, call, "title", "report_changed")


@router.post("/reports/{id}/sentences")
async def reword(visit: Visitor, id: UUID, form: Form) -> Response:
    """Word sentences otherwise, take them out, or add some: all that was written on the page."""
    at, changed = text(form, "at"), list(_written(form))
    try:
        if changed:
            await _save(visit, id, changed, text(form, "version"))
    except Problem as problem:
        return await page_of(
            visit, id, at=at, status=problem.status, problem=problem, form=form, open_form=at
        )
    return visit.go(f"/reports/{id}?at={quote(at)}#s-{quote(at)}")


async def _save(visit: Visit, id: UUID, changed: list[dict[str, str]], version: str) -> None:
    """Have sentences worded otherwise; sent twice, the second finds them so: no conflict."""
    path = f"{REPORTS}/{id}"
    try:
        await visit.api.patch("reporting", path, {"sentences": changed}, version=version)
    except Problem as problem:
        if problem.status != HTTPStatus.PRECONDITION_FAILED:
            raise
        if not _is_said(await visit.api.get("reporting", path), changed):
            raise


def _is_said(report: dict[str, Any], changed: list[dict[str, str]]) -> bool:
    """Tell whether a report says what somebody wrote."""
    frame = (each for each in (report["opening"], report["closing"]) if each)
    every = [*frame, *(each for section in report["sections"] for each in section["sentences"])]
    said = {each["id"]: each["text"] for each in every}
    added = {(each["section"], each["text"]) for each in every if not each["drafted"]}
    return all(
        said.get(each["id"]) == each["text"] if "id" in each
        else (each["section"], each["text"]) in added
        for each in changed
    )  # fmt: skip


def _written(form: FormData) -> Iterator[dict[str, str]]:
    """Yield what somebody wrote: sentences that are others than they were shown, and new ones."""
    for name in form:
        what, _, id_ = name.partition(":")
        if what == "text" and text(form, name) != text(form, f"was:{id_}"):
            yield {"id": id_, "text": text(form, name)}
        elif what == "add" and text(form, name):
            yield {"section": id_, "text": text(form, name)}


@router.post("/reports/{id}/unit_words")
async def take_unit_words(visit: Visitor, id: UUID, form: Form) -> Response:
    """Put the difficulties and proposals of units' reports into the sections for them."""
    try:
        taken = await _unit_words(visit, id, form)
    except Problem as problem:
        return await page_of(visit, id, status=problem.status, problem=problem, open_form="words")
    return visit.go(f"/reports/{id}", "report_changed" if taken else "no_unit_words")


async def _unit_words(visit: Visit, id: UUID, form: FormData) -> bool:
    """Take over what the report does not say yet; return whether there was anything."""
    report = await visit.api.get("reporting", f"{REPORTS}/{id}")
    plans = await _plans_of(visit, report)
    compiled = [await visit.api.get("tasks", COMPILED, plan_id=plan) for plan in plans]
    sentences = [each for one in compiled for each in sentences_of(report, one)]
    if sentences:
        version = text(form, "version")
        for first in range(0, len(sentences), MOST_AT_ONCE):
            body = {"sentences": sentences[first : first + MOST_AT_ONCE]}
            changed = await visit.api.patch("reporting", f"{REPORTS}/{id}", body, version=version)
            version = str(changed["version"])
    return bool(sentences)


async def _plans_of(visit: Visit, report: dict[str, Any]) -> list[str]:
    """Return the plan a report is about, else those of its year."""
    if report["plan_id"]:
        return [report["plan_id"]]
    year = int(report["ends_on"][:4])
    found = await visit.api.whole("tasks", "/v1/plans")
    return [
        each["id"]
        for each in found["data"]
        if each["year"] == year and each["status"] in ("active", "closed")
    ]


@router.post("/reports/{id}/check")
async def check(visit: Visitor, id: UUID, form: Form) -> Response:
    """Say that the text was read and is right; what keeps it from being signed is said at once."""
    read = {"remarks_read": text(form, "remarks_read") == "true"}
    try:
        report = await _post(visit, id, "check", form, read)
    except Problem as problem:
        return await page_of(
            visit, id, status=problem.status, problem=problem, form=form, open_form="check"
        )
    ready = all(each["confirmed_at"] for each in report["composed"])
    return visit.go(f"/reports/{id}", "report_checked" if ready else "report_checked_only")


@router.post("/reports/{id}/discard")
async def discard(visit: Visitor, id: UUID, form: Form) -> Response:
    """Put a report aside that is not to be signed."""
    call = _post(visit, id, "discard", form, {"reason": text(form, "reason")})
    return await _done(visit, id, form, call, "discard", "report_discarded", OF_DISCARDING)


@router.post("/reports/{id}/sign")
async def sign(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter how the report was signed, once that was confirmed: from then on it never changes."""
    if text(form, "confirmed") != "true":
        asks = text(form, "edit") != "true"
        return await page_of(visit, id, form=form, open_form="sign", confirming=asks)
    titles = [line.strip() for line in text(form, "signer_titles").split("\n") if line.strip()]
    body = {
        "number": text(form, "number"), "signed_on": day(form, "signed_on"),
        "signer_titles": titles, "signer_name": text(form, "signer_name"),
    }  # fmt: skip
    call = _post(visit, id, "sign", form, body)
    return await _done(visit, id, form, call, "sign", "report_signed", OF_REPORT_SIGNING)


@router.post("/reports/{id}/send")
async def send(visit: Visitor, id: UUID, form: Form) -> Response:
    """Enter to whom the signed report was sent."""
    beside = {name: text(form, name) or None for name in ("number", "note")}
    body = {
        "recipient": text(form, "recipient"), "sent_on": day(form, "sent_on"),
        "channel": text(form, "channel"), **beside,
    }  # fmt: skip
    call = visit.api.post("reporting", f"{REPORTS}/{id}/send", body, key=text(form, "key"))
    return await _done(visit, id, form, call, "send", "report_sent", OF_REPORT_SENDING)


@router.post("/reports/{id}/mail")
async def mail(visit: Visitor, id: UUID, form: Form) -> Response:
    """Mail the signed copy from here; what was mailed already, to the last word, is not again."""
    body = {
        "recipient": text(form, "mail_recipient"), "mail_to": text(form, "mail_to"),
        "sent_on": datetime.now(TIME_ZONE).date().isoformat(), "channel": "mail",
        "note": text(form, "mail_note") or None,
    }  # fmt: skip
    call = visit.api.post("reporting", f"{REPORTS}/{id}/send", body, key=text(form, "key"))
    try:
        report = await call
    except Problem as problem:
        found = placed(problem, form, OF_REPORT_MAIL) if problem.errors else problem
        return await page_of(
            visit, id, status=problem.status, problem=found, form=form, open_form="mail"
        )
    same = str(report["version"]) == text(form, "version")
    return visit.go(f"/reports/{id}", "report_mailed_before" if same else "report_mailed")


@router.post("/reports/{id}/signed_copy")
async def add_copy(visit: Visitor, id: UUID, form: Form) -> Response:
    """Keep the signed copy."""
    return await _done(visit, id, form, _upload(visit, id, form), "copy", "report_copy")


async def _upload(visit: Visit, id: UUID, form: FormData) -> Any:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise Problem(422, {"code": "file_missing"})
    why, content = quote(text(form, "reason"), safe=""), await file.read()
    path = f"{REPORTS}/{id}/signed_copy{f'?reason={why}' if why else ''}"
    return await visit.api.upload("reporting", path, file.filename, content, key=text(form, "key"))


async def _post(visit: Visit, id: UUID, act: str, form: FormData, body: dict[str, Any]) -> Any:
    path, key = f"{REPORTS}/{id}/{act}", text(form, "key")
    return await visit.api.post("reporting", path, body, key=key, version=text(form, "version"))


async def _done(
    visit: Visit,
    id: UUID,
    form: FormData,
    call: Awaitable[Any],
    act: str,
    done: str,
    fields: Mapping[str, Field] | None = None,
) -> Response:
    """Wait for an act; show the report again, with what is wrong beside the act's form."""
    try:
        await call
    except Problem as problem:
        found = placed(problem, form, fields) if fields and problem.errors else problem
        return await page_of(
            visit, id, status=problem.status, problem=found, form=form, open_form=act
        )
    return visit.go(f"/reports/{id}", done)
