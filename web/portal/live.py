"""One stream for each browser: what notifications and reporting push, merged and forwarded."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import APIRouter, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from portal.client import Api
from portal.visit import Visitor

SOURCES = ("notifications", "reporting")
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds between attempts to reach a service again
SEPARATOR = "~"

router = APIRouter()


@dataclass
class Event:
    """One event as a service sent it."""

    name: str = "message"
    data: str = ""
    id: str = ""


class Ended(Exception):
    """The person's token is no longer good: the browser has to come back with its session."""


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
    waiting: asyncio.Queue[tuple[str, Event | Ended]] = asyncio.Queue(maxsize=100)
    followers = [
        asyncio.create_task(follow(api, source, places.get(source, ""), waiting))
        for source in SOURCES
    ]
    try:
        while True:
            source, event = await waiting.get()
            if isinstance(event, Ended):
                return
            if event.id:
                places[source] = event.id
            yield ServerSentEvent(event.data, event=event.name, id=write_places(places))
    finally:
        for follower in followers:
            follower.cancel()


async def follow(
    api: Api, source: str, last: str, waiting: "asyncio.Queue[tuple[str, Event | Ended]]"
) -> None:
    """Put a service's events into the queue for ever, and whether it can be reached."""
    wait = FIRST_WAIT
    while True:
        try:
            async with api.events(source, "/v1/live", last or None) as answer:
                await waiting.put((source, Event("up", source)))
                wait = FIRST_WAIT
                async for event in read_events(answer.aiter_lines()):
                    last = event.id or last
                    await waiting.put((source, event))
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.UNAUTHORIZED:
                await waiting.put((source, Ended()))
                return
        except httpx.HTTPError:
            pass  # said below: the stream ended, whatever the reason
        await waiting.put((source, Event("down", source)))
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)


async def read_events(lines: Any) -> AsyncIterator[Event]:
    """Parse an event stream; comments (pings) are left out."""
    event, data = Event(), list[str]()
    async for line in lines:
        if not line:
            if data:
                event.data = "\n".join(data)
                yield event
            event, data = Event(), []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            data.append(value)
        elif field == "event":
            event.name = value
        elif field == "id":
            event.id = value
