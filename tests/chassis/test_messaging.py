"""One event through the real broker: from the change to its effect, whatever happens between."""

import asyncio
import contextlib
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import aio_pika
import pytest
import sqlalchemy
import typer
from faststream.rabbit import RabbitBroker
from prometheus_client import REGISTRY
from tests.chassis.conftest import announce, person_changed, publish_raw, rows, unit_changed
from tests.envelopes import envelope_of
from typer.testing import CliRunner

from chassis.clock import database_now
from chassis.database import Database
from chassis.ids import new_id
from chassis.messaging import consuming, inbox, outbox, topology
from chassis.messaging import relay as relaying
from chassis.messaging import worker as working
from chassis.messaging.consuming import Batcher, Consumer, Delivery
from chassis.messaging.parked_command import add_parked
from chassis.messaging.relay import Relay
from chassis.messaging.worker import Worker
from contracts.envelope import Envelope

value = REGISTRY.get_sample_value
TYPE = "tasks.unit_changed.v1"


@contextlib.asynccontextmanager
async def running(*works):
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def virtual(new_virtual):
    return new_virtual()


@pytest.fixture
async def producing(virtual):
    return await virtual.user_of("tasks")


@pytest.fixture
async def consuming_as(virtual, listener, producing):
    return await virtual.user_of("listener", listener.router())


@pytest.fixture
def vhost(virtual, consuming_as):
    return virtual.url


async def seen(database) -> int:
    return (await rows(database, "SELECT count(*) FROM seen"))[0][0]


async def test_an_event_reaches_the_consumer_once_and_leaves_the_outbox(
    database, other_database, listener, eventually, producing, consuming_as
):
    relay = Relay(database, producing)
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(relay.run(), worker.run()):
        await announce(database, *[unit_changed() for _ in range(250)])
        await eventually(lambda: _equals(seen(other_database), 250), within=10)
        await eventually(lambda: _equals(_outbox(database), 0))
    assert max(listener.batches) > 1, "a backlog travels in batches"


async def test_a_worker_says_how_far_behind_it_is(
    database, other_database, listener, eventually, producing, consuming_as
):
    await announce(database, unit_changed())
    await rows(database, "UPDATE outbox SET since = now() - interval '70 seconds'")
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    lag = {"queue": "listener.tasks"}
    listener.hold.clear()
    async with running(Relay(database, producing).run(), worker.run()):
        await eventually(lambda: (value("event_lag_seconds", lag) or 0) >= 70, within=10)
        listener.hold.set()
        await eventually(lambda: value("event_lag_seconds", lag) == 0, within=10)
        assert value("event_effect_seconds_sum", lag) >= 70
        assert value("handler_seconds_count", {"type": "tasks.unit_changed.v1"}) >= 1
    await eventually(lambda: value("event_lag_seconds", lag) >= 0.2)  # nobody consumes: it grows
    assert value("relay_leads") == 0


async def test_a_session_that_does_not_start_is_left_behind_for_another(
    database, other_database, listener, eventually, monkeypatch, producing, consuming_as
):
    start, tried = RabbitBroker.start, []

    async def hang_once(broker):
        tried.append(broker)
        if len(tried) == 1:
            await asyncio.Event().wait()
        await start(broker)

    monkeypatch.setattr(RabbitBroker, "start", hang_once)
    monkeypatch.setattr(working, "START_SECONDS", 2.0)
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(Relay(database, producing).run(), worker.run()):
        await announce(database, unit_changed())
        await eventually(lambda: _equals(seen(other_database), 1), within=15)
    assert len(tried) == 2


async def test_a_session_that_does_not_end_is_closed_and_left_behind_for_another(
    database, other_database, listener, eventually, monkeypatch, producing, consuming_as
):
    stop, watch, hanging, left = RabbitBroker.stop, Worker._watch, asyncio.Event(), []

    async def hang_once(broker, *error):
        if left:
            await stop(broker, *error)
            return
        left.append(await broker.connect())
        while not hanging.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await hanging.wait()

    async def fail_once(worker):
        if not left:
            raise ConnectionError("the broker is gone")
        await watch(worker)

    monkeypatch.setattr(RabbitBroker, "stop", hang_once)
    monkeypatch.setattr(Worker, "_watch", fail_once)
    monkeypatch.setattr(working, "END_SECONDS", 0.5)
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(Relay(database, producing).run(), worker.run()):
        try:
            await announce(database, *[unit_changed() for _ in range(50)])
            await eventually(lambda: _equals(seen(other_database), 50), within=20)
            assert left[0].is_closed, "it would consume beside the new one"
        finally:
            hanging.set()


