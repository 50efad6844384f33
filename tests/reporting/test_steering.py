"""Steering's figure, on a real database: it moves early, for two roles, and nobody's ballot shows.

A pool of 20 stands before it; of 50 ballots it counts 30.
"""

import pytest
from sqlalchemy import text
from tests.reporting.ballots import (
    ballot,
    begin,
    close,
    count,
    drift,
    excluded,
    look,
    published,
    restored,
    rows,
    some,
)
from tests.reporting.conftest import UNITS
from tests.reporting.office import ROLES

from reporting.releases import publications
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.steering import Steering, steering_of

POOL = "SELECT id FROM steering_pool, unnest(held) AS id ORDER BY 1"


async def steering(database, round_) -> Steering | None:
    async with database.sessions() as session:
        about = await publications.results_of(session, round_.round_id)
        return await steering_of(session, about.round, scaled(about.questionnaire))


async def pooled(database, ballots) -> tuple[list, list]:
    """Return the ballots in the pool, and the others."""
    held = {*await rows(database, POOL)}
    inside = [each for each in ballots if each.response_id in held]
    return inside, [each for each in ballots if each.response_id not in held]


async def test_nothing_is_told_until_thirty_ballots_have_left_the_pool(consumer, database, survey):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 9, level=5))
    assert await steering(database, round_) == Steering(None, 29)
    await count(consumer, some(round_, 1, level=5))

    assert await steering(database, round_) == Steering(100, 30)
    assert len(await rows(database, POOL)) == 20
    assert await published(database, round_) is None, "nothing was released for it"


async def test_it_counts_every_ballot_but_the_twenty_of_the_pool(consumer, database, survey):
    """220 ballots, 200 in the set: a step of half a percent around what they say."""
    round_ = await begin(consumer, survey)
    ballots = [ballot(round_.round_id, i % 3, 5 if i % 4 else 1) for i in range(220)]
    for start in range(0, 220, 55):
        await count(consumer, ballots[start : start + 55])
    held, inside = await pooled(database, ballots)
    satisfied = sum(each.answers["F1.1"] == 5 for each in inside)

    found = await steering(database, round_)
    assert (len(held), len(inside), found.n) == (20, 200, 200)
    assert abs(float(found.value) - satisfied / 2) <= 0.25
    assert found.value * 2 == int(found.value * 2)
    assert await drift(database) == 0


@pytest.mark.parametrize("role", ROLES)
async def test_director_and_office_see_it_and_others_nothing(
    office, consumer, database, survey, role
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20, level=5))

    view = (await office.get(role, f"/v1/indices/satisfaction/{round_.round_id}")).json()
    head = (await office.get(role, "/v1/overview", year=2025)).json()["satisfaction"]

    told = {"value": "100", "n": 40} if role in {"director", "office"} else None
    assert view["steering"] == head["steering"] == told
    assert (view["share"], view["n"]) == (None, 60), "the count is for everybody"


async def test_it_ends_with_the_round(office, consumer, database, survey):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20))
    await close(consumer, database, round_, ticket=60)

    path = f"/v1/indices/satisfaction/{round_.round_id}"
    assert (await office.get("director", path)).json()["steering"] is None


async def test_it_is_pushed_when_it_moved_on_a_stream_of_its_own(consumer, database, survey):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20, level=5))
    await look(database)
    await count(consumer, [])
    await look(database)
    await count(consumer, some(round_, 1, level=5))
    await look(database)

    pushed = await rows(
        database,
        "SELECT topic, payload->>'value', payload->>'n' FROM live_event"
        " WHERE event = 'steering_moved' AND payload->>'n' <> '0' ORDER BY id",
    )
    assert pushed == [("steering", "100", "40"), ("steering", "100", "41")]
    others = "SELECT count(*) FROM live_event WHERE topic = 'indices' AND payload ? 'value'"
    steered = f"{others} AND event <> 'index_changed'"
    assert await rows(database, steered) == [0]


async def test_in_a_round_of_two_units_its_ballots_are_told_in_tens(consumer, database, survey):
    round_ = await begin(consumer, survey, unit_ids=UNITS[:2])
    await count(consumer, some(round_, 30, 27, level=5))

    assert await steering(database, round_) == Steering(100, 30)


async def test_excluding_moves_neither_the_pool_nor_the_figure(consumer, database, survey):
    """Or else its answer would be the difference, and a drained pool would hide nobody."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    before, pool = await steering(database, round_), await rows(database, POOL)
    held, inside = await pooled(database, ballots)
    for each in (*held, *inside[:15]):
        await count(consumer, [excluded(each)])
        assert await steering(database, round_) == before
    for each in (held[0], inside[0]):
        await count(consumer, [restored(each)])

    assert await steering(database, round_) == before
    assert await rows(database, POOL) == pool
    assert len(pool) == 20
    assert await drift(database) == 0


async def test_ballots_beside_the_index_are_no_part_of_it(consumer, database, survey):
    round_ = await begin(consumer, survey, open_in_index=False)
    await count(consumer, some(round_, 20, 20, 10, level=5))
    await count(consumer, [ballot(round_.round_id, 0, 1, lane="open") for _ in range(40)])

    assert await steering(database, round_) == Steering(100, 30)


@pytest.mark.parametrize("lane", ["open", "supervised"])
async def test_ballots_without_a_ticket_steer_nothing_where_the_index_will_take_them(
    consumer, database, survey, lane
):
    """Or whoever has a link floods the pool, and reads whose ballot leaves it."""
    round_ = await begin(consumer, survey, open_in_index=True)
    await count(consumer, some(round_, 20, 20, 10, level=5))
    before, pool = await steering(database, round_), await rows(database, POOL)
    await count(consumer, [ballot(round_.round_id, i % 3, 1, lane=lane) for i in range(120)])

    assert await steering(database, round_) == before == Steering(100, 30)
    assert await rows(database, POOL) == pool


async def test_a_ballot_without_a_ticket_that_an_older_pool_holds_is_in_no_figure(
    consumer, database, survey
):
    round_ = await begin(consumer, survey, open_in_index=True)
    linked = ballot(round_.round_id, 0, 1, lane="open")
    await count(consumer, [*some(round_, 20, 20, 10, level=5), linked])
    async with database.sessions.begin() as session:
        older = text("UPDATE steering_pool SET held = held[2:] || CAST(:id AS uuid)")
        await session.execute(older, {"id": linked.response_id})

    assert len(await rows(database, POOL)) == 20
    assert await steering(database, round_) == Steering(100, 31)


async def test_a_ballot_delivered_again_enters_the_pool_once(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 5)
    for _ in range(3):
        await count(consumer, ballots)

    assert len(await rows(database, POOL)) == 5
