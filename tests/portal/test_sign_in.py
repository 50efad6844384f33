"""Signing in and out: what its pages say, and what comes back afterwards."""

import httpx
import pytest
from fastapi import FastAPI
from tests.portal.conftest import signed_in

from portal.visit import COOKIE

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