async def test_a_relay_that_may_make_exchanges_makes_a_deleted_one_anew_and_delivers(
    database, other_database, new_virtual, listener, eventually
):
    virtual = new_virtual()
    worker = Worker(listener.router(), other_database, virtual.shared_by("listener"), prefetch=50)
    async with running(Relay(database, virtual.shared_by("tasks")).run(), worker.run()):
        await announce(database, unit_changed())
        await eventually(lambda: _equals(seen(other_database), 1), within=10)
        connection = await aio_pika.connect(virtual.url)
        async with connection:
            await (await connection.channel()).exchange_delete(topology.EXCHANGE)
        await announce(database, unit_changed())
        await eventually(lambda: _equals(seen(other_database), 2), within=25)


async def test_an_event_exists_only_if_its_change_committed(database):
    async with database.sessions() as session:
        await outbox.add(session, unit_changed(), now=await database_now(session))
        await session.rollback()
    assert (await rows(database, "SELECT count(*) FROM event_log"))[0][0] == 0


async def test_a_redelivered_event_takes_effect_once(database, other_database, listener):
    await announce(database, unit_changed())
    envelope = await _logged(database)
    consumer = Consumer(listener.router(), other_database)
    await consumer.apply([envelope])
    await consumer.apply([envelope])
    assert await seen(other_database) == 1


async def test_a_failing_event_is_kept_for_retry_and_its_neighbours_go_through(
    database, other_database, listener, eventually, producing, consuming_as
):
    listener.poison = {"BAD"}
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    await announce(database, unit_changed(), unit_changed(code="BAD"), unit_changed())
    async with running(Relay(database, producing).run(), worker.run()):
        await eventually(lambda: _equals(seen(other_database), 2), within=10)
        waiting = await eventually(lambda: rows(other_database, _WAITING))
        assert "poison BAD" in waiting[0]["error"]
        listener.poison = set()
        await rows(other_database, "UPDATE inbox SET next_attempt_at = now()")
        await eventually(lambda: _equals(seen(other_database), 3))


async def test_a_handler_that_never_returns_is_ended_and_its_neighbours_go_through(
    database, other_database, listener, monkeypatch, eventually
):
    """The server has ended its session meanwhile: that does not look like a database away."""
    monkeypatch.setattr(consuming, "HANDLER_SECONDS", 3.0)
    listener.stuck = {"STUCK"}
    consumer = Consumer(listener.router(), other_database)
    await announce(database, unit_changed(), unit_changed(code="STUCK"), unit_changed())
    logged = await rows(database, "SELECT envelope FROM event_log")
    applying = asyncio.create_task(
        consumer.apply([Envelope.model_validate_json(row["envelope"]) for row in logged])
    )
    await eventually(lambda: rows(other_database, _END_IDLE), within=20)
    await applying
    assert await seen(other_database) == 2
    assert listener.batches == [3, 1, 1, 1], "one limit for the batch, one for the event alone"
    (waiting,) = await rows(other_database, _WAITING)
    assert "not handled within" in waiting["error"]


async def test_a_worker_that_is_asked_to_end_gives_back_what_it_holds_at_once(
    database, other_database, listener, eventually, producing, consuming_as
):
    listener.stuck = {"STUCK"}
    relay = Relay(database, producing)
    worker = asyncio.create_task(
        Worker(listener.router(), other_database, consuming_as, prefetch=50).run()
    )
    async with running(relay.run()):
        await announce(database, unit_changed(code="STUCK"))
        await eventually(lambda: _equals(_length(listener.batches), 1))
        await announce(database, unit_changed())
        await eventually(lambda: _equals(_outbox(database), 0))
        began = asyncio.get_running_loop().time()
        worker.cancel()
        await asyncio.wait({worker}, timeout=40)
    assert asyncio.get_running_loop().time() - began < 8, "it waited for what it holds"
    listener.stuck = set()
    async with running(Worker(listener.router(), other_database, consuming_as, prefetch=50).run()):
        await eventually(lambda: _equals(seen(other_database), 2), within=10)


