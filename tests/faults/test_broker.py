"""Rows 9 to 15: the broker stopped, killed, frozen, in alarm, full; a binding or a queue gone."""

import asyncio
import contextlib
import signal

import pytest
from tests.faults.rig import VHOST

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.faults,
    pytest.mark.broker,
]
ANSWERED, REPORTED = "surveys.response_submitted.v1", "tasks.progress_reported.v1"
FROZEN = 60  # seconds: longer than any heartbeat of ours


@pytest.fixture(autouse=True, scope="module")
async def a_broker_again(rig):
    yield
    rig.rabbitmq.thaw()
    await asyncio.to_thread(rig.rabbitmq.start)


async def test_a_broker_stopped_in_good_order_is_waited_for(rig, row):
    async with row("9", "broker application stopped for 10 s, started") as fault:
        await rig.ctl("stop_app")
        await accepted(rig, fault, 20)
        await asyncio.sleep(5)
        await rig.ctl("start_app")
        fault.over()


async def test_a_broker_killed_loses_nothing_it_confirmed(rig, row):
    async with row("10", "broker killed (-9), started") as fault:
        await asyncio.to_thread(rig.rabbitmq.kill)
        await accepted(rig, fault, 20)
        await asyncio.to_thread(rig.rabbitmq.start)
        fault.over()


async def test_a_frozen_broker_holds_nobody_up_and_all_come_back(rig, row):
    async with row("11", f"broker frozen for {FROZEN} s", pause=1.0) as fault:
        rig.rabbitmq.freeze()
        await accepted(rig, fault, 40)
        await asyncio.sleep(FROZEN)
        assert all(p.status is None for p in rig.processes.values()), "a process died of it"
        rig.rabbitmq.thaw()
        fault.over()


@pytest.mark.parametrize(
    ("kind", "alarm", "calm"),
    [
        (
            "memory",
            ("set_vm_memory_high_watermark", "0.00001"),
            ("set_vm_memory_high_watermark", "0.4"),
        ),
        ("disk", ("set_disk_free_limit", "100000GB"), ("set_disk_free_limit", "50MB")),
    ],
)
async def test_a_broker_in_alarm_blocks_publishing_and_no_client(
    rig, row, eventually, kind, alarm, calm
):
    async with row(f"12 {kind}", f"broker in {kind} alarm for 10 s") as fault:
        await rig.ctl(*alarm)
        await accepted(rig, fault, 20)
        await eventually(lambda: _waiting(rig, "tasks"), within=150, every=0.5)
        await asyncio.sleep(5)
        await rig.ctl(*calm)
        fault.over()


async def test_a_full_queue_refuses_and_the_outbox_keeps_the_rest(rig, row, eventually):
    async with row("13", "queue full (3 messages, its consumer stopped)") as fault:
        await _limit(rig, "probe.tasks", 3)
        await rig["probe worker"].kill()
        refused = rig["tasks relay"].said("relay_refused")
        await eventually(lambda: rig["tasks relay"].said("relay_refused") > refused, within=120)
        assert await _waiting(rig, "tasks"), "the outbox did not keep the rest"
        rig["probe worker"].start()
        fault.over()
        await rig.until_ready()
    await rig.manage("DELETE", f"policies/{VHOST}/full")


async def test_an_event_that_nothing_is_bound_to_is_never_taken_for_sent(
    rig, row, healing, eventually
):
    """The relay says so and goes on with the others; the workers bind again when they look.

    Whoever binds first gets the events in the meantime: the others take them from the log.
    """
    workers = [rig["reporting worker"], rig["probe worker"]]
    refused = rig["surveys relay"].said("relay_refused")
    async with row("14 all", "every binding of a type deleted") as fault:
        with held(*workers):
            with held(rig["surveys relay"]):
                for queue in ("reporting.surveys", "probe.surveys"):
                    await unbind(rig, queue, ANSWERED)
            await eventually(
                lambda: rig["surveys relay"].said("relay_refused") > refused, within=150
            )
            assert await _waiting(rig, "surveys"), "unroutable events were taken for sent"
        await eventually(lambda: _bound(rig, "reporting.surveys", ANSWERED), within=150, every=0.5)
        await eventually(lambda: _bound(rig, "probe.surveys", ANSWERED), within=150, every=0.5)
        await healing("reporting clock", "probe clock")
        fault.over()


async def test_a_lost_binding_is_made_again_and_the_log_heals_what_was_missed(
    rig, row, healing, eventually
):
    """Another queue is still bound: the broker confirms, so only the log knows."""
    async with row("14 one", "one of several bindings deleted; the log heals") as fault:
        with held(rig["reporting worker"], rig["probe worker"]):
            for queue in ("reporting.tasks", "probe.tasks"):
                await unbind(rig, queue, REPORTED)
            await accepted(rig, fault, 20)
        for queue in ("reporting.tasks", "probe.tasks"):
            bound = lambda queue=queue: _bound(rig, queue, REPORTED)  # noqa: E731
            await eventually(bound, within=150, every=0.5)
        await healing("reporting clock", "probe clock")
        fault.over()


async def test_a_deleted_queue_is_declared_again_and_what_it_held_comes_from_the_log(
    rig, row, healing
):
    async with row("15", "queues with messages in them deleted; the log heals") as fault:
        await rig["probe worker"].kill()
        await asyncio.sleep(2)
        connection = await rig.broker()
        async with connection:
            channel = await connection.channel()
            for queue in ("reporting.tasks", "probe.tasks", "probe.surveys", "notifications.tasks"):
                await channel.queue_delete(queue)
        rig["probe worker"].start()
        await rig.until_ready()
        await healing("reporting clock", "probe clock", "notifications clock")
        fault.over()


@contextlib.contextmanager
def held(*processes):
    """Keep processes still: a relay between two changes, a worker that would bind again at once."""
    for process in processes:
        process.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            process.signal(signal.SIGCONT)


async def _bound(rig, queue: str, type_: str) -> bool:
    answer = await rig.manage("GET", f"bindings/{VHOST}/e/events/q/{queue}")
    return type_ in [binding["routing_key"] for binding in answer.json()]


async def _waiting(rig, service: str) -> bool:
    (found,) = await rig.query(service, "SELECT count(*) AS n FROM outbox")
    return found["n"] > 0


async def accepted(rig, fault, more: int) -> None:
    """The API needs PostgreSQL only: clients go on being served meanwhile."""
    now = sum(o.acked for o in rig.ledger.operations(row=rig.ledger.row))
    await fault.load.acked(now + more)


async def _limit(rig, queue: str, messages: int) -> None:
    body = {
        "pattern": f"^{queue}$", "apply-to": "queues", "priority": 1,
        "definition": {"max-length": messages, "overflow": "reject-publish"},
    }  # fmt: skip
    (await rig.manage("PUT", f"policies/{VHOST}/full", body)).raise_for_status()


async def unbind(rig, queue: str, type_: str) -> None:
    connection = await rig.broker()
    async with connection:
        channel = await connection.channel()
        found = await channel.get_queue(queue)
        await found.unbind("events", routing_key=type_)
