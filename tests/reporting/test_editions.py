"""New editions of a closed round, on a real database: whose act, and of how many changes."""

from decimal import Decimal

import pytest
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
    seen,
    some,
)
from tests.reporting.conftest import UNITS

RELEASES = "SELECT release FROM publication ORDER BY release"


async def edition(office, round_, who: str = "director"):
    path = f"/v1/indices/satisfaction/{round_.round_id}/editions"
    return await office.post(who, path, {"reason": "phiếu giấy đến muộn"})


async def test_a_new_edition_needs_ten_changes_in_one_unit(office, consumer, database, survey):
    """9 late ones in two units each, then a tenth: 20 + 10, all but them satisfied: 66.67 %."""
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20, level=5))
    await close(consumer, database, round_, ticket=60)
    await count(consumer, some(round_, 9, 9, level=1))
    few = await edition(office, round_)
    assert (few.status_code, few.json()["code"]) == (409, "edition_too_small")
    await count(consumer, some(round_, 1, level=1))

    done = await edition(office, round_)

    assert (done.status_code, done.json()["released"]["n"]) == (200, 70)
    assert done.json()["share"] == str(Decimal("85.71"))  # 60 of 70: the second unit's nine wait
    shown = await published(database, round_)
    assert (shown.release, shown.closed) == (2, True)
    assert [shown.units[unit].n for unit in UNITS] == [30, 20, 20]
    assert (await seen(database, round_)).unit_brief(UNITS[0]).share == Decimal("66.67")
    assert await rows(database, RELEASES) == [1, 2]
    assert await drift(database) == 0
    again = await edition(office, round_)
    assert again.json()["code"] == "edition_too_small"


async def test_ballots_excluded_and_restored_after_the_end_are_changes_of_an_edition(
    office, consumer, database, survey
):
    """Six of thirty are out and five came late: eleven changes, 30 - 6 + 5 remain.

    Each changes once: what has left does not come back, or two editions would tell the difference.
    """
    round_ = await begin(consumer, survey)
    ballots = some(round_, 30, 20, 20)
    await count(consumer, ballots)
    await close(consumer, database, round_, ticket=70)
    out = ballots[:6]
    await count(consumer, [*map(excluded, out), *some(round_, 5)])
    done = await edition(office, round_)

    assert done.json()["released"]["n"] == 69
    left = await rows(database, "SELECT left_in FROM response_fact WHERE excluded")
    assert left == [2] * 6
    await count(consumer, [restored(each) for each in out])
    await count(consumer, some(round_, 9))
    assert (await edition(office, round_)).json()["code"] == "edition_too_small"
    await count(consumer, some(round_, 1))
    assert (await edition(office, round_)).json()["released"]["n"] == 79
    assert await drift(database) == 0


async def test_an_edition_is_the_directors_and_leaves_a_trace(office, consumer, database, survey):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20))
    await close(consumer, database, round_, ticket=60)
    await count(consumer, some(round_, 10))
    path = f"/v1/indices/satisfaction/{round_.round_id}"

    for who in ("office", "unit_head", "admin", "auditor"):
        assert (await edition(office, round_, who)).status_code == 403
    offered = [(await office.get(who, path)).json()["allowed"] for who in ("director", "office")]
    assert offered == [["publish_edition"], []]
    assert (await edition(office, round_)).status_code == 200
    trace = "SELECT action, reason FROM audit_entry WHERE action LIKE 'index.%'"
    assert await rows(database, trace) == [("index.publish_edition", "phiếu giấy đến muộn")]


@pytest.mark.parametrize("status", ["open", "closed"])
async def test_a_round_that_shows_nothing_final_has_no_edition(
    office, consumer, database, survey, status
):
    """Open, or closed and still waiting for a ballot."""
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 20, 20, 20))
    await look(database)
    if status == "closed":
        await close(consumer, database, round_, ticket=61)

    assert (await edition(office, round_)).json()["code"] == "edition_too_small"
    assert await rows(database, RELEASES) == [1]


async def test_a_unit_of_which_fewer_than_ten_would_remain_has_no_edition(
    office, consumer, database, survey
):
    """12 of 20 are excluded: department minus the two others would be the eight that remain."""
    round_ = await begin(consumer, survey)
    ballots = some(round_, 40, 30, 20)
    await count(consumer, ballots)
    await close(consumer, database, round_, ticket=90)
    await count(consumer, [excluded(each) for each in ballots[-12:]])

    assert (await edition(office, round_)).json()["code"] == "edition_too_small"
    assert await rows(database, RELEASES) == [1]
    assert await drift(database) == 0


async def test_a_unit_hidden_at_the_end_stays_hidden(office, consumer, database, survey):
    """Ten more of the third unit, hidden with eight: the department moves by exactly those ten.

    So a figure of all eighteen would be one of the eight.
    """
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 40, 25, 8))
    await close(consumer, database, round_, ticket=73)
    await count(consumer, some(round_, 0, 0, 10))
    assert (await edition(office, round_)).status_code == 200

    shown = await published(database, round_)
    assert shown.department.n == 83
    assert [shown.units[unit].n for unit in UNITS] == [40, 0, 0]
    assert {*shown.unit_questions} == {UNITS[0]}
    assert await drift(database) == 0


async def test_a_unit_without_any_ballot_at_the_end_comes_in_with_ten(
    office, consumer, database, survey
):
    round_ = await begin(consumer, survey)
    await count(consumer, some(round_, 40, 25))
    await close(consumer, database, round_, ticket=65)
    await count(consumer, some(round_, 0, 0, 10))
    assert (await edition(office, round_)).status_code == 200

    shown = await published(database, round_)
    assert [shown.units[unit].n for unit in UNITS] == [40, 25, 10]
    assert {*shown.unit_questions} == {*UNITS[:2]}, "question by question as at the end"


async def test_ballots_beside_the_index_stay_as_the_end_showed_them(
    office, consumer, database, survey
):
    """One more by an open link would be told alone by an edition for ten with tickets."""
    round_ = await begin(consumer, survey, open_in_index=False)
    opened = [ballot(round_.round_id, 0, 5, lane="open") for _ in range(30)]
    await count(consumer, [*some(round_, 20, 20, 20), *opened])
    await close(consumer, database, round_, ticket=60, open=30)
    await count(consumer, [*some(round_, 10), ballot(round_.round_id, 0, 1, lane="open")])
    assert (await edition(office, round_)).status_code == 200

    shown = await published(database, round_)
    assert shown.department.n == 70
    assert (shown.beside["open"].n, shown.beside["open"].share) == (30, 100)
    assert await drift(database) == 0


async def test_an_edition_that_would_leave_too_few_to_show_is_refused(
    office, consumer, database, survey
):
    round_ = await begin(consumer, survey)
    ballots = some(round_, 20, 20)
    await count(consumer, ballots)
    await close(consumer, database, round_, ticket=40)
    shown = await published(database, round_)
    await count(consumer, [excluded(each) for each in ballots[:20]])

    assert (await edition(office, round_)).json()["code"] == "edition_too_small"
    assert await published(database, round_) == shown
