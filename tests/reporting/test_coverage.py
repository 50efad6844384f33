"""How much of a figure stands on values is said first: a part never looks like the whole."""

from decimal import Decimal

import pytest
from tests.reporting.ballots import begin, close, count, look
from tests.reporting.conftest import UNITS, accepted, assignment, created, envelope
from tests.reporting.test_counted_ballots import Row
from tests.reporting.years import Year

from contracts.surveys import ResponseSubmitted
from contracts.tasks import PlanActivated, PlanState, PlanTarget
from reporting.sources.targets import meets_target


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    return year


async def test_a_year_of_which_nothing_is_known_has_no_figure_and_not_zero_percent(year):
    par = await year.par()

    for name in ("secured", "projected", "official"):
        figure = par[name]
        assert (figure["value"], figure["complete"]) == (None, False)
        assert figure["coverage"] == {"points_with_value": "0", "points_total": "100"}


async def test_the_points_that_have_a_value_are_told_beside_the_percentage(year, office):
    await Row(office, "1.1.1").change("appraiser", appraised_1="0.5")
    await Row(office, "8.2.2").change("office", expected_score="1.5")

    par = (await year.overview())["par"]
    assert par["official"]["coverage"]["points_with_value"] == "0.5"
    assert par["projected"]["coverage"] == {"points_with_value": "2", "points_total": "100"}
    assert (par["projected"]["value"], par["projected"]["complete"]) == ("1.50", False)


async def test_an_explanation_says_first_how_much_has_a_value(year, office):
    await Row(office, "1.1.1").change("appraiser", appraised_1="0.5")

    path = "/v1/indices/par/2025/explain"
    vietnamese = (await office.get("office", path, figure="official")).json()["title"]
    client = await office.client("office")
    english = await client.get(
        path, params={"figure": "official"}, headers={"Accept-Language": "en"}
    )
    assert (
        "0,50 trong 100,00 điểm đã có giá trị; 0,50 % khi phần chưa có giá trị tính 0" in vietnamese
    )
    assert (
        "0.50 of 100.00 points have a value; 0.50 % when the rest counts 0"
        in english.json()["title"]
    )


async def test_a_row_without_a_value_says_what_gives_it_one(year):
    said = {code: (await year.explained(code, "projected"))["title"]
            for code in ("8.1.1", "8.2.1", "1.1.1", "1.6.1")}  # fmt: skip

    assert "Cần một đợt khảo sát của năm hỏi về yếu tố F1" in said["8.1.1"]
    assert "Cần nhập số phiếu theo từng phương án" in said["8.2.1"]
    assert "Cần nhập điểm" in said["1.1.1"]
    assert "Cần liên kết nhiệm vụ" in said["1.6.1"]


async def test_coverage_that_moves_is_announced_even_when_the_percentage_stays(
    year, office, database
):
    await Row(office, "1.1.1").change("appraiser", appraised_1="0.5")
    await look(database)
    await Row(office, "1.1.2").change("appraiser", appraised_1="0")
    await look(database)

    covered = [Decimal(each["covered"]) for each in await year.states("par_official")]
    assert covered[-2:] == [Decimal("0.5"), covered[-1]]
    assert covered[-1] > Decimal("0.5")


async def test_an_index_of_which_parts_have_no_value_does_not_miss_its_target(
    year, office, consumer, database
):
    target = PlanTarget(index="par", comparison="at_least", value="85", source="kế hoạch")
    state = PlanState(
        plan_id=UNITS[0], version=1, year=2025, title="Kế hoạch", unit_id=UNITS[0],
        status="active", closes_on="2025-11-29", targets=[target],
    )  # fmt: skip
    await consumer.apply([envelope(PlanActivated(plan=state))])
    await Row(office, "1.1.1").change("appraiser", appraised_1="0.5")
    await look(database)

    assert (await year.overview())["par"]["target"]["met"] is None
    assert not await year.events("reporting.target_missed.v1")


def test_a_partial_figure_reaches_a_target_or_is_undecided():
    assert meets_target(Decimal(86), "at_least", Decimal(85), complete=False) is True
    assert meets_target(Decimal(84), "at_least", Decimal(85), complete=False) is None
    assert meets_target(Decimal(84), "at_least", Decimal(85)) is False


async def test_an_index_that_stands_on_one_question_of_four_says_so(
    office, consumer, database, survey
):
    round_ = await begin(consumer, survey, open_in_index=False)
    ballots = [
        ResponseSubmitted(
            response_id=UNITS[0].__class__(int=i), round_id=round_.round_id, unit_id=UNITS[i % 3],
            channel="web", lane="ticket", answers={"F1.1": 5}, choices={},
        )
        for i in range(1, 46)
    ]  # fmt: skip
    await count(consumer, ballots)
    await close(consumer, database, round_, ticket=45)

    head = (await office.get("director", "/v1/overview", year=2025)).json()["satisfaction"]
    page = (await office.get("director", f"/v1/indices/satisfaction/{round_.round_id}")).json()
    assert head["share"] == "100.00"
    assert head["coverage"] == {"questions_with_figure": 1, "questions_total": 4}
    assert page["coverage"] == head["coverage"]


async def test_work_that_is_not_due_yet_gives_no_rate_of_what_is_due(office, consumer, year):
    plan_id = await year.issue("Kế hoạch")
    later = assignment(plan_id, 1).model_copy(update={"due_on": year.first.closes_on.replace(2099)})
    await consumer.apply([envelope(created(later)), envelope(accepted(later))])

    seen = (await year.overview())["completion"]
    assert (seen["rate_all"], seen["rate_due"], seen["due"]) == ("100.00", None, 0)
