"""Each row with its protection taken out: the ledger must complain, or the row proves nothing.

The protections are taken out of single processes of the rig by `switched_off/sitecustomize.py`.
The log's way (catching up) would heal most of it, so the clocks stand still meanwhile: they look
once an hour. `whole_again` lets them heal what can be healed before the next row.
"""

import asyncio
import contextlib
import json
from uuid import uuid4

import httpx
import pytest
from tests.faults.test_broker import ANSWERED, held, unbind
from tests.faults.test_failpoints import CONSUMERS, _copies, _settled, die_at
from tests.faults.test_messages import _poisons, _send_to_exchange, _send_to_queue, get_stuck

pytestmark = [pytest.mark.timeout(600), pytest.mark.faults]


@pytest.fixture
async def whole_again(rig, healing):
    """Afterwards: no protection missing, healed from the log, doubles and failures swept away."""
    yield
    await rig.make_whole()
    await rig.until_ready()
    await rig.query(
        "probe",
        "DELETE FROM seen a USING seen b WHERE a.event_id = b.event_id AND a.n > b.n",
    )
    for service in ("probe", "reporting", "notifications"):
        await rig.query(service, "DELETE FROM inbox WHERE state <> 'done'")
    await healing("reporting clock", "probe clock", "notifications clock")
    for _ in range(60):
        if (await rig.run("reporting", "verify")).returncode == 0:
            break
        await asyncio.sleep(1)


@pytest.mark.usefixtures("whole_again")
async def test_without_the_outbox_a_killed_api_loses_the_event(rig, row):
    async with row("2", "events written after the state's commit", off="outbox") as fault:
        await die_at(rig, "api.after_commit", "tasks api", "surveys api", without="outbox")
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_without_remembered_answers_a_retry_does_it_twice(rig, row):
    async with row("2", "no idempotency key, no If-Match", off="idempotency") as fault:
        await die_at(rig, "api.after_commit", "tasks api", without="idempotency")
    assert fault.verdict.doubled or fault.verdict.ghosts


@pytest.mark.usefixtures("whole_again")
async def test_without_waiting_for_the_confirm_a_killed_relay_loses_events(rig, row):
    async with row("3", "pointer deleted before the broker's confirm", off="confirm") as fault:
        await die_at(rig, "relay.after_claim", "tasks relay", "surveys relay", without="confirm")
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_with_the_ack_before_the_commit_a_killed_consumer_loses_events(rig, row):
    async with row("4", "ack when a message arrives", off="ack_before_commit") as fault:
        await die_at(rig, "consumer.before_commit", *CONSUMERS, without="ack_before_commit")
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_without_the_inbox_a_killed_consumer_does_it_twice(rig, row):
    async with row("5", "every event taken for new", off="inbox") as fault:
        await rig["probe worker"].restart(failpoint="consumer.after_commit_before_ack")
        await rig["probe worker"].ended(60)
        rig["probe worker"].start(without="inbox")
    assert fault.verdict.doubled


@pytest.mark.usefixtures("whole_again")
async def test_with_the_mark_before_the_mail_a_killed_sender_loses_it(rig, row, eventually):
    async with row("6", "mail marked as sent before it is", off="claim"):
        await die_at(rig, "notify.after_send_before_mark", "notifications worker", without="claim")
    await eventually(lambda: _settled(rig), within=60, every=0.5)
    copies = await _copies(rig)
    sent = await rig.query("notifications", "SELECT message_id FROM delivery WHERE state = 'sent'")
    assert [r for r in sent if r["message_id"] not in copies], "no mail is missing"


@pytest.mark.usefixtures("whole_again")
async def test_without_mandatory_an_unroutable_event_is_taken_for_sent(rig, row):
    workers = [rig["reporting worker"], rig["probe worker"]]
    async with row("14 all", "every binding of a type deleted", off="mandatory") as fault:
        await start_without(rig["surveys relay"], "mandatory")
        with held(*workers):
            for queue in ("reporting.surveys", "probe.surveys"):
                await unbind(rig, queue, ANSWERED)
            await _more(rig, fault, 40)
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_without_asserting_bindings_their_events_wait_for_ever(rig, row):
    """The log's way heals one consumer after the other; the broker's way stays shut."""
    workers = [rig["reporting worker"], rig["probe worker"]]
    async with row("14 all", "every binding of a type deleted", off="binding", within=40) as fault:
        for worker in workers:
            await worker.restart(without="binding")
        await rig.until_ready()
        for queue in ("reporting.surveys", "probe.surveys"):
            await unbind(rig, queue, ANSWERED)
        await _more(rig, fault, 20)
    assert fault.verdict.lost
    assert fault.verdict.stuck


