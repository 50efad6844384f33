"""What was typed is kept whatever went wrong, and nobody sends more than a form may hold."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from tests.portal.conftest import row_of, sessions_of, signed_in

from portal.forms import LARGEST_FORM, Form
from portal.visit import COOKIE, Visitor

MB = 1_000_000
PAGE = "/plans/0190f5a8-0000-7000-8000-000000000001/imports"
REFERER = {"referer": "http://portal.test/plans/new?lang=vi"}


async def post(app: FastAPI, path: str, key: str = "", **sent: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    cookies = {COOKIE: key} if key else None
    async with httpx.AsyncClient(
        transport=transport, base_url="http://portal.test", cookies=cookies
    ) as client:
        return await client.post(path, **sent)


@pytest.mark.parametrize(("path", "status"), [("/plans", 502), ("/fails", 500)])
async def test_what_was_typed_is_kept_when_a_service_is_away_and_when_a_page_fails(
    portal: FastAPI, path: str, status: int
) -> None:
    @portal.post("/fails")
    async def fails(_visit: Visitor, _form: Form) -> None:
        raise ZeroDivisionError

    key = await signed_in(portal)
    typed = {"title": "Kế hoạch năm 2027", "year": "2027"}
    token = (await row_of(portal, key)).csrf_token
    sent = {"csrf_token": token, "back": "/plans/new", **typed}
    files = {"signed_copy": ("a.pdf", b"%PDF", "application/pdf")}

    answer = await post(portal, path, key, data=sent, files=files)

    assert answer.status_code == status
    assert 'href="/plans/new?kept=1"' in answer.text
    kept = (await row_of(portal, key)).kept
    assert kept is not None
    form = sessions_of(portal).opened(kept)
    fields = [list(each) for each in typed.items()]
    assert form == {"action": path, "fields": fields, "files": [["signed_copy", "a.pdf"]]}


class Sending:
    """A form with one file as long as `megabytes`; `read`: bytes somebody has asked for."""

    kind = "multipart/form-data; boundary=b"

    def __init__(self, megabytes: int) -> None:
        self.megabytes, self.read = megabytes, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.docx"\r\n\r\n'
        for _ in range(self.megabytes):
            self.read += MB
            yield bytes(MB)
        yield b"\r\n--b--\r\n"


@pytest.mark.parametrize(("announced", "most"), [(None, LARGEST_FORM + MB), ("70000000", 0)])
async def test_of_a_form_that_is_too_large_no_more_is_read_announced_or_not(
    portal: FastAPI, announced: str | None, most: int
) -> None:
    """Nobody may fill memory or disk, signed in or not; where one was is known nevertheless."""
    length = {"content-length": announced} if announced else {}
    headers = {"content-type": Sending.kind, **REFERER, **length}
    sending = Sending(70)
    answer = await post(portal, PAGE, content=sending, headers=headers)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign_in?next=/plans/new%3Flang%3Dvi&why=lost"
    assert sending.read <= most

    sending = Sending(70)
    key = await signed_in(portal)
    answer = await post(portal, PAGE, key, content=sending, headers=headers)
    assert answer.status_code == 413
    assert "tối đa 50 MB" in answer.text
    assert sending.read <= most


async def test_what_is_no_form_is_answered_with_a_page(portal: FastAPI) -> None:
    broken = {"content": b"--x", "headers": {"content-type": Sending.kind}}
    assert (await post(portal, "/plans", **broken)).status_code == 303
    assert (await post(portal, "/plans", await signed_in(portal), **broken)).status_code == 400
