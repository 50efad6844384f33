"""No transport tells other systems who of the staff it was, nor what they may not have any more."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import aio_pika
import asyncpg
import pytest
from tests.migrations.test_upgrades import upgrade
from tests.notifications import world as w
from tests.notifications.partners import key
from tests.notifications.receivers import Receiver, receiving
from tests.notifications.test_webhooks import sending, subscribe

from contracts.events import event_class
from notifications.subscribers.amqp import keeper
from notifications.subscribers.amqp.domain import Scope
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.webhooks.actions import try_it
from notifications.subscribers.webhooks.guard import Allowed

PEOPLE = {str(w.id_of("officer_cchc")), str(w.id_of("office"))}
EVERY = (w.created(1), w.overdue(), w.progress(difficulty=True), w.submitted(), w.accepted())


@pytest.fixture
async def partner(as_person):
    """A client of another system."""
    return await as_person("external")


def named_in(body: str) -> set[str]:
    """Return what a message says of people of ours, and of their requests."""
    event = json.loads(body)
    event_class(event["type"]).model_validate(event["data"])
    said = {"actorid", "requestid", "traceparent"} & event.keys()
    return said | {person for person in PEOPLE if person in body}


async def test_every_transport_hands_out_the_same_bytes_and_nobody_is_named(
    world, queues, partner, eventually
):
    async with receiving(Receiver()) as receiver, sending(world):
        await subscribe(world, receiver)
        queue = await queues.subscribe()
        sent = await world.happen(*EVERY, w.activated(), w.index_changed(), actor="office")
        assert any(named_in(each.model_dump_json()) for each in sent), "inside they are named"
        await eventually(lambda: len(receiver.requests) == len(sent), within=30)
    await queues.export()
    by_queue = {m.message_id: m.body.decode() for m in await queues.read(queue)}
    by_webhook = {headers["webhook-id"]: body.decode() for headers, body in receiver.requests}
    answer = (await partner.get("/v1/events")).text
    assert by_queue == by_webhook
    assert set(by_queue) == {str(each.id) for each in sent}
    assert all(body in answer for body in by_queue.values()), "the feed has the very same bytes"
    snapshots = (await partner.get("/v1/events", params={"snapshots": True})).text
    for body in by_queue.values():
        assert named_in(body) == set()
    assert not any(person in answer + snapshots for person in PEOPLE)


async def test_nobody_can_ask_by_a_filter_whose_a_task_is(partner):
    body = {
        "name": "Ai làm", "transport": "feed",
        "fields": {"data.assignment.accountable_person_id": [str(w.id_of("officer_cchc"))]},
    }  # fmt: skip
    answer = await partner.post("/v1/subscriptions", json=body, headers=key())
    assert answer.status_code == 422
    assert answer.json()["code"] == "subscription_field_unknown"


async def test_the_catalogue_and_the_example_of_a_webhook_show_what_leaves(
    world, partner, eventually
):
    found = (await partner.get("/v1/event_types/tasks.assignment_created.v1")).json()
    assert found["example"]["data"]["assignment"]["accountable_person_id"] is None
    of_state = found["schema"]["$defs"]["AssignmentState"]["properties"]
    assert "null for other systems" in of_state["accountable_person_id"]["description"]
    async with receiving(Receiver()) as receiver, sending(world):
        id_ = await subscribe(world, receiver)
        async with world.database.sessions.begin() as session:
            subscription = await session.get_one(Subscription, id_)
            here, now = Allowed.of(f"127.0.0.1:{receiver.port}"), datetime.now(UTC)
            await try_it(session, subscription, "tasks.assignment_created.v1", here, now)
        await eventually(lambda: receiver.requests, within=30)
    assert receiver.events[0]["data"]["assignment"]["accountable_person_id"] is None


@pytest.mark.parametrize(
    "narrowed", ["event_types = '{reporting.*}'", "unit_ids = ARRAY[CAST(:unit AS uuid)]"]
)
async def test_what_waits_for_a_webhook_when_its_partner_may_have_less_goes_out_no_more(
    world, eventually, narrowed
):
    async with receiving(Receiver(statuses=[503])) as receiver, sending(world):
        id_ = await subscribe(world, receiver)
        theirs = w.created(2, unit_id=w.id_of("TTR"), coordinating_unit_ids=[])
        await world.happen(w.created(1), theirs, w.index_changed())
        await eventually(lambda: receiver.requests, within=30)

        async def waiting() -> bool:
            rows = await world.rows("SELECT 1 FROM webhook_delivery WHERE state = 'pending'")
            return len(rows) == 3

        await eventually(waiting, within=30)
        receiver.requests.clear()
        unit = {"unit": w.id_of("TTR")} if ":unit" in narrowed else {}
        await world.rows(f"UPDATE partner SET {narrowed}", **unit)
        receiver.statuses = [204]
        await world.rows("UPDATE webhook_delivery SET next_attempt_at = now()")
        await world.rows("DELETE FROM webhook_target")
        await world.rows("UPDATE subscription SET failures_in_row = 0")

        async def settled() -> bool:
            rows = await world.rows("SELECT state FROM webhook_delivery")
            return {row.state for row in rows} == {"delivered", "failed"}

        await eventually(settled, within=30)
    left = {event["type"] for event in receiver.events}
    kept = {"tasks.assignment_created.v1"} if unit else {"reporting.index_changed.v1"}
    assert (left, len(receiver.events)) == (kept, 1)
    rows = await world.rows("SELECT error FROM webhook_delivery WHERE state = 'failed'")
    assert [row.error for row in rows] == ["not sent: the partner may not have it any more"] * 2
    [standing] = await world.rows(
        "SELECT failures_in_row, state FROM subscription WHERE id = :id", id=id_
    )
    assert (standing.failures_in_row, standing.state) == (0, "active"), "its receiver did no wrong"


async def test_what_was_kept_before_loses_its_people_too(new_database):
    url = await new_database()
    await asyncio.to_thread(upgrade, "notifications", url, "0006")
    inside = w.envelope(w.created(1, content='nói "actorid":"x", và \\ thôi'), actor="office")
    inside = inside.model_copy(update={"requestid": 'r"\\"1'})
    old = (
        '{"specversion":"1.0",' + f'"id":"{inside.id}","type":"{inside.type}","actorid":'
        f'"{inside.actorid}","requestid":{json.dumps(inside.requestid)},"data":'
        + json.dumps(inside.data, ensure_ascii=False, separators=(",", ":")) + "}"
    )  # fmt: skip
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO public_event (id, type, subject, version, unit_ids, occurred_at, envelope)"
        " VALUES ($1, $2, $3, 1, '{}', now(), $4)",
        inside.id, inside.type, inside.subject, old,
    )  # fmt: skip
    before = await connection.fetchrow("SELECT tx, seq FROM public_event")
    await asyncio.to_thread(upgrade, "notifications", url, "head")
    now = await connection.fetchval("SELECT envelope FROM public_event")
    assert await connection.fetchrow("SELECT tx, seq FROM public_event") == before
    await connection.close()
    data = {**inside.data["assignment"], "accountable_person_id": None}
    assert json.loads(now) == {
        "specversion": "1.0", "id": str(inside.id), "type": inside.type,
        "data": {"assignment": data},
    }  # fmt: skip


async def test_a_queue_is_emptied_when_its_partner_may_have_less_and_filled_by_what_it_may_have(
    world, queues, eventually, monkeypatch
):
    monkeypatch.setattr(keeper, "REST", timedelta(seconds=1))
    partner = await queues.partner()
    id_ = await queues.subscribe(partner=partner)
    await world.happen(w.created(1), w.index_changed())
    await queues.export()
    await world.rows("UPDATE partner SET event_types = '{*,tasks.*}' WHERE id = :id", id=partner)
    await queues.keep()
    assert (await queues.queue(id_)).emptied_at is None, "what is more than before takes nothing"

    await world.rows("UPDATE partner SET event_types = '{reporting.*}' WHERE id = :id", id=partner)
    await queues.keep()
    name = (await queues.queue(id_)).name
    assert await queues.admin.get("queues", queues.broker.vhost, name) is None
    with pytest.raises((aio_pika.exceptions.AMQPError, ConnectionError)):
        await queues.read(id_)

    async def there_again() -> bool:
        await queues.keep()
        return await queues.admin.get("queues", queues.broker.vhost, name) is not None

    await eventually(there_again, within=30, every=0.3)
    assert await queues.read(id_) == []
    assert (await queues.queue(id_)).overflowed_at, "it lost what it held: that is said"
    await world.rows("UPDATE subscription SET cursor_tx = '0', cursor_seq = 0")
    await queues.keep()
    await queues.export()
    assert [m.type for m in await queues.read(id_)] == ["reporting.index_changed.v1"]


@pytest.mark.parametrize(
    ("before", "now", "beyond"),
    [
        (("tasks.*",), ("*",), False),
        (("tasks.*", "reporting.*"), ("tasks.*",), True),
        (("*",), ("tasks.*",), True),
        (("tasks.plan_changed.v1",), ("tasks.*",), False),
        (("tasks.*",), (), True),
        ((), ("tasks.*",), False),
    ],
)
def test_less_is_told_from_more_by_types(before, now, beyond):
    assert Scope.of(before, None).reaches_beyond(Scope.of(now, None)) is beyond


def test_less_is_told_from_more_by_units():
    one, two = w.id_of("VP"), w.id_of("TTR")
    every, both, single = (Scope.of(["*"], units) for units in (None, [one, two], [one]))
    assert every.reaches_beyond(both)
    assert both.reaches_beyond(single)
    assert not single.reaches_beyond(both)
    assert not both.reaches_beyond(every)
