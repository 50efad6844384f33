"""`reporting discard-unknown`: what took effect here and stands in no producer's log goes again."""

from collections import Counter
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from tests.envelopes import envelope_of
from tests.reporting.ballots import drift, excluded, look, rows
from tests.reporting.conftest import accepted, assignment, created, plan, response, unit_names

from chassis.access import IssuerKeys, TokenVerifier
from chassis.clock import database_now
from chassis.database import Database
from chassis.discard_command import told_about
from chassis.discarding import aggregate_of, discard
from chassis.ids import new_id
from chassis.messaging import feed_api, outbox, unknown
from chassis.messaging.catching_up import CatchingUp, Producer, ServiceToken
from chassis.web import create_app
from contracts.envelope import Envelope
from contracts.events import event_class
from devstack.issuer.app import Issuer
from devstack.issuer.settings import IssuerSettings
from reporting.handlers import router
from reporting.proof.discarding import FORGETTABLE, undo
from reporting.proof.drift import events_against_logs, facts_against_producers

ISSUER, LOG = "http://issuer.test", "http://log.test"
CODES = ("F1.1", "F1.2", "F2.1", "F2.2")
FACTS = """
    SELECT response_id, event_id, revision, excluded FROM response_fact ORDER BY response_id
"""
KEPT = {
    "unit": "SELECT id, version, name FROM unit ORDER BY id",
    "plan": "SELECT id, version, state FROM plan ORDER BY id",
    "survey_round": "SELECT id, version, status FROM survey_round ORDER BY id",
    "questionnaire": "SELECT id, version, state FROM questionnaire ORDER BY id",
    "assignment_fact": "SELECT assignment_id, version, state FROM assignment_fact ORDER BY 1",
    "completion_cell": """SELECT scope, due_on, total, done, done_on_time, waiting, cancelled
      FROM completion_cell WHERE total <> 0 OR cancelled <> 0 ORDER BY 1, 2""",
    "response_fact": FACTS,
    "answer_cell": "SELECT unit_id, lane, ballots, n, waiting, counts FROM answer_cell ORDER BY 1",
    "steering_pool": "SELECT held FROM steering_pool ORDER BY round_id",
}


@pytest.fixture
async def log(migrated):
    """The log of both producers, in one database."""
    database = Database(await migrated("surveys"))
    yield database
    await database.close()


@pytest.fixture
async def logs(log, database, tmp_path):
    """Reporting's way to the logs."""
    people = tmp_path / "people.yaml"
    people.write_text("[]")
    settings = IssuerSettings(
        NHIP_ENVIRONMENT="development", OIDC_ISSUER=ISSUER, SERVICE_CLIENT_SECRET="s3cret",
        ISSUER_KEY_FILE=tmp_path / "key.json", ISSUER_PEOPLE_FILE=people,
    )  # fmt: skip
    issuer = httpx.ASGITransport(Issuer(settings).app())
    keys = IssuerKeys(ISSUER, httpx.AsyncClient(transport=issuer))
    app = create_app(
        "surveys", [feed_api.router], log, policies=set(),
        tokens=TokenVerifier(ISSUER, keys=keys), cursor_secret="x",
    )  # fmt: skip
    mounts = {ISSUER: issuer, LOG: httpx.ASGITransport(app)}
    async with httpx.AsyncClient(mounts=mounts) as client:
        token = ServiceToken("reporting", ISSUER, "s3cret")
        producers = [Producer(name, LOG, token, client) for name in ("surveys", "tasks")]
        yield CatchingUp(router, database, producers, every=60)


@pytest.fixture
def logged(log, consumer):
    """Return a function that logs events at their producer and brings them here."""

    async def announce(*events) -> list[Envelope]:
        ids = [new_id() for _ in events]
        async with log.sessions.begin() as session:
            now = await database_now(session) - timedelta(minutes=5)
            await outbox.add(session, *events, now=now, event_ids=ids)
        found = await rows(log, "SELECT envelope FROM event_log ORDER BY seq")
        envelopes = [Envelope.model_validate_json(text_) for text_ in found]
        new = [each for each in envelopes if each.id in ids]
        await consumer.apply(new)
        return new

    return announce


async def forge(consumer, *events) -> None:
    """Bring events here that no producer logged."""
    async with consumer.database.sessions() as session:
        now = await database_now(session)
    await consumer.apply([envelope_of(event, id=new_id(), time=now) for event in events])


async def found(logs) -> Counter:
    return Counter(event.type for event in await unknown.find(logs))


async def discarded(database, logs) -> None:
    events = await unknown.find(logs)
    async with database.sessions.begin() as session:
        told = await told_about(logs, events)
        now = await database_now(session)
        await discard(session, router, undo, events, told, "lộ mật khẩu", now)


async def state(database) -> dict[str, list]:
    return {name: await rows(database, query) for name, query in KEPT.items()}


def ballots(round_id, count: int, level: int = 4):
    return [
        event_class("surveys.response_submitted.v1").model_validate(
            response(round_id, dict.fromkeys(CODES, level), unit=n % 3).data
        )
        for n in range(count)
    ]


@pytest.fixture
async def at_work(logged, survey):
    """A department at work, all of it logged; returns plan, two assignments and some ballots."""
    plan_ = plan(new_id())
    states = [assignment(plan_.plan.plan_id, n) for n in range(2)]
    await logged(*unit_names(), plan_, *survey.events, *map(created, states))
    true = ballots(survey.round.round_id, 12)
    await logged(*true, accepted(states[0]))
    await logged(excluded(true[0]))
    return plan_, states, true


