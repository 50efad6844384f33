"""One stream out of two: parsing, places, and what a lost service does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import httpx

from portal import live
from portal.client import Api

ANSWER = httpx.Response(401, request=httpx.Request("GET", "http://service.test"))


async def lines(*texts: str) -> AsyncIterator[str]:
    for text in texts:
        yield text


async def test_events_are_read_with_name_id_and_several_lines_of_data() -> None:
    first = ("id: 7", "event: index_changed", "data: a", "data: b")
    stream = lines(": ping", "", *first, "", "data: unfinished")
    events = [event async for event in live.read_events(stream)]
    assert events == [live.Event("index_changed", "a\nb", "7")]


def test_one_event_id_holds_a_place_in_both_services() -> None:
    places = live.read_places("12~ab-3")
    assert places == {"notifications": "12", "reporting": "ab-3"}
    assert live.write_places(places) == "12~ab-3"
    assert live.read_places("") == {}
    assert live.read_places("not ours") == {}


class Streams:
    """Services whose streams each give one event and then end, or refuse the token."""

    def __init__(self, refuse: bool = False) -> None:
        self.refuse = refuse
        self.asked: list[tuple[str, str | None]] = []

    @asynccontextmanager
    async def events(self, service: str, _path: str, last: str | None) -> AsyncIterator[Any]:
        self.asked.append((service, last))
        if self.refuse:
            raise httpx.HTTPStatusError("expired", request=ANSWER.request, response=ANSWER)
        yield type("Answer", (), {"aiter_lines": lambda _: lines("id: 5", "data: {}", "")})()


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
