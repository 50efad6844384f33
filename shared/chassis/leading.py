"""One process of several does a piece of work at a time; the others stand by."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg
import structlog

from chassis.database import Database

log = structlog.get_logger()
STAND_BY = 1.0  # seconds between two tries to lead
LONGEST_PAUSE = 2.0  # seconds
_LEAD = "SELECT pg_try_advisory_lock(hashtext('leading'), hashtext($1))"


@asynccontextmanager
async def leading(database: Database, name: str) -> AsyncIterator[asyncpg.Connection]:
    """Wait until this process may lead; yield the connection whose life that depends on.

    The lock is the session's and opens no transaction, which would hold up whoever reads a feed.
    """
    connection = await asyncpg.connect(database.url, timeout=5)
    try:
        while not await connection.fetchval(_LEAD, name):  # noqa: ASYNC110 - another process's lock
            await asyncio.sleep(STAND_BY)
        yield connection
    finally:
        await connection.close(timeout=2)


async def for_ever(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Do the work again and again, whatever ends it; what ended it is logged under the name."""
    delay = 0.2
    while True:
        try:
            await work()
            delay = 0.2
        except (Exception, asyncio.CancelledError) as error:
            if (task := asyncio.current_task()) and task.cancelling():
                raise
            # aio-pika ends a publish on a stalled connection in CancelledError: same as any
            log.warning(name, error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_PAUSE)
