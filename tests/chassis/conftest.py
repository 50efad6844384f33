"""One producer and one consumer made of nothing but the chassis, on real servers."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import aio_pika
import asyncpg
import pytest

from chassis.clock import database_now
from chassis.database import Database, driver_url
from chassis.ids import new_id
from chassis.messaging import outbox
from chassis.messaging.events import EventRouter
from contracts.tasks import PersonChanged, PersonState, UnitChanged, UnitState

SEEN = "CREATE TABLE seen (event_id uuid, unit_id uuid, version bigint)"


@pytest.fixture(scope="session")
async def messaging_template(lasting_database, migrated_template) -> str:
    """Borrow the schema of a real service, for a consumer that writes down what it sees."""
    url = await lasting_database(await migrated_template("notifications"))
    connection = await asyncpg.connect(driver_url(url))
    await connection.execute(SEEN)
    await connection.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture
async def database(messaging_template, new_database):
    database = Database(await new_database(messaging_template))
    yield database
    await database.close()


@pytest.fixture
async def other_database(messaging_template, new_database):
    database = Database(await new_database(messaging_template))
    yield database
    await database.close()


def unit_changed(unit_id: UUID | None = None, version: int = 1, code: str = "VP") -> UnitChanged:
    return UnitChanged(
        unit=UnitState(
            unit_id=unit_id or new_id(), version=version, code=code, name="Văn phòng Sở",
            kind="office", parent_id=None, aliases=[], sort_order=1, active=True,
        )
    )  # fmt: skip


def person_changed() -> PersonChanged:
    return PersonChanged(
        person=PersonState(
            person_id=new_id(), version=1, employee_code="CB01", name="Nguyễn Văn A", post="",
            email="a@example.vn", role="unit_officer", unit_id=new_id(), login=None, active=True,
        )
    )  # fmt: skip


async def announce(database: Database, *events, ago: timedelta = timedelta(0)) -> None:
    async with database.sessions.begin() as session:
        await outbox.add(session, *events, now=await database_now(session) - ago)


async def rows(database: Database, query: str, *args):
    connection = await asyncpg.connect(database.url)
    try:
        return await connection.fetch(query, *args)
    finally:
        await connection.close()


@dataclass
class Listener:
    """A consumer that writes down what it was given, and fails or waits when told to."""

    poison: set = field(default_factory=set)
    stuck: set = field(default_factory=set)
    batches: list = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.hold.set()

    def router(self) -> EventRouter:
        router = EventRouter("listener")

        @router.on(UnitChanged)
        async def note(events, session):
            connection = await session.connection()
            self.batches.append(len(events))
            await self.hold.wait()
            for received in events:
                if received.event.unit.code in self.poison:
                    raise ValueError(f"poison {received.event.unit.code}")
                if received.event.unit.code in self.stuck:
                    await asyncio.Event().wait()
                await connection.exec_driver_sql(
                    "INSERT INTO seen (event_id, unit_id, version) VALUES ($1, $2, $3)",
                    (received.id, received.event.unit.unit_id, received.event.unit.version),
                )

        return router


@pytest.fixture
def listener() -> Listener:
    return Listener()


async def publish_raw(url: str, body: bytes, routing_key: str) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("events")
        await exchange.publish(aio_pika.Message(body), routing_key=routing_key)
