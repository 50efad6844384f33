"""The outsiders' virtual host: what a partner's user may not do, tried on a real broker."""

import asyncio
import base64
import hashlib
import os
from uuid import uuid4

import aio_pika
import httpx
import pytest
from aiormq.exceptions import ChannelAccessRefused
from tests.conftest import Virtual

from chassis.ids import new_id
from chassis.messaging import outside
from chassis.messaging.broker import Broker
from chassis.messaging.delivering import Letter, outlet
from chassis.messaging.management import RightsProblem, administrator
from chassis.messaging.outside import Outsider

PASSWORD = "của đối tác"
AMQP_ERRORS = (aio_pika.exceptions.AMQPError, ConnectionError)


def hashed(password: str) -> str:
    salt = os.urandom(4)
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def outsider(**changed) -> Outsider:
    facts = {
        "name": f"partner_{uuid4().hex[:12]}", "password_hash": hashed(PASSWORD),
        "most_messages": 5, **changed,
    }  # fmt: skip
    return Outsider(**facts)


@pytest.fixture
def virtual(new_virtual) -> Virtual:
    return new_virtual()


@pytest.fixture
async def admin(virtual):
    async with administrator(virtual.management_url, "PARTNERS_ADMIN_URL") as admin:
        yield admin


@pytest.fixture
async def exporter(virtual, admin):
    inside = await virtual.user_of("notifications")
    exporter = outside.inside(inside, f"{virtual.name}_partners")
    await outside.provide(admin, exporter)
    yield exporter
    await admin.delete("vhosts", exporter.vhost)


@pytest.fixture
async def partner(admin, exporter):
    """Return a partner that was let in; forgotten afterwards."""
    made = outsider()
    await outside.admit(admin, exporter, made)
    yield made
    await outside.remove(admin, exporter.vhost, made.name)


def address(exporter: Broker, partner: Outsider, password: str = PASSWORD) -> str:
    host = exporter.url.rsplit("@", 1)[1]
    return (
        f"amqp://{partner.name}:{httpx.URL(f'http://x:{password}@h').userinfo.decode()[2:]}@{host}"
    )


def letters(count: int) -> list[Letter]:
    type_, body = "tasks.plan_changed.v1", '{"số": 1}'
    return [Letter(new_id(), type_, body, f"cursor {number}") for number in range(count)]


async def read(url: str, queue: str) -> list[aio_pika.abc.AbstractIncomingMessage]:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        found = []
        while message := await (await channel.get_queue(queue, ensure=False)).get(fail=False):
            await message.ack()
            found.append(message)
        return found


async def test_a_partner_reads_its_queue_with_the_password_whose_hash_alone_we_know(
    exporter, partner
):
    sent = letters(2)
    async with outlet(exporter.url) as out:
        await out.deliver(partner.name, sent)
    got = await read(address(exporter, partner), partner.name)
    assert [message.message_id for message in got] == [str(each.id) for each in sent]
    assert got[0].content_type == "application/cloudevents+json"
    assert got[0].delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert got[0].body == '{"số": 1}'.encode()


async def test_admitting_twice_changes_nothing_and_what_stands_is_recognised(
    admin, exporter, partner
):
    await outside.admit(admin, exporter, partner)
    assert await outside.stands(admin, exporter.vhost, partner)


ANYTHING = {"configure": "", "write": "", "read": ".*"}
WRONG = {
    "a topic exchange without its line": ("DELETE", "topic-permissions/{vhost}/{user}", {}),
    "wide rights": ("PUT", "permissions/{vhost}/{user}", ANYTHING),
    "rights elsewhere": ("PUT", "permissions/%2F/{user}", ANYTHING),
    "no limit of channels": ("DELETE", "user-limits/{user}/max-channels", {}),
    "a tag": ("PUT", "users/{user}", {"password": "x", "tags": "monitoring"}),
    "another password": ("PUT", "users/{user}", {"password": "x", "tags": ""}),
    "no queue": ("DELETE", "queues/{vhost}/{user}", {}),
    "no user": ("DELETE", "users/{user}", {}),
}


