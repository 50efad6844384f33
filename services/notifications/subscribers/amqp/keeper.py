"""Makes the broker agree with the table of queues, and writes down what waits in them.

A loop of the clock, which alone has the administrator's address (docs/adr/0020). It holds no
transaction while the broker is asked: that would hold up whoever reads events.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.database import Database
from chassis.leading import for_ever, leading
from chassis.messaging import outside
from chassis.messaging.broker import Broker
from chassis.messaging.delivering import CONFIRM_SECONDS
from chassis.messaging.management import Management, RightsProblem, administrator
from chassis.messaging.outside import Measure, Outsider
from notifications.subscribers.amqp.domain import Load, Scope, earlier_of
from notifications.subscribers.amqp.models import PartnerQueue

log = structlog.get_logger()
LOOK_EVERY = 1.0  # seconds; a new subscription waits no longer
MEASURE_EVERY = 5.0  # the broker itself counts no more often
CHECK_EVERY = 60.0  # whether all is still as it was made
REST = timedelta(seconds=CONFIRM_SECONDS + 1)
"""So long there is no queue after it was emptied: nothing chosen before is still put in."""

_WANTED = text("""
    SELECT * FROM (
      SELECT q.subscription_id, q.name, q.password_hash, q.most_messages, q.made_at, q.asked_at,
        q.settled_at, q.let_in, s.id IS NULL AS gone,
        q.may_types, q.may_units, p.event_types, p.unit_ids,
        s.state <> 'disabled' AND p.revoked_at IS NULL
          AND p.expires_on >= CAST(now() AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)
          AND (q.emptied_at IS NULL OR q.emptied_at < now() - CAST(:rest AS interval)) AS open
      FROM partner_queue q LEFT JOIN subscription s ON s.id = q.subscription_id
      LEFT JOIN partner p ON p.id = s.partner_id
    ) AS wanted
    WHERE :all OR settled_at IS NULL OR gone OR open <> let_in
      OR (may_types, may_units) IS DISTINCT FROM (event_types, unit_ids) ORDER BY asked_at
