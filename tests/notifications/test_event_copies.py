"""What other systems may read is level with the producers' logs, whatever was handled when."""

from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest
from tests.chassis.conftest import rows
from tests.notifications import world as w
from tests.statements import counted_statements

from chassis.access import IssuerKeys, TokenVerifier
from chassis.database import Database
from chassis.discarding import discard
from chassis.messaging import feed_api
from chassis.messaging.catching_up import CatchingUp, Producer, ServiceToken
from chassis.messaging.outbox import add
from chassis.messaging.unknown import Unknown
from chassis.web import create_app
from contracts.envelope import Envelope
from notifications import handlers
from notifications.app import build
from notifications.subscribers.feed.keeping import written

TASKS = "http://tasks.test"
SETTLED = timedelta(minutes=5)  # older than what may still be on its way by the broker


@pytest.fixture
async def log(template, new_database):
    """The database of a producer whose log is read."""
    database = Database(await new_database(template))
    yield database
    await database.close()


@pytest.fixture
async def copying(world, log, issuer):
    """The reader that keeps public events level with the log of tasks."""
    keys = IssuerKeys(issuer.settings.url)
    app = create_app(
        "tasks", [feed_api.router], log, policies=set(),
        tokens=TokenVerifier(issuer.settings.url, keys=keys), cursor_secret="x",
    )  # fmt: skip
    async with httpx.AsyncClient(mounts={TASKS: httpx.ASGITransport(app)}) as client:
        token = ServiceToken("notifications", issuer.settings.url, "s3cret")
        producer = Producer("tasks", TASKS, token, client)
        catching_up = CatchingUp(handlers.copies, world.database, [producer], 60, "public_event")
        yield partial(catching_up.once, producer)
    await keys.close()


async def say(log, *events) -> list[Envelope]:
    """Let tasks write events into its log; return them as they stand there."""
    async with log.sessions.begin() as session:
        await add(session, *events, now=datetime.now(UTC) - SETTLED)
    written = await rows(log, "SELECT envelope FROM event_log ORDER BY seq DESC LIMIT 50")
    return [Envelope.model_validate_json(row[0]) for row in written[: len(events)]][::-1]


async def kept(world) -> list[str]:
    found = await world.rows("SELECT id FROM public_event WHERE type <> 'discarded' ORDER BY id")
    return [str(row.id) for row in found]


def ids(envelopes) -> list[str]:
    return sorted(str(each.id) for each in envelopes)


async def until_kept(eventually, copying, world, envelopes) -> None:
    """Read the log until all are kept: open transactions anywhere hold it back."""

    async def level() -> bool:
        await copying()
        return await kept(world) == ids(envelopes)

    await eventually(level, within=30, every=0.3)


async def test_what_was_handled_before_the_table_was_there_comes_from_the_log_and_tells_nobody(
    world, log, copying, eventually
):
    envelopes = await say(log, w.created(1), w.overdue(), w.activated())
    await world.consumer.apply(envelopes)
    told = await world.told()
    await world.rows("DELETE FROM public_event")
    await until_kept(eventually, copying, world, envelopes)
    assert await world.told() == told
    logged = await rows(log, "SELECT envelope FROM event_log")
    bytes_there = {written(Envelope.model_validate_json(row[0])) for row in logged}
    bytes_here = {row.envelope for row in await world.rows("SELECT envelope FROM public_event")}
    assert bytes_here == bytes_there


async def test_an_event_that_cannot_be_told_yet_reaches_other_systems_all_the_same(
    world, log, copying, eventually
):
    unknown = w.created(1, unit_id=w.id_of("a unit nobody knows yet"))
    envelopes = await say(log, unknown)
    await world.consumer.apply(envelopes)
    assert await kept(world) == []
    await until_kept(eventually, copying, world, envelopes)


async def test_one_that_was_lost_is_found_by_the_comparison_and_kept_again(
    world, log, copying, eventually
):
    envelopes = await say(log, w.created(1), w.created(2))
    await until_kept(eventually, copying, world, envelopes)
    await world.rows("DELETE FROM public_event WHERE id = :id", id=envelopes[0].id)
    await until_kept(eventually, copying, world, envelopes)
    assert await copying() == 0, "the digests are equal now"


async def test_what_is_held_of_all_types_is_summed_by_one_look(world):
    types = handlers.copies.types_of("tasks")
    catching_up = CatchingUp(handlers.copies, world.database, [], 60, "public_event")
    until = datetime.now(UTC) + timedelta(days=1)
    since = until - timedelta(days=400)
    await world.happen(w.created(1), w.created(2), w.overdue(), w.activated(), w.index_changed())

    async with world.database.sessions() as session:
        with counted_statements(world.database) as statements:
            found = await catching_up.digest(session, types, since, until)
        alone = [
            bucket
            for type_ in types
            for bucket in await catching_up.digest(session, [type_], since, until)
        ]
    assert len(types) > 10
    assert len(statements) == 1, statements
    assert {bucket.type: bucket.count for bucket in found} == {
        "tasks.assignment_created.v1": 2, "tasks.assignment_overdue.v1": 1,
        "tasks.plan_activated.v1": 1,
    }  # fmt: skip
    assert sorted(found, key=str) == sorted(alone, key=str), "each type's sum is its own"


async def test_a_forged_event_that_was_discarded_leaves_no_more_and_does_not_come_back(
    world, service, as_person
):
    true, forged = await world.happen(w.created(1), w.created(2))
    async with world.database.sessions.begin() as session:
        found = [Unknown(forged.id, forged.type, forged.subject, forged.time)]
        now = datetime.now(UTC)
        await discard(session, handlers.router, service.undo, found, [], "giả mạo", now)
    await world.rows("DELETE FROM inbox")
    await world.consumer.apply([forged])
    for asked in ({}, {"snapshots": "true"}):
        page = (await (await as_person("external")).get("/v1/events", params=asked)).json()
        assert [each["id"] for each in page["data"]] == [str(true.id)]


def test_the_clock_reads_the_logs_for_them_by_itself(service):
    assert service.copies == {"public_event": handlers.copies}
    assert build().clock.jobs[0].name == "keep_months"
