"""Rows 23, 24 and 25: copies, disorder, poison, a stuck consumer."""

import json
import random
from uuid import uuid4

import aio_pika
import pytest
from tests.faults.conftest import SEED

from contracts.envelope import BATCH_CONTENT_TYPE

pytestmark = pytest.mark.timeout(600)
TYPE = "tasks.progress_reported.v1"
VICTIMS = ("probe", "reporting", "notifications")


@pytest.mark.faults
async def test_copies_in_any_order_change_nothing(rig, row):
    """Everything the tasks and surveys logs hold comes three times more, shuffled, in batches."""
    async with row("23", "every logged event thrice more, shuffled") as fault:
        chance = random.Random(SEED)
        await fault.load.acked(60)
        for producer in ("tasks", "surveys"):
            logged = await rig.query(producer, "SELECT type, envelope FROM event_log")
            copies = [*logged, *logged, *logged]
            chance.shuffle(copies)
            await _send_to_exchange(rig, [(r["type"], r["envelope"]) for r in copies])
        fault.over()


def _poisons(envelope: dict) -> dict[str, bytes]:
    """Return bodies that no consumer can take into effect, by what is wrong with them."""

    def changed(**values: object) -> bytes:
        return json.dumps({**envelope, "id": str(uuid4()), **values}).encode()

    state = envelope["data"]["assignment"]
    return {
        "not JSON": b'{"id": "' + uuid4().hex.encode(),
        "not text": b"\xff\xfe" + uuid4().bytes,
        "nested without end": b"[" * 200_000 + uuid4().hex.encode(),
        "unknown type": changed(type="nobody.knows.v1"),
        "unknown version": changed(type="tasks.progress_reported.v99"),
        "no subject": json.dumps(
            {k: v for k, v in envelope.items() if k != "subject"} | {"id": str(uuid4())}
        ).encode(),
        "data of another shape": changed(data={"assignment": 7}),
        "version beyond the column": changed(aggregateversion=2**70),
        "a number beyond the column": changed(
            data={**envelope["data"], "assignment": {**state, "version": 2**70}}
        ),
        "time before all calendars": changed(time="0001-01-01T00:00:00+14:00"),
        "time without a zone": changed(time="2026-01-01T00:00:00"),
        "half a character": changed(source="\ud800"),
        "half a character in the data": changed(
            data={**envelope["data"], "note\ud800": 1, "assignment": {**state, "number": "\ud800"}}
        ),
        "a null character in the type": changed(type="tasks.\x00"),
        "ten megabytes": b'"' + b"x" * 10_000_000 + uuid4().hex.encode(),
    }


@pytest.mark.broker
async def test_poison_is_parked_with_its_reason_and_its_neighbours_go_through(rig, row, eventually):
    logged = await rig.query(
        "tasks", "SELECT envelope FROM event_log WHERE type = $1 LIMIT 1", TYPE
    ) or await rig.query(
        "tasks", "SELECT envelope FROM event_log WHERE type = 'tasks.assignment_created.v1' LIMIT 1"
    )
    envelope = json.loads(logged[0]["envelope"]) | {"type": TYPE}
    envelope["data"] = {**envelope["data"], "percent": 1, "difficulty": False}
    poisons = _poisons(envelope)
    async with row("24", f"{len(poisons)} kinds of poison, to {len(VICTIMS)} consumers each") as f:
        connection = await rig.broker()
        async with connection:
            channel = await connection.channel()
            for service in VICTIMS:
                for what, body in poisons.items():
                    rig.ledger.inject(service, what)
                    await channel.default_exchange.publish(
                        _of("tasks", rig, body), f"{service}.tasks"
                    )
        f.over()
        for service in VICTIMS:
            await eventually(
                lambda service=service: _all_parked(rig, service), within=150, every=0.5
            )
    for service in VICTIMS:
        rows = await rig.query(service, "SELECT error FROM inbox WHERE state = 'parked'")
        assert all(r["error"] for r in rows)


async def _all_parked(rig, service: str) -> bool:
    """Hours pass: what failed is tried again until it is parked."""
    await rig.query(service, "UPDATE inbox SET next_attempt_at = now() WHERE state = 'failed'")
    (found,) = await rig.query(service, "SELECT count(*) AS n FROM inbox WHERE state = 'parked'")
    return found["n"] >= rig.ledger.injected()[service]


