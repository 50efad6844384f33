"""One stream out of two: what passes, places, and what a lost service does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx

from portal import live
from portal.client import Api

ANSWER = httpx.Response(401, request=httpx.Request("GET", "http://service.test"))


def test_one_event_id_holds_a_place_in_both_services() -> None:
    places = live.read_places("12~ab-3")
    assert places == {"notifications": "12", "reporting": "ab-3"}
    assert live.write_places(places) == "12~ab-3"
    assert live.read_places("") == {}
    assert live.read_places("not ours") == {}


class Streams:
    """Services whose streams each give one event and then end, or refuse the token."""

    def __init__(self, refuse: bool = False, content: str = "id: 5\ndata: {}\n\n") -> None:
        self.refuse, self.content = refuse, content
        self.asked: list[tuple[str, str | None]] = []

    @asynccontextmanager
    async def events(self, service: str, _path: str, last: str | None) -> AsyncIterator[Any]:
        self.asked.append((service, last))
        if self.refuse:
            raise httpx.HTTPStatusError("expired", request=ANSWER.request, response=ANSWER)
        yield httpx.Response(
            200, headers={"content-type": "text/event-stream"}, content=self.content.encode()
        )


async def test_both_services_are_forwarded_and_a_lost_one_is_said_and_asked_again() -> None:
    streams = Streams()
    seen = []
    async with asyncio.timeout(5):
        async for event in live.merged(cast("Api", streams), {"reporting": "4"}):
            seen.append((event.event, event.data))
            if seen.count(("down", "reporting")) == 2:
                break
    assert ("up", "reporting") in seen
    assert ("message", "{}") in seen
    assert ("reporting", "4") in streams.asked
    assert ("reporting", "5") in streams.asked


async def test_the_stream_ends_when_the_token_is_refused_so_that_the_browser_comes_back() -> None:
    async with asyncio.timeout(5):
        assert [event async for event in live.merged(cast("Api", Streams(refuse=True)), {})] == []


async def test_pings_are_left_out_and_a_line_separator_inside_a_text_is_no_end_of_line() -> None:
    content = 'event: notification\nid: 7\ndata: "a\u2028b"\n\n: ping\n\n'
    streams, seen = Streams(content=content), []
    async with asyncio.timeout(5):
        async for event in live.merged(cast("Api", streams), {}):
            seen.append((event.event, event.data))
            if seen.count(("down", "reporting")) == 1:
                break
    assert ("notification", '"a\u2028b"') in seen
    assert {name for name, _ in seen} == {"up", "down", "notification"}
