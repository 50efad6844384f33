"""One ballot or nine of an open link; rounds over one unit or two: tens, and nothing else."""

from uuid import uuid4

import pytest
from tests.reporting.attacks.attackers import read, truth
from tests.reporting.attacks.old_rule import OldRule
from tests.reporting.attacks.outputs import differences, found
from tests.reporting.attacks.worlds import citizens, of, pinned
from tests.reporting.ballots import count, look
from tests.reporting.conftest import UNITS

NOTHING = {"share": None, "mean5": None, "released": None, "n": 0, "lane": "open"}


async def test_under_the_old_rule_a_ballot_of_an_open_link_is_read_25_times_of_25():
    right = 0
    for seed in range(25):
        id_, department = uuid4(), OldRule()
        await department.send(*citizens(id_, 40, 0, seed))
        own = citizens(id_, 8, 0, 500 + seed, lane="open")
        await department.send(*own)
        before = await department.look()
        (victim,) = citizens(id_, 1, 0, 1000 + seed, lane="open")
        await department.send(victim)
        reading = read(before, await department.look())
        right += bool(reading) and reading.items() <= truth(victim).items()
    assert right == 25


async def test_one_and_nine_ballots_of_an_open_link_change_nothing_but_a_count_in_tens(world):
    worlds = []
    for level in (1, 5):
        await world.begin(open_in_index=False)
        for unit in range(3):
            await world.send(*citizens(world.round_id, 20, unit, 1))
        pages = [await world.reader.look_closely()]
        first, *others = [of(b, level) for b in citizens(world.round_id, 9, 0, 2, lane="open")]
        for ballots in ([first], others):
            await world.send(*ballots)
            pages.append(await world.reader.look_closely())
            assert read(pages[0], pages[-1]) == {}
            answer = pages[-1][f"auditor /v1/indices/satisfaction/{world.round_id}"]
            assert answer["beside"] == [{**NOTHING, "lane": x} for x in ("open", "supervised")]
            assert pages[0]["log"] == pages[-1]["log"]
        worlds.append(pages)
    # Steering's lots differ between the two worlds; what everybody sees does not.
    for one, two in zip(*worlds, strict=True):
        assert [name for name in differences(one, two) if name.startswith("auditor")] == []


@pytest.mark.parametrize("units", [1, 2])
async def test_a_round_over_one_or_two_units_shows_steerings_figure_only_and_counts_in_tens(
    world, monkeypatch, units
):
    pages = []
    for level in (1, 5):
        pinned(monkeypatch, 5)
        await world.begin(unit_ids=UNITS[:units])
        for batch in range(2):
            for unit in range(units):
                await world.send(*citizens(world.round_id, 45, unit, batch))
        (victim,) = citizens(world.round_id, 1, 0, 9)
        await world.send(of(victim, level))
        pages.append(await world.reader.look_closely())
    one, two = pages
    assert [name for name in differences(one, two) if name.startswith("auditor")] == []
    answer = one[f"auditor /v1/indices/satisfaction/{world.round_id}"]
    assert (answer["share"], answer["released"], answer["n"]) == (None, None, 90 * units)
    assert all(unit["suppressed"] and unit["n"] == 90 for unit in answer["units"][:1])
    steering = one[f"office /v1/indices/satisfaction/{world.round_id}"]["steering"]
    assert steering["value"] is not None
    assert steering["n"] % 10 == 0
    for row in one["office live"]:
        assert row[2].get("n", 0) % 10 == 0
    assert not [each for each in found(one["log"], "kind") if each["kind"] == "satisfaction"]


@pytest.mark.parametrize("lane", ["ticket", "open"])
async def test_how_far_the_figures_are_behind_does_not_say_that_a_ballot_came(
    department, world, lane
):
    """Once it said so 25 times of 25, of ballots whose number is told in tens."""
    await world.begin(unit_ids=UNITS[:1], open_in_index=False)
    told = set()
    for each in citizens(world.round_id, 25, 0, 1, lane=lane):
        await count(world.consumer, [each])  # a reader looks before the clock does
        answer = await department.office.get("auditor", "/v1/overview", year=2025)
        told.add(answer.json()["lag_seconds"])
        await look(world.database)
    assert told == {0}


async def test_a_round_over_one_unit_is_told_when_it_ends(world):
    await world.begin(unit_ids=UNITS[:1])
    await world.send(*citizens(world.round_id, 45, 0, 1))
    await world.close(ticket=(45, 0))
    answer = (await world.look())[f"director /v1/indices/satisfaction/{world.round_id}"]
    assert answer["share"] is not None
    assert answer["n"] == 40
