"""Reporting's API: who may ask, what is answered, and what a wrong question is told."""

from decimal import Decimal
from time import time
from uuid import UUID, uuid4

import pytest
from tests.reporting.ballots import close
from tests.reporting.conftest import (
    UNITS,
    accepted,
    assignment,
    created,
    envelope,
    plan,
    response,
)
from tests.reporting.office import ROLES
from tests.reporting.reader import as_read

from chassis.messaging.consuming import Delivery
from reporting.explanations.evaluation import evaluate
from reporting.shown import shown

PLAN = UUID(int=7)


@pytest.fixture
async def running(office, consumer, database, demo_criteria, survey):
    """A plan of ten assignments, eight done; a published set; a closed round of forty answers."""
    states = [assignment(PLAN, i, unit=i % 3) for i in range(10)]
    await consumer.apply([envelope(plan(PLAN)), *(envelope(created(s)) for s in states)])
    await consumer.apply([envelope(accepted(s)) for s in states[:8]])
    await consumer.apply([envelope(event) for event in survey.events])
    answers = [{"F1.1": 5 if i < 30 else 2, "F2.1": 4} for i in range(40)]
    await consumer.apply([response(survey.round.round_id, a) for a in answers])
    await close(consumer, database, survey.round, ticket=40)
    made = (await office.post("office", "/v1/criteria_sets", demo_criteria)).json()
    await office.post("office", f"/v1/criteria_sets/{made['id']}/publish")
    office.set_id, office.states, office.round_id = made["id"], states, survey.round.round_id
    return office


async def test_the_overview_says_how_far_behind_the_answers_its_figures_are(running, consumer):
    for _ in range(2):  # the first is announced at once, the second waits for its second to pass
        late = response(running.round_id, {"F1.1": 5}).model_dump_json().encode()
        await consumer.settle([Delivery(late, since=time() - 70)])

    answer = (await running.get("director", "/v1/overview", year=2025)).json()

    assert 70 <= answer["lag_seconds"] < 100


async def test_the_overview_holds_both_indices_and_the_completion(running):
    answer = (await running.get("director", "/v1/overview", year=2025)).json()
    assert (answer["completion"]["done"], answer["completion"]["all"]) == (8, 10)
    # 1.1.3: 0.8 x 1.5 = 1.2; 8.1.1: 75 % of 1.5 = 1.125; 8.1.2: 100 % of 2: 4.325, half up
    assert answer["par"]["secured"]["value"] == "4.33"
    assert answer["satisfaction"]["n"] == 40
    assert answer["satisfaction"]["share"] == "87.50"  # (30 + 40) of 80
    assert answer["satisfaction"]["released"]["n"] == 40
    assert answer["satisfaction"]["steering"] is None, "the round is over"
    assert answer["satisfaction"]["target"]["met"] is False
    assert answer["par"]["target"]["value"] is None
    assert answer["criteria_set"]["composed"] is True


async def test_an_empty_year_is_answered_with_nothing_rather_than_zeros(office):
    answer = (await office.get("office", "/v1/overview", year=2031)).json()
    assert answer["par"]["secured"] is None
    assert answer["completion"] is None
    assert answer["satisfaction"] is None


@pytest.mark.parametrize("figure", ["secured", "projected"])
async def test_whoever_evaluates_the_explanation_by_hand_gets_the_figure(running, figure):
    node = (await running.get("office", "/v1/indices/par/2025/explain", figure=figure)).json()
    whole = (await running.get("office", "/v1/indices/par/2025")).json()
    assert shown(evaluate(as_read(node))) == Decimal(whole[figure]["value"])


async def test_a_sub_criterion_explains_itself_with_its_assignments(running):
    path = "/v1/indices/par/2025/sub_criteria/1.1.3/explain"
    node = (await running.get("unit_officer", path, figure="secured")).json()
    assert node["value"] == "1.20"
    assert evaluate(as_read(node)) == Decimal("1.2")
    assert sum(fact["kind"] == "assignment" for fact in node["facts"]) == 10
    assert "không phải văn bản chính thức" in node["notes"][0]


