"""The citizen's pages under /k/: plain HTML, works without a script and on a small phone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypedDict
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from chassis.database import is_away, may_be_tried_again
from chassis.errors import NotFound, Unavailable
from chassis.web import PUBLIC, ServiceRouter
from surveys.answers.domain import Fields, form_fields, raw_from_form
from surveys.answers.parts import TheReception
from surveys.answers.reading import AnswerError
from surveys.answers.reception import Door, Reception
from surveys.answers.refusals import (
    AnswersRefused,
    CodeUnknown,
    LinkFlooded,
    RoundClosed,
    RoundNotOpen,
    TicketUsed,
    refused,
)
from surveys.codes import domain as tickets
from surveys.form import render
from surveys.form.catalogue import Language, language

router = ServiceRouter(prefix="/k", tags=["pages"], include_in_schema=False)
MOST_FIELDS = 1000  # a form of 100 questions with 40 options has fewer that are ticked
MOST_BYTES = 256 * 1024
_FILES = {"form.css": "text/css", "icon.svg": "image/svg+xml"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


class About(TypedDict):
    """What every page is told."""

    organisation: str
    lang: Language


@dataclass(frozen=True)
class Visit:
    """One request for a page."""

    request: Request
    reception: Reception
    lang: Language

    def page(self, html: str, status: int = 200, retry_after: int | None = None) -> Response:
        """Return a page that is not kept, not framed and tells nobody where it was."""
        headers = {**render.HEADERS, "Content-Language": self.lang}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return HTMLResponse(html, status, headers)

    def form(
        self,
        door: Door,
        response_id: UUID,
        *,
        answers: Fields | None = None,
        errors: tuple[AnswerError, ...] = (),
        status: int = 200,
    ) -> Response:
        """Return the form of a door."""
        units = [render.UnitOption(id_, name) for id_, name in door.choosable.items()]
        html = render.form(
            door.asked.questionnaire,
            organisation=self.reception.organisation,
            code=door.code.text,
            response_id=response_id,
            answers=answers,
            errors=errors,
            served_by=door.unit_name or units,
            lang=self.lang,
        )
        return self.page(html, status)

    def refusal(self, error: Exception) -> Response:
        """Return the page that says why not. Raises what is no refusal."""
        about = About(organisation=self.reception.organisation, lang=self.lang)
        match error:
            case CodeUnknown():
                return self.page(render.unknown_code(**about), 404)
            case TicketUsed():
                return self.page(render.used_ticket(**about), 410)
            case RoundClosed() | RoundNotOpen():
                return self.page(render.refused(error.refusal, **about), error.http_status)
            case LinkFlooded() | Unavailable():
                seconds = int(error.headers["Retry-After"])
                return self.page(render.busy(**about), error.http_status, seconds)
        if is_away(error) or may_be_tried_again(error):
            return self.page(render.busy(**about), 503, 5)
        raise error


async def _visit(request: Request, reception: TheReception, lang: str | None = None) -> Visit:
    return Visit(request, reception, language(lang))


Visitor = Annotated[Visit, Depends(_visit)]


@router.get("/static/{name}", policy=PUBLIC)
async def read_static(name: str) -> Response:
    """Return a file of the pages; its address changes with its content."""
    if name not in _FILES:
        raise NotFound("Không có gì ở địa chỉ này")
    return FileResponse(render.STATIC / name, media_type=_FILES[name], headers=_FOR_GOOD)


@router.get("/{code}", policy=PUBLIC)
async def read_form(code: str, visit: Visitor) -> Response:
    """Return the form, with a response id of its own."""

    async def show() -> Response:
        door = await visit.reception.door(code)
        if door.asked.refusal:
            raise refused(door.asked.refusal)
        return visit.form(door, uuid4())

    return await _or_why_not(visit, show)


@router.post("/{code}", policy=PUBLIC)
async def submit_form(code: str, visit: Visitor) -> Response:
    """Store the posted ballot and go on to the thanks; else the form again, or why not."""

    async def submit() -> Response:
        fields = await _posted(visit.request)
        try:
            response_id = tickets.response_id(" ".join(fields.get("response_id", ())))
        except ValueError:  # not from our form: show it once more, with an id of its own
            door = await visit.reception.door(code)
            return visit.form(door, uuid4(), answers=fields, status=422)
        try:
            await visit.reception.take(
                code, response_id, "web", lambda asked: raw_from_form(asked, fields)
            )
        except AnswersRefused as no:
            errors = tuple(no.errors)
            return visit.form(no.door, response_id, answers=fields, errors=errors, status=422)
        english = "?lang=en" if visit.lang == "en" else ""
        return RedirectResponse(f"/k/{code}/thanks{english}", 303, render.HEADERS)

    return await _or_why_not(visit, submit)


@router.get("/{code}/thanks", policy=PUBLIC)
async def read_thanks(code: str, visit: Visitor) -> Response:
    """Return the thanks; the code is not looked up, for it may be spent."""
    del code
    return visit.page(render.thanks(organisation=visit.reception.organisation, lang=visit.lang))


async def _or_why_not(visit: Visit, act: Callable[[], Awaitable[Response]]) -> Response:
    try:
        return await act()
    except Exception as error:  # noqa: BLE001 - what is no refusal is raised again
        return visit.refusal(error)


async def _posted(request: Request) -> Fields:
    """Return the fields of the form; of what is too long or no form, nothing."""
    body = await request.body()
    if len(body) > MOST_BYTES:
        return {}
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return form_fields(pairs)
