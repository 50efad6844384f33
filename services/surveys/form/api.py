"""The citizen's pages under /k/: plain HTML, works without a script and on a small phone."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypedDict
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID, uuid4

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from chassis.database import is_away, may_be_tried_again
from chassis.errors import Unavailable
from chassis.i18n import Language
from chassis.rules import InputRefused
from chassis.web import PUBLIC, ServiceRouter
from chassis.web.problems import answer_error
from surveys.answers.api import TheReception
from surveys.answers.domain import Fields, form_fields, raw_from_form
from surveys.answers.identity import response_id
from surveys.answers.reading import AnswerError
from surveys.answers.reception import Reception
from surveys.answers.refusals import (
    AnswersRefused,
    CodesTried,
    CodeUnknown,
    LinkFlooded,
    ResponseIdTaken,
    RoundClosed,
    RoundNotOpen,
    TicketUsed,
    TicketVoided,
    TooFewAnswers,
    refusal_of,
)
from surveys.answers.resolved_code import ResolvedCode
from surveys.form import render

router = ServiceRouter(prefix="/k", tags=["pages"], include_in_schema=False)
MOST_FIELDS = 1000  # a form of 100 questions with 40 options has fewer that are ticked
MOST_BYTES = 256 * 1024
_FILES = {"form.css": "text/css", "icon.svg": "image/svg+xml"}
_FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable"}


class About(TypedDict):
    """What every page needs."""

    organisation: str
    lang: Language


@dataclass(frozen=True)
class Visit:
    """One request for a page."""

    request: Request
    reception: Reception
    lang: Language

    def page(self, html: str, status: int = 200, retry_after: int | None = None) -> Response:
        """Return a page that is never cached or framed, and sends no referrer."""
        headers = {**render.HEADERS, "Content-Language": self.lang}
        if retry_after is not None:
            headers["Retry-After"] = str(retry_after)
        return HTMLResponse(html, status, headers)

    def form(
        self,
        resolved: ResolvedCode,
        id_: UUID,
        *,
        answers: Fields | None = None,
        errors: tuple[AnswerError, ...] = (),
        missing: frozenset[str] = frozenset(),
        status: int = 200,
    ) -> Response:
        """Return the form behind a code. `id_`: of the response to be."""
        units = [render.UnitOption(unit, name) for unit, name in resolved.choosable.items()]
        html = render.form(
            resolved.asked.questionnaire,
            organisation=self.reception.organisation,
            code=resolved.code.text,
            response_id=id_,
            answers=answers,
            errors=errors,
            missing=missing,
            served_by=resolved.unit_name or units,
            lang=self.lang,
        )
        return self.page(html, status)

    def refusal(self, error: Exception) -> Response:  # noqa: PLR0911 - a page for each reason
        """Return the page that says why not. Raises what is no refusal."""
        about = About(organisation=self.reception.organisation, lang=self.lang)
        sent = self.request.method == "POST"
        match error:
            case CodeUnknown():
                return self.page(render.unknown_code(**about), 404)
            case TicketUsed():
                return self.page(render.used_ticket(sent=sent, **about), 410)
            case TicketVoided():
                return self.page(render.voided_ticket(sent=sent, **about), 410)
            case ResponseIdTaken():
                return self.page(render.taken(**about), 409)
            case RoundClosed() | RoundNotOpen():
                html = render.refused(error.refusal, sent=sent, **about)
                return self.page(html, error.http_status)
            case LinkFlooded() | Unavailable():
                seconds = int(error.headers["Retry-After"])
                return self.page(render.busy(**about), error.http_status, seconds)
        if is_away(error) or may_be_tried_again(error):
            return self.page(render.busy(**about), 503, 5)
        raise error


async def _visit(request: Request, reception: TheReception, lang: str | None = None) -> Visit:
    return Visit(request, reception, "en" if lang == "en" else "vi")


Visitor = Annotated[Visit, Depends(_visit)]


@router.get("/static/{name}", policy=PUBLIC)
async def read_static(name: str) -> Response:
    """Return a file of the pages; its address changes with its content."""
    if name not in _FILES:
        raise HTTPException(404)
    return FileResponse(render.STATIC / name, media_type=_FILES[name], headers=_FOR_GOOD)


@router.get("/{code}", policy=PUBLIC)
async def read_form(code: str, visit: Visitor) -> Response:
    """Return the form, with a response id of its own."""

    async def show() -> Response:
        resolved = await visit.reception.resolve(code)
        if refusal := refusal_of(resolved):
            raise refusal
        return visit.form(resolved, uuid4())

    return await _or_why_not(visit, show)


@router.post("/{code}", policy=PUBLIC)
async def submit_form(code: str, visit: Visitor) -> Response:
    """Store the posted ballot and go on to the thanks; else the form again, or why not."""

    async def submit() -> Response:
        fields = await _posted(visit.request)
        try:
            id_ = response_id(" ".join(fields.get("response_id", ())))
        except InputRefused:  # not from our form: show it once more, with an id of its own
            resolved = await visit.reception.resolve(code)
            return visit.form(resolved, uuid4(), answers=fields, status=422)
        try:
            complete = await visit.reception.take(
                code,
                id_,
                "web",
                lambda asked: raw_from_form(asked, fields),
                partial="partial" in fields,
            )
        except AnswersRefused as no:
            resolved = await visit.reception.resolve(code)
            return visit.form(resolved, id_, answers=fields, errors=no.errors, status=422)
        except TooFewAnswers as few:
            resolved = await visit.reception.resolve(code)
            return visit.form(resolved, id_, answers=fields, missing=few.missing, status=422)
        return RedirectResponse(_thanks(code, visit.lang, complete=complete), 303, render.HEADERS)

    return await _or_why_not(visit, submit)


@router.get("/{code}/thanks", policy=PUBLIC)
async def read_thanks(code: str, visit: Visitor, partial: str = "") -> Response:
    """Return the thanks; the code is not looked up, for it may be spent."""
    del code
    about = About(organisation=visit.reception.organisation, lang=visit.lang)
    return visit.page(render.thanks(complete=not partial, **about))


def _thanks(code: str, lang: Language, *, complete: bool) -> str:
    said = {**({} if lang == "vi" else {"lang": lang}), **({} if complete else {"partial": "1"})}
    return f"/k/{code}/thanks{'?' if said else ''}{urlencode(said)}"


async def too_many_codes(reception: Reception, request: Request) -> Response:
    """Answer one wrong code too many: a page to people, a problem to programs."""
    error = CodesTried()
    if not request.url.path.startswith("/k/"):
        return await answer_error(request, error)
    lang: Language = "en" if request.query_params.get("lang") == "en" else "vi"
    about = About(organisation=reception.organisation, lang=lang)
    seconds = int(error.headers["Retry-After"])
    return Visit(request, reception, lang).page(render.codes_tried(**about), 429, seconds)


@router.get("", policy=PUBLIC)
@router.get("/", policy=PUBLIC)
async def ask_code(visit: Visitor, code: str = "") -> Response:
    """Return the page where a printed code is typed in; with a code, go on to its form."""
    if code.strip():
        english = "?lang=en" if visit.lang == "en" else ""
        return RedirectResponse(f"/k/{quote(code.strip(), safe='')}{english}", 303, render.HEADERS)
    return visit.page(render.ask_code(organisation=visit.reception.organisation, lang=visit.lang))


@router.get("/{code}/{rest:path}", policy=PUBLIC)
async def read_nothing(visit: Visitor) -> Response:
    """Return the page of a wrong code: whoever shortens or lengthens an address reads no JSON."""
    return visit.refusal(CodeUnknown())


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
