"""More people than the portal has connections for."""

from contextlib import AsyncExitStack

import httpx
from fastapi import FastAPI
from tests.portal.conftest import sessions_of, signed_in

from portal.visit import COOKIE


async def test_whoever_finds_no_free_connection_is_told_to_come_again(portal: FastAPI) -> None:
    key, engine = await signed_in(portal), sessions_of(portal).database.engine
    transport = httpx.ASGITransport(app=portal)
    async with (
        AsyncExitStack() as taken,
        httpx.AsyncClient(
            transport=transport, base_url="http://portal.test", cookies={COOKIE: key}
        ) as browser,
    ):
        for _ in range(engine.pool.size()):
            await taken.enter_async_context(engine.connect())
        answer = await browser.get("/plans")
    assert answer.status_code == 503
    assert "Đang có rất nhiều người truy cập" in answer.text
