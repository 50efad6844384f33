"""What the verbs of the service run for partners' queues; nothing where none are offered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from chassis.database import Database
from chassis.messaging import outside
from chassis.messaging.broker import Broker
from chassis.messaging.management import administrator
from notifications.subscribers.amqp.exporter import Exporter
from notifications.subscribers.amqp.keeper import Keeper

Loop = Callable[[Database], Awaitable[None]]


@dataclass(frozen=True)
class Parts:
    """Settings of partners' queues, and the loops made of them.

    `vhost`: empty where none are offered. `admin_url`: an administrator's, for the clock alone.
    """

    broker: Broker
    vhost: str
    admin_url: str = field(repr=False)
    secret: bytes = field(repr=False)

    @property
    def exporter(self) -> Broker:
        """Our own user's way to the partners' virtual host."""
        return outside.inside(self.broker, self.vhost)

    def of_relay(self) -> list[Loop]:
        """Return what fills the queues."""
        return [Exporter(self.exporter.url, self.secret).run] if self.vhost else []

    def of_clock(self) -> list[Loop]:
        """Return what makes the queues."""
        wanted = self.vhost and self.admin_url
        return [Keeper(self.admin_url, self.exporter).run] if wanted else []

    async def prepare(self, admin_url: str) -> None:
        """Make the virtual host; for `migrate`."""
        if self.vhost:
            async with administrator(admin_url) as admin:
                await outside.provide(admin, self.exporter)
