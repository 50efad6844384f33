"""From events to obligations, on a real PostgreSQL and through a real RabbitMQ."""

import asyncio
import contextlib
import json
from datetime import UTC, date, datetime, timedelta

import aio_pika
import pytest
from tests.envelopes import envelope_of
from tests.notifications import world as w
from tests.notifications.world import directory, envelope, id_of, person_changed

from chassis.database import Database
from chassis.messaging.worker import Worker
from notifications import handlers


@pytest.fixture
async def broker(new_virtual, world):
    """A worker of the service on its own virtual host; yields a function that publishes."""
    virtual = new_virtual()
    own = await virtual.user_of("notifications", handlers.router)
    worker = Worker(handlers.router, world.database, own, prefetch=50)
    running = asyncio.ensure_future(worker.run())
    tasks = await virtual.user_of("tasks")
    connection = await aio_pika.connect(tasks.url)
    channel = await connection.channel()
    exchange = await channel.get_exchange("events")

    async def publish(*envelopes, as_batch=False):
        documents = [e.model_dump(mode="json", exclude_none=True) for e in envelopes]
        for body in [documents] if as_batch else documents:
            message = aio_pika.Message(json.dumps(body).encode(), user_id=tasks.user)
            await exchange.publish(message, routing_key=envelopes[0].type)

    yield publish
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    await connection.close()


SINGLE = "notification WHERE event_type <> 'notifications.digest'"


async def count(world, table=SINGLE) -> int:
    return (await world.rows(f"SELECT count(*) FROM {table}"))[0][0]


async def test_an_event_delivered_twice_tells_each_person_once(world, broker, eventually):
    message = envelope(w.created(), actor="office")
    await broker(message)
    await broker(message)
    await broker(envelope(w.progress(difficulty=True), actor="officer_cchc"))

    async def all_told():
        return len(await world.told()) == 5

    await eventually(all_told, within=10)
    assert await world.told() == {
        "officer_cchc": ["accountable"], "head_cchc": ["head_of_unit"],
        "head_ldvl": ["coordinating"], "office": ["office_follows"], "office_2": ["office_follows"],
    }  # fmt: skip


async def test_the_same_step_announced_under_another_event_id_adds_nothing(world):
    await world.happen(w.overdue(version=2))
    await world.happen(w.overdue(version=5))
    told = await world.told()
    assert told["office"] == ["office_follows"]
    assert told["officer_cchc"] == ["accountable"]


async def test_overdue_takes_the_place_of_the_reminder_that_it_is_due_soon(world):
    await world.happen(w.due_soon(0, version=2))
    await world.happen(w.overdue(version=3))
    rows = await world.rows("SELECT event_type FROM notification WHERE moot_at IS NOT NULL")
    assert {row.event_type for row in rows} == {"tasks.assignment_due_soon.v1"}


async def test_an_overdue_announced_again_for_a_new_due_day_is_a_new_obligation(world):
    await world.happen(w.overdue())
    await world.happen(w.overdue(version=4, due_on=date(2025, 12, 15)))
    (first, second) = await world.rows(
        "SELECT moot_at FROM notification WHERE reason = 'accountable' ORDER BY subject_version"
    )
    assert first.moot_at is not None
    assert second.moot_at is None


async def test_an_import_of_a_hundred_assignments_is_one_mail_for_each_person(
    world, broker, eventually
):
    messages = [envelope(w.created(n), actor="office") for n in range(1, 101)]
    await broker(*messages[:60], as_batch=True)
    await broker(*messages[60:], as_batch=True)
    await eventually(lambda: _is(count(world), 300), within=15)
    digests = await world.rows(
        "SELECT n.person_id, count(held.id) AS held FROM notification n"
        " JOIN notification held ON held.digest_id = n.id GROUP BY n.id, n.person_id"
    )
    assert [digest.held for digest in digests] == [100, 100, 100]
    mails = await world.rows(
        "SELECT p.employee_code AS code, count(n.id) AS items FROM delivery d"
        " JOIN person p ON p.id = d.person_id JOIN notification n ON n.delivery_id = d.id"
        " GROUP BY d.id, p.employee_code ORDER BY 1"
    )
    assert [(mail.code, mail.items) for mail in mails] == [
        ("head_cchc", 100),
        ("officer_cchc", 100),
    ]


