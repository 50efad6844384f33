"""What to act on first, and what a head of unit answers for."""

from uuid import uuid4

import pytest
from tests.reporting.block import RankedBlock
from tests.reporting.conftest import UNITS, accepted, assignment, created, envelope
from tests.reporting.test_counted_ballots import Row
from tests.reporting.years import Year


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    year.plan_id = await year.issue("Kế hoạch")
    return year


def fed_by_links(criteria: dict) -> str:
    """Return a sub-criterion that linked tasks feed."""
    return next(
        sub["code"]
        for area in criteria["areas"]
        for criterion in area["criteria"]
        for sub in criterion["sub_criteria"]
        if sub.get("feeds_from") == "tasks" and sub.get("counts") == "linked"
    )


async def link(office, code: str, *tasks) -> None:
    sets = (await office.get("office", "/v1/criteria_sets", year=2025)).json()["data"]
    client = await office.client("office")
    body = {"links": [{"task_id": str(task), "sub_criterion": code} for task in tasks]}
    answer = await client.put(f"/v1/criteria_sets/{sets[-1]['id']}/links", json=body)
    assert answer.status_code == 200, answer.text


async def responsibility(office, who: str = "director", unit: int = 0):
    return await office.get(who, f"/v1/units/{UNITS[unit]}/responsibility", year=2025)


async def test_the_most_points_at_stake_come_first_and_a_full_row_not_at_all(
    year, office, demo_criteria
):
    first = demo_criteria["areas"][0]["criteria"][0]["sub_criteria"][0]
    await Row(office, first["code"]).change("appraiser", appraised_1=first["max_points"])
    seen = (await office.get("director", "/v1/priorities", year=2025, limit=200)).json()

    stakes = [float(each["at_stake"]) for each in seen["data"]]
    assert stakes == sorted(stakes, reverse=True)
    assert first["code"] not in {each["code"] for each in seen["data"]}
    assert float(seen["at_stake"]) == pytest.approx(sum(stakes))
    assert seen["criteria_set"]["composed"] is True
    few = (await office.get("director", "/v1/priorities", year=2025)).json()
    assert len(few["data"]) == 20
    assert few["at_stake"] == seen["at_stake"]


async def test_tasks_that_are_overdue_are_counted_with_the_row_they_feed(
    year, office, consumer, demo_criteria
):
    code, states = fed_by_links(demo_criteria), [assignment(year.plan_id, n) for n in range(2)]
    await consumer.apply([envelope(created(state)) for state in states])
    await consumer.apply([envelope(accepted(states[0]))])
    await link(office, code, *(state.task_id for state in states))

    seen = (await office.get("director", "/v1/priorities", year=2025, limit=200)).json()
    row = next(each for each in seen["data"] if each["code"] == code)
    assert (row["open"], row["overdue"]) == (1, 1)


async def test_a_head_holds_the_points_its_tasks_feed_and_a_weakness_of_two_years_is_named(
    year, office, consumer, demo_criteria
):
    code = fed_by_links(demo_criteria)
    mine, theirs = assignment(year.plan_id, 1), assignment(year.plan_id, 2, unit=1)
    await consumer.apply([envelope(created(mine)), envelope(created(theirs))])
    await link(office, code, mine.task_id, theirs.task_id)
    await Row(office, code).change("office", last_year_score="0")

    seen = (await responsibility(office)).json()
    held = seen["held"]
    assert [(row["code"], row["units"], row["repeated"]) for row in held["rows"]] == [
        (code, 2, True)
    ]
    assert held["max_points"] == held["rows"][0]["max_points"]
    assert (held["repeated"], seen["completion"]["overdue"], seen["placed"]) == (1, 1, None)
    other = (await responsibility(office, unit=2)).json()
    assert other["held"]["rows"] == []


async def test_a_head_stands_where_its_block_was_published(year, office, database):
    block = await RankedBlock(database, "PHONG", "Khối phòng").create("A", "B")
    await block.of_unit("A", UNITS[0])
    await block.open()
    await block.approve(A="81.5", B="90")
    await office.post("director", "/v1/rankings/2025/publish", {"block": str(block.id)})

    placed = (await responsibility(office)).json()["placed"]
    assert (placed["rank"], placed["of"], placed["index"], placed["grade"]) == (
        2, 2, "81.50", "Tốt",
    )  # fmt: skip


async def test_a_head_sees_its_own_unit_only_and_those_who_steer_see_all(year, office):
    assert (await responsibility(office, "unit_head")).status_code == 200
    assert (await responsibility(office, "unit_head", unit=1)).status_code == 403
    assert (await responsibility(office, "unit_officer")).status_code == 403
    assert (await responsibility(office, "auditor", unit=1)).status_code == 200
    gone = await office.get("director", f"/v1/units/{uuid4()}/responsibility", year=2025)
    assert gone.status_code == 404
