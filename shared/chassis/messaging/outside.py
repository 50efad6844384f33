"""A virtual host for outsiders: one user and one bounded queue each, which only we fill.

An outsider reads the own queue and may do nothing else: no exchange to bind, nothing to declare,
nowhere to publish. What a full queue drops goes to a queue of ours, so that it is known. Every
limit is set here, as brokers differ in their defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel

from chassis.messaging import topology
from chassis.messaging.broker import Broker
from chassis.messaging.management import Management, RightsProblem
from chassis.messaging.rights import Try, is_refused

DROPPED = "dropped"  # the queue of what outsiders' queues dropped: full, too old, refused
MOST_DROPPED = 100_000  # messages; past it the oldest are forgotten, and counted by nobody
DEFAULT_EXCHANGE = "amq.default"  # under this name rights are given for it
MOST_BYTES = 100 * 1024 * 1024  # of one queue
KEPT_MS = 14 * 24 * 3600 * 1000  # how long a message waits in a queue; the feed has it for longer
DELIVERIES = 100  # of one message; past it its reader is broken, and the next one has its turn
USER_LIMITS = {"max-connections": 5, "max-channels": 25}
VHOST_LIMITS = {"max-connections": 500, "max-queues": 500}
NOTHING = "^$"
HASHING = "rabbit_password_hashing_sha256"


@dataclass(frozen=True)
class Outsider:
    """One reader: the user and the queue of this name, which nobody can guess.

    `password_hash`: salt and SHA-256, as the broker stores it; we do not know the password.
    """

    name: str
    password_hash: str = field(repr=False)
    most_messages: int


@dataclass(frozen=True)
class Measure:
    """What waits in a queue: messages (those handed out and not acknowledged, too), bytes."""

    messages: int
    bytes: int
    consumers: int


def inside(broker: Broker, vhost: str) -> Broker:
    """Return the same user's way to another virtual host."""
    url = urlunsplit(urlsplit(broker.url)._replace(path=f"/{quote(vhost, safe='')}"))
    return replace(broker, url=url)


async def provide(admin: Management, exporter: Broker) -> None:
    """Make the virtual host, its limits, what we need in it, and the exporter's rights there.

    Args:
        admin: of the broker.
        exporter: our own user, which stands, on its way to the virtual host to make.
    """
    vhost, user = exporter.vhost, exporter.user
    await admin.put("vhosts", vhost)
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    await admin.put("permissions", vhost, admin.user, **everything)  # to make queues
    for name, value in VHOST_LIMITS.items():
        await admin.put("vhost-limits", vhost, name, value=value)
    await _put_queue(
        admin, vhost, DROPPED, {"x-max-length": MOST_DROPPED, "x-overflow": "drop-head"}
    )
    await _close_topics(admin, vhost, user)
    rights = {"configure": NOTHING, "write": rf"^{DEFAULT_EXCHANGE}$", "read": f"^{DROPPED}$"}
    await admin.put("permissions", vhost, user, **rights)


async def admit(admin: Management, exporter: Broker, outsider: Outsider) -> None:
    """Make an outsider's queue and user with exactly its rights; harmless when they stand so.

    A user that is not as it should be is made anew, which ends what it had opened: nobody reads on
    with an old password. It is tried under a password of ours first: the outsider's own works only
    after it is proven to open no more than it should. Raises RightsProblem when it does.
    """
    vhost, name = exporter.vhost, outsider.name
    await _put_queue(admin, vhost, name, queue_arguments(outsider))
    if await _user_stands(admin, vhost, outsider):
        return
    await shut_out(admin, name)
    ours = uuid4().hex
    await admin.put("users", name, password=ours, tags="")
    await _restrict(admin, vhost, name)
    await check(_signed_in(exporter, name, ours), name)
    hashed = {"password_hash": outsider.password_hash, "hashing_algorithm": HASHING}
    await admin.put("users", name, **hashed, tags="")


async def shut_out(admin: Management, name: str) -> None:
    """Remove the user; the broker ends its connections at once. The queue stays as it is."""
    await admin.delete("users", name)


async def remove(admin: Management, vhost: str, name: str) -> None:
    """Remove user and queue."""
    await shut_out(admin, name)
    await admin.delete("queues", vhost, name)


async def stands(admin: Management, vhost: str, outsider: Outsider) -> bool:
    """Say whether queue and user stand with exactly the rights and limits they should have."""
    there = await is_there(admin, vhost, outsider.name)
    return there and await _user_stands(admin, vhost, outsider)


async def is_there(admin: Management, vhost: str, name: str) -> bool:
    """Say whether there is a queue of this name."""
    return await admin.get("queues", vhost, name, columns="name") is not None


