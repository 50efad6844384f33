"""Forms carry the session's token, pages keep foreign code out, sign-in leads nowhere else."""

from types import SimpleNamespace
from typing import Any, ClassVar, cast

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from tests.portal.conftest import routes

from portal.forms import checked_form
from portal.place import own_page
from portal.problems import FormRefused
from portal.visit import Visit, signed_in

OPEN = {
    "/sign_in", "/sign_in/start", "/sign_in/callback", "/health/live", "/health/ready", "/metrics",
}  # fmt: skip


def needs(route: APIRoute) -> set[Any]:
    """Return every function a route depends on, directly or not."""
    waiting, found = list(route.dependant.dependencies), set[Any]()
    while waiting:
        dependant = waiting.pop()
        found.add(dependant.call)
        waiting.extend(dependant.dependencies)
    return found


def test_every_page_but_sign_in_needs_a_session(app: FastAPI) -> None:
    unguarded = {route.path for route in routes(app) if signed_in not in needs(route)}
    assert unguarded <= OPEN
    assert len(routes(app)) > 30


def test_every_form_is_checked_for_the_sessions_token(app: FastAPI) -> None:
    posts = [route for route in routes(app) if route.methods and "POST" in route.methods]
    assert posts
    assert [route.path for route in posts if checked_form not in needs(route)] == []


def request_with(body: bytes) -> Request:
    """Return a form request as a browser sends it."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    kind = (b"content-type", b"application/x-www-form-urlencoded")
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/plans",
        "headers": [kind],
        "app": SimpleNamespace(state=SimpleNamespace(portal=SimpleNamespace(sessions=NONE))),
    }
    return Request(scope, receive)


class NoSessions:
    """Stands for sessions of which none is an earlier one of the visitor."""

    async def is_of(self, _token: str, _person_id: str) -> bool:
        return False


NONE = NoSessions()


class Session:
    """Stands for a visit: only its token matters here."""

    csrf_token, kept = "right", None
    me: ClassVar[dict[str, str]] = {"person_id": "1"}


@pytest.mark.parametrize("body", [b"", b"csrf_token=", b"csrf_token=wrong", b"csrf_token=righ"])
async def test_a_form_without_the_right_token_is_refused(body: bytes) -> None:
    with pytest.raises(FormRefused):
        await checked_form(request_with(body), cast("Visit", Session()))


async def test_a_form_with_the_right_token_is_read() -> None:
    form = await checked_form(request_with(b"csrf_token=right&note=a"), cast("Visit", Session()))
    assert form["note"] == "a"


async def get(app: FastAPI, path: str, **more: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://portal.test") as client:
        return await client.get(path, **more)


async def test_a_visitor_without_a_session_is_sent_to_sign_in_and_back(app: FastAPI) -> None:
    answer = await get(app, "/assignments?status=done")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign_in?next=/assignments%3Fstatus%3Ddone"


async def test_the_stream_of_someone_without_a_session_ends_with_401(app: FastAPI) -> None:
    assert (await get(app, "/live")).status_code == 401


async def test_pages_allow_only_our_own_scripts_and_styles(app: FastAPI) -> None:
    answer = await get(app, "/sign_in")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "<script>" not in answer.text
    assert " style=" not in answer.text
    assert " on" + "click=" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


async def test_the_language_follows_the_address_and_is_remembered(app: FastAPI) -> None:
    vietnamese, english = await get(app, "/sign_in"), await get(app, "/sign_in?lang=en")
    assert '<html lang="vi">' in vietnamese.text
    assert "Đăng nhập" in vietnamese.text
    assert '<html lang="en">' in english.text
    assert "nhip_lang=en" in english.headers["set-cookie"]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("/plans?x=1", "/plans?x=1"), ("//evil.test", "/"), ("/\\evil.test", "/"),
     ("/\t/evil.test", "/"), ("https://evil.test", "/"), ("", "/")],
)  # fmt: skip
def test_sign_in_leads_only_to_our_own_pages(asked: str, kept: str) -> None:
    assert own_page(asked) == kept


async def test_an_unknown_page_says_so_in_words(app: FastAPI) -> None:
    answer = await get(app, "/nothing")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.text


async def test_static_files_are_kept_for_a_year_when_their_address_names_a_version(
    app: FastAPI,
) -> None:
    assert "immutable" in (await get(app, "/static/portal.css?v=1")).headers["cache-control"]
    assert "cache-control" not in (await get(app, "/static/portal.css")).headers
