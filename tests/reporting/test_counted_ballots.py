"""Ballots counted outside of the system: entered with what proves them, and accepted by another."""

import copy

import pytest
from tests.reporting.office import ROLES
from tests.reporting.test_rounds_of_a_year import sub_criterion
from tests.reporting.years import Year

ROW = "8.2.1"  # 3 points, by leaders; no questionnaire asks it
COUNTED = {"A": 20, "B": 10, "C": 10, "D": 0}
PROOF = "Biên bản kiểm phiếu số 12/BB-SNV ngày 05/12/2025, 40 phiếu lưu tại Văn phòng"
OPTIONS = "option_weights"
BALLOT_COLUMNS = ("ballots", "ballots_evidence", "ballots_accepted")


@pytest.fixture
async def year(office, consumer, database, survey, demo_criteria) -> Year:
    year = Year(office, consumer, database, survey)
    await year.publish(demo_criteria)
    return year


async def on_sheet(office, who: str) -> dict:
    sheet = (await office.get(who, "/v1/score_sheets/2025")).json()
    return next(row for row in sheet["rows"] if row["code"] == ROW)


class Row:
    """A row of the sheet as people change it: each knows its newest version."""

    def __init__(self, office, code: str = ROW) -> None:
        self.office, self.path, self.version = office, f"/v1/score_sheets/2025/rows/{code}", 1

    async def change(self, who: str, **values):
        client = await self.office.client(who)
        match = {"If-Match": f'"{self.version}"'}
        answer = await client.patch(self.path, json=values, headers=match)
        self.version = answer.json().get("version", self.version)
        return answer


async def test_counted_ballots_are_official_once_the_appraiser_accepted_them(year, office):
    """3 × (20 × 1 + 10 × 0.6 + 10 × 0.2) / 40 = 2.10."""
    row = Row(office)
    entered = await row.change("office", ballots=COUNTED, ballots_evidence=PROOF)
    before = await year.official()
    accepted = await row.change("appraiser", ballots_accepted=True)

    assert (entered.status_code, accepted.status_code) == (200, 200)
    assert ROW not in before
    assert (await year.official())[ROW] == "2.10"


async def test_before_that_they_stand_in_the_outlook_only(year, office):
    await Row(office).change("office", ballots=COUNTED, ballots_evidence=PROOF)

    row = next(row for row in (await year.par())["rows"] if row["code"] == ROW)
    assert (row["secured"], row["projected"], row["projected_source"]) == (None, "2.10", "ballots")


async def test_the_explanation_names_counts_weights_and_the_proof(year, office):
    row = Row(office)
    await row.change("office", ballots=COUNTED, ballots_evidence=PROOF)
    await row.change("appraiser", ballots_accepted=True)

    told = await year.explained(ROW)
    assert PROOF in told["title"]
    assert told["evaluation"]["facts"] == COUNTED
    assert told["evaluation"]["numbers"]["weight_B"] == "0.6"
    assert {"label": "Trọng số B", "value": "0.6"} in told["numbers"]
    assert told["children"][1]["title"] == "B: 10 trong 40 trả lời, trọng số 0,6: 0,45 điểm"
    assert told["source"] == "ballots"


async def test_whoever_counts_anew_needs_the_appraiser_anew(year, office):
    row = Row(office)
    await row.change("office", ballots=COUNTED, ballots_evidence=PROOF)
    await row.change("appraiser", ballots_accepted=True)
    changed = await row.change("office", ballots={**COUNTED, "A": 21})

    assert changed.json()["ballots_accepted"] is False
    assert ROW not in await year.official()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"ballots": COUNTED}, "phải nêu minh chứng"),
        ({"ballots": COUNTED, "ballots_evidence": "  "}, "phải nêu minh chứng"),
        ({"ballots": {"A": 3, "B": 1}, "ballots_evidence": PROOF}, "đủ các phương án A, B, C, D"),
        (
            {"ballots": {**COUNTED, "E": 1}, "ballots_evidence": PROOF},
            "đủ các phương án A, B, C, D",
        ),
        ({"ballots": dict.fromkeys("ABCD", 0), "ballots_evidence": PROOF}, "ít nhất 10 phiếu"),
        (
            {"ballots": {"A": 9, "B": 0, "C": 0, "D": 0}, "ballots_evidence": PROOF},
            "ít nhất 10 phiếu",
        ),
        ({"ballots_evidence": PROOF}, "đủ các phương án A, B, C, D"),
    ],
)
async def test_ballots_that_prove_nothing_are_refused_with_the_reason(year, office, values, said):
    answer = await Row(office).change("office", **values)

    assert (answer.status_code, answer.json()["code"]) == (422, "score_invalid")
    assert said in answer.text
    assert ROW in answer.text


@pytest.mark.parametrize("wrong", [{"A": -1}, {"A": "3"}, {"A": 1.5}, {"A": True}])
async def test_a_count_is_a_whole_number_of_people(year, office, wrong):
    answer = await Row(office).change(
        "office", ballots={**COUNTED, **wrong}, ballots_evidence=PROOF
    )

    assert answer.status_code == 422


