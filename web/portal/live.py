"""One stream for each browser: what notifications and reporting push, merged and forwarded."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import httpx_sse
from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from portal.client import Api
from portal.visit import Visitor

SOURCES = ("notifications", "reporting")
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds between attempts to reach a service again
SEPARATOR = "~"

router = APIRouter()


Received = tuple[str, httpx_sse.ServerSentEvent | None]
"""A service and what it sent; None: the token is no longer good, the browser has to come back."""


@router.get("/live")
async def live(request: Request, visit: Visitor) -> EventSourceResponse:
    """Forward both services' events; `Last-Event-ID` holds a place in each."""
    places = read_places(request.headers.get("Last-Event-ID", ""))
    return EventSourceResponse(
        merged(visit.api, places), ping=20, headers={"Cache-Control": "no-store"}
    )


def read_places(last_event_id: str) -> dict[str, str]:
    """Return the last id seen of each service."""
    parts = last_event_id.split(SEPARATOR)
    return dict(zip(SOURCES, parts, strict=True)) if len(parts) == len(SOURCES) else {}


def write_places(places: dict[str, str]) -> str:
    """Return one id that holds a place in each service."""
    return SEPARATOR.join(places.get(source, "") for source in SOURCES)


async def merged(api: Api, places: dict[str, str]) -> AsyncIterator[ServerSentEvent]:
    """Yield what the services send, until the browser leaves or the token ends."""
    waiting: asyncio.Queue[Received] = asyncio.Queue(maxsize=100)
    followers = [
        asyncio.create_task(follow(api, source, places.get(source, ""), waiting))
        for source in SOURCES
    ]
    try:
        while True:
            source, event = await waiting.get()
            if event is None:
                return
            if event.id:
                places[source] = event.id
            yield ServerSentEvent(event.data, event=event.event, id=write_places(places))
    finally:
        for follower in followers:
            follower.cancel()


async def follow(api: Api, source: str, last: str, waiting: "asyncio.Queue[Received]") -> None:
    """Put a service's events into the queue for ever, and whether it can be reached."""
    wait = FIRST_WAIT
    while True:
        try:
            async with api.events(source, "/v1/live", last or None) as answer:
                await waiting.put((source, _state("up", source)))
                wait = FIRST_WAIT
                async for event in httpx_sse.EventSource(answer).aiter_sse():
                    last = event.id or last
                    if event.data:  # a ping has none
                        await waiting.put((source, event))
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.UNAUTHORIZED:
                await waiting.put((source, None))
                return
            if error.response.status_code == httpx.codes.FORBIDDEN:
                return  # not this person's to follow, however often one asks
        except httpx.HTTPError:
            pass  # the stream ended, whatever the reason
        await waiting.put((source, _state("down", source)))
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _state(name: str, source: str) -> httpx_sse.ServerSentEvent:
    return httpx_sse.ServerSentEvent(event=name, data=source)
