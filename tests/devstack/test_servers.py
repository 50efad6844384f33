"""Private servers: reachable on loopback only, they survive a kill, and touch nobody else's."""

import asyncio
import stat
from collections.abc import Iterator
from pathlib import Path

import aio_pika
import asyncpg
import psutil
import pytest

from devstack.servers import PrivatePostgres, PrivateRabbitMQ
from devstack.servers.ports import free_port, is_free
from devstack.servers.processes import wait_until


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[PrivatePostgres]:
    server = PrivatePostgres(tmp_path)
    try:
        yield server.start()
    finally:
        server.forget()


@pytest.fixture
def rabbitmq(tmp_path: Path) -> Iterator[PrivateRabbitMQ]:
    node = PrivateRabbitMQ(tmp_path)
    try:
        yield node.start()
    finally:
        node.forget()


async def ask(url: str, sql: str) -> object:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


def listening(process: psutil.Process) -> set[str]:
    """Return the addresses on which the process accepts connections."""
    return {c.laddr.ip for c in process.net_connections() if c.status == psutil.CONN_LISTEN}


async def test_postgres_keeps_committed_rows_through_a_kill_and_starts_again(
    postgres: PrivatePostgres,
) -> None:
    await ask(postgres.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    url = postgres.url
    postgres.kill()
    assert postgres.pid is None
    postgres.start()
    assert postgres.url == url
    assert await ask(url, "SELECT answer FROM kept") == 42


async def test_postgres_listens_on_loopback_only_and_refuses_a_wrong_password(
    postgres: PrivatePostgres,
) -> None:
    assert postgres.pid is not None
    assert listening(psutil.Process(postgres.pid)) == {"127.0.0.1"}
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(f"postgresql://postgres:wrong@127.0.0.1:{postgres.port}", "SELECT 1")


async def test_postgres_does_not_run_as_root_and_shows_its_password_to_nobody(
    postgres: PrivatePostgres,
) -> None:
    assert postgres.pid is not None
    assert psutil.Process(postgres.pid).uids().effective != 0
    assert stat.S_IMODE((postgres.folder / "postgres.password").stat().st_mode) == 0o600
    assert await ask(postgres.url, "SHOW fsync") == "on"
    assert await ask(postgres.url, "SHOW synchronous_commit") == "on"


def test_a_second_start_takes_the_postgres_that_runs(postgres: PrivatePostgres) -> None:
    other = PrivatePostgres(postgres.folder).start()
    assert (other.pid, other.url) == (postgres.pid, postgres.url)


def test_a_stale_pid_file_that_names_a_stranger_neither_blocks_the_start_nor_hurts_it(
    postgres: PrivatePostgres,
) -> None:
    postgres.stop()
    stranger = psutil.Process()
    pid_file = postgres.log.parent / "data/postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n")
    assert postgres.pid is None
    postgres.stop()
    postgres.start()
    assert postgres.pid not in (None, stranger.pid)


def test_a_folder_that_was_copied_starts_a_server_of_its_own(
    postgres: PrivatePostgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copy = tmp_path_factory.mktemp("copy")
    (copy / "postgres.json").write_bytes((postgres.folder / "postgres.json").read_bytes())
    assert PrivatePostgres(copy).pid is None


async def test_rabbitmq_keeps_a_confirmed_message_through_a_kill_in_a_vhost_of_its_own(
    rabbitmq: PrivateRabbitMQ,
) -> None:
    url = rabbitmq.add_vhost("story")
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue(
            "kept", durable=True, arguments={"x-queue-type": "quorum"}
        )
        message = aio_pika.Message(b"still here", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, routing_key=queue.name)
    assert wait_until(lambda: registered(rabbitmq, "story_kept"), within=5)
    rabbitmq.kill()
    assert rabbitmq.pid is None
    rabbitmq.start()
    async with await aio_pika.connect(rabbitmq.url("story")) as connection:
        queue = await (await connection.channel()).get_queue("kept")
        # Consuming waits for the election of the queue's leader; a single get would not.
        async with asyncio.timeout(30), queue.iterator() as messages:
            assert (await anext(messages)).body == b"still here"
    await only_loopback_and_no_guest(rabbitmq)


def registered(rabbitmq: PrivateRabbitMQ, queue: str) -> bool:
    """Say whether the node has written down that it keeps this quorum queue.

    It does so half a second after the declaration; a kill before that loses the queue (3.10.8).
    """
    data = rabbitmq.log.parent.parent / "data"
    return any(queue.encode() in file.read_bytes() for file in data.rglob("names.dets"))


async def only_loopback_and_no_guest(rabbitmq: PrivateRabbitMQ) -> None:
    """Check the node of a test above: a node of its own would cost ten seconds more."""
    assert rabbitmq.pid is not None
    assert listening(psutil.Process(rabbitmq.pid)) == {"127.0.0.1"}
    port = rabbitmq.url().rsplit(":", 1)[1]
    with pytest.raises(aio_pika.exceptions.ProbableAuthenticationError):
        await aio_pika.connect(f"amqp://guest:guest@127.0.0.1:{port}")


def test_a_free_port_is_free_and_not_one_of_those_excluded() -> None:
    first = free_port()
    assert is_free(first)
    assert free_port([first]) != first