@pytest.mark.usefixtures("whole_again")
async def test_with_a_queue_that_drops_instead_of_refusing_events_are_lost(rig, row):
    async with row("13", "queue full", off="reject-publish") as fault:
        await rig["probe worker"].kill()
        connection = await rig.broker()
        async with connection:
            channel = await connection.channel()
            await channel.queue_delete("probe.tasks")
            arguments = {"x-queue-type": "quorum", "x-max-length": 3, "x-overflow": "drop-head"}
            queue = await channel.declare_queue("probe.tasks", durable=True, arguments=arguments)
            await queue.bind("events", routing_key="tasks.progress_reported.v1")
            await _more(rig, fault, 60)
            await queue.delete(if_unused=False, if_empty=False)
        rig["probe worker"].start()
        await rig.until_ready()
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_without_waiting_for_the_confirm_a_killed_broker_loses_events(rig, row):
    relays = [rig["tasks relay"], rig["surveys relay"]]
    async with row("10", "broker killed (-9), started", off="confirm") as fault:
        for relay in relays:
            await start_without(relay, "confirm")
        with held(*relays):  # so that events wait for the broker when it dies
            await _more(rig, fault, 40)
            await asyncio.to_thread(rig.rabbitmq.kill)
        await asyncio.sleep(5)
        await asyncio.to_thread(rig.rabbitmq.start)
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_without_a_limit_a_handler_that_never_returns_holds_up_its_queue(rig, row):
    async with row("25 stuck", "a handler never returns", off="handler limit", within=40) as fault:
        await rig["probe worker"].restart(without="handler_limit")
        await rig.until_ready()
        await get_stuck(rig)
        await _more(rig, fault, 20)
    rig.stumble_over.unlink()
    assert fault.verdict.lost


async def start_without(process, protection: str) -> None:
    """Restart a process without a protection; return when it is ready."""
    await process.restart(without=protection)
    url = f"http://127.0.0.1:{process.command[-1]}/health/ready"
    async with asyncio.timeout(60), httpx.AsyncClient() as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.2)


async def _more(rig, fault, count: int) -> None:
    now = sum(o.acked for o in rig.ledger.operations(row=rig.ledger.row))
    await fault.load.acked(now + count)


@pytest.mark.usefixtures("whole_again")
async def test_without_the_log_a_deleted_queue_loses_what_it_held(rig, row):
    """Rows 14 and 15: the clocks stand still."""
    async with row("15", "queue deleted, nobody catches up", off="catching up") as fault:
        await rig["probe worker"].kill()
        await asyncio.sleep(2)
        connection = await rig.broker()
        async with connection:
            channel = await connection.channel()
            await channel.queue_delete("probe.tasks")
        rig["probe worker"].start()
        await rig.until_ready()
    assert fault.verdict.lost


@pytest.mark.usefixtures("whole_again")
async def test_without_waiting_for_the_database_attempts_are_burned(rig, row):
    what = "a database away is the event's fault"
    async with row("18", what, off="waiting_for_the_database", within=5) as fault:
        await rig["probe worker"].restart(without="waiting_for_the_database")
        await rig.until_ready()
        with held(rig["probe worker"]):  # so that events wait for it when the database goes
            await _more(rig, fault, 20)
            await asyncio.to_thread(rig.postgres.stop, "immediate")
        await asyncio.sleep(5)
        await asyncio.to_thread(rig.postgres.start)
    assert [said for said in fault.verdict.stuck if said.startswith("probe inbox failed")]


@pytest.mark.usefixtures("whole_again")
async def test_without_the_inbox_copies_are_counted_again(rig, row):
    async with row("23", "every logged event once more", off="inbox") as fault:
        await rig["probe worker"].restart(without="inbox")
        await rig.until_ready()
        logged = await rig.query("tasks", "SELECT type, envelope FROM event_log")
        await _send_to_exchange(rig, [(r["type"], r["envelope"]) for r in logged])
    assert fault.verdict.doubled


@pytest.mark.usefixtures("whole_again")
async def test_without_taking_poison_apart_its_neighbours_wait(rig, row):
    envelope = await _logged(rig)
    async with row("24", "poison in a queue", off="one_by_one") as fault:
        await rig["probe worker"].restart(without="one_by_one")
        await rig.until_ready()
        changed = {"id": str(uuid4()), "type": "tasks.assignment_changed.v1"}
        rig.stumble_over.write_text(json.dumps({changed["id"]: "ValueError"}))
        await _send_to_queue(rig, "probe.tasks", json.dumps(envelope | changed).encode())
        await asyncio.sleep(6)
    rig.stumble_over.unlink()
    assert fault.verdict.lost
    await _purge(rig)


@pytest.mark.usefixtures("whole_again")
async def test_without_refusing_what_cannot_be_stored_the_worker_starts_over_and_over(rig, row):
    """Nothing is lost all the same: each new session takes some of the neighbours."""
    worker = rig["probe worker"]
    async with row("24", "poison in a queue", off="storable"):
        await worker.restart(without="storable")
        await rig.until_ready()
        before = worker.said("worker_interrupted")
        envelope = await _logged(rig) | {"type": "tasks.progress_reported.v1"}
        body = _poisons(envelope)["version beyond the column"]
        await _send_to_queue(rig, "probe.tasks", body)
        await asyncio.sleep(6)
    assert worker.said("worker_interrupted") > before
    await _purge(rig)


async def _logged(rig) -> dict[str, object]:
    (logged,) = await rig.query(
        "tasks", "SELECT envelope FROM event_log WHERE type = 'tasks.assignment_created.v1' LIMIT 1"
    )
    return dict(json.loads(logged["envelope"]))


async def _purge(rig) -> None:
    connection = await rig.broker()
    async with connection:
        channel = await connection.channel()
        await rig["probe worker"].kill()
        await (await channel.get_queue("probe.tasks")).purge()
