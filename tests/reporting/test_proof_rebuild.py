"""`reporting rebuild`: cells once more from the facts, beside consuming."""

import asyncio
import random

from sqlalchemy import text
from tests.reporting.ballots import ballot, close, count, drift, excluded, look, rebuild, rows
from tests.reporting.conftest import envelope, response

from chassis.messaging.consuming import Consumer
from reporting.handlers import router
from reporting.proof.drift import figures_against_facts

CODES = ("F1.1", "F1.2", "F2.1", "F2.2")
SPOILED = (
    "DELETE FROM answer_cell WHERE unit_id = (SELECT max(unit_id::text)::uuid FROM answer_cell)",
    """UPDATE answer_cell SET counts[9] = counts[9] + 7, counts[15] = counts[15] - 2, n = 0,
      waiting = waiting + 3, ballots = 1, released_n = 0, released[1] = released[1] + 5""",
)
CELLS = """
    SELECT unit_id, lane, ballots, n, waiting, counts, released_n, released FROM answer_cell
    ORDER BY unit_id, lane
"""
PUBLICATIONS = "SELECT release, CAST(body AS text) FROM publication ORDER BY release"


async def errors(database) -> int:
    async with database.sessions() as session:
        return (await figures_against_facts(session)).count


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


async def test_spoiled_cells_are_mended_and_what_releases_showed_stays_to_the_byte(
    consumer, database, survey
):
    """Three units of 24, 12 of each released; one waiting and one released ballot excluded."""
    await consumer.apply([envelope(e) for e in survey.events])
    ballots = [ballot(survey.round.round_id, n % 3) for n in range(72)]
    await count(consumer, ballots)
    await look(database)
    by_release = "SELECT response_id FROM response_fact WHERE released_in IS {} ORDER BY 1 LIMIT 1"
    gone = {*await rows(database, by_release.format("NULL"))}
    gone |= {*await rows(database, by_release.format("NOT NULL"))}
    await count(consumer, [excluded(each) for each in ballots if each.response_id in gone])
    await look(database)
    before = await rows(database, CELLS)
    shown = await rows(database, PUBLICATIONS)
    sums = [sum(column) for column in zip(*(row[2:5] for row in before), strict=True)]
    assert sums == [72, 70, 36], "came, count, wait"
    assert sum(row[6] for row in before) == 36
    assert len(shown) == 1

    await spoil(database)
    assert await errors(database) > 0
    assert await rebuild(database, survey.round.round_id) == (72, 3)

    assert await rows(database, CELLS) == before
    assert await rows(database, PUBLICATIONS) == shown
    await look(database)
    assert await rows(database, PUBLICATIONS) == shown, "mending is no reason to release"
    assert await drift(database) == 0


async def test_cells_of_a_closed_round_are_mended_below_figures_that_stay(
    consumer, database, survey
):
    await consumer.apply([envelope(e) for e in survey.events])
    await count(consumer, [ballot(survey.round.round_id, n % 3) for n in range(60)])
    await close(consumer, database, survey.round, ticket=60)
    before, shown = await rows(database, CELLS), await rows(database, PUBLICATIONS)
    await spoil(database)

    assert await rebuild(database, survey.round.round_id) == (60, 3)
    await look(database)

    assert await rows(database, CELLS) == before
    assert await rows(database, PUBLICATIONS) == shown
    assert await drift(database) == 0


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


async def test_rebuilding_while_answers_come_and_are_released_loses_and_doubles_none(
    consumer, database, survey
):
    await consumer.apply([envelope(e) for e in survey.events])
    await consumer.apply(some(survey.round.round_id, 30))
    await spoil(database)
    other = Consumer(router, database)

    async def answers() -> None:
        for size in range(40, 60):
            await other.apply(some(survey.round.round_id, size))

    async def rebuilds() -> None:
        for _ in range(10):
            await rebuild(database, survey.round.round_id)

    async def releases() -> None:
        for _ in range(5):
            await look(database)

    await asyncio.gather(answers(), rebuilds(), releases())

    assert len(await rows(database, PUBLICATIONS)) > 0
    assert await drift(database) == 0
