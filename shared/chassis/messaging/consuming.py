"""Consuming: the messages that have arrived become one transaction, acked after its COMMIT.

FastStream delivers; each delivery waits for the outcome of its batch. A batch that fails is redone
one event at a time, so that a poison event takes no neighbour along. While the database is away
nothing is acked, nothing is refused and no attempt is burned: the batch stays in memory.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import failpoints
from chassis.database import Database, is_away, may_be_tried_again
from chassis.messaging import inbox
from chassis.messaging.broker import Broker
from chassis.messaging.decoding import Unreadable, check_owner, decode, received
from chassis.messaging.events import Discard, EventRouter, Received, Retry, Route, waiting_since
from chassis.telemetry import HANDLER_TIME
from contracts.envelope import Envelope

log = structlog.get_logger()

MOST_MESSAGES = 200  # in one transaction
HANDLER_SECONDS = 60.0  # for a batch; a handler that never returns fails like any other
# Seconds after a batch, in which the next one gathers: a batch costs about as much as fifty events.
REST_PER_EVENT, LONGEST_REST = 0.0005, 0.040
SHORTEST_REST = 0.010  # of a queue with events by the hundred a second, and after a single event
TRIES_ON_CONFLICT = 3  # deadlock or serialization failure: the same transaction again, at once


class Stuck(Exception):
    """A handler did not return in time. No TimeoutError: that would mean a database away."""


@dataclass
class Delivery:
    """One message that was not acked yet. `settled` resolves to True (ack) or False (dead-letter).

    `since`: when its oldest change was committed, `came`: when it came; in seconds since 1970.
    `user`: who published it; the broker has checked that.
    """

    body: bytes
    since: float | None = None
    user: str | None = None
    came: float = field(default_factory=time.time)
    settled: asyncio.Future[bool] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    def settle(self, *, ack: bool) -> None:
        """Resolve once; a delivery whose channel has gone no longer waits."""
        if not self.settled.done():
            self.settled.set_result(ack)


class Consumer:
    """Applies batches of events to a service's database through its handlers.

    `broker`: whose users own which events, for what comes from there.
    """

    def __init__(
        self, router: EventRouter, database: Database, broker: Broker | None = None
    ) -> None:
        self.router, self.database, self.broker = router, database, broker
        self.database_away = False

    def read(self, delivery: Delivery) -> list[Envelope]:
        """Return the events of a message. Raises Unreadable, also for another service's."""
        envelopes = decode(delivery.body, self.router)
        if self.broker is not None:
            check_owner(envelopes, delivery.user, self.broker)
        return envelopes

    async def settle(self, deliveries: Sequence[Delivery]) -> int:
        """Apply all events of some messages and settle each message; return how many events."""
        readable: list[tuple[Delivery, list[Envelope]]] = []
        for delivery in deliveries:
            try:
                readable.append((delivery, self.read(delivery)))
            except Unreadable as error:
                log.error("event_unreadable", error=str(error))
                delivery.settle(ack=False)
        waiting_since.set(min((d.since for d, _ in readable if d.since), default=None))
        await self.apply([envelope for _, items in readable for envelope in items])
        failpoints.hit("consumer.after_commit_before_ack")
        for delivery, _ in readable:
            delivery.settle(ack=True)
        return sum(len(items) for _, items in readable)

    async def apply(self, envelopes: Sequence[Envelope], *, replay: bool = False) -> None:
        """Take every event into effect or into the inbox's retry. Returns only when committed."""
        envelopes = list({e.id: e for e in envelopes}.values())  # copies of one id: one event
        if not envelopes:
            return
        for attempt in range(TRIES_ON_CONFLICT):
            try:
                await self.when_database_answers(lambda: self._batch(envelopes, replay=replay))
            except Exception as error:  # noqa: BLE001 - whatever a handler raises is its event's
                if may_be_tried_again(error) and attempt + 1 < TRIES_ON_CONFLICT:
                    continue
                break
            else:
                return
        for envelope in envelopes:
            await self._one(envelope, replay=replay)

    async def retry_due(self) -> bool:
        """Try one failed event whose time has come; return whether there was one."""
        due = None
        try:
            async with _in_time(), self.database.sessions.begin() as session:
                due = await inbox.take_due(session)
                if due is not None:
                    await self._handle(session, [due[0]], replay=False)
                    await inbox.mark_done(session, due[0])
        except Exception as error:
            if due is None or (is_away(error) and not await self._database_answers()):
                raise
            failure = error
        else:
            return due is not None
        envelope, attempts = due
        async with self.database.sessions.begin() as session:
            await self._keep(session, envelope, failure, attempts + 1)
        return True

    async def _batch(self, envelopes: Sequence[Envelope], *, replay: bool) -> None:
        async with _in_time(), self.database.sessions.begin() as session:
            fresh = await self._admit(session, envelopes)
            failpoints.hit("consumer.after_inbox_insert")
            await self._handle(session, fresh, replay=replay)
            failpoints.hit("consumer.before_commit")

    async def _one(self, envelope: Envelope, *, replay: bool) -> None:
        try:
            await self.when_database_answers(lambda: self._batch([envelope], replay=replay))
        except Exception as error:  # noqa: BLE001 - recorded with the event, shown to operators
            failure = error

            async def keep() -> None:
                async with self.database.sessions.begin() as session:
                    await self._keep(session, envelope, failure, 1)

            await self.when_database_answers(keep)

    async def _admit(self, session: AsyncSession, envelopes: Sequence[Envelope]) -> list[Envelope]:
        guarded = {e.id for e in envelopes if self._route(e).guarded_by}
        new = await inbox.admit(session, [e for e in envelopes if e.id not in guarded])
        return [e for e in envelopes if e.id in guarded or e.id in new]

    async def _handle(
        self, session: AsyncSession, envelopes: Iterable[Envelope], *, replay: bool
    ) -> None:
        by_handler: dict[int, tuple[Route, list[Received]]] = {}  # type: ignore[type-arg]
        for envelope in envelopes:
            route = self._route(envelope)
            _, events = by_handler.setdefault(id(route.handler), (route, []))
            events.append(received(envelope, replay=replay))
        for route, events in by_handler.values():
            with HANDLER_TIME.labels(events[0].event.type).time():
                await route.handler(events, session)

    async def _keep(
        self, session: AsyncSession, envelope: Envelope, error: Exception, attempts: int
    ) -> None:
        state = await inbox.record_failure(
            session,
            envelope,
            f"{type(error).__name__}: {error}",
            attempts=attempts,
            after=error.after if isinstance(error, Retry) else None,
            park=isinstance(error, Discard),
        )
        log.warning("event_failed", type=envelope.type, event_id=str(envelope.id), state=state,
                    attempts=attempts, error=f"{type(error).__name__}: {error}"[:300])  # fmt: skip

    async def when_database_answers(self, work: Callable[[], Awaitable[None]]) -> None:
        """Repeat `work` until the database is back.

        Raises what `work` raised when that only looks like a database that is away (a handler's own
        OSError): the database answers, and still it fails. Waiting would hold up the whole queue.
        """
        delay, answered = 0.2, 0
        while True:
            try:
                await work()
            except Exception as error:
                if not is_away(error):
                    raise
                answered = answered + 1 if await self._database_answers() else 0
                if answered == TRIES_ON_CONFLICT:
                    raise
                self.database_away = not answered
                log.warning("database_away", error=f"{type(error).__name__}: {error}"[:200])
                await asyncio.sleep(delay)
                delay = min(delay * 2, 2.0)
            else:
                self.database_away = False
                return

    async def _database_answers(self) -> bool:
        try:
            async with self.database.engine.connect() as connection:
                await connection.exec_driver_sql("SELECT 1")
        except Exception:  # noqa: BLE001 - whatever it is, that is no answer
            return False
        return True

    def _route(self, envelope: Envelope) -> Route:
        return self.router.routes[envelope.type]


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    """End a transaction whose handler does not return. Raises Stuck.

    The server may have ended its session long before; what the rollback says of that is no reason
    to wait for the database.
    """
    limit = asyncio.timeout(HANDLER_SECONDS)
    try:
        async with limit:
            yield
    except Exception:
        if not limit.expired():
            raise
    else:
        return
    # Without a context: what the rollback met would look like a database that is away.
    raise Stuck(f"not handled within {HANDLER_SECONDS:.0f} s") from None


