"""HTTP: the public events, behind a cursor; a reader may wait for the next."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request
from starlette.responses import Response

from chassis.live import Arrivals
from chassis.web import (
    CurrentActor,
    IfNoneMatch,
    ServiceRouter,
    Transaction,
    answer_by_content,
    find_again,
    give_back,
    say_items,
)
from notifications.subscribers.feed import reading
from notifications.subscribers.feed.asking import Asked, asked
from notifications.subscribers.feed.reading import FIRST, Slice
from notifications.subscribers.feed.views import EventsView, Found, body_of
from notifications.subscribers.subscriptions.matching import Filter
from notifications.subscribers.subscriptions.positions import (
    Position,
    cursor_of,
    snapshot_cursor_of,
    snapshot_of,
)
from notifications.subscribers.subscriptions.tail import tail

router = ServiceRouter(prefix="/v1", tags=["events"])
LONGEST_WAIT = 30  # seconds
MOST = 5000
Listed = Annotated[Sequence[str], Query(max_length=200)]
Cursor = Annotated[str | None, Query(max_length=200)]


class Wish:
    """Which events, how many, and how long to wait for the first."""

    def __init__(
        self,
        types: Listed = (),
        units: Listed = (),
        subscription_id: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
        wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT)] = 0,
    ) -> None:
        self.types, self.units, self.subscription_id = types, units, subscription_id
        self.limit, self.wait = limit, wait


@router.get("/events", policy="event.read", response_model=EventsView)
async def read_events(
    request: Request,
    session: Transaction,
    actor: CurrentActor,
    wish: Annotated[Wish, Depends()],
    after: Cursor = None,
    snapshots: bool = False,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Return public events, in the order in which they were kept.

    `after`: the `next` of the answer before; empty, from the beginning (24 months); `now`, from
    now on. `types`, `units`: lists with commas; `tasks.*` is all of a service. With `wait` seconds
    an answer without events comes when there is one, or then. `snapshots`: of every subject the
    newest event instead; once `complete`, `next` is where to go on without a gap. A subscription
    brings its own filter; `after` acknowledges to it, and without `after` it goes on where it was.
    `Link` (`rel="next"`) is where to go on, too: known before the answer is read.

    422 `cursor_invalid`, `event_type_unknown`, `unit_unknown`, `filter_twice`; 404
    `subscription_not_found`; 409 `subscription_not_active`, `cursor_ahead`.
    """
    secret = request.app.state.cursor_secret
    question = await asked(session, actor, wish.types, wish.units, wish.subscription_id)
    if snapshots:
        found = await _snapshot(session, question, after, wish.limit, secret)
    else:
        start = await question.start(session, after, secret)
        part = await _in_time(request, session, question.wanted, start, wish)
        found = Found(part.events, cursor_of(part.next, secret), part.complete)
    answer = answer_by_content(body_of(found), if_none_match)
    following = request.url.include_query_params(after=found.following)
    if found.complete:
        following = following.remove_query_params("snapshots")
    answer.headers["Link"] = f'<?{following.query}>; rel="next"'
    say_items(request, found.events.count if answer.body else 0)
    return answer


async def _snapshot(
    session: Transaction, question: Asked, after: str | None, limit: int, secret: bytes
) -> Found:
    until, subject = snapshot_of(after, secret) if after else (await tail(session), FIRST)
    part = await reading.newest(session, until, subject, question.wanted, limit)
    if part.subject is None:
        return Found(part.events, cursor_of(until, secret), complete=True)
    following = snapshot_cursor_of(until, part.subject, secret)
    return Found(part.events, following, complete=False)


async def _in_time(
    request: Request, session: Transaction, wanted: Filter, position: Position, wish: Wish
) -> Slice:
    """Read; while there is nothing, wait for what comes, with no connection held meanwhile.

    Whoever filters by fields and has more to look at asks again: looking on is not waiting.
    """
    arrivals: Arrivals | None = request.app.state.arrivals
    end = time.monotonic() + wish.wait
    while True:
        coming = arrivals.coming() if arrivals and wish.wait else None
        part = await reading.behind(session, position, wanted, wish.limit)
        position, left = part.next, end - time.monotonic()
        if part.events.count or not part.complete or coming is None or left <= 0:
            return part
        await _wait(request, session, coming, left)
        wanted = await _wanted_now(request, session, wish)


async def _wanted_now(request: Request, session: Transaction, wish: Wish) -> Filter:
    """Ask again after a wait: a key may have ended, a partner have less, a subscription rest."""
    actor = await find_again(request, session)
    question = await asked(session, actor, wish.types, wish.units, wish.subscription_id)
    return question.wanted


async def _wait(
    request: Request, session: Transaction, coming: asyncio.Event, seconds: float
) -> None:
    await give_back(session)
    seat = request.app.state.live.seat(str(request.state.actor.person_id))
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await coming.wait()
    del seat
