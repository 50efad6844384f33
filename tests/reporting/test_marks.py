"""Whoever changes facts marks what may have moved; the announcer alone tells of it."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from tests.reporting.conftest import accepted, assignment, created, envelope, plan

from chassis.clock import database_now
from reporting import jobs, marks
from reporting.completion.actions import begin_day
from reporting.criteria import actions as criteria
from reporting.indices import announcing
from reporting.marks import CompletionOf, ParOf, SatisfactionOf

PLAN = uuid4()


async def rows(database, query: str):
    async with database.sessions() as session:
        return (await session.execute(text(query))).all()


async def marked(database) -> set[tuple[str, str]]:
    found = await rows(database, "SELECT kind, scope FROM touched WHERE since IS NOT NULL")
    return {tuple(row) for row in found}


async def announced(database, kind: str) -> int:
    query = "SELECT count(*) FROM event_log WHERE envelope::json->'data'->'index'->>'kind' = :kind"
    async with database.sessions() as session:
        return (await session.execute(text(query), {"kind": kind})).scalar_one()


async def a_second_passes(database) -> None:
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE touched SET announced_at = '-infinity'"))


@asynccontextmanager
async def ticker(database):
    """The loop of the worker."""
    task = asyncio.create_task(jobs.announce_what_waited(database))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("mark", [CompletionOf(PLAN), SatisfactionOf(PLAN), ParOf(2025)])
def test_a_mark_is_read_as_it_was_written(mark):
    assert marks.read(mark.kind, mark.scope) == mark


@pytest.mark.parametrize(
    ("kind", "scope"), [("ranking", "2025"), ("par", "this year"), ("completion", "x")]
)
def test_what_no_mark_is_written_as_is_an_error_and_never_another_figure(kind, scope):
    with pytest.raises(ValueError, match=r"\w"):
        marks.read(kind, scope)


async def test_a_broken_mark_is_named_in_the_log_and_does_not_stop_the_others(consumer, database):
    await consumer.apply([envelope(plan(PLAN)), envelope(created(assignment(PLAN, 1)))])
    async with database.sessions.begin() as session:
        await session.execute(
            text("INSERT INTO touched (kind, scope, since) VALUES ('ranking', '2025', now())")
        )
        await marks.mark_moved(session, [CompletionOf(PLAN)], await database_now(session))
    await a_second_passes(database)
    before = await announced(database, "completion")

    with capture_logs() as logs:
        async with database.sessions.begin() as session:
            await session.execute(text("UPDATE index_state SET value = 99"))
            await announcing.announce_due(session, await database_now(session))

    assert [(entry["kind"], entry["scope"]) for entry in logs] == [("ranking", "2025")]
    assert await announced(database, "completion") == before + 1
    assert await marked(database) == {("ranking", "2025")}, "it stays, for whoever reads the log"
    async with database.sessions() as session:
        assert await announcing.seconds_left(session) is None, "but is not looked at all the time"


@pytest.fixture
def never_by_chance(monkeypatch):
    """The ticker does not just happen to look."""
    monkeypatch.setattr(jobs, "IDLE", 60)
    monkeypatch.setattr(jobs, "TICK", 60)


@pytest.mark.usefixtures("never_by_chance")
async def test_what_a_person_does_after_a_quiet_second_is_announced_at_once_by_another_process(
    consumer, database, demo_criteria, actor, eventually, monkeypatch
):
    states = [assignment(PLAN, n) for n in range(3)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    async with ticker(database):
        await eventually(lambda: idle(database))
        await a_second_passes(database)
        async with database.sessions.begin() as session:
            now = await database_now(session)
            with monkeypatch.context() as process_of_the_api:
                process_of_the_api.setattr(marks, "woken", asyncio.Event())
                stored = await criteria.create(session, actor, demo_criteria, now)
                await criteria.publish(session, actor, stored.id, now)
        await eventually(lambda: announced(database, "par_secured"), within=1, every=0.01)


@pytest.mark.usefixtures("never_by_chance")
async def test_what_moves_again_is_announced_when_its_second_is_over_and_no_later(
    consumer, database, eventually
):
    states = [assignment(PLAN, n) for n in range(3)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    async with ticker(database):
        await a_second_passes(database)
        await consumer.apply([envelope(accepted(states[0]))])
        told = await announced(database, "completion")
        await consumer.apply([envelope(accepted(states[1]))])
        assert await announced(database, "completion") == told, "its second is not over"

        async def told_again() -> bool:
            return await announced(database, "completion") == told + 1

        await eventually(told_again, within=1.5, every=0.01)


async def idle(database) -> bool:
    return not await marked(database)


async def test_a_new_day_marks_the_active_plans_once(consumer, database):
    await consumer.apply([envelope(plan(PLAN))])
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE touched SET since = NULL"))
        await begin_day(session, await database_now(session))

    assert await marked(database) == {("completion", str(PLAN)), ("par", "2025")}
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE touched SET since = NULL"))
        now = await database_now(session)
        await begin_day(session, now)
    assert await marked(database) == set()
    async with database.sessions.begin() as session:
        await begin_day(session, now + timedelta(days=1))
    assert await marked(database) == {("completion", str(PLAN)), ("par", "2025")}
