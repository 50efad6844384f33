"""The relay's loop: events become deliveries, deliveries become attempts, attempts are settled.

Receivers that hang slow nobody: each has one place until it has answered well, those that fail or
are slow together have half of all places at most, and an attempt that hangs gives its place up.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from prometheus_client import Counter as Count

from chassis import failpoints
from chassis.concurrency import all_together
from chassis.database import Database, is_away, may_be_tried_again
from chassis.listening import listen
from notifications.subscribers.feed.keeping import CHANNEL
from notifications.subscribers.webhooks.claims import (
    AT_ONCE,
    Claim,
    Places,
    claim,
    find_lost,
    release,
)
from notifications.subscribers.webhooks.posting import Post
from notifications.subscribers.webhooks.retrying import Answer
from notifications.subscribers.webhooks.settling import Outcome, settle
from notifications.subscribers.webhooks.signing import signed
from notifications.subscribers.webhooks.spreading import Spreading, full

log = structlog.get_logger()
ATTEMPTS = Count("webhook_attempts_total", "Attempts to deliver a webhook, by outcome", ["outcome"])

MOST = 400  # attempts at once that do not hang; those that do are as many at most
_LOOK_EVERY = 0.5  # seconds, when nothing wakes us
_GATHER = 0.03  # seconds in which what is to be sent, or was answered, is taken together
_SPREAD_TOGETHER = 0.15  # seconds in which events are: our own people are told of them first
_SLOW = 2.0  # seconds an answer takes before its receiver gets one place only
_COUNT_EVERY = 5.0  # seconds between two counts of what waits for each
_PAUSE = 2.0  # seconds after the database was away
_LAST_WORDS = 3.0  # seconds attempts may still take when the process is told to end
_SECOND = 1.0
EXAMPLE = {"Nhip-Example": "1"}
"""The header of what was only sent to try the way."""


@dataclass(frozen=True, slots=True)
class Flight:
    """A delivery on its way since a moment of this process's clock."""

    claim: Claim
    since: float

    @property
    def hangs(self) -> bool:
        """Whether it takes longer than an answer should."""
        return monotonic() - self.since > _SLOW