@pytest.mark.broker
@pytest.mark.parametrize("bug", ["ValueError", "OSError"])
async def test_an_event_that_meets_a_bug_waits_for_its_mend_and_holds_nobody_up(
    rig, row, eventually, bug
):
    (logged,) = await rig.query(
        "tasks", "SELECT envelope FROM event_log WHERE type = 'tasks.assignment_created.v1' LIMIT 1"
    )
    envelope = json.loads(logged["envelope"])
    envelope |= {"id": str(uuid4()), "type": "tasks.assignment_changed.v1", "subject": str(uuid4())}
    async with row(f"24 bug {bug}", f"a handler raises {bug}; mended, tried again") as fault:
        rig.stumble_over.write_text(json.dumps({envelope["id"]: bug}))
        body = json.dumps(envelope).encode()
        await _send_to_queue(rig, "probe.tasks", body)
        await eventually(lambda: _state(rig, envelope["id"], "failed"), within=90)
        rig.stumble_over.unlink()
        fault.over()
        await rig.query("probe", "UPDATE inbox SET next_attempt_at = now() WHERE state = 'failed'")
        await eventually(lambda: _state(rig, envelope["id"], "done"), within=90)


@pytest.mark.broker
@pytest.mark.faults
async def test_a_handler_that_never_returns_is_ended_and_its_event_waits_for_the_mend(
    rig, row, eventually
):
    """Its queue stands still for two of the handler's limits: the batch's, then its own."""
    async with row("25 stuck", "a handler never returns", within=120) as fault:
        id_ = await get_stuck(rig)
        await eventually(lambda: _state(rig, id_, "failed"), within=150, every=0.5)
        rig.stumble_over.unlink()
        fault.over()
        await rig.query("probe", "UPDATE inbox SET next_attempt_at = now() WHERE state = 'failed'")
        await eventually(lambda: _state(rig, id_, "done"), within=90, every=0.5)


@pytest.mark.broker
@pytest.mark.faults
async def test_the_brokers_limit_closes_the_channel_and_everything_comes_again(
    rig, row, eventually
):
    """`consumer_timeout`: 5 s instead of half an hour. A channel takes it when it is opened."""
    await _limit_consumers(rig, timeout_ms=5_000, look_ms=3_000)
    await rig["probe worker"].restart()
    await rig.until_ready()
    async with row("25 timeout", "broker's consumer_timeout ends a slow one", within=120) as fault:
        id_ = await get_stuck(rig)
        await eventually(lambda: "acknowledgement on channel" in rig.rabbitmq.log.read_text(),
                         within=60, every=0.5)  # fmt: skip
        rig.stumble_over.unlink()
        fault.over()
        await eventually(lambda: _state(rig, id_, "done"), within=120, every=0.5)
    await _limit_consumers(rig, timeout_ms=1_800_000, look_ms=60_000)
    await rig["probe worker"].restart()


async def get_stuck(rig) -> str:
    """Send the probe an event whose handler never returns; return its id."""
    (logged,) = await rig.query(
        "tasks", "SELECT envelope FROM event_log WHERE type = 'tasks.assignment_created.v1' LIMIT 1"
    )
    envelope = json.loads(logged["envelope"])
    envelope |= {"id": str(uuid4()), "type": "tasks.assignment_changed.v1", "subject": str(uuid4())}
    rig.stumble_over.write_text(json.dumps({envelope["id"]: "slow"}))
    await _send_to_queue(rig, "probe.tasks", json.dumps(envelope).encode())
    return str(envelope["id"])


async def _limit_consumers(rig, *, timeout_ms: int, look_ms: int) -> None:
    """Set the broker's limit while it runs; `look_ms`: how often a channel looks."""
    for name, value in (("consumer_timeout", timeout_ms), ("channel_tick_interval", look_ms)):
        await rig.ctl("eval", f"application:set_env(rabbit, {name}, {value}).")


async def _state(rig, event_id: str, state: str) -> bool:
    rows = await rig.query(
        "probe", "SELECT state FROM inbox WHERE id = CAST($1::text AS uuid)", event_id
    )
    return [r["state"] for r in rows] == [state]


async def _send_to_queue(rig, queue: str, body: bytes) -> None:
    connection = await rig.broker()
    async with connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(_of("tasks", rig, body), queue)


def _of(producer: str, rig, body: bytes, **properties: str) -> aio_pika.Message:
    """Return a message as a producer's relay sends it: by its user, whom the rig may be."""
    user = rig.user_of(producer).user
    return aio_pika.Message(body, delivery_mode=2, user_id=user, **properties)


async def _send_to_exchange(rig, events: list[tuple[str, str]]) -> None:
    connection = await rig.broker()
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange("events")
        for start in range(0, len(events), 20):
            by_type: dict[str, list[str]] = {}
            for type_, envelope in events[start : start + 20]:
                by_type.setdefault(type_, []).append(envelope)
            for type_, some in by_type.items():
                body = f"[{','.join(some)}]".encode()
                producer = type_.split(".")[0]
                message = _of(producer, rig, body, content_type=BATCH_CONTENT_TYPE)
                await exchange.publish(message, routing_key=type_, mandatory=False)
