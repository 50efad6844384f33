"""One connection that LISTENs for NOTIFY and comes back by itself when it is lost."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

log = structlog.get_logger()
_LONGEST_PAUSE = 10.0  # seconds between two attempts to come back
_PROBE_SECONDS = 10.0  # a connection can die without a word; ask it now and then

Woken = Callable[[asyncpg.Connection], Awaitable[None]]


async def listen(
    url: str, channel: str, woken: Woken, *, signal: asyncio.Event | None = None
) -> None:
    """Call `woken` with the connection at the start, after each NOTIFY and at each probe, for ever.

    `signal`: set by whoever wants it called as if something had come.

    Notifications that come while `woken` runs are one more call afterwards. A failing `woken`
    costs the connection, which is opened again after a pause that grows to 10 s.
    """
    pause, signal = 0.1, signal or asyncio.Event()
    while True:
        try:
            connection = await asyncpg.connect(url, timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError) as error:
            log.warning("listen_failed", channel=channel, error=type(error).__name__)
        else:
            try:
                pause = 0.1
                await _serve(connection, channel, woken, signal)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
                log.warning("listen_lost", channel=channel, error=type(error).__name__)
            finally:
                connection.terminate()
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _serve(
    connection: asyncpg.Connection, channel: str, woken: Woken, signal: asyncio.Event
) -> None:
    connection.add_termination_listener(lambda _: signal.set())
    await connection.add_listener(channel, lambda *_: signal.set())
    while True:
        signal.clear()
        if connection.is_closed():
            raise ConnectionError("the listening connection was closed")
        async with asyncio.timeout(30):
            await woken(connection)
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                await signal.wait()
        except TimeoutError:
            await connection.execute("SELECT 1", timeout=5)
