"""A body's sheet from opened to published: who does what, and what it comes to."""

from copy import deepcopy
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.reporting.conftest import UNITS
from tests.reporting.sheets import SET, YEAR, Round

from reporting.score_sheets.finals import finals


async def said(database, type_: str) -> list[dict]:
    """Return the sheets of the events of a type."""
    async with database.sessions() as session:
        found = await session.execute(
            text("SELECT envelope::json->'data' AS data FROM event_log WHERE type = :t"),
            {"t": f"reporting.{type_}.v1"},
        )
        return [row.data for row in found]


async def test_a_whole_way_from_opened_to_published_with_its_events(opened, database):
    assert (await opened.sheet("unit_head"))["state"] == "opened"
    await opened.score_all()
    assert (await opened.sheet("unit_head"))["state"] == "self_scoring"
    await opened.through(("unit_head", "lock"))
    await opened.appraise_all()
    asked = await opened.act("appraiser", "1.1.1", "questions", {"question": "Vì sao đủ điểm?"})
    assert asked.status_code == 200
    await opened.through(("appraiser", "lock"))
    early = await opened.step("unit_head", "lock")
    assert early.json()["code"] == "score_sheet_incomplete"
    told = await opened.act("unit_officer", "1.1.1", "explanations", {"answer": "Có sổ"})
    assert told.status_code == 200
    file = {"kind": "document", "title": "Sổ theo dõi", "sha256": "a" * 64}
    assert (await opened.act("unit_officer", "1.1.1", "evidence", file)).status_code == 201
    await opened.through(("unit_head", "lock"))
    given = {"points": "40", "note": "Sổ thiếu hai quý"}
    assert (await opened.act("appraiser", "1.1.1", "appraisals", given)).status_code == 200
    await opened.through(("director", "approve"), ("office", "publish"))

    sheet = await opened.sheet("unit_head_2")
    assert (sheet["state"], sheet["applicable_points"]) == ("published", "84")
    assert sheet["index"] == "68.03"  # 100 x (40 + 40 x 3/7) / 84
    assert [step["state"] for step in sheet["steps"]] == [
        "opened", "self_scoring", "locked", "explaining", "explained", "approved", "published",
    ]  # fmt: skip
    assert sheet["steps"][2]["name"] == "unit_head"
    locks = await said(database, "score_sheet_locked")
    assert [each["locked"] for each in locks] == ["self_scores", "explanations"]
    (request,) = await said(database, "explanation_requested")
    assert request["codes"] == ["1.1.1"]
    assert str(opened.people["unit_head"]) in request["sheet"]["people_ids"]
    (published,) = await said(database, "score_sheet_published")
    assert published["sheet"]["index"] == "68.03"
    versions = [each["sheet"]["version"] for each in [locks[0], request, locks[1], published]]
    assert versions == [2, 3, 4, 6], "opened is the first, approved the fifth"


async def test_the_departments_own_sheet_says_what_each_row_came_to_others_do_not(opened, database):
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": opened.block, "own": True,
           "people": [opened.people["unit_head"]]}  # fmt: skip
    opened.bodies["SNV"] = (await opened.made("/v1/bodies", own))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-11-30"})
    for code in ("A", "SNV"):
        await opened.score_all(code=code)
        await opened.through(("unit_head", "lock"), code=code)
        await opened.appraise_all(code=code)
        await opened.through(
            ("appraiser", "lock"), ("director", "approve"), ("office", "publish"), code=code
        )
    other, department = await said(database, "score_sheet_published")
    assert other["rows"] is None
    assert [(row["code"], row["points"], row["max_points"]) for row in department["rows"]] == [
        ("1.1.1", "44.00", "44"), ("1.1.2", "17.14", "40"),
    ]  # fmt: skip
    assert department["rows"][0]["name"] == "Có kế hoạch"


async def test_rankings_read_the_exact_figures_of_every_body_of_the_block(locked, database):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    async with database.sessions() as session:
        before, other = await finals(session, 2025, UUID(locked.block))
    assert (before.code, before.state, before.index) == ("A", "explained", None)
    assert before.sums.applicable_points == 84
    assert (other.code, other.state, other.index) == ("B", "opened", None)
    await locked.through(("director", "approve"))
    async with database.sessions() as session:
        after, _ = await finals(session, 2025, UUID(locked.block))
    assert after.index == 100 * (44 + Fraction(40 * 3, 7)) / 84
    assert [(area.code, area.points, area.of_points) for area in after.sums.areas] == [
        ("1", 44 + Fraction("17.142857142857"), 84)
    ]


