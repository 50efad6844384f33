"""Ballots excluded and restored, on a real database: what changes at once, and what waits."""

import pytest
from tests.reporting.ballots import (
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

CELL = "SELECT n, waiting, standing, released_n FROM answer_cell WHERE unit_id = :unit"
PLACE = "SELECT excluded, standing, released_in, left_in FROM response_fact WHERE response_id = :id"
WAITS, SHOWN = "released_in IS NULL", "released_in IS NOT NULL"


async def cell(database, unit: int = 0) -> tuple[int, int, int, int]:
    """Return how many ballots of a unit count, wait, stand, are released."""
    [found] = await rows(database, CELL, unit=UNITS[unit])
    return found


async def place(database, of) -> tuple[bool, bool, int | None, int | None]:
    """Return where a ballot is: excluded, standing, released in, left in."""
    [found] = await rows(database, PLACE, id=of.response_id)
    return found


async def of_first_unit(database, ballots, where: str) -> list:
    found = await by_place(database, ballots, where)
    return [each for each in found if each.unit_id == UNITS[0]]


async def test_an_excluded_ballot_that_waits_is_out_at_once(consumer, database, survey):
    """Of 12 none has left the pool of 20: it does not stand for steering either."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 12)
    await count(consumer, ballots)
    await count(consumer, [excluded(ballots[3])])

    assert await cell(database) == (11, 11, 11, 0)
    assert await place(database, ballots[3]) == (True, False, None, None)
    assert (await seen(database, round_)).brief().n == 11
    assert await drift(database) == 0


async def test_an_excluded_ballot_never_joins_a_release(consumer, database, survey):
    """21 of each unit; one excluded, 20 of it wait: 10 of each join, and it is none of them."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 21, 21, 21)
    await count(consumer, [*ballots, *map(excluded, ballots[::21])])
    await look(database)

    assert (await published(database, round_)).department.n == 30
    for each in ballots[::21]:
        assert (await place(database, each))[2] is None
    assert await drift(database) == 0


async def test_an_exclusion_may_keep_a_unit_from_being_due(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, [*ballots, excluded(ballots[0])])
    await look(database)

    assert await published(database, round_) is None


async def test_an_excluded_ballot_that_was_released_stays_in_the_figure_until_the_end(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await look(database)
    shown = await published(database, round_)
    [gone, *_] = await of_first_unit(database, ballots, SHOWN)
    await count(consumer, [excluded(gone)])
    await look(database)

    assert await published(database, round_) == shown
    n, waiting, _, released = await cell(database)
    assert (n, waiting, released) == (19, 10, 10)
    assert (await seen(database, round_)).brief().n == 59
    assert await drift(database) == 0

    await close(consumer, database, round_, ticket=59, excluded=1)
    assert await place(database, gone) == (True, False, 1, 2)
    assert (await published(database, round_)).department.n == 59
    assert await cell(database) == (19, 0, 19, 19)
    assert await drift(database) == 0


@pytest.mark.parametrize(("gone", "released", "department"), [(9, 30, 90), (10, 20, 80)])
async def test_ten_excluded_of_one_unit_leave_with_its_next_release_and_nine_stay(
    consumer, database, survey, gone, released, department
):
    """40 of each unit: 20 are released, 20 wait; then 10 more join, and the ten leave."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 40, 40, 40)
    await count(consumer, ballots)
    await look(database)
    assert (await published(database, round_)).department.n == 60
    out = (await of_first_unit(database, ballots, SHOWN))[:gone]
    await count(consumer, [excluded(each) for each in out])
    await look(database)

    second = await published(database, round_)
    assert (second.release, second.department.n) == (2, department)
    assert [second.units[unit].n for unit in UNITS] == [released, 30, 30]
    n, waiting, _, shown = await cell(database)
    assert (n, waiting, shown) == (40 - gone, 10, released)
    left = await rows(database, "SELECT left_in FROM response_fact WHERE excluded")
    assert left == [2 if gone == 10 else None] * gone
    assert await drift(database) == 0


async def test_excluded_ballots_of_a_unit_that_does_not_release_stay(consumer, database, survey):
    """Ten of the first unit are out, 20 wait of the others only: nothing moves."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 40, 40)
    await count(consumer, ballots)
    await look(database)
    shown = await published(database, round_)
    out = await of_first_unit(database, ballots, SHOWN)
    await count(consumer, [excluded(each) for each in out])
    await look(database)

    assert len(out) == 10
    assert await published(database, round_) == shown
    assert (await cell(database))[3] == 10


async def test_a_restored_ballot_counts_and_waits_again(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 12)
    await count(consumer, ballots)
    await count(consumer, [excluded(ballots[0])])
    await count(consumer, [restored(ballots[0])])

    assert await cell(database) == (12, 12, 12, 0)
    assert await place(database, ballots[0]) == (False, True, None, None)
    pooled = "SELECT cardinality(ballots) FROM steering_pool"
    assert await rows(database, pooled) == [12]
    assert await drift(database) == 0


async def test_a_restored_ballot_that_never_left_the_figure_is_simply_there(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await look(database)
    before = await cell(database)
    [gone, *_] = await of_first_unit(database, ballots, SHOWN)
    await count(consumer, [excluded(gone), restored(gone)])

    assert await cell(database) == before
    assert await place(database, gone) == (False, True, 1, None)
    assert await drift(database) == 0


async def test_a_restored_ballot_that_had_left_the_figure_waits_anew(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 40, 40, 40)
    await count(consumer, ballots)
    await look(database)
    out = (await of_first_unit(database, ballots, SHOWN))[:10]
    await count(consumer, [excluded(each) for each in out])
    await look(database)
    await count(consumer, [restored(out[0])])

    n, waiting, _, released = await cell(database)
    assert (n, waiting, released) == (31, 11, 20)
    assert await place(database, out[0]) == (False, True, None, None)
    await close(consumer, database, round_, ticket=111, excluded=9)
    assert (await published(database, round_)).department.n == 111
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
    await count(consumer, [late])
    assert (await cell(database))[0] == 1
    await retry(database, consumer)

    assert await cell(database) == (0, 0, 0, 0)
    assert await place(database, late) == (True, False, None, None)
    assert await drift(database) == 0


async def test_a_ballot_beside_the_index_is_excluded_and_restored_in_its_own_lane(
    consumer, database, survey
):
    round_ = await begin(consumer, survey, open_in_index=False)
    beside = [e.model_copy(update={"lane": "open"}) for e in some(round_, 11)]
    await count(consumer, beside)
    await count(consumer, [excluded(beside[0]), excluded(beside[1])])
    assert await cell(database) == (9, 9, 9, 0)
    assert [lane.n for lane in (await seen(database, round_)).beside()] == [0, 0]
    await count(consumer, [restored(beside[0])])

    assert await cell(database) == (10, 10, 10, 0)
    assert [lane.n for lane in (await seen(database, round_)).beside()] == [10, 0]
    assert await rows(database, "SELECT cardinality(ballots) FROM steering_pool") in ([], [0])
    assert await drift(database) == 0


async def retry(database, consumer) -> None:
    async with database.sessions.begin() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE inbox SET next_attempt_at = now()")
    assert await consumer.retry_due()
