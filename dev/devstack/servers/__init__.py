"""Private PostgreSQL and RabbitMQ instances on loopback, one pair per folder."""

from devstack.servers.errors import ServerFailed
from devstack.servers.postgres import PrivatePostgres
from devstack.servers.rabbitmq import PrivateRabbitMQ

__all__ = ["PrivatePostgres", "PrivateRabbitMQ", "ServerFailed"]