async def test_what_the_logs_hold_is_never_unknown(at_work, database, logs, consumer):
    await look(database)
    assert not await found(logs)
    facts = await facts_against_producers(database, logs)
    assert (facts.count, (await events_against_logs(logs, facts)).count) == (0, 0)


async def test_forged_ballots_leave_facts_cells_and_pool_and_the_true_ones_stay(
    at_work, database, logs, consumer, survey
):
    before = await state(database)
    await forge(consumer, *ballots(survey.round.round_id, 7, level=1))
    await look(database)
    facts = await facts_against_producers(database, logs)
    assert facts.count == 1
    unknown_now = await events_against_logs(logs, facts)
    assert unknown_now.details == ("surveys.response_submitted.v1: 7 in no log",)

    await discarded(database, logs)

    after = await state(database)
    assert {*after.pop("steering_pool")[0]} <= {row[0] for row in after["response_fact"]}
    before.pop("steering_pool")
    after_counts = [row[:4] + row[5:] for row in after.pop("answer_cell")]
    assert after_counts == [row[:4] + row[5:] for row in before.pop("answer_cell")]
    assert after == before
    assert not await found(logs)
    assert await drift(database) == 0


async def test_a_forged_copy_of_a_ballot_at_another_time_goes_and_the_true_one_stays(
    at_work, database, logs, consumer
):
    _, _, true = at_work
    before = await state(database)
    await forge(consumer, *true[3:6])
    assert await state(database) != before

    await discarded(database, logs)

    assert (await state(database))["response_fact"] == before["response_fact"]
    assert not await found(logs)
    assert await drift(database) == 0


async def test_a_forged_review_of_a_true_ballot_is_undone_and_a_true_one_stays(
    at_work, database, logs, consumer
):
    _, _, true = at_work
    before = await state(database)
    await forge(consumer, excluded(true[5]), excluded(true[0], revision=9))
    assert await state(database) != before
    await discarded(database, logs)
    assert await state(database) == before
    assert await drift(database) == 0


@pytest.mark.parametrize("version", [3, 7])
async def test_a_forged_version_of_an_assignment_gives_way_to_the_true_one(
    at_work, database, logs, consumer, logged, version
):
    """Even of the same number as a true one that came later, and so had no effect."""
    _, states, _ = at_work
    await forge(consumer, accepted(states[1], version=version))
    cancelled = states[1].model_copy(update={"version": 3, "status": "cancelled"})
    await logged(event_class("tasks.assignment_changed.v1")(assignment=cancelled, changes=[]))
    await discarded(database, logs)
    kept = {row[0]: row[2] for row in (await state(database))["assignment_fact"]}
    assert kept[states[1].assignment_id]["status"] == "cancelled"
    assert kept[states[0].assignment_id]["status"] == "done"
    assert await drift(database) == 0
    assert not await found(logs)


async def test_an_assignment_plan_round_and_unit_that_never_were_are_forgotten(
    at_work, database, logs, consumer, survey
):
    plan_, _, _ = at_work
    before = await state(database)
    form, opened = survey.events
    none = opened.round.model_copy(update={"round_id": new_id()})
    unit = unit_names()[0].unit.model_copy(update={"unit_id": new_id(), "name": "Phòng ma"})
    await forge(
        consumer,
        created(assignment(plan_.plan.plan_id, 99)),
        plan(new_id(), over="10"),
        type(opened)(round=none),
        type(unit_names()[0])(unit=unit),
        type(form)(questionnaire=form.questionnaire.model_copy(update={"version": 2})),
    )
    assert (await found(logs)).total() == 5
    await discarded(database, logs)
    after = await state(database)
    assert after == before
    assert await drift(database) == 0


async def test_a_copy_of_what_was_discarded_takes_no_effect_again(
    at_work, database, logs, consumer
):
    plan_, _, _ = at_work
    async with database.sessions() as session:
        now = await database_now(session)
    forged = envelope_of(created(assignment(plan_.plan.plan_id, 98)), id=new_id(), time=now)
    await consumer.apply([forged])
    await discarded(database, logs)
    before = await state(database)
    await consumer.apply([forged])
    assert await state(database) == before


async def test_discarding_is_written_down_with_count_ids_and_reason(
    at_work, database, logs, consumer, survey
):
    await forge(consumer, *ballots(survey.round.round_id, 3))
    await discarded(database, logs)
    ((action, before, reason),) = await rows(
        database, "SELECT action, before, reason FROM audit_entry WHERE action = 'event.discard'"
    )
    assert (action, reason) == ("event.discard", "lộ mật khẩu")
    assert (before["type"], before["count"]) == ("surveys.response_submitted.v1", 3)
    assert len(before["ids"]) == 3


async def test_figures_shown_before_stay_as_they_were_shown(
    at_work, database, logs, consumer, survey, logged
):
    await logged(*ballots(survey.round.round_id, 90))
    await look(database)
    await forge(consumer, *ballots(survey.round.round_id, 30, level=1))
    shown = "SELECT release, CAST(body AS text) FROM publication ORDER BY release"
    before = await rows(database, shown)
    await discarded(database, logs)
    assert await rows(database, shown) == before
    assert await drift(database) == 0
    async with database.sessions() as session:
        left = await session.scalar(text("SELECT count(*) FROM response_fact"))
    assert left == 102


def test_every_kind_of_thing_reporting_keeps_can_be_forgotten():
    kept = {aggregate_of(type_) for type_ in router.routes}
    assert kept <= FORGETTABLE