class Batcher:
    """Gathers one queue's deliveries: what came during the last commit is the next batch.

    A batch is followed by a rest, the larger the longer: the next one's events share its costs.
    After a single event, where few come, nobody waits for company that is not on its way.
    """

    def __init__(self, consumer: Consumer, *, shortest_rest: float = LONGEST_REST) -> None:
        self.consumer, self._shortest_rest = consumer, shortest_rest
        self._batch: list[Delivery] = []
        self._waiting: list[Delivery] = []
        self._arrived = asyncio.Event()
        self._over = False

    async def take(self, delivery: Delivery) -> bool:
        """Hand one message over and wait for its batch; True: ack, False: dead-letter.

        Cancelled, unsettled, when `run` ends first: the broker delivers it again.
        """
        if self._over:
            delivery.settled.cancel()
        self._waiting.append(delivery)
        self._arrived.set()
        return await delivery.settled

    def oldest(self) -> float | None:
        """Return since when the oldest message that is not settled has waited; None without one."""
        held = (each for each in (*self._batch, *self._waiting) if not each.settled.done())
        return min((each.since or each.came for each in held), default=None)

    async def run(self) -> None:
        """Settle batch after batch until cancelled; what is unsettled then is cancelled."""
        try:
            while True:
                await self._arrived.wait()
                await self._settle_next()
        finally:
            self._over = True
            for delivery in (*self._batch, *self._waiting):
                delivery.settled.cancel()

    async def _settle_next(self) -> None:
        taken, self._waiting = self._waiting[:MOST_MESSAGES], self._waiting[MOST_MESSAGES:]
        if not self._waiting:
            self._arrived.clear()
        self._batch = [delivery for delivery in taken if not delivery.settled.cancelled()]
        events = await self.consumer.settle(self._batch)
        await asyncio.sleep(self._rest(events))

    def _rest(self, events: int) -> float:
        longest = min(LONGEST_REST, self._shortest_rest + events * REST_PER_EVENT)
        return SHORTEST_REST if events == 1 else longest
