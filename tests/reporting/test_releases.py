"""Releases on a real database: what is due, what joins, what everybody then sees."""

from decimal import Decimal
from uuid import uuid4

import asyncpg
import pytest
from tests.reporting.ballots import (
    ballot,
    begin,
    close,
    count,
    drift,
    look,
    published,
    rows,
    seen,
    some,
)
from tests.reporting.conftest import UNITS
from tests.statements import counted_statements

from contracts.surveys import ResponseSubmitted
from reporting.disclosure.releases import drawn
from reporting.satisfaction.ballots import NO_UNIT

RELEASES = "SELECT release FROM publication ORDER BY release"
HOUR = "date_trunc('hour', {0}) = {0}"


async def test_three_units_with_twenty_waiting_release_half_of_them_together(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 19, level=4))
    await look(database)
    assert await published(database, round_) is None

    await count(consumer, [ballot(round_.round_id, 2, 2)])
    await look(database)

    shown = await published(database, round_)
    assert (shown.release, shown.department.n) == (1, 30)
    assert {figure.n for figure in shown.units.values()} == {10}
    assert shown.department.mean5 is None
    assert Decimal(str(shown.department.share)) in (95, 100)
    assert await drift(database) == 0


async def test_a_fifth_of_what_is_released_must_wait_before_a_unit_is_due_again(
    consumer, database, survey
):
    """208 of each unit: 104, 52 and 26 are released; 26 wait, and a fifth of 182 is 36.4."""
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 208, 208, 208))
    released = []
    for _ in range(5):
        await look(database)
        released.append((await published(database, round_)).units[UNITS[0]].n)
        await count(consumer, [ballot(round_.round_id, None)])  # somebody else's, to be looked at
    assert released == [104, 156, 182, 182, 182]

    await count(consumer, some(round_, 10, 10, 10))
    await look(database)
    assert await rows(database, RELEASES) == [1, 2, 3], "36 wait"
    await count(consumer, some(round_, 1, 1, 1))
    await look(database)

    shown = await published(database, round_)
    assert (shown.release, {shown.units[unit].n for unit in UNITS}) == (4, {182 + 18})
    assert await drift(database) == 0


async def test_a_unit_that_is_not_due_keeps_the_figure_of_its_last_release(
    consumer, database, survey
):
    """Three units with 10 and 10 more wait with 20 again, the fourth with 10 and 9."""
    fourth = uuid4()
    round_ = await begin(consumer, survey, unit_ids=[*UNITS, fourth])

    def of_fourth(n: int) -> list[ResponseSubmitted]:
        made = some(round_, n, level=1)
        return [each.model_copy(update={"unit_id": fourth}) for each in made]

    await count(consumer, [*some(round_, 20, 20, 20, level=5), *of_fourth(20)])
    await look(database)
    first = await published(database, round_)
    await count(consumer, [*some(round_, 10, 10, 10, level=5), *of_fourth(9)])
    await look(database)

    second = await published(database, round_)
    assert (first.department.n, second.department.n) == (40, 70)
    assert [second.units[unit].n for unit in (*UNITS, fourth)] == [20, 20, 20, 10]
    assert second.units[fourth] == first.units[fourth]
    assert (second.units[fourth].release, second.units[fourth].share) == (1, 0)
    assert (first.department.share, second.department.share) == (75, 85)  # 85.7


async def test_ballots_of_no_unit_release_along_but_do_not_count_among_the_three(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, [*some(round_, 20, 20), *no_unit(round_, 40)])
    await look(database)
    assert await published(database, round_) is None

    await count(consumer, some(round_, 0, 0, 20))
    await look(database)

    shown = await published(database, round_)
    assert shown.department.n == 10 + 10 + 10 + 20
    assert {unit: figure.n for unit, figure in shown.units.items()} == {
        **dict.fromkeys(UNITS, 10),
        NO_UNIT: 20,
    }
    assert await drift(database) == 0


async def test_a_round_of_two_units_releases_nothing_before_it_ends_and_is_counted_in_tens(
    consumer, database, survey
):
    round_ = await begin(consumer, survey, unit_ids=UNITS[:2])
    await count(consumer, some(round_, 104, 103, level=5))
    await look(database)

    told = await seen(database, round_)
    assert told.results.published is None
    assert (told.brief().n, told.brief().share) == (200, None)
    pushed = "SELECT payload->>'n' FROM live_event WHERE event = 'answers_counted' ORDER BY id DESC"
    assert (await rows(database, pushed))[0] == "200"

    await close(consumer, database, round_, ticket=207)
    shown = await published(database, round_)
    assert (shown.department.n, shown.department.share, shown.closed) == (207, 100, True)


async def test_open_links_beside_the_index_never_join_it(consumer, database, survey):
    """43 of them say 5 while the ballots with a ticket say 1; 43 are told as 40."""
    round_ = await begin(consumer, survey, open_in_index=False)
    await count(consumer, some(round_, 20, 20, 20, level=1))
    await count(consumer, [ballot(round_.round_id, 0, 5, lane="open") for _ in range(43)])
    await look(database)

    told = await seen(database, round_)
    assert (told.brief().n, told.brief().share, told.brief().released.n) == (60, 0, 30)
    beside, _ = told.beside()
    assert (beside.lane, beside.n, beside.share, beside.mean5) == ("open", 40, None, None)
    lanes = "SELECT DISTINCT lane FROM response_fact WHERE released_in IS NOT NULL"
    assert await rows(database, lanes) == ["ticket"]

    await close(consumer, database, round_, ticket=60, open=43)
    told = await seen(database, round_)
    assert (told.brief().share, told.brief().mean5) == (0, 20)
    beside, _ = told.beside()
    assert (beside.n, beside.share, beside.mean5, beside.released.n) == (40, 100, 100, 43)
    assert await drift(database) == 0


