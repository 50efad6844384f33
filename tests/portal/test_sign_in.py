"""Signing in and out: what its pages say, and what comes back afterwards."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from tests.portal.conftest import ME, TOKENS, row_of, sessions_of, signed_in

from portal import kept
from portal.pages import sign_in
from portal.visit import COOKIE, Portal

STRANGERS = "Hãy gọi 0123 456 789"


async def read(app: FastAPI, address: str, key: str = "") -> str:
    cookies = {COOKIE: key} if key else None
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://portal.test", cookies=cookies
    ) as client:
        return (await client.get(address)).text


async def test_who_signed_out_is_told_so_once(app: FastAPI) -> None:
    assert (await read(app, "/sign_in?done=signed_out")).count("Đã đăng xuất.") == 1


@pytest.mark.parametrize("done", [STRANGERS, "read"])
async def test_the_sign_in_page_says_no_other_thing_is_done(app: FastAPI, done: str) -> None:
    page = await read(app, f"/sign_in?done={done}")
    assert "notice-good" not in page
    assert "0123" not in page


async def test_a_page_says_what_is_done_in_our_words_only(portal: FastAPI) -> None:
    key = await signed_in(portal)
    assert "Đã đánh dấu đọc" in (await read(portal, "/?done=read", key))
    page = await read(portal, f"/?done={STRANGERS}", key)
    assert "Lê Thị An" in page
    assert "notice-good" not in page
    assert "0123" not in page


async def page_after(app: FastAPI, sent_in: str, key: str, *, within: bool = True) -> str:
    """Return where somebody goes on who signs in to get back what was sent in a session."""
    portal: Portal = app.state.portal
    form = {"action": "/plans", "fields": [["title", "Kế hoạch"]], "files": []}
    place = await sessions_of(app).keep((await row_of(app, sent_in)).csrf_token, form)
    assert place is not None
    signed = replace(portal, secret=portal.secret if within else "a secret of another day")
    attempt = portal.issuer.new_attempt("/plans/new", kept._serializer(signed).dumps(place.hex()))
    return await sign_in._back(portal, attempt, key)


async def test_what_comes_back_after_signing_in_is_on_its_page(portal: FastAPI) -> None:
    sent_in, key = await signed_in(portal), await signed_in(portal)
    assert await page_after(portal, sent_in, key) == "/plans/new?kept=1"


async def test_what_does_not_come_back_after_signing_in_is_told(portal: FastAPI) -> None:
    """Somebody else's, or too old: the dashboard without a word looked as if it were stored."""
    sent_in = await signed_in(portal)
    other = await sessions_of(portal).open(TOKENS, {**ME, "person_id": "2"})
    assert await page_after(portal, sent_in, other) == "/?kept=gone"
    assert await page_after(portal, sent_in, sent_in, within=False) == "/?kept=gone"

    told = "Nội dung gửi trước lần đăng nhập này không hiện lại"
    assert told in await read(portal, "/?kept=gone", sent_in)
    assert told not in await read(portal, "/", sent_in)
