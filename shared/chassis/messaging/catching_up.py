"""The sure way: compare digests with every producer and pull from its log what is missing here.

The same path fills a new consumer from the beginning, heals a deleted queue or binding, and a
restored backup. What is pulled goes through the same inbox as what the broker brings.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.messaging.consuming import Consumer
from chassis.messaging.events import EventRouter, Guard
from chassis.messaging.feed import XOR, Bucket, Heads, Sum
from contracts.envelope import Envelope
from contracts.events import event_class

log = structlog.get_logger()

PAGE = 1_000  # events pulled at once
SUMMED = 250_000  # events in one sum
SETTLING = timedelta(seconds=10)  # the newest events may still be on their way by the broker
RECENT = timedelta(hours=3)  # compared every minute; covers the hour that survey answers are cut to
RETAINED = timedelta(days=13)  # compared on start: one day less than the inbox keeps
_CURSOR = text("SELECT cursor, complete FROM catch_up WHERE producer = :producer")
_MOVE = text("""
    INSERT INTO catch_up (producer, cursor, complete) VALUES (:producer, :cursor, :complete)
    ON CONFLICT (producer) DO UPDATE SET cursor = excluded.cursor,
      complete = catch_up.complete OR excluded.complete, moved_at = now()
""")
_MINE = """
    SELECT type, date_trunc('minute', time) AS minute, count(*) AS count, {xor} FROM inbox
    WHERE type = ANY(CAST(:types AS text[])) AND time >= :since AND time < :until GROUP BY 1, 2
"""
_GUARDED = """
    SELECT {type} AS type, date_trunc('minute', {time}) AS minute,
      count(*) AS count, {xor} FROM {table}
    WHERE {time} >= :since AND {time} < :until{of_types} GROUP BY 1, 2
"""
_OF_TYPES = " AND type = ANY(CAST(:types AS text[]))"
_ITS_TYPE = "(CAST(:types AS text[]))[1]"


class ServiceToken:
    """A client-credentials token for the services' internal routes, renewed before it expires."""

    def __init__(self, service: str, issuer: str, secret: str) -> None:
        self.service, self.issuer, self._secret = service, issuer.rstrip("/"), secret
        self._token, self._until = "", 0.0

    async def get(self, client: httpx.AsyncClient) -> str:
        """Return a token that is valid for at least half a minute."""
        now = asyncio.get_running_loop().time()
        if now > self._until - 30:
            discovery = await client.get(f"{self.issuer}/.well-known/openid-configuration")
            answer = await client.post(
                discovery.raise_for_status().json()["token_endpoint"],
                data={
                    "grant_type": "client_credentials",
                    "client_id": self.service,
                    "client_secret": self._secret,
                },
            )
            body = answer.raise_for_status().json()
            self._token, self._until = body["access_token"], now + int(body["expires_in"])
        return self._token