@pytest.mark.parametrize(("n", "share"), [(29, None), (30, 100)])
async def test_ballots_beside_the_index_have_a_figure_from_thirty_once_the_round_is_closed(
    consumer, database, survey, n, share
):
    round_ = await begin(consumer, survey, open_in_index=False)
    await count(consumer, some(round_, 20, 20, 20))
    await count(consumer, [ballot(round_.round_id, i % 3, 5, lane="open") for i in range(n)])
    await close(consumer, database, round_, ticket=60, open=n)

    beside, _ = (await seen(database, round_)).beside()
    assert beside.share == share


@pytest.mark.parametrize("lane", ["open", "supervised"])
async def test_ballots_without_a_ticket_make_no_unit_due_where_the_index_will_take_them(
    consumer, database, survey, lane
):
    """Two units wait with 20 tickets each; 300 ballots of a link make no third."""
    round_ = await begin(consumer, survey, open_in_index=True)
    await count(consumer, some(round_, 20, 20, 19, level=1))
    flood = [ballot(round_.round_id, i % 3, 5, lane=lane) for i in range(307)]
    await count(consumer, flood)
    await look(database)

    assert await published(database, round_) is None
    told = await seen(database, round_)
    assert (told.brief().n, told.counts.units) == (59, dict(zip(UNITS, (20, 20, 10), strict=False)))
    assert {each.lane: each.n for each in told.beside()} == {"open": 0, "supervised": 0, lane: 300}

    await count(consumer, some(round_, 0, 0, 1, level=1))
    await look(database)
    shown = await published(database, round_)
    assert (shown.department.n, shown.department.share) == (30, 0)
    assert {unit: figure.n for unit, figure in shown.units.items()} == dict.fromkeys(UNITS[:3], 10)
    lanes = "SELECT DISTINCT lane FROM response_fact WHERE released_in IS NOT NULL"
    assert await rows(database, lanes) == ["ticket"]
    assert await drift(database) == 0


async def test_ballots_without_a_ticket_join_at_closing_where_the_round_said_so(
    consumer, database, survey
):
    round_ = await begin(consumer, survey, open_in_index=True)
    await count(consumer, some(round_, 20, 20, 20, level=1))
    await count(consumer, [ballot(round_.round_id, i % 3, 5, lane="open") for i in range(90)])
    await count(consumer, [ballot(round_.round_id, 0, 5, lane="supervised") for _ in range(30)])
    await look(database)
    assert (await published(database, round_)).department.share == 0

    await close(consumer, database, round_, ticket=60, open=90, supervised=30)
    told = await seen(database, round_)
    shown = told.results.published
    assert (shown.department.n, float(shown.department.share)) == (180, pytest.approx(200 / 3))
    assert [shown.units[unit].n for unit in UNITS[:3]] == [80, 50, 50]
    assert (told.brief().n, told.beside()) == (180, [])
    assert await drift(database) == 0


async def test_who_joins_is_drawn_by_the_secret_of_the_round_which_nobody_is_told(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 21, 22, 23))
    await look(database)

    [secret] = await rows(database, "SELECT secret FROM round_secret")
    facts = await rows(database, "SELECT unit_id, response_id, released_in FROM response_fact")
    for unit, n in zip(UNITS, (10, 11, 11), strict=True):
        waited = [ballot.bytes for at, ballot, _ in facts if at == unit]
        joined = {ballot.bytes for at, ballot, made in facts if at == unit and made == 1}
        assert joined == set(drawn(secret, 1, waited))
        assert len(joined) == n


async def test_a_release_writes_ballots_where_it_read_them_and_searches_for_none(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20))
    with counted_statements(database) as statements:
        await look(database)
    [joins] = [each for each in statements if "SET released_in" in each]

    connection = await asyncpg.connect(database.url)
    try:
        await connection.execute("SET enable_seqscan = off")  # a table this small is one page
        explained = await connection.fetch(f"EXPLAIN {joins}", 1, "(0,1)", uuid4())
        plan = "\n".join(row[0] for row in explained)
    finally:
        await connection.close()
    assert "Tid Scan on response_fact" in plan
    assert "Index" not in plan, plan


async def test_no_event_about_the_index_tells_its_ballots_or_more_of_its_time_than_the_hour(
    consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20, level=4))
    await look(database)

    [(kind, value, numerator, denominator, cut)] = await rows(
        database,
        "SELECT i->>'kind', i->>'value', i->>'numerator', i->>'denominator',"
        f" {HOUR.format('occurred_at')} FROM event_log,"
        " LATERAL (SELECT envelope::json->'data'->'index') AS data(i)"
        " WHERE type = 'reporting.index_changed.v1'",
    )
    assert (kind, Decimal(value), Decimal(numerator), Decimal(denominator)) == (
        "satisfaction", 100, 100, 100,
    )  # fmt: skip
    assert cut


async def test_every_event_delivered_again_changes_nothing(consumer, database, survey):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20, 20)
    await count(consumer, ballots)
    await look(database)
    query = "SELECT * FROM {} ORDER BY 1, 2"
    before = [await rows(database, query.format(t)) for t in ("answer_cell", "response_fact")]

    await count(consumer, ballots)
    await begin(consumer, survey)
    await look(database)

    after = [await rows(database, query.format(t)) for t in ("answer_cell", "response_fact")]
    assert after == before
    assert await rows(database, RELEASES) == [1]


def no_unit(round_, n: int):
    return [ballot(round_.round_id, None) for _ in range(n)]
