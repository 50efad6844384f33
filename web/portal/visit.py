"""One request of a signed-in person: who, in which language, with whose token."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from portal.chosen_files import lost
from portal.client import Api, Services
from portal.common_fields import in_words
from portal.directory import Directory
from portal.explained import explained, guide_of
from portal.labels import LABELS
from portal.oidc import Issuer
from portal.place import Place, own_page, place_of
from portal.problems import Problem, SignInNeeded
from portal.rendering import Renderer
from portal.sessions import Sessions, SignIn, Tokens
from portal.urged import to_acknowledge

COOKIE = "nhip_session"
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
    for_partners: str  # where other systems find notifications
    secret: str


def portal_of(request: Request) -> Portal:
    """Return what all requests share."""
    portal: Portal = request.app.state.portal
    return portal


def address_of(request: Request) -> str:
    """Return where the page that is being shown can be opened again.

    A form that comes back with an error stands at an address that only takes forms: there it is
    the page on which it was filled in.
    """
    form = getattr(request.state, "form", None)
    if request.method == "POST":
        said = form.get("back") if form is not None else None
        return own_page(said) if isinstance(said, str) and said else "/"
    passing = {"kept", "done", "lang"}
    path = own_page(request.url.path)
    query = urlencode([(k, v) for k, v in request.query_params.multi_items() if k not in passing])
    return f"{path}?{query}" if query else path


def page(request: Request, template: str, *, status: int = 200, **view: Any) -> HTMLResponse:
    """Answer with a page in the request's language; also for those not signed in."""
    address = address_of(request)
    base = {
        "request": request,
        "me": None,
        "path": request.url.path,
        "address": address,
        "place": place_of(address),
        "explanation": explained(template),
        "guide": guide_of(view.get("me") or {}),
        "kept": None,
        "urged": (),
    }
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
    kept: dict[str, Any] | None = None
    urged: Sequence[dict[str, Any]] = ()

    def page(self, template: str, *, status: int = 200, **view: Any) -> HTMLResponse:
        """Answer with a page."""
        done = self.request.query_params.get("done")
        sent = getattr(self.request.state, "form", None)
        if sent is not None and isinstance(view.get("problem"), Problem):
            view["problem"] = in_words(view["problem"], sent)
        own = {
            "me": self.me,
            "csrf_token": self.csrf_token,
            "done": done if done in LABELS["done"] else None,  # no words out of an address
            "problem": None,
            "form": {},
            "urged": self.urged,
            "lost_files": lost(sent) if sent is not None else {},
            "kept": self.kept if "kept" in self.request.query_params else None,
        }
        return page(self.request, template, status=status, **{**own, **view})

    def go(self, path: str, done: str = "", at: str = "") -> RedirectResponse:
        """Answer a form that worked: show the page it belongs to, with one sentence.

        `at`: the part of the page to go on with. A page that was opened from a list stays so.
        """
        back = self._back
        if place_of(back) and urlsplit(back).path == path:
            path = back
        mark = "&" if "?" in path else "?"
        address = f"{path}{mark}done={done}" if done else path
        return RedirectResponse(f"{address}#{quote(at)}" if at else address, status_code=303)

    def onward(self, path: str, done: str, at: str = "") -> RedirectResponse:
        """Answer a decision: show the list it was reached from, at the next row; else its page.

        A form that stands in a list itself names the row below it (`next`).
        """
        back, after = self._back, self._sent.get("next")
        place = place_of(back)
        if place is None and back and isinstance(after, str):
            place = Place(back, after)
        return self.go(place.page, done, place.onward) if place else self.go(path, done, at)

    @property
    def _sent(self) -> Mapping[str, Any]:
        return getattr(self.request.state, "form", {})

    @property
    def _back(self) -> str:
        """The page the form was filled in on, if it says so."""
        said = self._sent.get("back")
        return own_page(said, "") if isinstance(said, str) else ""

    async def units(self) -> list[dict[str, Any]]:
        """Return the department's units in their order; empty while tasks is away."""
        return await portal_of(self.request).directory.units(self.api)


async def _living_tokens(portal: Portal, key: str) -> tuple[SignIn, Tokens]:
    """Return the session with tokens that still live."""
    database = portal.sessions.database
    async with database.sessions(bind=database.at_once) as session:  # one round trip of each page
        found = await portal.sessions.find(session, key)
    if found is None or (tokens := portal.sessions.tokens(found[0])) is None:
        raise SignInNeeded
    return await _renewed(portal, key) if _ends_soon(*found) else (found[0], tokens)


async def _renewed(portal: Portal, key: str) -> tuple[SignIn, Tokens]:
    """Renew the session's tokens under its row's lock, unless another request has."""
    async with portal.sessions.database.sessions.begin() as session:
        found = await portal.sessions.find(session, key, lock=True)
        if found is None or (tokens := portal.sessions.tokens(found[0])) is None:
            raise SignInNeeded
        row, now = found
        if _ends_soon(row, now):
            tokens = await portal.issuer.refresh(tokens)
            portal.sessions.renew(row, tokens, now)
        return row, tokens


def _ends_soon(row: SignIn, now: datetime) -> bool:
    return row.tokens_expire_at - EARLY < now


async def signed_in(request: Request) -> Visit:
    """Return the visit of the session cookie. Raises SignInNeeded, ServiceDown."""
    portal = portal_of(request)
    key = request.cookies.get(COOKIE)
    if not key:
        raise SignInNeeded
    row, tokens = await _living_tokens(portal, key)
    api = Api(portal.services, tokens.access, request.state.language)
    kept = portal.sessions.opened(row.kept) if row.kept else None
    urged = await to_acknowledge(request, api, row.postponed_at)
    visit = Visit(request, api, row.person, row.csrf_token, tokens, kept, urged)
    request.state.visit = visit
    return visit


def require(view: Mapping[str, Any], act: str) -> None:
    """Refuse a form that was opened by its address, unless the service's view allows the act."""
    if act not in view.get("allowed", []):
        raise Problem(403, {"code": "not_allowed"})


Visitor = Annotated[Visit, Depends(signed_in)]
