"""The service's own database: engine, sessions, and which errors mean that it is away."""

from time import monotonic
from typing import Any

from asyncpg.exceptions import (
    AdminShutdownError,
    CannotConnectNowError,
    ConnectionDoesNotExistError,
    CrashShutdownError,
    InterfaceError,
    PostgresConnectionError,
    TooManyConnectionsError,
)
from sqlalchemy import MetaData, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry

FRESH = 1.0  # seconds after its use in which an open connection is not asked whether it answers
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# A forgotten transaction holds locks and stalls the feed's cursor: the server ends it after 15 s.
_SERVER_SETTINGS = {
    "idle_in_transaction_session_timeout": "15000",
    "lock_timeout": "10000",
    "timezone": "UTC",
}
_AWAY = (
    ConnectionError,
    TimeoutError,
    OSError,
    PostgresConnectionError,
    ConnectionDoesNotExistError,
    AdminShutdownError,
    CrashShutdownError,
    CannotConnectNowError,
    TooManyConnectionsError,
    PoolTimeoutError,
)
_TRY_AGAIN = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available


def new_base() -> type[DeclarativeBase]:
    """Return a fresh declarative base with the naming convention, one for each service."""

    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention=NAMING)

    return Base


def async_url(url: str) -> str:
    """Return the address in the form the async engine takes."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


def driver_url(url: str) -> str:
    """Return the address in the form asyncpg itself takes."""
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


class Database:
    """Engine and session factory of one service."""

    def __init__(
        self, url: str, *, pool_size: int = 10, name: str = "nhip", patience: str = "30s"
    ) -> None:
        """`patience`: how long one statement may take, as PostgreSQL writes it."""
        self.url = driver_url(url)
        self.engine: AsyncEngine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_recycle=1800,
            hide_parameters=True,  # they may be citizens' answers, and errors are logged
            connect_args={
                "timeout": 5,
                "server_settings": {
                    **_SERVER_SETTINGS,
                    "statement_timeout": patience,
                    "application_name": name,
                },
            },
        )
        event.listen(self.engine.sync_engine, "checkin", _note_use)
        event.listen(self.engine.sync_engine, "checkout", _refuse_dead)
        # Each statement is a transaction of its own: one round trip instead of three.
        self.at_once: AsyncEngine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.sessions: async_sessionmaker[AsyncSession] = async_sessionmaker(
            self.engine, expire_on_commit=False
        )

    async def close(self) -> None:
        """Close every pooled connection."""
        await self.engine.dispose()


def _note_use(_: Any, record: ConnectionPoolEntry) -> None:
    record.info["used"] = monotonic()


def _refuse_dead(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
    """Make the pool take another connection for one that is closed, or idle and does not answer.

    SQLAlchemy's own `pool_pre_ping` asks before every use: three round trips (BEGIN, a ping,
    ROLLBACK), a fifth of a short transaction.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError
    now = monotonic()
    if now - record.info.get("used", now) > FRESH:
        try:
            connection.ping()
        except Exception as error:
            raise DisconnectionError from error


def _causes(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        context = None if current.__suppress_context__ else current.__context__
        current = getattr(current, "orig", None) or current.__cause__ or context
    return chain


def is_away(error: BaseException) -> bool:
    """Whether the error means that the database cannot be reached: wait, blame nothing else."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    # asyncpg says "closed connection" by InterfaceError itself; its kinds (DataError ...) are about
    # a value, and waiting for the database would wait for ever.
    causes = _causes(error)
    return any(isinstance(cause, _AWAY) or type(cause) is InterfaceError for cause in causes)


def may_be_tried_again(error: BaseException) -> bool:
    """Whether the same transaction may simply be run again (deadlock, serialization, lock)."""
    states: list[Any] = [getattr(cause, "sqlstate", None) for cause in _causes(error)]
    return any(state in _TRY_AGAIN for state in states)
