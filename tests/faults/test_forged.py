"""Row 33: an event that its producer never wrote, by another's credential and by its own."""

import json
from uuid import uuid4

import aio_pika
import pytest
from aiormq.exceptions import ChannelAccessRefused

from chassis.messaging import topology

pytestmark = [pytest.mark.timeout(600), pytest.mark.faults, pytest.mark.broker]
ANSWERED = "surveys.response_submitted.v1"
REASON = "mật khẩu của surveys bị lộ"


async def test_a_forged_event_by_the_credential_of_another_service_goes_nowhere(
    rig, row, eventually
):
    """Refused at the exchange; parked where it comes past it; nothing internal is read."""
    thief = rig.user_of("notifications")
    async with row("33 another's", "events forged and read with another's credential") as fault:
        forged = await _forged(rig)
        for body, user in (
            (forged, thief.user),
            (forged, None),
            (forged, rig.user_of("surveys").user),
        ):
            with pytest.raises(aio_pika.exceptions.AMQPError):
                await _publish(rig, thief.url, body, ANSWERED, user)
        for key in ("#", "surveys.#", ANSWERED):
            with pytest.raises(ChannelAccessRefused):
                await _bind(rig, thief.url, "notifications.surveys", key)
        for queue in ("reporting.surveys", "reporting.dead"):
            with pytest.raises(ChannelAccessRefused):
                await _read(rig, thief.url, queue)
        rig.ledger.inject("reporting", "forged, by the way of dead letters")
        await _publish(rig, thief.url, forged, "reporting", thief.user, topology.DEAD_EXCHANGE)
        await eventually(lambda: _parked(rig, "reporting"), within=90, every=0.5)
        fault.over()
    assert not await _counted(rig, [forged])


async def test_forged_events_by_the_producers_own_credential_are_seen_and_discarded(
    rig, row, eventually
):
    stolen = rig.user_of("surveys")
    async with row(
        "33 stolen", "answers forged with the producer's credential; discarded"
    ) as fault:
        forged = [await _forged(rig) for _ in range(3)]
        for body in forged:
            await _publish(rig, stolen.url, body, ANSWERED, stolen.user)
        await eventually(lambda: _counted(rig, forged), within=90, every=0.5)
        seen = await rig.run("reporting", "verify")
        assert f"{ANSWERED}: 3 in no log" in seen.stdout, seen.stdout + seen.stderr
        assert seen.returncode == 1
        listed = await rig.run("reporting", "discard-unknown")
        assert (listed.returncode, await _counted(rig, forged)) == (1, True)
        done = await rig.run("reporting", "discard-unknown", "--reason", REASON)
        assert done.returncode == 0, done.stdout + done.stderr
        fault.over()
    assert not await _counted(rig, forged)
    (entry,) = await rig.query(
        "reporting", "SELECT before, reason FROM audit_entry WHERE action = 'event.discard'"
    )
    assert (json.loads(entry["before"])["count"], entry["reason"]) == (3, REASON)


async def _forged(rig) -> bytes:
    """Return an answer like a true one, but for its ids."""
    (logged,) = await rig.query(
        "surveys", "SELECT envelope FROM event_log WHERE type = $1 LIMIT 1", ANSWERED
    )
    envelope, ballot = json.loads(logged["envelope"]), str(uuid4())
    data = {**envelope["data"], "response_id": ballot}
    return json.dumps({**envelope, "id": str(uuid4()), "subject": ballot, "data": data}).encode()


async def _counted(rig, forged: list[bytes]) -> bool:
    ids = [json.loads(body)["subject"] for body in forged]
    rows = await rig.query(
        "reporting",
        "SELECT 1 FROM response_fact WHERE response_id = ANY(CAST($1::text[] AS uuid[]))",
        ids,
    )
    return len(rows) == len(ids)


async def _parked(rig, service: str) -> bool:
    rows = await rig.query(
        service, "SELECT error FROM inbox WHERE state = 'parked' AND error LIKE '%publishes it%'"
    )
    return bool(rows)


async def _publish(
    rig, url: str, body: bytes, key: str, user: str | None, exchange: str = topology.EXCHANGE
) -> None:
    async with await rig.broker(url) as connection:
        channel = await connection.channel()
        to = await channel.get_exchange(exchange, ensure=False)
        await to.publish(aio_pika.Message(body, user_id=user, delivery_mode=2), key, timeout=10)


async def _bind(rig, url: str, queue: str, key: str) -> None:
    async with await rig.broker(url) as connection:
        channel = await connection.channel()
        bound = await channel.get_queue(queue, ensure=False)
        await bound.bind(topology.EXCHANGE, routing_key=key, timeout=10)


async def _read(rig, url: str, queue: str) -> None:
    async with await rig.broker(url) as connection:
        channel = await connection.channel()
        await (await channel.get_queue(queue, ensure=False)).get(timeout=10, fail=False)