async def rankings(opened, who: str) -> dict:
    return (await opened.office.get(who, "/v1/rankings/2025", block=opened.block)).json()


async def test_a_provisional_rank_is_seen_while_the_appraisal_goes_on_by_those_who_prepare_it(
    opened,
):
    for code, who in (("A", "unit_head"), ("B", "unit_head_2")):
        await opened.score_all(who, code)
        await opened.through((who, "lock"), code=code)
    given = {"points": "11", "note": "Thiếu ba quý"}
    await opened.act("appraiser", "1.1.1", "appraisals", given, code="A")
    for who in ("office", "director", "appraiser"):
        lines = {line["code"]: line for line in (await rankings(opened, who))["preview"]["bodies"]}
        assert [(lines[c]["rank"], lines[c]["provisional_rank"]) for c in "AB"] == [
            (None, 2), (None, 1),
        ]  # fmt: skip
        # A: (11 + 40 x 3/7) / 84, what is appraised with the self-score of what is not
        assert (lines["A"]["provisional_index"], lines["A"]["index"]) == ("33.50", None)
        assert (lines["A"]["appraised_points"], lines["B"]["appraised_points"]) == (
            "44.00", "0.00",
        )  # fmt: skip
    seen = await rankings(opened, "unit_head")
    assert (seen["preview"], seen["published"]) == (None, None)
    refused = await opened.office.post(
        "director", "/v1/rankings/2025/publish", {"block": opened.block}
    )
    assert refused.json()["code"] == "ranking_sheet_not_approved"


async def test_what_is_published_has_nothing_provisional_in_it(opened):
    for code, who in (("A", "unit_head"), ("B", "unit_head_2")):
        await opened.score_all(who, code)
        await opened.through((who, "lock"), code=code)
        await opened.appraise_all(code=code)
        await opened.through(("appraiser", "lock"), ("director", "approve"), code=code)
    done = await opened.office.post(
        "director", "/v1/rankings/2025/publish", {"block": opened.block}
    )
    assert done.status_code == 201, done.text
    published = (await rankings(opened, "unit_head"))["published"]["table"]["bodies"]
    assert {line["provisional_rank"] for line in published} == {None}
    assert "provisional" not in done.text.partition('"document"')[2]


async def test_a_set_that_is_graded_in_points_says_its_result_in_points(office, consumer):
    of_18 = _of_18({**deepcopy(SET), "roll_up": "points"})
    opened = await Round(office, consumer, UNITS).open(of_18)
    for row, points in (("1.1.1", "10"), ("1.1.3", "4")):
        await opened.act("unit_head", row, "self_scores", {"points": points, "note": "Sổ"})
    await opened.through(("unit_head", "lock"))
    for row, points in (("1.1.1", "10"), ("1.1.3", "4")):
        await opened.act("appraiser", row, "appraisals", {"points": points})
    await opened.through(("appraiser", "lock"), ("director", "approve"))
    sheet = await opened.sheet("office")
    assert (sheet["result"], sheet["result_in"], sheet["scale"]) == ("14.00", "points", "18")
    table = (await rankings(opened, "director"))["preview"]
    assert (table["grades_in"], table["scale"], table["average_result"]) == (
        "points", "18.00", "14.00",
    )  # fmt: skip
    assert [line["result"] for line in table["bodies"]] == ["14.00", None]


def _of_18(criteria: dict) -> dict:
    """Return a set of two rows, 14 and 4 points."""
    area = criteria["areas"][0]
    subs = area["criteria"][0]["sub_criteria"]
    subs[0]["max_points"], subs[2]["max_points"] = "14", "4"
    subs[2]["rule"]["true_points"] = "4"
    del subs[1]
    area["max_points"] = area["criteria"][0]["max_points"] = criteria["total_points"] = "18"
    criteria["grade_bands"] = [{"name": "Tốt", "at_least": "15", "more_than": True},
                               {"name": "Yếu", "at_least": "0"}]  # fmt: skip
    return criteria


async def test_a_sheet_does_not_exist_for_others_until_it_is_published(opened):
    for who in ("unit_head_2",):
        assert (await opened.office.get(who, opened.path("A"))).status_code == 404
        answer = await opened.act(who, "1.1.1", "self_scores", {"nonsense": 1})
        assert answer.status_code == 404, "what is hidden is not there, whatever is sent"
    for who in ("unit_head", "unit_officer", "appraiser", "office", "director", "auditor", "admin"):
        assert (await opened.office.get(who, opened.path("A"))).status_code == 200
    seen = (await opened.office.get("unit_head_2", f"{YEAR}/bodies")).json()["data"]
    assert [each["body_code"] for each in seen] == ["B"]
    everything = (await opened.office.get("auditor", f"{YEAR}/bodies")).json()["data"]
    assert [each["body_code"] for each in everything] == ["A", "B"]