async def test_ballots_can_be_taken_back_and_do_not_hinder_what_else_is_entered(
    year, office, demo_criteria
):
    row = Row(office)
    await row.change("office", ballots=COUNTED, ballots_evidence=PROOF)
    other = copy.deepcopy(demo_criteria)
    sub_criterion(other, ROW)["rule"]["option_weights"] = {"A": "1", "B": "0.5", "C": "0"}
    await year.publish(other)

    expected = await row.change("office", expected_score="1.5")
    emptied = await row.change("office", ballots=None, ballots_evidence=None)

    assert (expected.status_code, emptied.status_code) == (200, 200)
    assert emptied.json()["ballots"] is None


async def test_a_row_without_options_takes_no_ballots(year, office):
    for code in ("8.1.1", "1.1.1"):
        answer = await Row(office, code).change("office", ballots=COUNTED, ballots_evidence=PROOF)
        assert (answer.status_code, answer.json()["code"]) == (422, "score_invalid")
        assert "không tính theo phương án" in answer.text


async def test_nothing_can_be_accepted_that_nobody_entered(year, office):
    answer = await Row(office).change("appraiser", ballots_accepted=True)

    assert (answer.status_code, answer.json()["code"]) == (409, "score_row_without_ballots")


async def test_who_counts_does_not_accept_and_who_accepts_does_not_count(year, office):
    entering = {
        who: (await Row(office, "2.5.1").change(who, ballots=None)).status_code for who in ROLES
    }
    accepting = {
        who: (await Row(office, "2.5.1").change(who, ballots_accepted=False)).status_code
        for who in ROLES
    }

    assert {who for who, status in entering.items() if status != 403} == {"office"}
    assert {who for who, status in accepting.items() if status != 403} == {"appraiser"}


async def test_a_closed_round_that_asks_it_is_not_overruled_by_hand(year, office, demo_criteria):
    criteria = copy.deepcopy(demo_criteria)
    sub_criterion(criteria, ROW)["rule"]["question"] = "L.1"
    await year.publish(criteria)
    round_ = await year.open(await year.ask(question="L.1"), "Điều tra xã hội học")
    await year.answer(round_, 20, 4, {"L.1": [1]})
    await year.close(round_)

    answer = await Row(office).change("office", ballots=COUNTED, ballots_evidence=PROOF)

    assert (answer.status_code, answer.json()["code"]) == (409, "score_row_fed")
    assert (await year.official())[ROW] == "1.80"  # 3 × 0.6


async def test_a_row_that_a_closed_round_feeds_offers_no_ballots_and_no_acceptance(
    year, office, demo_criteria
):
    row = Row(office)
    await row.change("office", ballots=COUNTED, ballots_evidence=PROOF)
    before = await on_sheet(office, "office"), await on_sheet(office, "appraiser")
    criteria = copy.deepcopy(demo_criteria)
    sub_criterion(criteria, ROW)["rule"]["question"] = "L.1"
    await year.publish(criteria)
    round_ = await year.open(await year.ask(question="L.1"), "Điều tra xã hội học")
    await year.answer(round_, 20, 4, {"L.1": [1]})
    await year.close(round_)

    offered = [{*one["allowed"]} & {*BALLOT_COLUMNS} for one in before]
    assert offered == [{"ballots", "ballots_evidence"}, {"ballots_accepted"}]
    for who in ("office", "appraiser"):
        assert not {*(await on_sheet(office, who))["allowed"]} & {*BALLOT_COLUMNS}
    accepted = await row.change("appraiser", ballots_accepted=True)
    assert (accepted.status_code, accepted.json()["code"]) == (409, "score_row_fed")
    emptied = await row.change("office", ballots=None, ballots_evidence=None)
    assert (emptied.status_code, emptied.json()["ballots"]) == (200, None)


async def test_ballots_of_other_options_are_named_as_such_and_cannot_be_accepted(
    year, office, demo_criteria
):
    row = Row(office)
    await row.change("office", ballots=COUNTED, ballots_evidence=PROOF)
    await row.change("appraiser", ballots_accepted=True)
    other = copy.deepcopy(demo_criteria)
    sub_criterion(other, ROW)["rule"]["option_weights"] = {"A": "1", "B": "0.5", "C": "0"}
    await year.publish(other)

    shown = await on_sheet(office, "appraiser")
    assert (shown["ballots"], shown["ballots_accepted"]) == (None, False)
    assert shown["ballots_of_other_options"] == COUNTED
    assert "ballots_accepted" not in shown["allowed"]
    answer = await row.change("appraiser", ballots_accepted=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "score_row_without_ballots")


async def test_no_department_is_stuck_below_a_hundred(year, office):
    """Everything appraised at full marks, all surveys answered 5, all ballots for A: 100.00."""
    sheet = (await office.get("office", "/v1/score_sheets/2025")).json()
    round_ = await year.open(await year.ask(factors=5), "Đợt khảo sát")
    for each in sheet["rows"]:
        row = Row(office, each["code"])
        if each[OPTIONS]:
            counted = {option: 30 if option == "A" else 0 for option in each[OPTIONS]}
            await row.change("office", ballots=counted, ballots_evidence=PROOF)
            assert (await row.change("appraiser", ballots_accepted=True)).status_code == 200
        elif each["feeds_from"] != "surveys":
            full = each["max_points"]
            assert (await row.change("appraiser", appraised_1=full)).status_code == 200
    await year.answer(round_, 20, 5)
    await year.close(round_)

    official = (await year.par())["official"]
    assert official["coverage"] == {"points_with_value": "100", "points_total": "100"}
    assert (official["value"], official["complete"]) == ("100.00", True)
