"""Rows 31: a partner at the broker who never reads, takes everything, opens channels, publishes."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aio_pika
import pytest
from tests.faults.rig import QUEUE_LENGTH

from chassis.messaging.outside import USER_LIMITS
from devstack.demo.office import Office

pytestmark = [pytest.mark.timeout(600), pytest.mark.faults, pytest.mark.broker]
REFUSED = (aio_pika.exceptions.AMQPError, ConnectionError, RuntimeError)


@dataclass
class Partner:
    """A partner's way to its queue."""

    url: str
    queue: str
    at: str  # its subscription

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[set[str]]:
        """Read as a good program does; yield the ids that came."""
        seen: set[str] = set()

        async def take(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            seen.add(str(message.message_id))
            await message.ack()

        connection = await aio_pika.connect(self.url)
        async with connection:
            channel = await connection.channel()
            await channel.set_qos(prefetch_count=50)
            await (await channel.get_queue(self.queue, ensure=False)).consume(take)
            yield seen


@pytest.fixture(scope="package")
async def partners(rig, world) -> tuple[Partner, Partner]:
    """A good neighbour, and one that misbehaves."""
    office = Office(rig.addresses)
    made = await asyncio.to_thread(lambda: [_subscribed(rig, office, n) for n in ("good", "bad")])
    return made[0], made[1]


def _subscribed(rig, office: Office, name: str) -> Partner:
    facts = {
        "name": name, "organisation": name, "contact_email": f"{name}@snv.example",
        "event_types": ["*"], "read_apis": [], "unit_ids": None, "origins": [],
        "subject": uuid4().hex, "expires_on": str(datetime.now(UTC).date() + timedelta(days=30)),
    }  # fmt: skip
    partner = office.post("admin", "notifications", "/partners", facts)
    wanted = {
        "name": name, "transport": "amqp", "types": ["tasks.*"], "partner_id": partner["id"],
    }  # fmt: skip
    subscription = office.post("admin", "notifications", "/subscriptions", wanted)
    at = f"/subscriptions/{subscription['id']}"
    given = office.post("admin", "notifications", f"{at}/credentials")
    host = given["address"].removeprefix("amqp://")
    return Partner(f"amqp://{given['user']}:{given['password']}@{host}", given["queue"], at)


@contextlib.asynccontextmanager
async def never_reads(_: Partner) -> AsyncIterator[None]:
    """Be away."""
    yield


@contextlib.asynccontextmanager
async def takes_everything(partner: Partner) -> AsyncIterator[None]:
    """Set no prefetch, take all there is over five consumers, acknowledge nothing."""

    async def keep(_: object) -> None:
        """Never answer."""

    connection = await aio_pika.connect(partner.url)
    async with connection:
        channel = await connection.channel()
        queue = await channel.get_queue(partner.queue, ensure=False)
        for _ in range(5):
            await queue.consume(keep)
        yield


@contextlib.asynccontextmanager
async def opens_channels(partner: Partner) -> AsyncIterator[None]:
    """Try a thousand channels, again and again."""

    async def storm() -> None:
        while True:
            with contextlib.suppress(*REFUSED):
                connection = await aio_pika.connect(partner.url)
                async with connection:
                    for opened in range(1000):
                        await connection.channel()
                        assert opened < USER_LIMITS["max-channels"] + 10, "never refused"
            await asyncio.sleep(0.2)

    async with _meanwhile(storm()):
        yield


@contextlib.asynccontextmanager
async def publishes(partner: Partner) -> AsyncIterator[None]:
    """Try to publish everywhere, again and again."""

    async def storm() -> None:
        while True:
            for exchange in ("", "amq.topic", "amq.fanout", "events"):
                with contextlib.suppress(*REFUSED):
                    await _publish(partner, exchange)
                    raise AssertionError(f"published to {exchange!r}")
            await asyncio.sleep(0.1)

    async with _meanwhile(storm()):
        yield


async def _publish(partner: Partner, exchange: str) -> None:
    connection = await aio_pika.connect(partner.url)
    async with connection:
        channel = await connection.channel()
        to = (
            await channel.get_exchange(exchange, ensure=False)
            if exchange
            else channel.default_exchange
        )
        await to.publish(aio_pika.Message(b"{}"), partner.queue, timeout=5)


@contextlib.asynccontextmanager
async def _meanwhile(work: Any) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


MISDEEDS = {
    "away": (never_reads, "a partner never reads its queue"),
    "greedy": (takes_everything, "a partner takes all, without prefetch or acknowledging"),
    "channels": (opens_channels, "a partner opens a thousand channels, again and again"),
    "publishes": (publishes, "a partner publishes wherever it can"),
}


@pytest.mark.parametrize("name", MISDEEDS)
async def test_a_partner_harms_neither_us_nor_its_neighbour(rig, row, partners, eventually, name):
    good, bad = partners
    misdeed, what = MISDEEDS[name]
    office = Office(rig.addresses)

    async def ready() -> bool:
        both = [office.get("admin", "notifications", f"{each.at}/queue") for each in (good, bad)]
        return all(queue["state"] == "ready" for queue in both)

    await eventually(ready, within=60, every=1)
    began = datetime.now(UTC)
    async with row(f"31 {name}", what) as fault, good.reading() as seen, misdeed(bad):
        now = len(rig.ledger.operations(row=rig.ledger.row))
        await fault.load.acked(now + 80)
        fault.over()

        async def all_came() -> bool:
            kept = await rig.query(
                "notifications",
                "SELECT id FROM public_event WHERE type LIKE 'tasks.%' AND kept_at > $1", began,
            )  # fmt: skip
            return len(kept) > 50 and {str(each["id"]) for each in kept} <= seen

        await eventually(all_came, within=60, every=0.5)
    held = await rig.manage("GET", f"queues/partners/{bad.queue}")
    assert held.json()["messages_ready"] <= QUEUE_LENGTH + 1, "the bound did not hold"