async def test_an_appraiser_of_another_block_sees_no_sheet_of_this_one(opened):
    client = await opened.office.client("office")
    only = {"appraisers": [str(opened.people["appraiser"])]}
    done = await client.patch(f"/v1/blocks/{opened.block}", json=only, headers={"If-Match": '"1"'})
    assert done.status_code == 200
    await client.patch(
        f"/v1/blocks/{opened.other_block}", headers={"If-Match": '"1"'},
        json={"appraisers": [str(opened.people["appraiser_2"])]},
    )  # fmt: skip
    assert (await opened.office.get("appraiser_2", opened.path())).status_code == 404
    assert (await opened.office.get("appraiser", opened.path())).status_code == 200


@pytest.mark.parametrize(
    ("who", "row_act", "body"),
    [
        ("office", "self_scores", {"points": "44"}), ("appraiser", "self_scores", {"points": "44"}),
        ("director", "self_scores", {"points": "44"}), ("unit_head", "appraisals", {"points": "4"}),
        ("office", "appraisals", {"points": "44"}), ("unit_head", "questions", {"question": "?"}),
        ("auditor", "evidence", {"kind": "document", "title": "x"}),
    ],
)  # fmt: skip
async def test_who_sees_a_sheet_may_still_not_do_what_is_anothers(opened, who, row_act, body):
    answer = await opened.act(who, "1.1.1", row_act, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_steps_belong_to_their_people(locked):
    await locked.appraise_all()
    for who in ("unit_head", "office", "director"):
        assert (await locked.step(who, "lock")).status_code == 403
    await locked.through(("appraiser", "lock"))
    for who in ("office", "appraiser", "unit_head"):
        assert (await locked.step(who, "approve")).status_code == 403
    await locked.through(("director", "approve"))
    for who in ("director", "appraiser", "unit_head"):
        assert (await locked.step(who, "publish")).status_code == 403


async def test_after_a_lock_the_body_changes_nothing_more(locked):
    answer = await locked.act("unit_head", "1.1.1", "self_scores", {"points": "1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_state")
    assert "đã chốt" in answer.json()["detail"]


async def test_a_lock_says_which_rows_lack_what_and_refuses_until_they_have_it(opened):
    await opened.act("unit_head", "1.1.1", "self_scores", {"points": "44"})
    answer = await opened.step("unit_head", "lock")
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_incomplete")
    assert "thiếu điểm: 1.1.2, 1.1.3" in answer.json()["detail"]
    row = await opened.row("unit_head", "1.1.1")
    assert row["lacks"] == ["evidence"]
    await opened.score_all()
    assert (await opened.step("unit_head", "lock")).status_code == 200


async def test_what_cannot_be_assessed_is_neither_approved_nor_ranked(locked, database):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    client = await locked.office.client("office")
    why = {"ineligible_reason": "Không đủ số phiếu khảo sát"}
    await client.patch(f"/v1/bodies/{locked.bodies['A']}", json=why, headers={"If-Match": '"1"'})
    answer = await locked.step("director", "approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "body_ineligible")
    async with database.sessions() as session:
        final, _ = await finals(session, 2025, UUID(locked.block))
    assert (final.eligible, final.index) == (False, None)


async def test_a_round_is_opened_once_and_again_for_who_joined(opened):
    body = {"block_id": opened.block, "closes_on": "2099-12-05"}
    again = await opened.office.post("office", f"{YEAR}/rounds", body)
    assert (again.status_code, again.json()["code"]) == (409, "score_round_exists")
    late = {"code": "C", "name": "Phòng C", "block_id": opened.block}
    await opened.made("/v1/bodies", late)
    await opened.made(f"{YEAR}/rounds", body)
    lines = (await opened.office.get("office", f"{YEAR}/bodies")).json()["data"]
    assert [(line["body_code"], line["closes_on"]) for line in lines][-1] == ("C", "2099-12-05")
    empty = {"block_id": opened.other_block, "closes_on": "2099-12-05"}
    answer = await opened.office.post("office", f"{YEAR}/rounds", empty)
    assert answer.json()["code"] == "block_empty"
    assert (await opened.office.post("admin", f"{YEAR}/rounds", body)).status_code == 403


async def test_our_own_departments_sheet_keeps_its_steps_by_the_old_route_too(opened):
    own = {"code": "SNV", "name": "Sở Nội vụ", "own": True, "block_id": opened.block}
    made = await opened.made("/v1/bodies", own)
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-12-05"})
    opened.bodies["SNV"] = made["id"]
    done = await opened.act("office", "1.1.1", "self_scores", {"points": "44"}, code="SNV")
    assert done.status_code == 200
    appraiser = await opened.office.client("appraiser")
    early = await appraiser.patch(
        f"{YEAR}/rows/1.1.1", json={"appraised_1": "44"}, headers={"If-Match": '"2"'}
    )
    assert (early.status_code, early.json()["code"]) == (409, "score_sheet_state")
    sheet = (await opened.office.get("office", YEAR)).json()
    row = next(row for row in sheet["rows"] if row["code"] == "1.1.1")
    assert row["self_score"] == "44.000000", "one row, seen by both routes"


async def test_other_points_keep_their_reason_as_long_as_they_stand(locked):
    given = {"points": "10", "note": "Thiếu sổ"}
    await locked.act("appraiser", "1.1.1", "appraisals", given)
    bare = await locked.act("appraiser", "1.1.1", "appraisals", {"note": None})
    assert (bare.status_code, bare.json()["code"]) == (422, "appraisal_without_note")
    both = await locked.act("appraiser", "1.1.1", "appraisals", {"points": "44", "note": None})
    assert (both.status_code, both.json()["appraisal_note"]) == (200, None)


async def test_a_row_whose_acceptance_is_taken_back_needs_points_before_the_approval(locked):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    back = {"not_applicable_accepted": False}
    row = (await locked.act("appraiser", "1.1.3", "appraisals", back)).json()
    assert row["lacks"] == ["appraisal"]
    answer = await locked.step("director", "approve")
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_incomplete")
    assert "1.1.3" in answer.json()["detail"]
    given = {"points": "0", "note": "Có phát sinh"}
    await locked.act("appraiser", "1.1.3", "appraisals", given)
    await locked.through(("director", "approve"))


async def test_our_own_department_is_appraised_by_its_blocks_appraisers_alone(opened):
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": opened.other_block, "own": True}
    opened.bodies["SNV"] = (await opened.made("/v1/bodies", own))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.other_block, "closes_on": "2099-11-30"})
    await opened.score_all("office", "SNV")
    await opened.through(("office", "lock"), code="SNV")
    client = await opened.office.client("appraiser")
    headers = {"If-Match": f'"{(await opened.row("office", "1.1.1", "SNV"))["version"]}"'}
    for values in ({"appraised_1": "1"}, {"not_applicable_accepted": True}):
        answer = await client.patch(f"{YEAR}/rows/1.1.1", json=values, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    rows = (await opened.office.get("appraiser", YEAR)).json()["rows"]
    assert all("appraised_1" not in row["allowed"] for row in rows)

    block = (await opened.office.get("office", f"/v1/blocks/{opened.other_block}")).json()
    named = {"appraisers": [str(opened.people["appraiser"])]}
    office = await opened.office.client("office")
    changed = {"If-Match": f'"{block["version"]}"'}
    await office.patch(f"/v1/blocks/{opened.other_block}", json=named, headers=changed)
    answer = await client.patch(f"{YEAR}/rows/1.1.1", json={"appraised_1": "1"}, headers=headers)
    assert answer.status_code == 200
    assert "appraised_1" in answer.json()["allowed"]


async def test_a_set_of_a_thousand_points_is_scored_and_graded_in_them(office, consumer):
    large = deepcopy(SET) | {"roll_up": "points", "total_points": "1000"}
    large["grade_bands"][0]["at_least"] = "800"
    (area,) = large["areas"]
    (criterion,) = area["criteria"]
    area["max_points"] = criterion["max_points"] = "1000"
    for sub, most in zip(criterion["sub_criteria"], ("440", "400", "160"), strict=True):
        sub["max_points"] = most
    criterion["sub_criteria"][2]["rule"]["true_points"] = "160"
    opened = await Round(office, consumer, UNITS).open(large)

    entry = await opened.act("unit_head", "1.1.1", "self_scores", {"points": "439.5"})
    assert (entry.status_code, entry.json()["self_score"]) == (200, "439.500000")
    over = await opened.act("unit_head", "1.1.1", "self_scores", {"points": "440.5"})
    assert (over.status_code, over.json()["code"]) == (422, "score_invalid")
    assert "từ 0 đến 440,00" in over.json()["detail"]
