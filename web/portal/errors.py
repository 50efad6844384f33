"""Pages for what went wrong: each says what happened and what the reader can do."""

from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from portal.problems import FormRefused, Problem, ServiceDown, SignInNeeded
from portal.visit import page

log = structlog.get_logger()
SILENT = {"/live", "/bell", "/figures"}  # parts of a page: the page around them says what is wrong


def _show(request: Request, template: str, status: int, **view: object) -> HTMLResponse:
    visit = getattr(request.state, "visit", None)
    if visit is not None:
        view |= {"me": visit.me, "csrf_token": visit.csrf_token}
    return page(request, template, status=status, **view)


def _is_part(request: Request) -> bool:
    return request.url.path in SILENT or "HX-Request" in request.headers


async def to_sign_in(request: Request, _: Exception) -> Response:
    """Send the browser to the sign-in page, and back afterwards; a part of a page gets a 401."""
    here = request.url.path
    if request.method == "GET" and request.url.query:
        here = f"{here}?{request.url.query}"
    wanted = "" if request.method != "GET" or here == "/" else f"?next={quote(here)}"
    if _is_part(request):
        return Response(status_code=401, headers={"HX-Redirect": "/sign_in"})
    return RedirectResponse(f"/sign_in{wanted}", status_code=303)


async def refused(request: Request, error: Exception) -> Response:
    """Show what a service refused and why."""
    status = error.status if isinstance(error, Problem) else 500
    if status == HTTPStatus.NOT_FOUND:
        return _show(request, "errors/missing.html", 404, refusal=error)
    return _show(request, "errors/refused.html", status, refusal=error)


async def service_down(request: Request, error: Exception) -> Response:
    """Name the service that does not answer."""
    service = error.service if isinstance(error, ServiceDown) else ""
    log.warning("service_down", down=service, path=request.url.path)
    if _is_part(request):
        return Response(status_code=204)
    return _show(request, "errors/down.html", 502, service=service)


async def form_refused(request: Request, _: Exception) -> Response:
    """Explain that the form was too old, or not ours."""
    return _show(request, "errors/form.html", 403)


async def missing(request: Request, error: Exception) -> Response:
    """Show that there is no such page."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    return _show(request, "errors/missing.html", status)


async def broken(request: Request, error: Exception) -> Response:
    """Admit a fault of ours."""
    log.error("page_failed", path=request.url.path, exc_info=error)
    return _show(request, "errors/broken.html", 500)


def register(app: FastAPI) -> None:
    """Attach the pages to what they are for."""
    app.add_exception_handler(SignInNeeded, to_sign_in)
    app.add_exception_handler(Problem, refused)
    app.add_exception_handler(ServiceDown, service_down)
    app.add_exception_handler(FormRefused, form_refused)
    app.add_exception_handler(HTTPException, missing)
    app.add_exception_handler(RequestValidationError, missing)
    app.add_exception_handler(Exception, broken)
