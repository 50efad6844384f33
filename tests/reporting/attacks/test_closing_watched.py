"""A reader at the end of a round: late ballots, drained units, everything told or built twice."""

import pytest
from tests.reporting.attacks.attackers import outside_of_units
from tests.reporting.attacks.outputs import differences
from tests.reporting.attacks.worlds import citizens
from tests.reporting.ballots import count, drift, look, rebuild
from tests.reporting.conftest import UNITS

FEW = 10


async def _answer(world):
    return (await world.look())[f"director /v1/indices/satisfaction/{world.round_id}"]


async def test_closing_waits_for_the_last_ballot_and_telling_all_twice_changes_nothing(world):
    crowd = [citizens(world.round_id, 25, unit, 1) for unit in range(3)]
    *there, late = [each for unit in crowd for each in unit]
    await world.send(*there)
    await world.close(ticket=(75, 0))
    open_still = await _answer(world)
    assert (open_still["status"], open_still["steering"]) == ("closed", None)
    assert open_still["mean5"] is None
    assert open_still["n"] == 74

    await world.send(late)
    closed = await world.reader.look_closely()
    answer = closed[f"auditor /v1/indices/satisfaction/{world.round_id}"]
    assert (answer["released"]["n"], answer["mean5"] is None) == (75, False)

    await count(world.consumer, [late, *there])
    await world.close(ticket=(75, 0))
    await look(world.database)
    again = await world.reader.look_closely()
    assert {n for n in differences(closed, again) if not n.endswith("live")} == set()
    told = [[row for row in page["auditor live"] if row[1] == "index_changed"]
            for page in (closed, again)]  # fmt: skip
    assert told[0] == told[1]
    assert await drift(world.database) == 0


@pytest.mark.parametrize("left", [1, 9, 10])
async def test_draining_a_unit_and_closing_isolates_nobody(world, left):
    crowd = [citizens(world.round_id, n, unit, 1) for unit, n in enumerate((25, 30, 35))]
    for unit in crowd:
        await world.send(*unit)
    await world.exclude(*crowd[0][left:])
    await world.close(ticket=(65 + left, 25 - left))
    page = await world.reader.look_closely()

    answer = page[f"auditor /v1/indices/satisfaction/{world.round_id}"]
    hidden = {unit["unit_id"] for unit in answer["units"] if unit["suppressed"]}
    totals = dict(zip(map(str, UNITS), (left, 30, 35), strict=True))
    assert outside_of_units(page) == {}
    assert all(totals[unit] >= FEW for unit in totals.keys() - hidden)
    assert sum(totals[unit] for unit in hidden) in (0, left + 30)
    asked = {str(u): page[f"auditor /v1/indices/satisfaction/{world.round_id}/units/{u}"]
             for u in UNITS}  # fmt: skip
    for unit, spread in asked.items():
        assert all(q["suppressed"] for q in spread["questions"]) == (unit in hidden)
    for code in ("F1.1", "F2.2"):
        whole = next(q for q in answer["questions"] if q["code"] == code)["distribution"]
        told = [
            each["distribution"]
            for spread in asked.values()
            for each in spread.get("questions", ())
            if each["code"] == code and each["distribution"]
        ]
        rest = sum(whole) - sum(map(sum, told))
        assert rest == 0 or rest >= FEW


async def test_a_unit_that_fewer_than_ten_join_at_the_end_keeps_its_figure_and_hides_another(world):
    crowd = [citizens(world.round_id, 20, unit, 1) for unit in range(3)]
    for unit in crowd:
        await world.send(*unit)
    waiting = await world.rows(
        "SELECT response_id FROM response_fact WHERE released_in IS NULL AND NOT excluded"
    )
    out = [each for each in crowd[0] if each.response_id in {row.response_id for row in waiting}]
    before = (await _answer(world))["units"][0]
    await world.exclude(*out[:9])  # one of ten still joins
    await world.close(ticket=(51, 9))
    after = (await _answer(world))["units"]
    assert {**before, "n": 0} == {**after[0], "n": 0}
    assert [unit["suppressed"] for unit in after].count(True) == 1


async def test_rebuilding_leaves_every_output_as_it_was_shown(world):
    crowd = [citizens(world.round_id, 25, unit, 1) for unit in range(3)]
    for unit in crowd:
        await world.send(*unit)
    await world.exclude(*crowd[0][:3], crowd[1][0])
    spoiled = {
        "open": "UPDATE answer_cell SET released[3] = released[3] + 7, n = 1",
        "closed": "DELETE FROM answer_cell",
    }
    for status, statement in spoiled.items():
        if status == "closed":
            await world.close(ticket=(71, 4))
        await world.change("UPDATE touched SET since = now()")  # see test_holes: PAR's mark is lost
        await world.settle()
        shown = await world.reader.look_closely()
        assert await _rebuilt(world) == 0
        await world.change(statement)
        assert await _rebuilt(world) == 3
        await world.settle()
        now = await world.reader.look_closely()
        assert {name for name in differences(shown, now) if not name.endswith("live")} == set()
        assert await drift(world.database) == 0


async def _rebuilt(world):
    return (await rebuild(world.database, world.round_id))[1]