async def test_an_event_that_never_goes_through_is_parked_after_its_last_attempt(
    database, other_database, listener
):
    listener.poison = {"BAD"}
    consumer = Consumer(listener.router(), other_database)
    await announce(database, unit_changed(code="BAD"))
    await consumer.apply([await _logged(database)])
    for _ in range(10):
        await rows(other_database, "UPDATE inbox SET next_attempt_at = now()")
        await consumer.retry_due()
    (parked,) = await rows(other_database, "SELECT state, attempts FROM inbox")
    assert (parked["state"], parked["attempts"]) == ("parked", 7)


async def test_a_parked_event_is_shown_whole_and_discarded_with_a_reason_that_is_kept(
    database, other_database, listener
):
    listener.poison = {"BAD"}
    await announce(database, unit_changed(code="BAD"))
    envelope = await _logged(database)
    await Consumer(listener.router(), other_database).apply([envelope])
    now = datetime.now(UTC)
    async with other_database.sessions.begin() as session:
        assert not await inbox.discard(session, envelope.id, "too early", now)
        shown = await inbox.show(session, envelope.id)
    assert (shown.state, "poison BAD" in shown.error) == ("failed", True)
    assert Envelope.model_validate_json(shown.envelope) == envelope

    await rows(other_database, "UPDATE inbox SET state = 'parked'")
    async with other_database.sessions.begin() as session:
        assert await inbox.discard(session, envelope.id, "a unit of a test", now)
        assert not await inbox.discard(session, envelope.id, "twice", now)
        assert await inbox.show(session, envelope.id) is None
        assert await inbox.replay(session, id=envelope.id) == 0
    [entry] = await rows(other_database, "SELECT * FROM audit_entry")
    assert (entry["action"], entry["subject_id"]) == ("event.discard", envelope.id)
    assert entry["reason"] == "a unit of a test"
    assert "poison BAD" in entry["before"]
    assert await seen(other_database) == 0


@pytest.mark.parametrize("guard", ["seen", None])
async def test_what_only_its_fact_remembers_is_not_discarded_for_it_would_come_again(
    database, other_database, listener, guard
):
    listener.poison = {"BAD"}
    router = listener.router()
    (type_,) = router.routes
    router.routes[type_] = replace(router.routes[type_], guarded_by=guard)
    await announce(database, unit_changed(code="BAD"))
    envelope = await _logged(database)
    await Consumer(router, other_database).apply([envelope])
    await rows(other_database, "UPDATE inbox SET state = 'parked'")
    app = typer.Typer()
    operators = Database(other_database.url)
    service = SimpleNamespace(events=router, operators_database=lambda _verb: operators)
    add_parked(app, lambda _verb: service)

    words = ["--discard", str(envelope.id), "--reason", "thử"]
    done = await asyncio.to_thread(CliRunner().invoke, app, words)

    assert done.exit_code == (1 if guard else 0), done.output
    assert ("comes again" in done.output) == bool(guard)
    (row,) = await rows(other_database, "SELECT state FROM inbox")
    assert row["state"] == ("parked" if guard else "done")


@pytest.mark.parametrize("body", [b"{", b"[]x", b'{"type": "nobody.knows.v1"}', b"\xff\xfe"])
async def test_what_cannot_be_decoded_is_parked_with_its_reason(
    body, other_database, vhost, listener, eventually, consuming_as
):
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(worker.run()):
        await publish_raw(vhost, body, TYPE)
        parked = await eventually(
            lambda: rows(other_database, "SELECT error FROM inbox WHERE state = 'parked'"),
            within=10,
        )
    assert parked[0]["error"]


async def test_events_that_nobody_is_bound_to_hold_none_of_the_others_back(
    database, other_database, listener, eventually, monkeypatch, producing, consuming_as
):
    monkeypatch.setattr(relaying, "CLAIM", 10)
    await announce(database, *[person_changed() for _ in range(25)], unit_changed())
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(Relay(database, producing).run(), worker.run()):
        await eventually(lambda: _equals(seen(other_database), 1), within=60)
    assert await _outbox(database) == 25