@dataclass
class Producer:
    """Another service's log, read over HTTP."""

    name: str
    base_url: str
    token: ServiceToken
    client: httpx.AsyncClient

    async def get(self, path: str, **query: Any) -> Any:
        """Return the JSON answer of an internal route."""
        answer = await self.client.get(
            f"{self.base_url}/internal/v1/events{path}",
            params=query,
            headers={"Authorization": f"Bearer {await self.token.get(self.client)}"},
        )
        return answer.raise_for_status().json()

    async def digest(self, types: list[str], since: datetime, until: datetime) -> list[Bucket]:
        """Return the producer's buckets."""
        rows = await self.get(
            "/digest", types=types, since=since.isoformat(), until=until.isoformat()
        )
        return [Bucket.model_validate(row) for row in rows]

    async def sums(self, types: list[str]) -> AsyncIterator[Sum]:
        """Yield count and XOR of the whole log, piece after piece."""
        since, seq = datetime(2000, 1, 1, tzinfo=UTC), 0
        while True:
            span = {"since": since.isoformat(), "seq": seq, "limit": SUMMED}
            piece = Sum.model_validate(await self.get("/sum", types=types, **span))
            if not piece.count:
                return
            yield piece
            since, seq = piece.since, piece.seq

    async def between(self, bucket: Bucket) -> AsyncIterator[list[Envelope]]:
        """Yield the events of a bucket's type and minute, a page at a time."""
        until = (bucket.minute + timedelta(minutes=1)).isoformat()
        since, seq, complete = bucket.minute.isoformat(), 0, False
        while not complete:
            page = await self.get(
                "/between", types=[bucket.type], since=since, seq=seq, until=until, limit=PAGE
            )
            yield self.own_events(page)
            since, seq, complete = page["since"], page["seq"], page["complete"]

    async def from_the_beginning(self, types: list[str]) -> AsyncIterator[list[Envelope]]:
        """Yield every event of some types, a page at a time."""
        cursor, complete = "0.0", False
        while not complete:
            page = await self.get("", types=types, after=cursor, limit=PAGE)
            yield self.own_events(page)
            cursor, complete = page["next"], page["complete"]

    def own_events(self, page: dict[str, Any]) -> list[Envelope]:
        """Return the events of a page. Raises ValueError for one that is not its own."""
        envelopes = [Envelope.model_validate(item) for item in page["events"]]
        for envelope in envelopes:
            if envelope.type.split(".", 1)[0] != self.name:
                raise ValueError(f"{self.name} serves {envelope.type}, which is not its own")
        return envelopes

    async def heads(self, types: list[str]) -> Heads:
        """Return the digest of the newest versions."""
        return Heads.model_validate(await self.get("/heads", types=types))


