"""Each service at the broker as itself: what its user may not do, and whose event is believed."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
import httpx
import pytest
from aiormq.exceptions import ChannelAccessRefused
from tests.chassis.conftest import rows, unit_changed
from tests.chassis.test_messaging import running
from tests.conftest import Virtual
from tests.envelopes import envelope_of

from chassis.messaging import rights, topology
from chassis.messaging.broker import Broker
from chassis.messaging.management import RightsProblem
from chassis.messaging.worker import Worker

UNIT, PERSON = "tasks.unit_changed.v1", "tasks.person_changed.v1"


@pytest.fixture
def virtual(new_virtual) -> Virtual:
    return new_virtual()


@pytest.fixture
async def tasks(virtual) -> Broker:
    return await virtual.user_of("tasks")


@pytest.fixture
async def own(virtual, listener, tasks) -> Broker:
    """The listener's user, which handles one type of tasks."""
    return await virtual.user_of("listener", listener.router())


def forged() -> bytes:
    envelope = envelope_of(unit_changed(), id=uuid4(), time=datetime.now(UTC))
    return envelope.model_dump_json(exclude_none=True).encode()


async def publish(url: str, body: bytes, key: str, user: str | None, exchange: str = "events"):
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        to = await channel.get_exchange(exchange, ensure=False)
        await to.publish(aio_pika.Message(body, user_id=user), routing_key=key, timeout=10)


async def bind(broker: Broker, queue: str, key: str, exchange: str = "events"):
    connection = await aio_pika.connect(broker.url)
    async with connection:
        channel = await connection.channel()
        bound = await channel.get_queue(queue, ensure=False)
        await bound.bind(exchange, routing_key=key, timeout=10)


async def test_the_rights_that_migrate_gives_stand_their_check(virtual, tasks, own):
    await rights.check(tasks)
    await rights.check(own)


@pytest.mark.parametrize("key", [UNIT, "surveys.round_opened.v1", "tasks", "listeners.x", "#"])
async def test_no_service_publishes_the_events_of_another(own, key):
    with pytest.raises(ChannelAccessRefused):
        await publish(own.url, forged(), key, own.user)


@pytest.mark.parametrize(
    "key", ["#", "tasks.#", "*.*.*", PERSON, f"{UNIT}.#", "tasks.unit_changed"]
)
async def test_no_service_binds_more_than_it_handles(own, key):
    with pytest.raises(ChannelAccessRefused):
        await bind(own, "listener.tasks", key)
    await bind(own, "listener.tasks", UNIT)


async def test_no_service_reads_the_dead_letters_or_the_queue_of_another(virtual, own):
    with pytest.raises(ChannelAccessRefused):
        await bind(own, "listener.tasks", "reporting", topology.DEAD_EXCHANGE)
    other = await virtual.user_of("listeners")  # a name that begins alike
    connection = await aio_pika.connect(other.url)
    async with connection:
        for queue in ("listener.tasks", "listener.dead"):
            channel = await connection.channel()
            with pytest.raises(ChannelAccessRefused):
                await (await channel.get_queue(queue, ensure=False)).get(timeout=10)


FOREIGN = {
    "make a queue": lambda channel: channel.declare_queue("reporting.tasks"),
    "delete the exchange": lambda channel: channel.exchange_delete(topology.EXCHANGE),
    "make an exchange": lambda channel: channel.declare_exchange("mine"),
}


@pytest.mark.parametrize("act", FOREIGN)
async def test_no_service_makes_or_deletes_what_is_not_its_own(own, act):
    connection = await aio_pika.connect(own.url)
    async with connection:
        with pytest.raises(ChannelAccessRefused):
            await FOREIGN[act](await connection.channel())


async def test_a_message_in_the_name_of_another_user_is_refused_by_the_broker(tasks, own):
    with pytest.raises(aio_pika.exceptions.AMQPError):
        await publish(tasks.url, forged(), UNIT, own.user)


@pytest.mark.parametrize("who", ["another service", "nobody"])
@pytest.mark.parametrize("way", ["exchange", "dead letters"])
async def test_an_event_from_another_than_its_owner_is_parked_and_takes_no_effect(
    virtual, own, other_database, listener, eventually, who, way
):
    """As if the rights at the broker were wrong: the consumer looks for itself."""
    user = virtual.shared_by("any").user if who == "another service" else None
    to = ("events", UNIT) if way == "exchange" else (topology.DEAD_EXCHANGE, "listener")
    worker = Worker(listener.router(), other_database, own, prefetch=5)
    async with running(worker.run()):
        await publish(virtual.url, forged(), to[1], user, to[0])
        (parked,) = await eventually(
            lambda: rows(other_database, "SELECT type, error FROM inbox WHERE state = 'parked'"),
            within=20,
        )
    assert f"only {virtual.name}_tasks publishes it" in parked["error"]
    assert parked["type"] == "unreadable", "under its own id it would keep the true event out"
    assert not await rows(other_database, "SELECT 1 FROM seen")


async def test_an_event_in_a_batch_of_others_is_refused_with_the_batch(
    own, virtual, other_database, listener, eventually
):
    """A user may publish its own types: an event of another's hidden among them is found."""
    foreign = json.loads(forged())
    body = json.dumps([foreign, {**foreign, "id": str(uuid4())}]).encode()
    worker = Worker(listener.router(), other_database, own, prefetch=5)
    async with running(worker.run()):
        await publish(virtual.url, body, UNIT, virtual.shared_by("x").user)
        await eventually(
            lambda: rows(other_database, "SELECT 1 FROM inbox WHERE state = 'parked'"), within=20
        )
    assert not await rows(other_database, "SELECT 1 FROM seen")


@pytest.mark.parametrize("lost", ["topic-permissions", "permissions"])
async def test_a_user_that_may_do_more_is_found_by_the_check(virtual, own, lost):
    path = f"{virtual.management_url}/api/{lost}/{virtual.name}/{own.user}"
    async with httpx.AsyncClient(timeout=20) as admin:
        if lost == "topic-permissions":
            answer = await admin.delete(path)
        else:
            everything = {"configure": ".*", "write": ".*", "read": ".*"}
            answer = await admin.put(path, json=everything)
        assert answer.is_success, answer.text
    with pytest.raises(RightsProblem, match=own.user):
        await rights.check(own)


async def test_an_administrator_who_is_refused_is_named(virtual, own):
    nobody = virtual.management_url.replace("nhip:", "nobody:")
    with pytest.raises(RightsProblem, match="RABBITMQ_ADMIN_URL"):
        await rights.grant(own, None, nobody)


def test_a_user_that_is_not_named_after_its_service_is_refused():
    with pytest.raises(ValueError, match="nhip_surveys"):
        Broker("amqp://nhip_tasks:x@localhost/nhip", "surveys")


@pytest.mark.parametrize(
    ("url", "user", "owner"),
    [
        ("amqp://nhip_reporting:x@h/v", "nhip_reporting", "nhip_surveys"),
        ("amqp://reporting:x@h/v", "reporting", "surveys"),
        ("amqp://s%E1%BB%9F.reporting:x@h/v", "sở.reporting", "sở.surveys"),
    ],
)
def test_the_owner_of_an_event_is_the_user_named_after_its_producer(url, user, owner):
    broker = Broker(url, "reporting")
    assert (broker.user, broker.owner_of("surveys.round_opened.v1")) == (user, owner)
    assert Broker(url, "reporting", shared=True).owner_of("surveys.round_opened.v1") == user