async def test_a_relay_reads_what_is_unsent_and_not_the_whole_log(database):
    await announce(database, *[unit_changed() for _ in range(3_000)])
    await rows(database, "ANALYZE")  # as it may happen during a backlog
    await rows(database, "DELETE FROM outbox WHERE seq > (SELECT min(seq) + 50 FROM outbox)")
    query = f"EXPLAIN ANALYZE {relaying._UNSENT.text}".replace(":behind", "0").replace(
        ":limit", "2000"
    )
    plan = [line[0] for line in await rows(database, query)]
    scans = [line for line in plan if "Seq Scan on event_log" in line]
    assert not [scan for scan in scans if "never executed" not in scan]


async def test_a_relay_looks_once_for_what_was_announced_once(
    database, other_database, eventually, producing, consuming_as, monkeypatch
):
    monkeypatch.setattr(relaying, "IDLE_POLL", 60)
    looks = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        looks.extend([statement] if "FROM outbox" in statement and "LATERAL" in statement else [])

    sqlalchemy.event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with running(Relay(database, producing).run()):
        await eventually(lambda: _equals(_length(looks), 1))
        await announce(database, unit_changed())
        await eventually(lambda: _equals(_outbox(database), 0))
        await asyncio.sleep(10 * relaying.BUSY_PAUSE)  # why: a look too many would be in it
    assert len(looks) == 2


async def test_a_single_event_holds_up_no_other_and_several_let_the_next_gather(
    other_database, listener, monkeypatch
):
    monkeypatch.setattr(consuming, "LONGEST_REST", 60)
    consumer = Consumer(listener.router(), other_database)
    batcher = Batcher(consumer, shortest_rest=60)
    async with running(batcher.run()):
        for _ in range(3):
            await asyncio.wait_for(batcher.take(_delivery()), 10)
        await asyncio.gather(batcher.take(_delivery()), batcher.take(_delivery()))
        late = asyncio.ensure_future(batcher.take(_delivery()))
        await asyncio.wait({late}, timeout=1)
        assert not late.done()
    assert listener.batches == [1, 1, 1, 2]


def _delivery() -> Delivery:
    event = unit_changed()
    return Delivery(
        envelope_of(event, id=new_id(), time=datetime.now(UTC)).model_dump_json().encode()
    )


async def test_a_deleted_queue_is_declared_again_by_its_worker(
    database, other_database, vhost, listener, eventually, producing, consuming_as
):
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(Relay(database, producing).run(), worker.run()):
        await eventually(lambda: worker.consuming, within=10)
        connection = await aio_pika.connect(vhost)
        async with connection:
            channel = await connection.channel()
            await channel.queue_delete("listener.tasks")
        await announce(database, unit_changed())
        await eventually(lambda: _equals(seen(other_database), 1), within=60)


async def test_a_deleted_binding_is_made_again_by_its_worker(
    database, other_database, vhost, listener, eventually, producing, consuming_as
):
    worker = Worker(listener.router(), other_database, consuming_as, prefetch=50)
    async with running(Relay(database, producing).run(), worker.run()):
        await eventually(lambda: worker.consuming, within=10)
        connection = await aio_pika.connect(vhost)
        async with connection:
            channel = await connection.channel()
            queue = await channel.get_queue("listener.tasks")
            await queue.unbind(topology.EXCHANGE, routing_key=TYPE)
        await announce(database, unit_changed())
        await eventually(lambda: _equals(seen(other_database), 1), within=60)


_END_IDLE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'idle in transaction'
"""
_WAITING = "SELECT error FROM inbox WHERE state = 'failed'"


async def _equals(value, expected) -> bool:
    return await value == expected


async def _length(items: list) -> int:
    return len(items)


async def _outbox(database) -> int:
    return (await rows(database, "SELECT count(*) FROM outbox"))[0][0]


async def _logged(database) -> Envelope:
    (row,) = await rows(database, "SELECT envelope FROM event_log")
    return Envelope.model_validate_json(row["envelope"])