async def test_what_happened_before_the_service_listened_is_told_to_nobody(world):
    before = datetime.now(UTC) - timedelta(days=30)
    history = [
        envelope_of(e, id=id_of(f"old {n}"), time=before, actor_id=id_of("colleague_cchc"))
        for n, e in enumerate([w.created(), w.overdue(), w.submitted()])
    ]
    await world.consumer.apply(history, replay=True)
    assert await count(world) == 0
    await world.happen(w.accepted(), actor="office")
    told = await world.told()
    assert told["colleague_cchc"] == ["submitter"], "history is remembered, only not told"


async def test_what_happened_meanwhile_is_told_even_when_the_log_brings_it_first(world):
    await world.consumer.apply([envelope(w.created(), actor="office")], replay=True)
    assert set(await world.told()) == {"officer_cchc", "head_cchc", "head_ldvl"}


async def test_a_result_handed_in_makes_the_reminder_moot(world):
    await world.happen(w.overdue(), actor=None)
    await world.happen(w.submitted(), actor="officer_cchc")
    left = await world.rows(
        "SELECT event_type FROM notification WHERE moot_at IS NULL AND person_id = :id",
        id=id_of("office"),
    )
    assert [row.event_type for row in left] == ["tasks.result_submitted.v1"]


async def test_a_reminder_that_arrives_after_the_result_is_not_told(world):
    await world.happen(w.submitted(version=3), actor="officer_cchc")
    await world.happen(w.overdue(version=2), w.due_soon(0, version=2))
    assert set(await world.told()) == {"office", "office_2"}


async def test_a_target_reached_again_makes_the_missed_one_moot(world):
    await world.happen(w.missed(1), w.recovered(2))
    rows = await world.rows("SELECT event_type, moot_at FROM notification WHERE moot_at IS NULL")
    assert {row.event_type for row in rows} == {"reporting.target_recovered.v1"}
    await world.happen(w.missed(3))
    assert (await world.told())["director"] == ["director_in_charge", "director_in_charge"]


async def test_the_submitter_is_told_what_became_of_his_result(world):
    await world.happen(w.submitted(), actor="colleague_cchc")
    await world.happen(w.returned(), actor="office")
    assert (await world.told())["colleague_cchc"] == ["submitter"]


async def test_nobody_is_told_that_a_figure_moved(world):
    await world.happen(*[w.index_changed(version) for version in range(1, 50)])
    assert await count(world) == 0


async def test_an_event_naming_somebody_not_yet_known_is_tried_again_later(world):
    newcomer = id_of("newcomer")
    await world.happen(w.created(1), w.created(2, accountable_person_id=newcomer))
    assert await count(world) == 3, "the neighbour goes through"
    await world.happen(person_changed("newcomer"))
    await world.rows("UPDATE inbox SET next_attempt_at = now()")
    await world.consumer.retry_due()
    assert (await world.told())["newcomer"] == ["accountable"]


async def test_two_workers_with_the_same_people_in_their_hands_do_not_stop_each_other(world):
    other = Database(world.url)
    mine = [[envelope(w.created(n)) for n in range(start, start + 10)] for start in (1, 100, 200)]
    theirs = w.World(other, world.url)
    await asyncio.gather(
        *(world.consumer.apply(batch) for batch in mine),
        *(theirs.consumer.apply(batch[::-1]) for batch in mine),
    )
    await other.close()
    assert await count(world) == 90
    assert await count(world, "inbox WHERE state <> 'done'") == 0


async def test_a_directory_change_reaches_the_directory(world):
    await world.happen(person_changed("officer_cchc", version=2, active=False))
    await world.happen(w.due_soon(7))
    assert await world.told() == {"head_cchc": ["head_of_unit"]}
    await world.happen(*directory())
    assert not (await world.rows("SELECT active FROM person WHERE employee_code='officer_cchc'"))[
        0
    ].active


async def _is(value, expected) -> bool:
    return await value == expected
