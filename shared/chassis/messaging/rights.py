"""What a service's user may do at the broker: given by an administrator, then tried by the user.

A user without topic permissions may read and write every event, and nobody would notice: so the
rights are not only given but tried, each time `migrate` runs.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import DeliveryError
from aiormq.exceptions import ChannelAccessRefused

from chassis.messaging import topology
from chassis.messaging.broker import Broker
from chassis.messaging.events import EventRouter
from chassis.messaging.management import RightsProblem, administrator

NOBODYS = f"nobody_{uuid4().hex[:8]}"  # a service that does not exist, so that a try harms nobody
TRY_SECONDS = 10.0  # ours: see `topology`
Try = Callable[[AbstractChannel], Awaitable[object]]


async def prepare(broker: Broker, router: EventRouter | None, admin_url: str) -> None:
    """Make all a service needs at the broker; without an administrator its rights must stand."""
    if admin_url:
        await grant(broker, router, admin_url)
    await topology.bring_up(broker, router)
    if admin_url and router:
        await bind_dead(broker, router, admin_url)


async def grant(broker: Broker, router: EventRouter | None, admin_url: str) -> None:
    """Make the exchanges, the service's user and exactly its rights; harmless when they stand.

    Args:
        broker: the user to make, with the password to give it.
        router: the events it may read; None: none.
        admin_url: https://user:password@host:port of the management API, of an administrator with
            all rights on the virtual host.

    Raises RightsProblem when the administrator is refused or does not answer.
    """
    vhost, user = broker.vhost, broker.user
    async with administrator(admin_url) as admin:
        for name, type_ in topology.EXCHANGES.items():
            await admin.put("exchanges", vhost, name, type=type_, durable=True)
        await admin.put("users", user, password=broker.password, tags="")
        # First what narrows, then what opens: at no moment may the user do more.
        await admin.put("topic-permissions", vhost, user, **topic_rights(broker, router))
        await admin.put("permissions", vhost, user, **rights(broker, router))


async def bind_dead(broker: Broker, router: EventRouter, admin_url: str) -> None:
    """Bind the queue of a service's dead letters, which may not read others' to do so itself."""
    exchange, queue = topology.DEAD_EXCHANGE, topology.dead_queue(router.service)
    async with administrator(admin_url) as admin:
        path = ("bindings", broker.vhost, "e", exchange, "q", queue)
        await admin.post(*path, routing_key=router.service)


def rights(broker: Broker, router: EventRouter | None) -> dict[str, str]:
    """Return the regular expressions over names of queues and exchanges."""
    own = rf"{re.escape(broker.service)}\..*"
    if router is None:
        return {"configure": f"^{own}$", "write": rf"^({own}|{topology.EXCHANGE})$", "read": "^$"}
    return {
        "configure": f"^{own}$",
        # A queue that names an exchange for its dead letters needs the right to write to it.
        "write": rf"^({own}|{topology.EXCHANGE}|{topology.DEAD_EXCHANGE})$",
        "read": rf"^({own}|{topology.EXCHANGE})$",
    }


def topic_rights(broker: Broker, router: EventRouter | None) -> dict[str, str]:
    """Return the regular expressions over routing keys: own events out, handled ones in."""
    handled = sorted(router.routes) if router else []
    return {
        "exchange": topology.EXCHANGE,
        "write": rf"^{re.escape(broker.service)}\.",
        "read": f"^({'|'.join(re.escape(type_) for type_ in handled)})$",
    }


async def check(broker: Broker) -> None:
    """Try what the user must not be able to do. Raises RightsProblem when something works."""
    async with topology.connected(broker.url) as connection:
        for what, attempt in _forbidden(broker).items():
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            if not await is_refused(attempt, channel):
                raise RightsProblem(
                    f"The user {broker.user} of the virtual host {broker.vhost} may {what}: its "
                    "rights must be those that `migrate` gives with RABBITMQ_ADMIN_URL"
                )


def _forbidden(broker: Broker) -> dict[str, Try]:
    own_queue = f"{broker.service}.check_{uuid4().hex[:8]}"  # exclusive: it ends with us

    async def write_events_of_others(channel: AbstractChannel) -> None:
        events = await channel.get_exchange(topology.EXCHANGE, ensure=False)
        await events.publish(aio_pika.Message(b"{}"), f"{NOBODYS}.check", mandatory=True)

    async def read_everything(channel: AbstractChannel) -> None:
        queue = await channel.declare_queue(own_queue, exclusive=True)
        await queue.bind(topology.EXCHANGE, routing_key="#")

    async def make_queues_of_others(channel: AbstractChannel) -> None:
        await channel.declare_queue(f"{NOBODYS}.check", exclusive=True)

    async def write_into_any_queue(channel: AbstractChannel) -> None:
        message = aio_pika.Message(b"{}")
        await channel.default_exchange.publish(message, NOBODYS, mandatory=True)

    return {
        "publish events of other services": write_events_of_others,
        "read every event": read_everything,
        "make queues of other services": make_queues_of_others,
        "write into any queue": write_into_any_queue,
    }


async def is_refused(attempt: Try, channel: AbstractChannel) -> bool:
    """Say whether the broker refuses what is tried. A message nobody gets was taken, too."""
    try:
        async with asyncio.timeout(TRY_SECONDS):
            await attempt(channel)
    except ChannelAccessRefused:
        return True
    except DeliveryError:  # taken, and returned as nobody is bound
        return False
    return False
