"""`reporting rebuild`: cells once more from the facts, beside consuming."""

import asyncio
import random

from sqlalchemy import text
from tests.reporting.conftest import envelope, response

from chassis.messaging.consuming import Consumer
from reporting.handlers import router
from reporting.proof.drift import figures_against_facts
from reporting.proof.rebuild import rebuild_round

CODES = ("F1.1", "F1.2", "F2.1", "F2.2")
SPOILED = (
    "DELETE FROM answer_cell WHERE unit_id = (SELECT max(unit_id::text)::uuid FROM answer_cell)",
    "UPDATE answer_cell SET counts[9] = counts[9] + 7, counts[15] = counts[15] - 2, n = 0",
)


async def drift(database) -> int:
    async with database.sessions() as session:
        return (await figures_against_facts(session)).count


async def rebuild(database, round_id) -> tuple[int, int]:
    async with database.sessions.begin() as session:
        return await rebuild_round(session, round_id)


def some(round_id, count: int):
    chance = random.Random(count)
    return [
        response(round_id, {code: chance.randint(1, 5) for code in CODES}, unit=n % 3)
        for n in range(count)
    ]


async def spoil(database) -> None:
    async with database.sessions.begin() as session:
        for statement in SPOILED:
            await session.execute(text(statement))


async def test_spoiled_cells_are_mended_and_released_again(consumer, database, survey):
    await consumer.apply([envelope(e) for e in survey.events])
    await consumer.apply(some(survey.round.round_id, 60))
    await spoil(database)
    assert await drift(database) > 0

    facts, mended = await rebuild(database, survey.round.round_id)

    assert (facts, mended) == (60, 3)
    assert await drift(database) == 0
    async with database.sessions() as session:
        shown = "SELECT sum(r) FROM answer_cell, unnest(released[1:5]) AS r"
        assert (await session.execute(text(shown))).scalar_one() == 60


async def test_rebuilding_what_is_right_changes_nothing(consumer, database, survey):
    await consumer.apply([envelope(e) for e in survey.events])
    await consumer.apply(some(survey.round.round_id, 20))

    assert await rebuild(database, survey.round.round_id) == (20, 0)


async def test_a_batch_under_way_neither_waits_nor_is_counted_twice(consumer, database, survey):
    await consumer.apply([envelope(e) for e in survey.events])
    await consumer.apply(some(survey.round.round_id, 30))
    await spoil(database)
    async with database.sessions.begin() as session:  # facts are there, its cells come later
        fresh = await consumer._admit(session, some(survey.round.round_id, 31))
        await consumer._handle(session, fresh, replay=False)
        rebuilding_ = asyncio.create_task(rebuild(database, survey.round.round_id))
    await rebuilding_

    assert await drift(database) == 0


async def test_rebuilding_while_answers_come_loses_and_doubles_none(consumer, database, survey):
    await consumer.apply([envelope(e) for e in survey.events])
    await consumer.apply(some(survey.round.round_id, 30))
    await spoil(database)
    other = Consumer(router, database)

    async def answers() -> None:
        for count in range(40, 60):
            await other.apply(some(survey.round.round_id, count))

    async def rebuilds() -> None:
        for _ in range(10):
            await rebuild(database, survey.round.round_id)

    await asyncio.gather(answers(), rebuilds())

    assert await drift(database) == 0
