"""Partners' queues in tests: a virtual host of one's own, a keeper, an exporter, and a program."""

from dataclasses import dataclass, field
from uuid import UUID

import aio_pika
from sqlalchemy import select
from tests.notifications.world import World

from chassis.ids import new_id
from chassis.messaging import outside
from chassis.messaging.broker import Broker
from chassis.messaging.delivering import Outlet
from chassis.messaging.management import Management
from notifications.subscribers.amqp import actions
from notifications.subscribers.amqp.exporter import Exporter
from notifications.subscribers.amqp.keeper import Keeper
from notifications.subscribers.amqp.models import PartnerQueue

SECRET = b"of the tests"


@dataclass
class Queues:
    """What the clock and the worker do for queues, step by step."""

    world: World
    admin: Management
    broker: Broker
    out: Outlet
    keeper: Keeper
    exporter: Exporter = field(init=False)
    passwords: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self):
        self.exporter = Exporter(self.broker.url, SECRET)

    @property
    def settings(self) -> dict[str, str]:
        """What an operator sets to offer queues."""
        host = self.broker.url.rsplit("@", 1)[1]
        return {
            "PARTNERS_VHOST": self.broker.vhost,
            "PARTNERS_AMQP_URL": f"amqp://{host}",
            "PARTNERS_QUEUE_LENGTH": "20",
        }

    async def partner(self, *, types=("*",), units=None) -> UUID:
        """Enter a partner that may get some events."""
        id_ = new_id()
        await self.world.rows(
            "INSERT INTO partner (id, version, name, organisation, contact_email, event_types,"
            " read_apis, unit_ids, origins, expires_on, created_at, created_by) VALUES (:id, 1,"
            " 'Hệ thống bạn', 'Sở bạn', 'ban@so.example', :types, '{}', :units, '{}',"
            " current_date + 30, now(), :id)", id=id_, types=list(types), units=units,
        )  # fmt: skip
        return id_

    async def subscribe(
        self, *, most: int = 100, types=(), fields="{}", units=None, partner: UUID | None = None
    ) -> UUID:
        """Subscribe from the beginning, and let the keeper make the queue."""
        id_ = new_id()
        await self.world.rows(
            "INSERT INTO subscription (id, partner_id, name, transport, types, unit_ids, fields,"
            " cursor_tx, cursor_seq, created_at) VALUES (:id, :partner, 'Hệ thống bạn', 'amqp',"
            " :types, :units, CAST(:fields AS jsonb), '0', 0, now())",
            id=id_, partner=partner or await self.partner(), types=list(types), units=units,
            fields=fields,
        )  # fmt: skip
        await self.ask_for(id_, most)
        await self.keep()
        return id_

    async def ask_for(self, id_: UUID, most: int = 100) -> None:
        async with self.world.database.sessions.begin() as session:
            self.passwords[id_] = (await actions.ask_for(session, id_, most)).password

    async def keep(self, *, all_of_it: bool = False) -> None:
        if all_of_it:
            self.keeper._checked = 0.0
        self.keeper._measured = 0.0
        await self.keeper.step(self.admin, self.world.database)

    async def export(self) -> bool:
        more = await self.exporter.step(self.world.database, self.out)
        await self.exporter.note_dropped(self.world.database, self.out)
        return more

    async def queue(self, id_: UUID) -> PartnerQueue:
        async with self.world.database.sessions() as session:
            query = select(PartnerQueue).where(PartnerQueue.subscription_id == id_)
            return (await session.scalars(query)).one()

    async def url(self, id_: UUID) -> str:
        host = self.broker.url.rsplit("@", 1)[1]
        return f"amqp://{(await self.queue(id_)).name}:{self.passwords[id_]}@{host}"

    async def read(self, id_: UUID) -> list[aio_pika.abc.AbstractIncomingMessage]:
        """Read as the partner's program does: everything there is."""
        name = (await self.queue(id_)).name
        connection = await aio_pika.connect(await self.url(id_))
        async with connection:
            channel = await connection.channel()
            queue = await channel.get_queue(name, ensure=False)
            found = []
            while message := await queue.get(fail=False):
                await message.ack()
                found.append(message)
            return found

    async def take_down(self) -> None:
        for row in await self.world.rows("SELECT name FROM partner_queue"):
            await outside.remove(self.admin, self.broker.vhost, row.name)
        await self.admin.delete("vhosts", self.broker.vhost)
