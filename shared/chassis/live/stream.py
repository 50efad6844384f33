"""A stream to one browser: what it missed since `Last-Event-ID`, then what comes."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from datetime import timedelta

from sqlalchemy import select
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from chassis.errors import BadRequest
from chassis.live.listener import LOOK_BACK_SECONDS, Listener, Seat, Subscription
from chassis.live.pushing import LiveEvent
from chassis.tables import live_event

HEARTBEAT_SECONDS = 15
LONGEST_SECONDS = 10 * 60
"""Then a browser asks again, by itself, and its rights are looked up again; nothing is missed."""
_MOST_MISSED = 1000
_LOOK_BACK = timedelta(seconds=LOOK_BACK_SECONDS)
_TIME_OF = select(live_event.c.created_at)


def stream(request: Request, topics: Collection[str]) -> EventSourceResponse:
    """Return the stream of some topics. The request's transaction is over before it begins.

    Raises TooManyRequests (`streams_too_many`) when a person has MOST_STREAMS already.

    At least once: after a reconnection a message may come again. When too much was missed, or it
    is too long ago, the stream begins with an event `reset`: reload the page's data.
    """
    live: Listener | None = request.app.state.live
    if live is None:
        raise RuntimeError("this service was made without live=Listener(database)")
    last_id = _last_id(request)
    seat = live.seat(str(request.state.actor.person_id))
    return EventSourceResponse(
        _messages(request, frozenset(topics), last_id, seat),
        ping=HEARTBEAT_SECONDS,
        sep="\n",
    )


def _last_id(request: Request) -> int | None:
    given = request.headers.get("last-event-id")
    if given is None or given == "":
        return None
    if not given.isdigit() or len(given) > 18:  # noqa: PLR2004 - digits of a bigint
        raise BadRequest("Last-Event-ID phải là mã sự kiện đã nhận", code="last_event_id_invalid")
    return int(given)


async def _messages(
    request: Request, topics: frozenset[str], last_id: int | None, seat: Seat
) -> AsyncIterator[ServerSentEvent]:
    listener: Listener = request.app.state.live
    with listener.subscribe(topics, seat) as subscription:
        yield ServerSentEvent(comment="ok", retry=3000)
        sent: set[int] = set()
        if last_id is not None:
            missed = await _missed(request, topics, last_id)
            if missed is None:
                yield ServerSentEvent(event="reset", data="{}")
            for event in missed or ():
                sent.add(event.id)
                yield _message(event)
        async for event in _coming(subscription):
            if event.id not in sent:
                yield _message(event)


async def _coming(subscription: Subscription) -> AsyncIterator[LiveEvent]:
    over_at = asyncio.get_running_loop().time() + LONGEST_SECONDS
    with suppress(TimeoutError):
        while True:
            async with asyncio.timeout_at(over_at):
                event = await subscription.queue.get()
            if event is None:
                return
            yield event


def _message(event: LiveEvent) -> ServerSentEvent:
    data = json.dumps(event.payload, ensure_ascii=False)
    return ServerSentEvent(id=str(event.id), event=event.event, data=data)


async def _missed(request: Request, topics: frozenset[str], last_id: int) -> list[LiveEvent] | None:
    """Return what the client missed, oldest first; None when that is no longer known.

    Ids are given before commits: what committed late, or was held back, has a lower id than the
    last one sent. So the look-back is by time.
    """
    columns = live_event.c
    async with request.app.state.database.sessions() as session:
        since = await session.scalar(_TIME_OF.where(columns.id == last_id))
        if since is None:
            return None
        found = await session.execute(
            select(columns.id, columns.topic, columns.event, columns.payload, columns.coalesce_key)
            .where(columns.topic.in_(topics), columns.created_at >= since - _LOOK_BACK)
            .where(columns.id != last_id)
            .order_by(columns.id)
            .limit(_MOST_MISSED + 1)
        )
        events = [LiveEvent(*row) for row in found]
    return events if len(events) <= _MOST_MISSED else None
