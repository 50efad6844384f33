"""What the Office sets for units' reports: themes, reminders, the form; the KPI closing day."""

import asyncio
from itertools import count
from typing import Any

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.fields import Field, Fields, placed
from portal.forms import Form, text, whole
from portal.i18n import mark
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
SETTINGS, KPI = "/v1/unit_report_settings", "/v1/kpi_settings"
PAGE = "/unit_report_settings"
SPARE = 3  # empty lines below the themes that are there
LINES = ("addressed_to", "copies_to", "signature_titles")
NAMES: dict[str, str] = {
    "parent": mark("Body above the one that reports"),
    "issuer": mark("Body that reports"),
    "symbol": mark("Symbol after the number"),
    "place": mark("Place"),
    "addressed_to": mark("Addressed to, a line each"),
    "copies_to": mark("Recipients, a line each"),
    "signature_titles": mark("Titles above the signature, a line each"),
    "signature_name": mark("Who signs"),
}
OF_KPI = {"/closing_day": Field("closing_day", mark("Last day that counts for a month"))}


@router.get(PAGE)
async def show(visit: Visitor) -> Response:
    """Show the settings to those who may change them."""
    return await _show(visit)


@router.post(PAGE)
async def store(visit: Visitor, form: Form) -> Response:
    """Store themes, reminders and form."""
    body, fields = read_settings(form)
    version = text(form, "version")
    try:
        await visit.api.put("tasks", SETTINGS, body, version=version, new=version == "0")
    except Problem as problem:
        wrong = placed(problem, form, fields)
        return await _show(visit, status=problem.status, problem=wrong, typed=body)
    return visit.go(PAGE, "report_settings")


@router.post(f"{PAGE}/kpi")
async def store_kpi(visit: Visitor, form: Form) -> Response:
    """Store the closing day of the KPI month."""
    body, version = {"closing_day": whole(form, "closing_day")}, text(form, "version")
    try:
        await visit.api.put("tasks", KPI, body, version=version, new=version == "0")
    except Problem as problem:
        wrong = placed(problem, form, OF_KPI)
        return await _show(visit, status=problem.status, problem=wrong, day=body["closing_day"])
    return visit.go(PAGE, "kpi_settings")


def read_settings(form: FormData) -> tuple[dict[str, Any], Fields]:
    """Return the body of a form, and its inputs by pointer; a theme without a name goes."""
    themes: list[dict[str, Any]] = []
    fields = {f"/form/{name}": Field(name, words) for name, words in NAMES.items()}
    fields["/reminder_steps"] = Field("reminder_steps", mark("Reminders"))
    fields["/themes"] = Field("theme_0_name", mark("Themes of difficulties"))
    place = 0
    while f"theme_{place}_name" in form:
        if name := text(form, f"theme_{place}_name"):
            field = Field(f"theme_{place}_name", mark("Themes of difficulties"))
            fields[f"/themes/{len(themes)}/name"] = field
            code = text(form, f"theme_{place}_code") or _free_code(form, themes)
            active = bool(text(form, f"theme_{place}_active"))
            themes.append({"code": code, "name": name, "active": active})
        place += 1
    steps = [_number(each) for each in text(form, "reminder_steps").replace(",", " ").split()]
    around: dict[str, Any] = {name: text(form, name) for name in NAMES}
    for name in LINES:
        around[name] = [line.strip() for line in around[name].splitlines() if line.strip()]
    return {"themes": themes, "reminder_steps": steps, "form": around}, fields


def _free_code(form: FormData, themes: list[dict[str, Any]]) -> str:
    """Return a code for a theme that has none: no other theme's."""
    taken = {value for name, value in form.items() if name.endswith("_code")}
    taken |= {each["code"] for each in themes}
    return next(code for code in map("own_{}".format, count(1)) if code not in taken)


def _number(written: str) -> int | str:
    return int(written) if written.isdecimal() and len(written) < 4 else written  # noqa: PLR2004


async def _show(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    held, kpi = await asyncio.gather(visit.api.get("tasks", SETTINGS), visit.api.get("tasks", KPI))
    require(held, "change")
    shown = view.pop("typed", None) or held
    themes = [*shown["themes"], *[{"code": "", "name": "", "active": True}] * SPARE]
    return visit.page(
        "unit_reports/settings.html", status=status, held=held, shown=shown, themes=themes,
        kpi=kpi, lines=LINES, field_names=NAMES, **view,
    )  # fmt: skip
