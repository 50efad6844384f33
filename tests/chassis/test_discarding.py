"""Forged units and people: in every service that keeps the directory, the log has the last word."""

import pytest
from tests.chassis.conftest import announce, person_changed, rows, unit_changed
from tests.chassis.test_catching_up import ISSUER, SETTLED, TASKS, http  # noqa: F401 - a fixture
from tests.envelopes import envelope_of

from chassis.clock import database_now
from chassis.directory import follow_directory
from chassis.discard_command import told_about
from chassis.discarding import discard, undo_directory
from chassis.ids import new_id
from chassis.messaging import unknown
from chassis.messaging.catching_up import CatchingUp, Producer, ServiceToken
from chassis.messaging.events import EventRouter
from contracts.envelope import Envelope

KEPT = (
    "SELECT id, version, name FROM unit UNION ALL SELECT id, version, role FROM person ORDER BY 1"
)


@pytest.fixture
def logs(http, other_database):  # noqa: F811
    """A service that keeps the directory and nothing else, and the directory's log."""
    router = EventRouter("surveys")
    follow_directory(router)
    producer = Producer("tasks", TASKS, ServiceToken("surveys", ISSUER, "s3cret"), http)
    return CatchingUp(router, other_database, [producer], every=60)


async def bring(logs, database) -> None:
    """Bring all that is logged, as the broker would."""
    found = await rows(database, "SELECT envelope FROM event_log ORDER BY seq")
    await logs.consumer.apply([Envelope.model_validate_json(row["envelope"]) for row in found])


async def forge(logs, *events) -> None:
    async with logs.database.sessions() as session:
        now = await database_now(session)
    await logs.consumer.apply([envelope_of(event, id=new_id(), time=now) for event in events])


async def discarded(logs) -> int:
    events = await unknown.find(logs)
    told = await told_about(logs, events)
    async with logs.database.sessions.begin() as session:
        now = await database_now(session)
        await discard(session, logs.router, undo_directory, events, told, "lộ", now)
    return len(events)


def changed(event, **state):
    name = "person" if hasattr(event, "person") else "unit"
    return event.model_copy(update={name: getattr(event, name).model_copy(update=state)})


async def test_a_forged_role_and_people_who_never_were_are_gone(logs, database, other_database):
    person, unit = person_changed(), unit_changed()
    await announce(database, person, unit, ago=SETTLED)
    await bring(logs, database)
    before = await rows(other_database, KEPT)
    stranger = changed(person_changed(), role="admin")
    await forge(logs, changed(person, role="admin", version=9), stranger, unit_changed())
    assert await rows(other_database, KEPT) != before

    assert await discarded(logs) == 3
    assert await rows(other_database, KEPT) == before
    assert await discarded(logs) == 0


async def test_a_true_version_that_came_after_a_forged_higher_one_takes_effect(
    logs, database, other_database
):
    unit = unit_changed()
    await announce(database, unit, ago=SETTLED)
    await bring(logs, database)
    await forge(logs, changed(unit, name="Phòng ma", version=7))
    await announce(database, changed(unit, name="Phòng mới", version=2), ago=SETTLED)
    await bring(logs, database)
    await discarded(logs)
    ((_, version, name),) = await rows(other_database, KEPT)
    assert (version, name) == (2, "Phòng mới")


async def test_what_a_producer_serves_that_is_not_its_own_is_not_taken(logs):
    producer = logs.producers[0]
    foreign = envelope_of(unit_changed(), id=new_id(), time=(await _now(logs)))
    page = {"events": [foreign.model_copy(update={"type": "surveys.x.v1"}).model_dump()]}
    with pytest.raises(ValueError, match="not its own"):
        producer.own_events(page)


async def _now(logs):
    async with logs.database.sessions() as session:
        return await database_now(session)
