"""Survey rounds: the list, one page each, corrections, open links, and results."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.datastructures import FormData

from portal.directory import names
from portal.fields import OF_LINK, OF_REASON, OF_ROUND, placed
from portal.format import day as format_day
from portal.forms import Form, day, text, whole
from portal.labels import LABELS
from portal.parts import optional, optional_if_visible
from portal.problems import Problem
from portal.visit import Visit, Visitor, require

router = APIRouter()
METHODS = tuple(LABELS["method"])
AGGREGATORS = tuple(LABELS["aggregator"])


@router.get("/surveys")
async def listing(visit: Visitor) -> Response:
    """Show the rounds."""
    rounds = await visit.api.whole("surveys", "/v1/rounds")
    return visit.page("surveys.html", rounds=rounds)


@router.get("/surveys/new")
async def new(visit: Visitor) -> Response:
    """Show the form for a round, to those who may create one."""
    require(await visit.api.get("surveys", "/v1/rounds", limit=1), "create")
    return await _new(visit)


async def _new(visit: Visit, *, status: int = 200, **view: Any) -> Response:
    questionnaires, units = await asyncio.gather(
        visit.api.whole("surveys", "/v1/questionnaires"), visit.units()
    )
    published = [each for each in questionnaires["data"] if each["status"] == "published"]
    return visit.page(
        "surveys/new.html",
        status=status, questionnaires=published, units=units,
        methods=METHODS, aggregators=AGGREGATORS, **view,
    )  # fmt: skip


def read_round(form: FormData) -> dict[str, Any]:
    """Return the body of a new round."""
    plain = ("title", "questionnaire_id", "method", "aggregator")
    days = {name: day(form, name) for name in ("opens_on", "closes_on")}
    numbers = {name: whole(form, name) for name in ("year", "min_n")}
    units = [str(value) for value in form.getlist("unit_ids")]
    return {
        **{name: text(form, name) for name in plain}, **days, **numbers, "unit_ids": units,
        "open_in_index": text(form, "open_in_index") == "true",
    }  # fmt: skip


@router.post("/surveys")
async def create(visit: Visitor, form: Form) -> Response:
    """Create a round."""
    try:
        body = read_round(form)
        made = await visit.api.post("surveys", "/v1/rounds", body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_ROUND)
        return await _new(visit, status=problem.status, problem=found, form=form)
    return visit.go(f"/surveys/{made['id']}", "round_created")


@router.get("/surveys/{id}")
async def show(visit: Visitor, id: UUID) -> Response:
    """Show a round: counts, links, tickets, results."""
    return await _show(visit, id)


async def _show(visit: Visit, id: UUID, *, status: int = 200, **view: Any) -> Response:
    """Show a round; `view` may hold a refused form (`open_form` says which), to be corrected."""
    path = f"/v1/rounds/{id}"
    survey_round, counts, links, results, units = await asyncio.gather(
        visit.api.get("surveys", path),
        optional_if_visible(visit.api.get("surveys", f"{path}/answers_count")),
        optional_if_visible(visit.api.get("surveys", f"{path}/links")),
        optional_if_visible(visit.api.get("reporting", f"/v1/indices/satisfaction/{id}")),
        visit.units(),
    )
    return visit.page(
        "survey.html",
        status=status, round=survey_round, counts=counts, links=links, results=results,
        units=[unit for unit in units if unit["id"] in survey_round["unit_ids"]] or units,
        unit_names=names(units), **view,
    )  # fmt: skip


@router.get("/surveys/{id}/results")
async def results(visit: Visitor, id: UUID) -> Response:
    """Return the results alone, for the live stream."""
    found = await optional_if_visible(visit.api.get("reporting", f"/v1/indices/satisfaction/{id}"))
    return visit.page("surveys/results.html", round={"id": id}, results=found)


@router.get("/surveys/{id}/edit")
async def edit(visit: Visitor, id: UUID) -> Response:
    """Show the form that corrects a round, to those who may."""
    found = await _allowed(visit, id, "change")
    form = {
        "title": found["title"],
        **{name: format_day(found[name]) for name in ("opens_on", "closes_on")},
    }
    return visit.page("surveys/edit.html", round=found, form=form)


@router.post("/surveys/{id}/edit")
async def change(visit: Visitor, id: UUID, form: Form) -> Response:
    """Correct a round: its title and its days."""
    days = {name: day(form, name) for name in ("opens_on", "closes_on") if name in form}
    try:
        await visit.api.patch(
            "surveys", f"/v1/rounds/{id}", {"title": text(form, "title"), **days},
            version=text(form, "version"),
        )  # fmt: skip
    except Problem as problem:
        found = await visit.api.get("surveys", f"/v1/rounds/{id}")
        return visit.page(
            "surveys/edit.html", status=problem.status, round=found, form=form,
            problem=placed(problem, form, OF_ROUND),
        )  # fmt: skip
    return visit.go(f"/surveys/{id}", "round_changed")


@router.get("/surveys/{id}/open")
async def ask_open(visit: Visitor, id: UUID) -> Response:
    """Say what opening the round does, before it is done."""
    return await _ask(visit, id, "open")


@router.post("/surveys/{id}/open")
async def open_round(visit: Visitor, id: UUID, form: Form) -> Response:
    """Take answers from now on."""
    return await _step(visit, id, form, "open", "opened")


@router.get("/surveys/{id}/close")
async def ask_close(visit: Visitor, id: UUID) -> Response:
    """Say what closing the round does, before it is done."""
    return await _ask(visit, id, "close")


@router.post("/surveys/{id}/close")
async def close_round(visit: Visitor, id: UUID, form: Form) -> Response:
    """Take no more answers."""
    return await _step(visit, id, form, "close", "closed")


@router.get("/surveys/{id}/cancel")
async def ask_cancel(visit: Visitor, id: UUID) -> Response:
    """Say what cancelling the round does, and ask why."""
    return await _ask(visit, id, "cancel")


@router.post("/surveys/{id}/cancel")
async def cancel(visit: Visitor, id: UUID, form: Form) -> Response:
    """Give a round up."""
    body = {"reason": text(form, "reason")}
    try:
        await visit.api.post("surveys", f"/v1/rounds/{id}/cancel", body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_REASON)
        return await _ask(visit, id, "cancel", status=problem.status, problem=found, form=form)
    return visit.go(f"/surveys/{id}", "round_cancelled")


async def _ask(visit: Visit, id: UUID, act: str, *, status: int = 200, **view: Any) -> Response:
    found = await _allowed(visit, id, act)
    path = f"/v1/rounds/{id}/answers_count"
    counts = await optional_if_visible(visit.api.get("surveys", path))
    return visit.page(
        "surveys/ask.html", status=status, round=found, act=act, counts=counts, **view
    )


async def _allowed(visit: Visit, id: UUID, act: str) -> dict[str, Any]:
    found: dict[str, Any] = await visit.api.get("surveys", f"/v1/rounds/{id}")
    require(found, act)
    return found


async def _step(visit: Visit, id: UUID, form: Form, step: str, done: str) -> Response:
    if not text(form, "sure"):
        return visit.go(f"/surveys/{id}/{step}")
    try:
        await visit.api.post("surveys", f"/v1/rounds/{id}/{step}", {}, key=text(form, "key"))
    except Problem as problem:
        return await _show(visit, id, status=problem.status, problem=problem)
    return visit.go(f"/surveys/{id}", done)


@router.post("/surveys/{id}/editions")
async def publish_edition(visit: Visitor, id: UUID, form: Form) -> Response:
    """Publish the figures of a closed round anew."""
    path = f"/v1/indices/satisfaction/{id}/editions"
    try:
        await visit.api.post("reporting", path, {"reason": text(form, "reason")},
                             key=text(form, "key"))  # fmt: skip
    except Problem as problem:
        found = placed(problem, form, OF_REASON)
        return await _show(
            visit, id, status=problem.status, problem=found, form=form, open_form="edition"
        )
    return visit.go(f"/surveys/{id}", "edition")


@router.post("/surveys/{id}/links")
async def create_link(visit: Visitor, id: UUID, form: Form) -> Response:
    """Make an open link, for a counter or a web page."""
    body = {"unit_id": text(form, "unit_id") or None, "label": text(form, "label")}
    try:
        await visit.api.post("surveys", f"/v1/rounds/{id}/links", body, key=text(form, "key"))
    except Problem as problem:
        found = placed(problem, form, OF_LINK)
        return await _show(
            visit, id, status=problem.status, problem=found, form=form, open_form="link"
        )
    return visit.go(f"/surveys/{id}", "link")


@router.get("/links/{id}/qr.svg")
async def link_picture(visit: Visitor, id: UUID) -> Response:
    """Hand on the QR code of an open link."""
    answer = await visit.api.raw("surveys", f"/v1/links/{id}/qr.svg")
    return Response(answer.content, media_type="image/svg+xml")


@router.get("/questionnaires")
async def questionnaires(visit: Visitor) -> Response:
    """Show the questionnaires and whether they are published."""
    found = await optional(visit.api.whole("surveys", "/v1/questionnaires"))
    return visit.page("surveys/questionnaires.html", questionnaires=found)


@router.get("/questionnaires/{id}")
async def questionnaire(visit: Visitor, id: UUID) -> Response:
    """Show the wording of a questionnaire."""
    found = await visit.api.get("surveys", f"/v1/questionnaires/{id}")
    return visit.page("surveys/questionnaire.html", questionnaire=found)
