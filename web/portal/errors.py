"""Pages for what went wrong: each says what happened and what the reader can do.

A part of a page is never answered with a page: nothing nests. What was typed into a form that could
not be served is kept.
"""

from http import HTTPStatus
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from portal import kept
from portal.problems import FormRefused, Problem, ServiceDown, SignInNeeded
from portal.visit import COOKIE, page

log = structlog.get_logger()
PARTS = ("/live", "/bell", "/figures", "/notifications/recent")
SESSION_ENDED = {"HX-Trigger": "session-ended"}  # `portal.js` says so and leaves what is typed


def _show(request: Request, template: str, status: int, **view: object) -> Response:
    if _is_part(request):
        return PlainTextResponse("", status)
    visit = getattr(request.state, "visit", None)
    if visit is not None:
        view |= {"me": visit.me, "csrf_token": visit.csrf_token}
    return page(request, template, status=status, **view)


def _is_part(request: Request) -> bool:
    """Tell whether what is answered goes into a page that is already there, or into no page."""
    loads_a_page = request.headers.get("sec-fetch-dest", "document") in {"document", "empty"}
    inside = "HX-Request" in request.headers or request.url.path in PARTS
    return inside or not loads_a_page


async def to_sign_in(request: Request, _: Exception) -> Response:
    """Send the browser to the sign-in page, and back afterwards; a part of a page gets a 401."""
    if _is_part(request):
        return Response(status_code=401, headers=SESSION_ENDED)
    if request.method == "POST":
        return await _to_sign_in_with_form(request)
    here = request.url.path
    if request.url.query:
        here = f"{here}?{request.url.query}"
    wanted = {"next": here} if here != "/" else {}
    if COOKIE in request.cookies:
        wanted["why"] = "ended"
    return _to_sign_in(wanted)


async def _to_sign_in_with_form(request: Request) -> Response:
    """Keep what was typed: after the sign-in its page shows it again."""
    found = await kept.keep(request)
    if found is None:
        page_ = kept.page_of(request, getattr(request.state, "form", {}))
        return _to_sign_in({"next": page_, "why": "lost"})
    return _to_sign_in({"next": found.back, "why": "ended", "kept": found.token})


def _to_sign_in(query: dict[str, str]) -> Response:
    end = f"?{urlencode(query, safe='/')}" if query else ""
    return RedirectResponse(f"/sign_in{end}", status_code=303)


async def refused(request: Request, error: Exception) -> Response:
    """Show what a service refused and why."""
    status = error.status if isinstance(error, Problem) else 500
    if status == HTTPStatus.NOT_FOUND:
        return _show(request, "errors/missing.html", 404, refusal=error)
    found = await kept.keep(request)
    return _show(request, "errors/refused.html", status, refusal=error, kept_at=_at(found))


async def service_down(request: Request, error: Exception) -> Response:
    """Name the service that does not answer; what was sent can be sent again, once it does."""
    service = error.service if isinstance(error, ServiceDown) else ""
    log.warning("service_down", down=service, path=request.url.path)
    if _is_part(request):
        return Response(status_code=204)
    found = await kept.keep(request)
    return _show(request, "errors/down.html", 502, service=service, kept_at=_at(found))


async def form_refused(request: Request, _: Exception) -> Response:
    """Explain that the form was too old, or not ours."""
    return _show(request, "errors/form.html", 403)


async def too_large(request: Request, _: Exception) -> Response:
    """Say how much fits into a form."""
    return await refused(request, Problem(413, {"code": "form_too_large"}))


async def missing(request: Request, error: Exception) -> Response:
    """Show that there is no such page; of an address that only takes a form, the page around it."""
    around = _page_around(request)
    if around is not None:
        return RedirectResponse(around, status_code=303)
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _show(request, "errors/missing.html", status)


def _page_around(request: Request) -> str | None:
    """Return the page that holds the form of this address: it stood there when it was refused."""
    path = request.url.path
    if request.method != "GET" or _is_part(request) or not _takes(request, "POST", path):
        return None
    while path := path.rpartition("/")[0]:
        if _takes(request, "GET", path):
            return path
    return None


def _takes(request: Request, method: str, path: str) -> bool:
    asked = {"type": "http", "method": method, "path": path, "root_path": "", "headers": []}
    return any(route.matches(asked)[0] == Match.FULL for route in request.app.router.routes)


async def broken(request: Request, error: Exception) -> Response:
    """Admit a fault of ours."""
    log.error("page_failed", path=request.url.path, exc_info=error)
    found = None if _is_part(request) else await _kept_if_possible(request)
    return _show(request, "errors/broken.html", 500, kept_at=_at(found))


async def busy(request: Request, _: Exception) -> Response:
    """Say that more people are here than can be served at once, and to come again."""
    log.warning("portal_busy", path=request.url.path)
    if _is_part(request):
        return Response(status_code=204)
    found = await _kept_if_possible(request)
    return _show(request, "errors/busy.html", 503, kept_at=_at(found))


async def _kept_if_possible(request: Request) -> kept.Kept | None:
    """Keep the form, unless that too fails: it may be what was broken."""
    try:
        return await kept.keep(request)
    except Exception as error:
        log.warning("form_not_kept", path=request.url.path, exc_info=error)
        return None


def _at(found: kept.Kept | None) -> str | None:
    return found.address if found else None


def register(app: FastAPI) -> None:
    """Attach the pages to what they are for."""
    app.add_exception_handler(SignInNeeded, to_sign_in)
    app.add_exception_handler(Problem, refused)
    app.add_exception_handler(ServiceDown, service_down)
    app.add_exception_handler(FormRefused, form_refused)
    app.add_exception_handler(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, too_large)
    app.add_exception_handler(HTTPException, missing)
    app.add_exception_handler(RequestValidationError, missing)
    app.add_exception_handler(PoolTimeoutError, busy)
    app.add_exception_handler(Exception, broken)