async def _user_stands(admin: Management, vhost: str, outsider: Outsider) -> bool:
    """Say whether the user has its password and these rights: all of them, no others anywhere."""
    name = outsider.name
    user = await admin.get("users", name)
    if user is None or user["tags"] or user["password_hash"] != outsider.password_hash:
        return False
    given = await admin.get("users", name, "permissions")
    topics = await admin.get("users", name, "topic-permissions")
    limits = await admin.get("user-limits", name)
    closed = [
        {"vhost": vhost, "exchange": exchange, **_CLOSED}
        for exchange in await _topic_exchanges(admin, vhost)
    ]
    return (
        _without_user(given) == [{"vhost": vhost, **_rights(name)}]
        and _in_order(_without_user(topics)) == _in_order(closed)
        and [row["value"] for row in limits] == [USER_LIMITS]
    )


def _in_order(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda row: row["exchange"])


def _without_user(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{key: value for key, value in row.items() if key != "user"} for row in rows]


async def measure(admin: Management, vhost: str) -> dict[str, Measure]:
    """Return what waits in each queue, as the broker counted it some seconds ago."""
    columns = "name,messages,message_bytes,consumers"
    return {
        queue["name"]: Measure(
            queue.get("messages", 0), queue.get("message_bytes", 0), queue.get("consumers", 0)
        )
        for queue in await admin.get("queues", vhost, columns=columns) or []
        if queue["name"] != DROPPED
    }


async def check(url: str, name: str) -> None:
    """Try, signed in by `url`, what an outsider must not do. Raises RightsProblem if it works."""
    async with topology.connected(url) as connection:
        for what, attempt in _forbidden(name).items():
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            if not await is_refused(attempt, channel):
                raise RightsProblem(f"An outsider's user {name} may {what}: nobody is let in")


def queue_arguments(outsider: Outsider) -> Mapping[str, Any]:
    """Return what bounds an outsider's queue: full, it drops its oldest and never refuses us."""
    return {
        "x-max-length": outsider.most_messages,
        "x-max-length-bytes": MOST_BYTES,
        "x-message-ttl": KEPT_MS,
        "x-overflow": "drop-head",
        "x-delivery-limit": DELIVERIES,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": DROPPED,
        "x-dead-letter-strategy": "at-most-once",  # the other one would refuse us when full
    }


_CLOSED = {"write": NOTHING, "read": NOTHING}


def _rights(name: str) -> dict[str, str]:
    return {"configure": NOTHING, "write": NOTHING, "read": f"^{name}$"}


async def _restrict(admin: Management, vhost: str, name: str) -> None:
    """First what narrows, then what opens."""
    for limit, value in USER_LIMITS.items():
        await admin.put("user-limits", name, limit, value=value)
    await _close_topics(admin, vhost, name)
    await admin.put("permissions", vhost, name, **_rights(name))


async def _close_topics(admin: Management, vhost: str, user: str) -> None:
    """Close every topic exchange there is: one without a line may be read as a whole."""
    for exchange in await _topic_exchanges(admin, vhost):
        await admin.put("topic-permissions", vhost, user, exchange=exchange, **_CLOSED)


async def _topic_exchanges(admin: Management, vhost: str) -> list[str]:
    found = await admin.get("exchanges", vhost, columns="name,type") or []
    return [exchange["name"] for exchange in found if exchange["type"] == "topic"]


async def _put_queue(admin: Management, vhost: str, name: str, limits: Mapping[str, Any]) -> None:
    arguments = {"x-queue-type": "quorum", **limits}
    await admin.put("queues", vhost, name, durable=True, auto_delete=False, arguments=arguments)


def _signed_in(exporter: Broker, user: str, password: str) -> str:
    parts = urlsplit(exporter.url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))


def _forbidden(name: str) -> dict[str, Try]:
    message = aio_pika.Message(b"{}")

    async def bind_a_topic(channel: AbstractChannel) -> None:
        queue = await channel.get_queue(name, ensure=False)
        await queue.bind("amq.topic", routing_key="#")

    async def publish_to_all(channel: AbstractChannel) -> None:
        topic = await channel.get_exchange("amq.topic", ensure=False)
        await topic.publish(message, "any.key", mandatory=True)

    async def write_into_a_queue(channel: AbstractChannel) -> None:
        await channel.default_exchange.publish(message, name, mandatory=True)

    async def read_another(channel: AbstractChannel) -> None:
        await (await channel.get_queue(DROPPED, ensure=False)).get(fail=False, timeout=None)

    async def make_a_queue(channel: AbstractChannel) -> None:
        await channel.declare_queue(exclusive=True)

    async def delete_the_queue(channel: AbstractChannel) -> None:
        await channel.queue_delete(name)

    return {
        "read everything": bind_a_topic,
        "publish to everybody": publish_to_all,
        "write into a queue": write_into_a_queue,
        "read another's queue": read_another,
        "make queues": make_a_queue,
        "delete the queue": delete_the_queue,
    }