""")


@dataclass(frozen=True)
class Wanted:
    """What should be at the broker for a row: a queue `open` to its user or not, or nothing.

    It is closed to one that was disabled, and to a partner that was revoked or has expired.
    `filled`: what its partner might have when it was last settled; `scope`: what it may have now.
    """

    subscription_id: UUID
    outsider: Outsider
    made_at: datetime | None
    gone: bool
    open: bool
    scope: Scope
    filled: Scope

    @property
    def holds_too_much(self) -> bool:
        """Whether there may be something in it that its partner may not have any more."""
        stands = self.made_at is not None and not self.gone
        return stands and self.filled.reaches_beyond(self.scope)


class Keeper:
    """Keeps partners' users and queues. `exporter`: our own user's way to their virtual host."""

    def __init__(self, admin_url: str, exporter: Broker) -> None:
        self.admin_url, self.exporter = admin_url, exporter
        self._checked = self._measured = 0.0

    async def run(self, database: Database) -> None:
        """Lead or stand by, for ever."""
        await for_ever("partner_queues_interrupted", lambda: self._lead(database))

    async def _lead(self, database: Database) -> None:
        self._checked = 0.0
        async with (
            leading(database, "partner queues") as lock,
            administrator(self.admin_url, "PARTNERS_ADMIN_URL") as admin,
        ):
            while True:
                await self.step(admin, database)
                await lock.fetchval("SELECT 1", timeout=5)  # the lead lives as long as this
                await asyncio.sleep(LOOK_EVERY)

    async def step(self, admin: Management, database: Database) -> None:
        """Settle what is not settled; now and then check all, and measure."""
        everything = time.monotonic() - self._checked > CHECK_EVERY or not self._checked
        if everything:
            await outside.provide(admin, self.exporter)
            self._checked = time.monotonic()
        for wanted in await _wanted(database, everything=everything):
            await self._settle(admin, database, wanted)
        if time.monotonic() - self._measured > MEASURE_EVERY:
            self._measured = time.monotonic()
            found = await outside.measure(admin, self.exporter.vhost)
            async with database.sessions.begin() as session:
                await note_measures(session, found, await database_now(session))

    async def _settle(self, admin: Management, database: Database, wanted: Wanted) -> None:
        """Bring one queue to what it should be; what fails is written on it and tried again."""
        try:
            if wanted.holds_too_much:
                await self._empty(admin, database, wanted)
                return
            lost = await self._bring_about(admin, wanted)
        except RightsProblem as problem:
            log.error("partner_queue_failed", queue=wanted.outsider.name, error=str(problem))
            await _write(database, wanted, error=str(problem))
            return
        if wanted.gone:
            await _forget(database, wanted)
        else:
            await _settled(database, wanted, lost=lost)

    async def _empty(self, admin: Management, database: Database, wanted: Wanted) -> None:
        """Take the queue down with what it holds; the next look but some makes it anew."""
        log.warning("partner_queue_emptied", queue=wanted.outsider.name)
        await outside.remove(admin, self.exporter.vhost, wanted.outsider.name)
        facts = {"emptied_at": text("now()"), "let_in": False, **wanted.scope.columns()}
        await _write(database, wanted, **facts)

    async def _bring_about(self, admin: Management, wanted: Wanted) -> bool:
        """Return whether a queue that was there is not, with all it held."""
        vhost, name = self.exporter.vhost, wanted.outsider.name
        if wanted.gone:
            await outside.remove(admin, vhost, name)
            return False
        if not wanted.open:
            await outside.shut_out(admin, name)
            return False
        lost = wanted.made_at is not None and not await outside.is_there(admin, vhost, name)
        await outside.admit(admin, self.exporter, wanted.outsider)
        return lost


async def note_measures(session: AsyncSession, found: Mapping[str, Measure], now: datetime) -> None:
    """Write down what waits in each queue now, and keep an older measure to compare it with."""
    for row in (await session.scalars(select(PartnerQueue).with_for_update())).all():
        if measure := found.get(row.name):
            _note(row, measure, now)


def _note(row: PartnerQueue, measure: Measure, now: datetime) -> None:
    kept = _load(row.earlier_at, row.earlier_messages, row.earlier_bytes)
    before = _load(row.measured_at, row.messages, row.bytes)
    earlier = earlier_of(kept, before, Load(now, measure.messages, measure.bytes))
    row.earlier_at, row.earlier_messages = earlier.at, earlier.messages
    row.earlier_bytes = earlier.bytes
    row.measured_at, row.messages, row.bytes = now, measure.messages, measure.bytes
    row.consumers = measure.consumers


def _load(at: datetime | None, messages: int | None, bytes_: int | None) -> Load | None:
    return None if at is None else Load(at, messages or 0, bytes_ or 0)


async def _wanted(database: Database, *, everything: bool) -> list[Wanted]:
    async with database.at_once.connect() as connection:
        rows = (await connection.execute(_WANTED, {"all": everything, "rest": REST})).all()
    return [
        Wanted(
            row.subscription_id,
            Outsider(row.name, row.password_hash, row.most_messages),
            row.made_at,
            row.gone,
            bool(row.open),
            Scope.of(row.event_types, row.unit_ids),
            Scope.of(row.may_types, row.may_units),
        )
        for row in rows
    ]


async def _settled(database: Database, wanted: Wanted, *, lost: bool) -> None:
    """A queue made anew has lost what it held: the partner has to recover, from where we know not.

    A password that was changed meanwhile stays to be brought about.
    """
    if lost:
        log.warning("partner_queue_made_anew", queue=wanted.outsider.name)
    facts: dict[str, Any] = {"error": None, "settled_at": text("now()"), "let_in": wanted.open}
    facts |= wanted.scope.columns()
    if wanted.made_at is None and wanted.open:
        facts["made_at"] = text("now()")
    if lost:
        facts["overflowed_at"] = text("now()")
    await _write(database, wanted, **facts)


async def _write(database: Database, wanted: Wanted, **facts: Any) -> None:
    same = PartnerQueue.password_hash == wanted.outsider.password_hash
    row = PartnerQueue.subscription_id == wanted.subscription_id
    async with database.sessions.begin() as session:
        await session.execute(update(PartnerQueue).where(row, same).values(**facts))


async def _forget(database: Database, wanted: Wanted) -> None:
    async with database.sessions.begin() as session:
        row = PartnerQueue.subscription_id == wanted.subscription_id
        await session.execute(delete(PartnerQueue).where(row))