class Sender:
    """Sends what subscriptions of transport `webhook` want. Any number of relays may."""

    def __init__(self, post: Post, *, most: int = MOST) -> None:
        """`post`: the way out; `most`: attempts at once."""
        self.post, self.most = post, most
        self._spreading = Spreading()
        self._flying: dict[UUID, Flight] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._done: list[Outcome] = []
        self._slow: set[UUID] = set()
        self._quick: set[UUID] = set()
        self._paced: dict[UUID, float] = {}
        self._full: list[UUID] = []
        self._counted = self._sought = 0.0
        self._arrived, self._due, self._answered = (asyncio.Event() for _ in range(3))

    async def run(self, database: Database) -> None:
        """Send for ever. A database that is away is waited for."""
        try:
            await all_together(
                listen(database.url, CHANNEL, self._wake),
                _for_ever(lambda: self._spread(database)),
                _for_ever(lambda: self._send(database)),
                _for_ever(lambda: self._settle(database)),
            )
        finally:
            await _to_its_end(self._end(database))

    async def _wake(self, _: object) -> None:
        self._arrived.set()

    async def _spread(self, database: Database) -> None:
        if self._spreading.anybody:
            await _signalled(self._arrived, _SPREAD_TOGETHER)
        else:  # no event is for anybody: a new subscription is seen in time
            await asyncio.sleep(_LOOK_EVERY)
        if monotonic() - self._sought > _SECOND:
            await find_lost(database)
            self._sought = monotonic()
        if monotonic() - self._counted > _COUNT_EVERY:
            self._full, self._counted = await full(database), monotonic()
        done = await self._spreading.step(database, self._full)
        if done.more:
            self._arrived.set()
        if done.stored:
            self._due.set()

    async def _send(self, database: Database) -> None:
        await _signalled(self._due)
        hanging = [each for each in self._flying.values() if each.hangs]
        room = min(self.most - len(self._flying) + len(hanging), 2 * self.most - len(self._flying))
        if room <= 0:
            return
        for each in await claim(database, self._places(hanging), room):
            self._flying[each.id] = Flight(each, monotonic())
            self._pace(each)
            task = asyncio.create_task(self._attempt(each))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _attempt(self, claim: Claim) -> None:
        """Send one; what came of it is settled with others."""
        if claim.body is None:
            answer = Answer(None, "the event is older than what is kept")
        else:
            body = claim.body.encode()
            headers = signed(claim.secrets, str(claim.event_id), datetime.now(UTC), body)
            answer = await self.post(
                claim.url, body, {**headers, **(EXAMPLE if claim.is_example else {})}
            )
        failpoints.hit("webhook.after_send_before_mark")
        ATTEMPTS.labels("taken" if answer.taken else "failed").inc()
        is_slow = not answer.taken or answer.milliseconds > _SLOW * 1000
        now, no_more = (self._slow, self._quick) if is_slow else (self._quick, self._slow)
        now.add(claim.subscription_id)
        no_more.discard(claim.subscription_id)
        self._done.append(Outcome(claim, answer))
        self._answered.set()

    async def _settle(self, database: Database) -> None:
        await _signalled(self._answered)
        outcomes, self._done = self._done, []
        if not outcomes:
            return
        try:
            await settle(database, outcomes)
        except Exception as error:
            if is_away(error) or may_be_tried_again(error):
                self._done = outcomes + self._done
                self._answered.set()
            raise
        finally:
            settled = {each.claim.id for each in outcomes} - {each.claim.id for each in self._done}
            for id_ in settled:
                self._flying.pop(id_, None)
        self._due.set()

    def _places(self, hanging: Iterable[Flight]) -> dict[UUID, Places]:
        """Return what each may have that has not just one place, or has something on its way."""
        flying = Counter(each.claim.subscription_id for each in self._flying.values())
        slow = self._slow.union(each.claim.subscription_id for each in hanging)
        crowded = sum(flying[each] for each in slow) >= self.most // 2
        now = monotonic()
        self._paced = {id_: until for id_, until in self._paced.items() if until > now}
        places = {}
        for id_ in {*flying, *slow, *self._quick, *self._paced}:
            most = AT_ONCE if id_ in self._quick else 1
            if id_ in slow:
                most = 0 if crowded else 1
            places[id_] = Places(flying[id_], 0 if id_ in self._paced else most)
        return places

    def _pace(self, claim: Claim) -> None:
        """Leave a receiver that wants so many a second alone for the share of this one."""
        if claim.rate_per_second:
            begin = max(self._paced.get(claim.subscription_id, 0.0), monotonic())
            self._paced[claim.subscription_id] = begin + 1 / claim.rate_per_second

    async def _end(self, database: Database) -> None:
        """Let attempts come to their end for a moment; put back what has not."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_LAST_WORDS)
        for task in self._tasks:
            task.cancel()
        if self._done:
            await settle(database, self._done)
        left = set(self._flying) - {each.claim.id for each in self._done}
        if left:
            await release(database, sorted(left))
        await self.post.close()


async def _signalled(event: asyncio.Event, together: float = _GATHER) -> None:
    """Wait for a signal, or a while; then gather what comes with it."""
    try:
        async with asyncio.timeout(_LOOK_EVERY):
            await event.wait()
    except TimeoutError:
        return
    await asyncio.sleep(together)
    event.clear()


async def _for_ever(step: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await step()
        except Exception as error:
            away = is_away(error) or may_be_tried_again(error)
            log.warning("webhooks_wait", error=type(error).__name__, exc_info=not away)
            await asyncio.sleep(_PAUSE)


async def _to_its_end(work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
