"""Reports: listed, made from a window of a kind, read with the figure behind every sentence."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from chassis.clock import TIME_ZONE
from portal.fields import placed
from portal.forms import Form, day, text
from portal.parts import optional_if_visible
from portal.passing import passed_on
from portal.problems import Problem
from portal.report_fields import OF_REPORT
from portal.report_page import job_of, page_of
from portal.visit import Visit, Visitor, require

router = APIRouter()
REPORTS, KINDS = "/v1/reports", "/v1/report_kinds"
STATES = ("preparing", "failed", "draft", "checked", "signed", "sent", "discarded")
A_PAGE = 50
FIGURE = re.compile(r"\{[^{}]*\}")  # a report writes its own there
ABOUT_TO_END = timedelta(days=7)


@router.get("/reports")
async def listing(
    visit: Visitor, q: str = "", kind: str = "", state: str = "", year: str = "", cursor: str = ""
) -> Response:
    """Show reports, the newest first, under the filters of the page."""
    year = year if year.isdecimal() else ""
    asked = {"q": q, "kind": kind, "state": state if state in STATES else "", "year": year}
    found, kinds = await asyncio.gather(
        visit.api.get("reporting", REPORTS, limit=A_PAGE, cursor=cursor, **asked),
        optional_if_visible(visit.api.get("reporting", KINDS)),
    )
    kinds = kinds["data"] if isinstance(kinds, dict) else []
    return visit.page("reports.html", reports=found, kinds=kinds, asked=asked, states=STATES)


@router.get("/reports/new")
async def new(visit: Visitor, kind: str = "", year: str = "") -> Response:
    """Show the kinds and, once one is chosen, its windows of a year."""
    require(await visit.api.get("reporting", REPORTS, limit=1), "create")
    return await _new(visit, kind, year)


async def _new(visit: Visit, kind: str, year: str, **view: Any) -> Response:
    asked = int(year) if year.isdecimal() and 2000 <= int(year) <= 2100 else None  # noqa: PLR2004
    kinds, plans = await asyncio.gather(
        visit.api.get("reporting", KINDS, year=asked),
        optional_if_visible(visit.api.whole("tasks", "/v1/plans")),
    )
    active = [each for each in kinds["data"] if each["active"]]
    chosen = next((each for each in active if each["code"] == kind), None)
    usual = FIGURE.sub("…", chosen["body"]["subject"]) if chosen else ""
    return visit.page(
        "reports/new.html",
        kinds=active, kind=chosen, usual=usual,
        window=_nearest(chosen["windows"]) if chosen else "other",
        year=asked or datetime.now(TIME_ZONE).year,
        plans=plans["data"] if isinstance(plans, dict) else [], **view,
    )  # fmt: skip


def _nearest(windows: list[dict[str, Any]]) -> str:
    """Return the window that ended last, or is about to; of two the longer one."""
    around = (datetime.now(TIME_ZONE).date() + ABOUT_TO_END).isoformat()
    over = [each for each in windows if each["ends_on"] <= around] or windows[:1]
    last = max((each["ends_on"] for each in over), default="")
    ended = [each for each in over if each["ends_on"] == last]
    found = min(ended, key=lambda each: each["starts_on"], default=None)
    return f"{found['starts_on']}/{found['ends_on']}" if found else "other"


@router.post("/reports")
async def create(visit: Visitor, form: Form) -> Response:
    """Have the figures taken and the text drafted, in a job; its page says how far it is."""
    try:
        asked = _asked(form)
        issued = await _issued(visit, asked) if text(form, "again") != "true" else None
        if issued:
            kind, year = text(form, "kind"), text(form, "year")
            return await _new(visit, kind, year, issued=issued, form=form)
        made = await visit.api.post("reporting", REPORTS, asked, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_REPORT)
        return await _new(
            visit, text(form, "kind"), text(form, "year"), status=problem.status, problem=found,
            form=form,
        )  # fmt: skip
    return visit.go(f"/reports/{made['report_id']}")


async def _issued(visit: Visit, asked: dict[str, Any]) -> dict[str, Any] | None:
    """Return the report of the same kind, days and plan that is signed or sent already."""
    year = asked["to"][:4]
    wanted = {"kind": asked["kind"], "year": year if year.isdecimal() else ""}
    found = await visit.api.whole("reporting", REPORTS, **wanted)
    same = (asked["from"], asked["to"], asked.get("plan_id"))
    for each in found["data"]:
        is_same = (each["starts_on"], each["ends_on"], each["plan_id"]) == same
        if is_same and each["state"] in ("signed", "sent"):
            return dict(each)
    return None


def _asked(form: FormData) -> dict[str, Any]:
    start, _, end = text(form, "window").partition("/")
    if text(form, "window") in ("", "other"):
        start, end = day(form, "from"), day(form, "to")
    elif text(form, "from") or text(form, "to"):  # which of the two was meant nobody knows
        raise Problem(422, {"code": "days_beside_window"})
    beside = {name: text(form, name) for name in ("plan_id", "title")}
    return {
        "kind": text(form, "kind"), "from": start, "to": end,
        **{name: value for name, value in beside.items() if value},
    }  # fmt: skip


@router.get("/reports/{id}")
async def show(visit: Visitor, id: UUID, at: str = "") -> Response:
    """Show the progress while figures are taken, then the whole report."""
    return await page_of(visit, id, at=at)


@router.get("/reports/{id}/progress")
async def progress(visit: Visitor, id: UUID) -> Response:
    """Return how far a report is; once it is made, or cannot be, send the browser to it."""
    report = await visit.api.get("reporting", f"{REPORTS}/{id}")
    if report["state"] != "preparing":
        return Response(headers={"HX-Redirect": f"/reports/{id}"})
    return visit.page("reports/progress.html", report=report, job=await job_of(visit, report))


@router.get("/reports/{id}/compared")
async def compare(visit: Visitor, id: UUID, with_id: UUID | Literal[""] = "") -> Response:
    """Show what moved since another report of the kind, and what later facts would change.

    `with_id` blank, as the choice sends it: since the last one.
    """
    path = f"{REPORTS}/{id}"
    report, last, later = await asyncio.gather(
        visit.api.get("reporting", path),
        visit.api.get("reporting", f"{path}/compared", with_id=with_id),
        visit.api.get("reporting", f"{path}/corrections"),
    )
    others = await visit.api.whole("reporting", REPORTS, kind=report["kind"])
    made = [each for each in others["data"] if each["sha256"] and each["id"] != report["id"]]
    return visit.page("reports/compared.html", report=report, last=last, later=later, others=made)


@router.get("/reports/{id}/lists/{code}")
async def show_list(visit: Visitor, id: UUID, code: str, part: int = 0) -> Response:
    """Show the rows of one list of the snapshot."""
    report, found = await asyncio.gather(
        visit.api.get("reporting", f"{REPORTS}/{id}"),
        visit.api.get("reporting", f"{REPORTS}/{id}/lists/{quote(code)}", part=part),
    )
    return visit.page("reports/list.html", report=report, found=found)


@router.get("/reports/{id}/{file}.{ending}")
async def download(
    visit: Visitor,
    id: UUID,
    file: Literal["document", "annex"],
    ending: Literal["docx", "pdf", "xlsx"],
) -> Response:
    """Hand on the report as Word or PDF, or its lists as Excel."""
    query = visit.request.url.query
    address = f"{REPORTS}/{id}/{file}.{ending}{'?' if query else ''}{query}"
    return await passed_on(visit, "reporting", address)


@router.get("/reports/{id}/signatures")
async def signatures(visit: Visitor, id: UUID) -> Response:
    """Return the part that says who signed the copy; it asks again while that is being checked."""
    report = await visit.api.get("reporting", f"{REPORTS}/{id}")
    return visit.page("files/signatures.html", report=report)


@router.get("/reports/{id}/signed_copy")
async def signed_copy(visit: Visitor, id: UUID, file_id: UUID | None = None) -> Response:
    """Hand on the signed copy, the newest if none is named."""
    which = f"?file_id={file_id}" if file_id else ""
    return await passed_on(visit, "reporting", f"{REPORTS}/{id}/signed_copy{which}")