@pytest.mark.parametrize("what", WRONG)
async def test_whatever_is_not_as_it_should_be_is_found_and_mended(
    virtual, admin, exporter, partner, what
):
    method, path, body = WRONG[what]
    path = path.format(vhost=exporter.vhost, user=partner.name)
    async with httpx.AsyncClient(timeout=20) as client:
        answer = await client.request(method, f"{virtual.management_url}/api/{path}", json=body)
        assert answer.is_success, answer.text
    assert not await outside.stands(admin, exporter.vhost, partner)
    await outside.admit(admin, exporter, partner)
    assert await outside.stands(admin, exporter.vhost, partner)


async def test_a_missing_line_for_topics_lets_everything_be_read_and_ours_does_not(
    admin, exporter, partner
):
    """Even with rights on names far too wide, the topics stay closed; without the line they open.

    It is why the line is set although no outsider may bind anything.
    """
    wide = {"configure": "", "write": partner.name, "read": ".*"}
    await admin.put("permissions", exporter.vhost, partner.name, **wide)
    with pytest.raises(ChannelAccessRefused):
        await bind(address(exporter, partner), partner.name)
    await admin.delete("topic-permissions", exporter.vhost, partner.name)
    await bind(address(exporter, partner), partner.name)


async def bind(url: str, queue: str) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        bound = await channel.get_queue(queue, ensure=False)
        await bound.bind("amq.topic", routing_key="#", timeout=10)


async def test_a_user_that_could_read_or_write_more_is_not_let_in(admin, exporter, partner):
    wide = {"configure": ".*", "write": ".*", "read": ".*"}
    await admin.put("permissions", exporter.vhost, partner.name, **wide)
    await admin.delete("topic-permissions", exporter.vhost, partner.name)
    with pytest.raises(RightsProblem, match="read everything"):
        await outside.check(address(exporter, partner), partner.name)


async def test_no_partner_reads_the_queue_of_another(admin, exporter, partner):
    other = outsider()
    await outside.admit(admin, exporter, other)
    async with outlet(exporter.url) as out:
        await out.deliver(other.name, letters(1))
    with pytest.raises(ChannelAccessRefused):
        await read(address(exporter, partner), other.name)
    assert len(await read(address(exporter, other), other.name)) == 1
    await outside.remove(admin, exporter.vhost, other.name)


async def test_no_partner_enters_the_virtual_host_of_the_services(virtual, exporter, partner):
    url = address(exporter, partner).removesuffix("_partners")
    with pytest.raises(AMQP_ERRORS):
        await read(url, "notifications.tasks")


@pytest.mark.parametrize("exchange", ["", "amq.topic", "amq.fanout", "amq.direct"])
async def test_no_partner_publishes_anything(exporter, partner, exchange):
    connection = await aio_pika.connect(address(exporter, partner))
    async with connection:
        channel = await connection.channel()
        to = (
            await channel.get_exchange(exchange, ensure=False)
            if exchange
            else channel.default_exchange
        )
        with pytest.raises(ChannelAccessRefused):
            await to.publish(aio_pika.Message(b"{}"), partner.name, timeout=10)


async def until_refused(act, times: int) -> list:
    """Do it again and again; return what came of it before the broker refused, which it must."""
    done: list = []
    while len(done) < times:
        try:
            done.append(await act())
        except AMQP_ERRORS:
            return done
    pytest.fail(f"never refused in {times}")


async def test_a_partner_that_opens_a_thousand_channels_is_stopped_and_its_neighbour_reads_on(
    admin, exporter, partner
):
    other = outsider()
    await outside.admit(admin, exporter, other)
    connection = await aio_pika.connect(address(exporter, partner))
    opened = await until_refused(connection.channel, 1000)
    assert len(opened) <= outside.USER_LIMITS["max-channels"] + 5
    await connection.close()
    async with outlet(exporter.url) as out:
        await out.deliver(other.name, letters(1))
    assert len(await read(address(exporter, other), other.name)) == 1
    await outside.remove(admin, exporter.vhost, other.name)


async def test_a_partner_has_few_connections(exporter, partner):
    opened = await until_refused(lambda: aio_pika.connect(address(exporter, partner)), 100)
    assert len(opened) <= outside.USER_LIMITS["max-connections"] + 2
    for connection in opened:
        await connection.close()


