"""Telling that figures moved: once, without holding up answers, and what a target says of them."""

import asyncio
from uuid import uuid4

from tests.reporting.ballots import ballot, close, count, drift, look, published, rows
from tests.reporting.conftest import accepted, assignment, created, envelope, plan, response

from chassis.clock import database_now
from chassis.messaging.consuming import Consumer
from reporting.handlers import router
from reporting.indices import announcing
from reporting.releases import actions as editions

PLAN = uuid4()


async def test_an_index_is_announced_at_most_once_a_second(consumer, database):
    states = [assignment(PLAN, i) for i in range(20)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    for state in states:
        await consumer.apply([envelope(accepted(state))])
    moved = [kind for _, kind in await announced(database) if kind == "completion"]
    assert len(moved) <= 3


async def test_an_answer_during_an_announcement_does_not_wait_for_it_and_is_told_next(
    consumer, database, survey, monkeypatch
):
    """Nothing is due: 30 ballots of one unit wait, and are only counted."""
    await consumer.apply([envelope(e) for e in survey.events])
    await count(consumer, [ballot(survey.round.round_id, 0, 5) for _ in range(30)])
    await a_second_passes(database)

    during(announcing, "compute", monkeypatch, lambda: one_more(consumer, survey, unit=0))
    async with database.sessions.begin() as session:
        await announcing.announce_due(session, await database_now(session))
    monkeypatch.undo()

    assert await told(database) == [30]
    async with database.sessions.begin() as session:
        assert await announcing.seconds_left(session) is not None
    await look(database)
    assert (await told(database))[-1] == 31, "the answer during the announcement was never told"
    async with database.sessions.begin() as session:
        assert await announcing.seconds_left(session) is None


async def test_an_answer_during_a_release_waits_only_where_its_own_unit_releases(
    consumer, database, survey, monkeypatch
):
    await consumer.apply([envelope(e) for e in survey.events])
    id_ = survey.round.round_id
    await count(consumer, [ballot(id_, unit, 5) for unit in (0, 1, 2) for _ in range(20)])
    await a_second_passes(database)
    waiting = []

    async def come() -> None:
        await one_more(consumer, survey, unit=None)
        waiting.append(asyncio.create_task(one_more(Consumer(router, database), survey, unit=0)))

    during(announcing, "compute", monkeypatch, come)
    async with database.sessions.begin() as session:
        assert await announcing.announce_due(session, await database_now(session))
    monkeypatch.undo()
    await waiting[0]
    await look(database)

    assert (await told(database))[-1] == 62
    assert (await published(database, survey.round)).department.n == 30
    assert await drift(database) == 0


async def test_two_tickers_release_and_announce_a_figure_once(consumer, database, survey):
    await consumer.apply([envelope(e) for e in survey.events])
    id_ = survey.round.round_id
    await count(consumer, [ballot(id_, unit, 5) for unit in (0, 1, 2) for _ in range(20)])
    await a_second_passes(database)
    async with database.sessions.begin() as one, database.sessions.begin() as other:
        first = await announcing.announce_due(one, await database_now(one))
        second = await announcing.announce_due(other, await database_now(other))

    assert (first, second) == (1, 0)
    assert await rows(database, "SELECT release FROM publication") == [1]


async def test_missing_the_target_is_said_once_and_its_recovery_too(
    consumer, database, survey, actor
):
    await consumer.apply([envelope(plan(PLAN)), *(envelope(e) for e in survey.events)])
    await consumer.apply(  # 27 of 30: exactly 90.00, which misses "over 90"
        [response(survey.round.round_id, {"F1.1": 5 if i < 27 else 1}) for i in range(30)]
    )
    await close(consumer, database, survey.round, ticket=30)
    await look(database)
    missed = [type_ for type_, _ in await announced(database) if "target" in type_]
    # 47 of 50 with those that came late: 94.00
    await consumer.apply([response(survey.round.round_id, {"F1.1": 5}) for _ in range(20)])
    await look(database)
    assert [t for t, _ in await announced(database) if "target" in t] == missed
    async with database.sessions.begin() as session:
        await editions.publish_edition(session, actor, survey.round.round_id, "phiếu đến muộn")
    await look(database)

    assert missed == ["reporting.target_missed.v1"]
    assert [t for t, _ in await announced(database) if "target" in t] == [
        "reporting.target_missed.v1",
        "reporting.target_recovered.v1",
    ]


async def announced(database) -> list[tuple[str, str]]:
    async with database.sessions() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(
            "SELECT type, envelope::json->'data'->'index'->>'kind' FROM event_log ORDER BY seq"
        )
        return [tuple(row) for row in rows]


def during(module, name: str, monkeypatch, happens) -> None:
    """Let something happen while a function is called, which must not wait for its end."""
    real = getattr(module, name)

    async def also(*facts):
        async with asyncio.timeout(5):
            await happens()
        return await real(*facts)

    monkeypatch.setattr(module, name, also)


async def one_more(consumer, survey, *, unit: int | None) -> None:
    await count(consumer, [ballot(survey.round.round_id, unit, 1)])


async def told(database) -> list[int]:
    """Return the counts that screens were told."""
    return await rows(
        database,
        "SELECT CAST(payload->>'n' AS int) FROM live_event WHERE event = 'answers_counted'"
        " AND payload->>'n' <> '0' ORDER BY id",
    )


async def a_second_passes(database) -> None:
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE touched SET announced_at = '-infinity'")