class CatchingUp:
    """Keeps one service level with the logs of the services it listens to."""

    def __init__(
        self,
        router: EventRouter,
        database: Database,
        producers: list[Producer],
        every: float,
        reader: str = "",
    ) -> None:
        """`every`: seconds between two comparisons with the producers.

        `reader`: of several that a service has, the name of another than its handlers; each reads
        the logs from their beginning by itself.
        """
        self.router, self.database, self.producers, self.every = router, database, producers, every
        self._reader = f"{reader}:" if reader else ""
        self.consumer = Consumer(router, database)
        self._before: dict[str, dict[tuple[str, datetime], int]] = {}  # by producer

    async def run(self) -> None:
        """Catch up for ever; a producer that cannot be reached is tried again next time."""
        since = RETAINED
        while True:
            failed = False
            for producer in self.producers:
                try:
                    await self.once(producer, since)
                except Exception as error:  # noqa: BLE001 - logged; the next round tries again
                    failed = True
                    log.warning("catching_up_failed", producer=producer.name,
                                error=f"{type(error).__name__}: {error}"[:200])  # fmt: skip
            since = RETAINED if failed else RECENT
            await asyncio.sleep(2 if failed else self.every)

    async def once(self, producer: Producer, back: timedelta = RETAINED) -> int:
        """Fill from the beginning when new, else compare and heal; return how many were pulled."""
        types = self.router.types_of(producer.name)
        async with self.database.sessions() as session:
            row = (
                await session.execute(_CURSOR, {"producer": self._reader + producer.name})
            ).first()
        if row is None or not row.complete:
            return await self._fill(producer, types, row.cursor if row else "0.0")
        return await self._heal(producer, types, back)

    def _named(self, producer: Producer) -> dict[str, str]:
        return {"producer": self._reader + producer.name}

    async def _fill(self, producer: Producer, types: list[str], cursor: str) -> int:
        pulled = 0
        while True:
            page = await producer.get("", types=types, after=cursor, limit=PAGE)
            envelopes = producer.own_events(page)
            await self.consumer.apply(envelopes, replay=True)
            pulled, cursor = pulled + len(envelopes), page["next"]
            async with self.database.sessions.begin() as session:
                moved = {"cursor": cursor, "complete": page["complete"]}
                await session.execute(_MOVE, {**self._named(producer), **moved})
            if page["complete"]:
                log.info("caught_up", producer=producer.name, events=pulled)
                return pulled

    async def _heal(self, producer: Producer, types: list[str], back: timedelta) -> int:
        async with self.database.sessions() as session:
            now: datetime = (await session.execute(text("SELECT now()"))).scalar_one()
            since = (now.astimezone(UTC) - back).replace(second=0, microsecond=0)
            theirs = await producer.digest(types, since, now.astimezone(UTC) - SETTLING)
            mine = {(b.type, b.minute): b for b in await self.digest(session, types, since, now)}
        pulled, before = 0, self._before.get(producer.name, {})
        self._before[producer.name] = {(b.type, b.minute): b.count for b in theirs}
        for bucket in theirs:
            earlier = before.get((bucket.type, bucket.minute))
            own = mine.get((bucket.type, bucket.minute))
            if lacks(bucket, own, earlier, fills=_still_fills(bucket, now)):
                pulled += await self._pull(producer, bucket)
        return pulled

    async def _pull(self, producer: Producer, bucket: Bucket) -> int:
        pulled = 0
        async for envelopes in producer.between(bucket):
            await self.consumer.apply(envelopes)
            pulled += len(envelopes)
        log.info("healed", producer=producer.name, type=bucket.type, minute=str(bucket.minute),
                 events=pulled)  # fmt: skip
        return pulled

    async def digest(
        self, session: AsyncSession, types: list[str], since: datetime, until: datetime
    ) -> list[Bucket]:
        """Return this consumer's own buckets: of its inbox, and of its guarding fact tables."""
        span = {"since": since, "until": until}
        plain = [t for t in types if self.router.routes[t].guarded_by is None]
        rows: list[Row[Any]] = []
        if plain:
            query = text(_MINE.format(xor=XOR.format(id="id")))
            rows += await session.execute(query, {"types": plain, **span})
        guarded: dict[Guard, list[str]] = {}
        for type_ in types:
            if guard := self.router.routes[type_].guarded_by:
                guarded.setdefault(guard, []).append(type_)
        for guard, its in guarded.items():  # one look at a table, however many types it holds
            query = text(_guarded(guard))
            rows += list(await session.execute(query, {"types": its, **span}))
        return [Bucket.model_validate(row._asdict()) for row in rows]


def _guarded(guard: Guard) -> str:
    type_, of_types = ("type", _OF_TYPES) if guard.of_many else (_ITS_TYPE, "")
    return _GUARDED.format(
        xor=XOR.format(id=guard.id), table=guard.table, time=guard.time,
        type=type_, of_types=of_types,
    )  # fmt: skip


def lacks(theirs: Bucket, mine: Bucket | None, earlier: int | None, *, fills: bool) -> bool:
    """Whether to pull a bucket. `earlier`: the producer's count at the last look.

    Answers' times are cut to the hour: one bucket takes a whole hour's, and under load it always
    differs by those on their way. While it `fills`, it is pulled only when what the producer had
    a look ago is not all here yet, or when it no longer grows.
    """
    if not differs(theirs, mine):
        return False
    if not fills:
        return True
    return earlier is not None and (
        earlier == theirs.count or (mine.count if mine else 0) < earlier
    )


def _still_fills(bucket: Bucket, now: datetime) -> bool:
    cut_to_the_hour = getattr(event_class(bucket.type), "unversioned", False)
    return cut_to_the_hour and now < bucket.minute + timedelta(hours=1) + SETTLING


def differs(theirs: Bucket, mine: Bucket | None) -> bool:
    """Whether a bucket of the producer holds an event that this consumer lacks.

    The newest bucket may be ahead here, when an event arrived between the two looks.
    """
    return mine is None or (mine.count, mine.high, mine.low) != (
        theirs.count, theirs.high, theirs.low)  # fmt: skip
