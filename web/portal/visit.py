"""One request of a signed-in person: who, in which language, with whose token."""

import hmac
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from chassis.clock import database_now
from portal.client import Api, Services
from portal.directory import Directory
from portal.format import iso_day
from portal.oidc import Issuer
from portal.problems import FormRefused, Problem, ServiceDown, SignInNeeded
from portal.rendering import Renderer
from portal.sessions import Sessions, SignIn, Tokens

COOKIE = "nhip_session"
LARGEST_FORM = 50_000_000  # bytes: two of the largest files that the services take
EARLY = timedelta(seconds=30)  # a token is renewed this long before it ends


@dataclass(frozen=True)
class Portal:
    """What all requests share; `app.state.portal`."""

    services: Services
    sessions: Sessions
    issuer: Issuer
    directory: Directory
    renderer: Renderer
    address: str
    secret: str


def portal_of(request: Request) -> Portal:
    """Return what all requests share."""
    portal: Portal = request.app.state.portal
    return portal


def page(request: Request, template: str, *, status: int = 200, **view: Any) -> HTMLResponse:
    """Answer with a page in the request's language; also for those not signed in."""
    base = {"request": request, "me": None, "path": request.url.path}
    language = request.state.language
    html = portal_of(request).renderer.render(template, language, {**base, **view})
    return HTMLResponse(html, status_code=status)


@dataclass(frozen=True)
class Visit:
    """A signed-in person's request."""

    request: Request
    api: Api
    me: dict[str, Any]
    csrf_token: str
    tokens: Tokens

    def page(self, template: str, *, status: int = 200, **view: Any) -> HTMLResponse:
        """Answer with a page."""
        own = {
            "me": self.me,
            "csrf_token": self.csrf_token,
            "done": self.request.query_params.get("done"),
            "problem": None,
            "form": {},
        }
        return page(self.request, template, status=status, **{**own, **view})

    def go(self, path: str, done: str = "") -> RedirectResponse:
        """Answer a form that worked: show the page it belongs to, with one sentence."""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{path}{mark}done={done}" if done else path, status_code=303)

    async def units(self) -> list[dict[str, Any]]:
        """Return the department's units in their order; empty while tasks is away."""
        return await portal_of(self.request).directory.units(self.api)


async def _living_tokens(portal: Portal, key: str) -> tuple[SignIn, Tokens]:
    """Return the session with tokens that still live, renewing them under the row's lock."""
    async with portal.sessions.database.sessions.begin() as session:
        row = await portal.sessions.find(session, key)
        if row is not None and row.tokens_expire_at - EARLY < await database_now(session):
            row = await portal.sessions.find(session, key, lock=True)
            await session.refresh(row) if row is not None else None
        tokens = portal.sessions.tokens(row) if row is not None else None
        if row is None or tokens is None:
            raise SignInNeeded
        now = await database_now(session)
        if row.tokens_expire_at - EARLY < now:
            tokens = await portal.issuer.refresh(tokens)
            portal.sessions.renew(row, tokens, now)
        return row, tokens


async def signed_in(request: Request) -> Visit:
    """Return the visit of the session cookie. Raises SignInNeeded, ServiceDown."""
    portal = portal_of(request)
    key = request.cookies.get(COOKIE)
    if not key:
        raise SignInNeeded
    row, tokens = await _living_tokens(portal, key)
    api = Api(portal.services, tokens.access, request.state.language)
    visit = Visit(request, api, row.person, row.csrf_token, tokens)
    request.state.visit = visit
    return visit


def require(view: Mapping[str, Any], act: str) -> None:
    """Refuse a form that was opened by its address, unless the service's view allows the act."""
    if act not in view.get("allowed", []):
        raise Problem(403, {"code": "not_allowed"})


Visitor = Annotated[Visit, Depends(signed_in)]


async def checked_form(request: Request, visit: Visitor) -> FormData:
    """Return the form if it carries the session's own token. Raises FormRefused."""
    if int(request.headers.get("content-length") or 0) > LARGEST_FORM:
        raise Problem(413, {"code": "form_too_large"})
    form = await request.form()
    sent = form.get("csrf_token")
    if not isinstance(sent, str) or not hmac.compare_digest(sent, visit.csrf_token):
        raise FormRefused
    return form


Form = Annotated[FormData, Depends(checked_form)]


def text(form: FormData, name: str) -> str:
    """Return a field as stripped text; a missing one, or a file, is empty."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def whole(form: FormData, name: str) -> int | str:
    """Return a field as a whole number; what is none stays text, for the service to refuse."""
    written = text(form, name)
    return int(written) if written.isdecimal() else written


def day(form: FormData, name: str) -> str:
    """Return a day field, written 30/11/2025, as 2025-11-30; empty when left blank.

    Raises Problem `day_unreadable` for what is no such day.
    """
    written = text(form, name)
    if not written:
        return ""
    try:
        return iso_day(written)
    except ValueError as error:
        pointer = {"pointer": f"/{name}", "message": ""}
        raise Problem(422, {"code": "day_unreadable", "errors": [pointer]}) from error


@dataclass(frozen=True)
class Down:
    """Stands where an answer would: which service is away."""

    service: str


async def attempt(call: Awaitable[Any]) -> Any:
    """Return the answer, or Down so that the rest of the page still works."""
    try:
        return await call
    except ServiceDown as down:
        return Down(down.service)


async def attempt_allowed(call: Awaitable[Any]) -> Any:
    """As `attempt`; None when the person may not see it or it does not exist."""
    try:
        return await attempt(call)
    except Problem as problem:
        if problem.status in {403, 404}:
            return None
        raise