async def test_an_explanation_comes_in_the_language_of_the_request_and_names_what_it_says(running):
    path = "/v1/indices/par/2025/sub_criteria/1.1.3/explain"
    client = await running.client("office")
    english, vietnamese = [
        await client.get(path, params={"figure": "secured"}, headers={"Accept-Language": language})
        for language in ("en", "vi")
    ]

    assert english.headers["Content-Language"] == "en"
    assert english.json()["title"].endswith(
        "8 of 10 tasks done, 8 on time, 2 overdue: 1.20 points, maximum 1.50"
    )
    assert vietnamese.json()["title"].endswith(
        "hoàn thành 8/10 nhiệm vụ, 8 đúng hạn, 2 quá hạn: 1,20 điểm, tối đa 1,50"
    )
    assert english.json()["numbers"][0]["label"] == "Maximum points"
    assert english.json()["facts"][0]["label"] == "To be done"
    same = [(a.json()["step"], a.json()["code"]) for a in (english, vietnamese)]
    assert same == [("points_from_facts", "1.1.3")] * 2
    assert english.json()["title_facts"]["most"] == "1.50"


async def test_completion_and_satisfaction_explain_themselves(running):
    node = (await running.get("office", f"/v1/indices/completion/{PLAN}/explain")).json()
    assert evaluate(as_read(node)) == 80
    path = f"/v1/indices/satisfaction/{running.round_id}/explain"
    assert evaluate(as_read((await running.get("office", path)).json())) == Decimal("87.5")


async def test_a_round_answers_in_both_formulas_by_factor_question_and_unit(running):
    answer = (await running.get("office", f"/v1/indices/satisfaction/{running.round_id}")).json()
    assert {factor["code"]: factor["share"] for factor in answer["factors"]} == {
        "F1": "75.00",
        "F2": "100.00",
    }
    assert answer["mean5"] == "82.50"  # (30x5 + 10x2 + 40x4) / 80 / 5
    assert answer["units"][0]["unit_id"] == str(UNITS[0])
    questions = {question["code"]: question for question in answer["questions"]}
    assert questions["F1.2"]["suppressed"]
    assert questions["F1.1"]["distribution"] == [0, 10, 0, 0, 30]


async def test_plan_completion_lists_its_units(running):
    answer = (await running.get("office", f"/v1/indices/completion/{PLAN}")).json()
    assert [unit["all"] for unit in answer["units"]] == [4, 3, 3]


async def test_links_are_proposed_confirmed_and_taken_back(running):
    path = f"/v1/criteria_sets/{running.set_id}/links"
    found = (await running.get("office", path)).json()
    assert len({link["task_id"] for link in found["proposals"]}) == 10
    assert found["confirmed"] == []
    task_id = found["proposals"][0]["task_id"]
    client = await running.client("office")
    body = {"links": [{"task_id": task_id, "sub_criterion": "1.4.1"}]}
    confirmed = (await client.put(path, json=body)).json()["confirmed"]
    assert [link["task_id"] for link in confirmed] == [task_id]
    body["links"][0]["sub_criterion"] = None
    assert (await client.put(path, json=body)).json()["confirmed"] == []


async def test_a_link_to_nowhere_is_refused_whole(running):
    client = await running.client("office")
    body = {"links": [{"task_id": str(uuid4()), "sub_criterion": "9.9.9"}]}
    answer = await client.put(f"/v1/criteria_sets/{running.set_id}/links", json=body)
    assert answer.status_code == 422
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/links/0/sub_criterion",
        "/links/0/task_id",
    }


async def test_a_criteria_set_that_does_not_add_up_is_refused_naming_the_place(
    office, demo_criteria
):
    wrong = {**demo_criteria, "total_points": "101"}
    answer = await office.post("office", "/v1/criteria_sets", wrong)
    assert answer.status_code == 422
    assert answer.json()["code"] == "criteria_set_invalid"
    assert answer.json()["errors"]
    assert (await office.get("office", "/v1/criteria_sets")).json()["data"] == []