async def test_a_full_queue_drops_its_oldest_and_we_learn_which(exporter, partner, eventually):
    sent = letters(8)
    async with outlet(exporter.url) as out:
        await out.deliver(partner.name, sent)
        known = []

        async def learned():
            known.extend(await out.dropped())
            await out.forget_dropped()
            return len(known) == 3

        await eventually(learned, within=20)
        assert [each.cursor for each in known] == [each.cursor for each in sent[:3]]
        assert {(each.queue, each.overflowed) for each in known} == {(partner.name, True)}
        assert await out.dropped() == []
    got = await read(address(exporter, partner), partner.name)
    assert [message.message_id for message in got] == [str(each.id) for each in sent[3:]]


async def test_what_a_partners_program_refuses_is_known_and_not_called_an_overflow(
    exporter, partner, eventually
):
    async with outlet(exporter.url) as out:
        await out.deliver(partner.name, letters(1))
        connection = await aio_pika.connect(address(exporter, partner))
        async with connection:
            channel = await connection.channel()
            queue = await channel.get_queue(partner.name, ensure=False)
            await (await queue.get()).reject(requeue=False)
        (refused,) = await eventually(out.dropped, within=20)
        assert not refused.overflowed


async def test_delivering_into_a_queue_that_is_gone_fails_and_harms_no_other(
    admin, exporter, partner
):
    async with outlet(exporter.url) as out:
        with pytest.raises(aio_pika.exceptions.AMQPError):
            await out.deliver("partner_nobody", letters(1))
        await out.deliver(partner.name, letters(1))
        assert not out.is_closed


async def test_what_comes_back_from_one_queue_is_not_taken_for_anothers(admin, exporter, partner):
    """One event goes to many queues under one id, at the same time."""
    same = letters(3)
    async with outlet(exporter.url) as out:
        for _ in range(5):
            outcomes = await asyncio.gather(
                out.deliver("partner_nobody", same),
                out.deliver(partner.name, same),
                out.deliver("partner_no_one", same),
                return_exceptions=True,
            )
            assert [isinstance(each, Exception) for each in outcomes] == [True, False, True]
            assert len(await read(address(exporter, partner), partner.name)) == len(same)


async def is_cut_off(connection) -> bool:
    try:
        await (await connection.channel(publisher_confirms=False)).close()
    except (*AMQP_ERRORS, RuntimeError):
        return True
    return False


async def test_a_new_password_ends_what_the_old_one_opened(admin, exporter, partner, eventually):
    connection = await aio_pika.connect(address(exporter, partner))
    again = Outsider(partner.name, hashed("mới"), partner.most_messages)
    await outside.admit(admin, exporter, again)
    await eventually(lambda: is_cut_off(connection), within=30, every=0.2)
    with pytest.raises(AMQP_ERRORS):
        await aio_pika.connect(address(exporter, partner))
    await (await aio_pika.connect(address(exporter, partner, "mới"))).close()


async def test_a_removed_partner_is_cut_off_and_its_queue_gone(admin, exporter, eventually):
    made = outsider()
    await outside.admit(admin, exporter, made)
    connection = await aio_pika.connect(address(exporter, made))
    await outside.remove(admin, exporter.vhost, made.name)
    await eventually(lambda: is_cut_off(connection), within=30, every=0.2)
    assert await admin.get("users", made.name) is None
    assert await admin.get("queues", exporter.vhost, made.name) is None


async def test_what_waits_is_measured_with_what_was_handed_out_and_not_acknowledged(
    admin, exporter, partner, eventually
):
    async with outlet(exporter.url) as out:
        await out.deliver(partner.name, letters(4))
    connection = await aio_pika.connect(address(exporter, partner))
    async with connection:
        channel = await connection.channel()
        await (await channel.get_queue(partner.name, ensure=False)).get()

        async def measured():
            found = (await outside.measure(admin, exporter.vhost)).get(partner.name)
            return found and found.messages == 4 and found.bytes > 0

        await eventually(measured, within=30, every=0.5)


async def test_the_exporter_may_do_nothing_but_fill_queues_and_read_what_was_dropped(
    exporter, partner
):
    with pytest.raises(ChannelAccessRefused):
        await read(exporter.url, partner.name)
    for act in (
        lambda channel: channel.declare_queue("mine"),
        lambda channel: channel.queue_delete(partner.name),
        lambda channel: channel.declare_exchange("mine"),
    ):
        connection = await aio_pika.connect(exporter.url)
        async with connection:
            with pytest.raises(ChannelAccessRefused):
                await act(await connection.channel())
