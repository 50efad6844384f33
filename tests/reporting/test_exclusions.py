"""Ballots excluded and restored, on a real database: counts move, figures wait for the end."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from tests.reporting.ballots import (
    HOUR,
    begin,
    by_place,
    close,
    count,
    drift,
    excluded,
    look,
    published,
    restored,
    rows,
    seen,
    some,
)
from tests.reporting.conftest import UNITS

CELL = "SELECT ballots, n, waiting, released_n FROM answer_cell WHERE unit_id = :unit"
PLACE = "SELECT excluded, released_in, left_in FROM response_fact WHERE response_id = :id"
SHOWN = "released_in IS NOT NULL"


async def cell(database, unit: int = 0) -> tuple[int, int, int, int]:
    """Return how many ballots of a unit came, count, wait, are released."""
    [found] = await rows(database, CELL, unit=UNITS[unit])
    return found


async def place(database, of) -> tuple[bool, int | None, int | None]:
    """Return where a ballot is: excluded, released in, left in."""
    [found] = await rows(database, PLACE, id=of.response_id)
    return found


async def of_first_unit(database, ballots, where: str) -> list:
    found = await by_place(database, ballots, where)
    return [each for each in found if each.unit_id == UNITS[0]]


async def test_an_excluded_ballot_counts_no_more_and_still_waits(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 12)
    await count(consumer, ballots)
    await count(consumer, [excluded(ballots[3])])

    assert await cell(database) == (12, 11, 12, 0)
    assert await place(database, ballots[3]) == (True, None, None)
    assert (await seen(database, round_)).brief().n == 11
    assert await drift(database) == 0


@pytest.mark.parametrize(("hour", "looks"), [(HOUR, 0), (None, 1), (HOUR - timedelta(hours=1), 1)])
async def test_a_ballot_is_found_by_its_hour_or_else_among_those_of_its_unit(
    consumer, database, survey, hour, looks
):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 3, 3)
    await count(consumer, ballots)
    said: list[str] = []
    event.listen(database.engine.sync_engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    await count(consumer, [excluded(ballots[1], hour=hour)])

    assert await place(database, ballots[1]) == (True, None, None)
    assert sum("(round_id, unit_id) IN" in each for each in said) == looks
    assert await drift(database) == 0


async def test_who_excludes_all_but_one_sees_what_everybody_sees_who_excludes_nobody(
    consumer, database, survey
):
    """The Office that takes all other ballots out is not left with one citizen's in the figure."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 30, 30, 30)
    await count(consumer, ballots)
    await look(database)
    shown = await published(database, round_)
    await count(consumer, [excluded(each) for each in ballots[1:]])
    await look(database)
    assert await published(database, round_) == shown

    await count(consumer, some(round_, 20, 20, 20, level=5))
    await look(database)
    after = await published(database, round_)
    assert after.department.n == 3 * 15 + 3 * 17, "half of the 15 that waited and 20 new ones"
    assert await drift(database) == 0


async def test_an_excluded_ballot_leaves_the_figure_at_the_end(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await look(database)
    shown = await published(database, round_)
    [gone, *_] = await of_first_unit(database, ballots, SHOWN)
    [waits, *_] = await of_first_unit(database, ballots, "released_in IS NULL")
    await count(consumer, [excluded(gone), excluded(waits)])
    await look(database)

    assert await published(database, round_) == shown
    assert await cell(database) == (20, 18, 10, 10)
    assert (await seen(database, round_)).brief().n == 58
    assert await drift(database) == 0

    await close(consumer, database, round_, ticket=58, excluded=2)
    assert await place(database, gone) == (True, 1, 2)
    assert await place(database, waits) == (True, None, None)
    assert (await published(database, round_)).department.n == 58
    assert await cell(database) == (20, 18, 1, 18)
    assert await drift(database) == 0


async def test_a_restored_ballot_counts_again_where_it_was(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await look(database)
    before = await cell(database)
    [gone, *_] = await of_first_unit(database, ballots, SHOWN)
    await count(consumer, [excluded(gone), restored(gone)])

    assert await cell(database) == before == (20, 20, 10, 10)
    assert await place(database, gone) == (False, 1, None)
    assert await drift(database) == 0


async def test_every_event_delivered_again_or_late_changes_nothing(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 40, 40, 40)
    await count(consumer, ballots)
    await look(database)
    out = (await of_first_unit(database, ballots, SHOWN))[:10]
    back = out[0]
    changes = [*map(excluded, out), restored(back)]
    await count(consumer, changes)
    await look(database)
    tables = ("answer_cell", "response_fact", "steering_pool", "publication")
    before = [await rows(database, f"SELECT * FROM {t} ORDER BY 1, 2") for t in tables]

    await count(consumer, [*ballots, *changes])
    for change in reversed(changes):
        await count(consumer, [change])
    await count(consumer, [excluded(back, revision=2)])
    await look(database)

    assert [await rows(database, f"SELECT * FROM {t} ORDER BY 1, 2") for t in tables] == before
    assert await drift(database) == 0


async def test_an_exclusion_that_comes_before_its_ballot_waits_for_it(consumer, database, survey):
    round_ = await begin(consumer, survey)
    [late] = some(round_, 1)
    await count(consumer, [excluded(late)])
    assert await rows(database, "SELECT state FROM inbox WHERE type LIKE '%excluded%'") == [
        "failed"
    ]
    [why] = await rows(database, "SELECT error FROM inbox WHERE type LIKE '%excluded%'")
    assert "not known here yet" in why
    assert str(late.response_id) not in why, "it is logged, and who knows the id may try answers"
    await count(consumer, [late])
    assert await cell(database) == (1, 1, 1, 0)
    await retry(database, consumer)

    assert await cell(database) == (1, 0, 1, 0)
    assert await place(database, late) == (True, None, None)
    assert await drift(database) == 0


async def test_a_ballot_beside_the_index_is_excluded_and_restored_in_its_own_lane(
    consumer, database, survey
):
    round_ = await begin(consumer, survey, open_in_index=False)
    beside = [e.model_copy(update={"lane": "open"}) for e in some(round_, 11)]
    await count(consumer, beside)
    await count(consumer, [excluded(beside[0]), excluded(beside[1])])
    assert await cell(database) == (11, 9, 11, 0)
    assert [lane.n for lane in (await seen(database, round_)).beside()] == [0, 0]
    await count(consumer, [restored(beside[0])])

    assert await cell(database) == (11, 10, 11, 0)
    assert [lane.n for lane in (await seen(database, round_)).beside()] == [10, 0]
    assert await rows(database, "SELECT cardinality(held) FROM steering_pool") in ([], [0])
    assert await drift(database) == 0


async def retry(database, consumer) -> None:
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE inbox SET next_attempt_at = now()")
    assert await consumer.retry_due()