async def test_a_refusal_comes_in_english_when_asked_and_names_each_place_in_it(
    office, demo_criteria
):
    client = await office.client("office")

    async def refused(language: str) -> dict:
        headers = {"Accept-Language": language, "Idempotency-Key": str(uuid4())}
        wrong = {**demo_criteria, "total_points": "101.5"}
        return (await client.post("/v1/criteria_sets", json=wrong, headers=headers)).json()

    answer, vietnamese = await refused("en"), await refused("vi")

    assert answer["title"] == "The data is not valid"
    assert answer["detail"].startswith("The criteria set is not right")
    assert [error["message"] for error in answer["errors"]] == [
        "Criteria set: the points of the parts add up to 100, not to the maximum of 101.5",
        "Criteria set: the total is 101.5 points and must be 100",
    ]
    assert [error["message"] for error in vietnamese["errors"]] == [
        "Bộ tiêu chí: điểm các phần cộng lại là 100, khác điểm tối đa 101,5",
        "Bộ tiêu chí: tổng điểm là 101,5, phải là 100",
    ]


async def test_a_published_set_is_published_once(running):
    answer = await running.post("office", f"/v1/criteria_sets/{running.set_id}/publish")
    assert (answer.status_code, answer.json()["code"]) == (409, "criteria_set_published")
    one = (await running.get("auditor", f"/v1/criteria_sets/{running.set_id}")).json()
    assert (one["status"], one["set_version"]) == ("published", 1)


async def test_not_applicable_leaves_the_denominator_once_the_appraiser_accepts_it(running):
    path = "/v1/score_sheets/2025/rows/1.3.2"
    unit, appraiser = await running.client("unit_head"), await running.client("appraiser")
    reason = {"not_applicable_reason": "Không có vấn đề phải xử lý"}
    said = await unit.patch(path, json=reason, headers={"If-Match": '"1"'})
    accept = {"not_applicable_accepted": True}
    done = await appraiser.patch(path, json=accept, headers={"If-Match": said.headers["ETag"]})
    assert done.status_code == 200
    figure = (await running.get("office", "/v1/indices/par/2025")).json()["secured"]
    assert figure["of_points"] == "99"
    assert figure["value"] == "4.37"  # 100 x 4.325 / 99


async def test_author_and_appraiser_have_different_columns(running):
    path, match = "/v1/score_sheets/2025/rows/1.1.1", {"If-Match": '"1"'}
    unit, appraiser = await running.client("unit_head"), await running.client("appraiser")
    assert (await unit.patch(path, json={"appraised_1": "0.5"}, headers=match)).status_code == 403
    assert (
        await appraiser.patch(path, json={"self_score": "0.5"}, headers=match)
    ).status_code == 403
    assert (
        await appraiser.patch(path, json={"appraised_1": "0.5"}, headers=match)
    ).status_code == 200
    stale = await appraiser.patch(path, json={"appraised_1": "0.25"}, headers=match)
    assert stale.status_code == 412
    too_much = await appraiser.patch(path, json={"appraised_1": "0.6"}, headers={"If-Match": '"2"'})
    assert (too_much.status_code, too_much.json()["code"]) == (422, "score_invalid")
    sheet = (await running.get("office", "/v1/score_sheets/2025")).json()
    row = next(row for row in sheet["rows"] if row["code"] == "1.1.1")
    assert (row["appraised_1"], row["version"]) == ("0.500000", 2)


@pytest.mark.parametrize("role", ROLES)
async def test_everybody_in_the_department_reads_the_figures(running, role):
    assert (await running.get(role, "/v1/overview", year=2025)).status_code == 200


async def test_outsiders_and_strangers_read_nothing(running):
    assert (await running.get(None, "/v1/overview", year=2025)).status_code == 401
    assert (await running.get("external_system", "/v1/overview", year=2025)).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/v1/indices/par/2031", "/v1/indices/par/2031/explain", "/v1/score_sheets/2031",
        f"/v1/indices/completion/{UUID(int=1)}", f"/v1/indices/satisfaction/{UUID(int=1)}",
        f"/v1/criteria_sets/{UUID(int=1)}", f"/v1/criteria_sets/{UUID(int=1)}/links",
    ],
)  # fmt: skip
async def test_what_does_not_exist_is_not_found(office, path):
    answer = await office.get("office", path)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
