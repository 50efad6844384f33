"""A wrong score after approval: the Director takes it back; what was approved counts meanwhile."""

import pytest
from tests.reporting.sheets import YEAR
from tests.reporting.test_body_sheets import rankings, said
from tests.reporting.test_lists_as_sheets import lines
from tests.reporting.test_reopening import again

WHY = {"reason": "Nhập nhầm điểm 1.1.1"}
END = (("appraiser", "lock"), ("director", "approve"), ("office", "publish"))


@pytest.fixture
async def published(locked):
    """Sheet A, published; 1.1.1 has all its 44 points."""
    await locked.appraise_all()
    await locked.through(*END)
    return locked


def without_version(sheet: dict) -> dict:
    """Return what a sheet says, without what tells one of its steps from another."""
    return {**sheet, "version": 1}


async def correct(opened, points: str = "40", note: str = "Sổ thiếu hai quý") -> None:
    answer = await opened.act("appraiser", "1.1.1", "appraisals", {"points": points, "note": note})
    assert answer.status_code == 200, answer.text


async def test_a_published_sheet_goes_back_with_a_reason_and_is_read_as_it_was_until_it_is_again(
    published, database
):
    before = await published.sheet("unit_head_2")
    answer = await again(published, "director", "reopen", WHY)
    assert (answer.status_code, answer.json()["state"]) == (200, "explained"), answer.text
    step = answer.json()["steps"][-1]
    assert (step["act"], step["reason"], step["name"]) == ("reopen", WHY["reason"], "director")
    await correct(published)
    applies = {"not_applicable_accepted": False}
    await published.act("appraiser", "1.1.3", "appraisals", applies)
    assert (await published.row("appraiser", "1.1.3"))["lacks"] == ["appraisal"]

    read = await published.sheet("unit_head_2")
    assert without_version(read) == {**without_version(before), "corrected": True}
    lines = (await published.office.get("unit_head_2", f"{YEAR}/bodies")).json()["data"]
    assert [(each["body_code"], each["state"]) for each in lines] == [
        ("A", "published"), ("B", "opened"),
    ]  # fmt: skip
    history = f"{published.path()}/rows/1.1.1/history"
    acts = (await published.office.get("unit_head_2", history)).json()["data"]
    assert "Sổ thiếu hai quý" not in str(acts), "what is under way is not published"
    working = await published.sheet("appraiser")
    assert (working["state"], working["index"], working["corrected"]) == ("explained", None, True)

    again_accepted = {"not_applicable_accepted": True}
    await published.act("appraiser", "1.1.3", "appraisals", again_accepted)
    await published.through(("director", "approve"))
    assert (await published.sheet("unit_head_2"))["index"] == before["index"]
    await published.through(("office", "publish"))
    after = await published.sheet("unit_head_2")
    assert (before["index"], after["index"]) == ("72.79", "68.03")
    assert (after["state"], after["corrected"]) == ("published", False)
    (event,) = await said(database, "score_sheet_reopened")
    assert (event["act"], event["sheet"]["status"]) == ("reopen", "explained")
    assert (event["reason"], event["closes_on"]) == (WHY["reason"], None)


@pytest.mark.parametrize("who", ["office", "appraiser", "unit_head", "admin"])
async def test_what_the_director_approved_nobody_else_takes_back(published, who):
    answer = await again(published, who, "reopen", WHY)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert "reopen" not in (await published.sheet(who))["allowed"]


async def test_a_sheet_taken_back_is_corrected_and_goes_no_further_back(published):
    refused = await again(published, "director", "reopen", {**WHY, "closes_on": "2099-12-24"})
    assert refused.json()["code"] == "score_sheet_day"
    assert (await again(published, "director", "reopen", {})).status_code == 422
    await again(published, "director", "reopen", WHY)
    sheet = await published.sheet("director")
    assert "reopen" not in sheet["allowed"]
    answer = await again(published, "director", "reopen", WHY)
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_corrected")


async def test_a_ranking_counts_what_was_approved_and_its_next_version_repairs_the_score(opened):
    for code, who in (("A", "unit_head"), ("B", "unit_head_2")):
        await opened.score_all(who, code)
        await opened.through((who, "lock"), code=code)
        await opened.appraise_all(code=code)
        await opened.through(*END, code=code)
    publish = {"block": opened.block}
    path = "/v1/rankings/2025/publish"
    assert (await opened.office.post("director", path, publish)).status_code == 201
    assert (await again(opened, "director", "reopen", WHY)).status_code == 200
    await correct(opened)
    seen = await rankings(opened, "director")
    lines = {line["code"]: line for line in seen["preview"]["bodies"]}
    assert (lines["A"]["state"], lines["A"]["index"]) == ("ranked", "72.79")
    same = await opened.office.post("director", path, {**publish, "reason": "Thử"})
    assert same.json()["code"] == "ranking_unchanged"
    await opened.through(("director", "approve"))
    done = await opened.office.post("director", path, {**publish, "reason": WHY["reason"]})
    assert done.status_code == 201, done.text
    (point,) = [each for each in done.json()["differences"] if each["field"] == "index"]
    assert (point["before"], point["after"]) == ("72.79", "68.03")


async def test_an_approved_sheet_goes_back_too_and_nobody_else_reads_it(locked):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"), ("director", "approve"))
    assert (await again(locked, "director", "reopen", WHY)).json()["state"] == "explained"
    assert (await locked.office.get("unit_head_2", locked.path())).status_code == 404
    await correct(locked)
    await locked.through(("director", "approve"))
    assert (await locked.sheet("office"))["index"] == "68.03"


async def test_the_departments_official_figure_moves_when_it_is_approved_again_not_before(
    opened, database
):
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": opened.block, "own": True,
           "people": [opened.people["unit_head"]]}  # fmt: skip
    opened.bodies["A"] = (await opened.made("/v1/bodies", own))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-11-30"})
    await opened.score_all()
    await opened.through(("unit_head", "lock"))
    await opened.appraise_all()
    await opened.through(*END)

    async def official() -> str:
        answer = await opened.office.get("director", "/v1/indices/par/2025")
        return answer.json()["official"]["value"]

    assert await official() == "72.79"
    await again(opened, "director", "reopen", WHY)
    await correct(opened)
    assert await official() == "72.79", "typed, and approved by nobody"
    await opened.through(("director", "approve"))
    assert await official() == "68.03"
    moved = [each["sheet"]["status"] for each in await said(database, "score_sheet_moved")]
    assert moved[-2:] == ["approved", "approved"]


async def test_a_reason_that_is_taken_away_takes_its_year_along(opened):
    path, client = f"/v1/bodies/{opened.bodies['B']}", await opened.office.client("admin")
    changes = (
        {"ineligible_reason": "Không đủ số phiếu", "ineligible_year": 2024},
        {"ineligible_reason": None}, {"ineligible_reason": "Mới thành lập"},
    )  # fmt: skip
    for version, change in enumerate(changes, 1):
        done = await client.patch(path, json=change, headers={"If-Match": f'"{version}"'})
        assert done.status_code == 200, done.text
    assert done.json()["ineligible_year"] is None, "no year was given: it is of every year"


async def test_each_round_keeps_its_own_reason_and_the_second_begins_with_none(locked):
    await correct(locked, "40", "Lần 1: thiếu sổ")
    await locked.act("appraiser", "1.1.2", "appraisals", {"done": 3, "due": 7})
    await locked.act("appraiser", "1.1.3", "appraisals", {"not_applicable_accepted": True})
    await locked.through(("appraiser", "lock"))
    row = await locked.row("appraiser", "1.1.1")
    assert (row["appraisal_note"], row["appraisal_note_2"]) == ("Lần 1: thiếu sổ", None)
    bare = await locked.act("appraiser", "1.1.1", "appraisals", {"points": "41", "note": None})
    assert bare.json()["code"] == "appraisal_without_note", "the old reason is not the new one's"
    as_before = {"points": "40", "note": None}
    same = await locked.act("appraiser", "1.1.1", "appraisals", as_before)
    assert same.status_code == 200, "what the first round gave, it gave a reason for"
    await correct(locked, "42", "Lần 2: đã bổ sung một quý")
    row = await locked.row("appraiser", "1.1.1")
    assert (row["appraisal_note"], row["appraisal_note_2"]) == (
        "Lần 1: thiếu sổ", "Lần 2: đã bổ sung một quý",
    )  # fmt: skip


async def test_every_step_that_is_anothers_turn_is_told(locked, database):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"), ("director", "approve"))
    moved = await said(database, "score_sheet_moved")
    assert [each["sheet"]["status"] for each in moved] == [
        "opened", "opened", "explained", "approved",
    ]  # fmt: skip
    assert [each["closes_on"] for each in moved] == ["2099-11-30", "2099-11-30", None, None]


async def test_who_is_named_for_a_body_without_a_unit_is_told_that_its_sheet_is_open(
    opened, database
):
    named = {"code": "X", "name": "Xã X", "block_id": opened.other_block,
             "people": [opened.people["unit_head"]]}  # fmt: skip
    await opened.made("/v1/bodies", named)
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.other_block, "closes_on": "2099-12-05"})
    last = (await said(database, "score_sheet_moved"))[-1]
    assert last["sheet"]["people_ids"] == [str(opened.people["unit_head"])]
    assert (last["sheet"]["unit_id"], last["closes_on"]) == (None, "2099-12-05")


async def test_points_and_a_reason_not_to_apply_are_not_kept_at_once(opened):
    both = {"points": "16", "not_applicable_reason": "Không phát sinh"}
    answer = await opened.act("unit_head", "1.1.3", "self_scores", both)
    assert (answer.status_code, answer.json()["code"]) == (422, "score_invalid")
    assert "16,00" in answer.json()["detail"]
    reason = {"not_applicable_reason": "Không phát sinh"}
    assert (await opened.act("unit_head", "1.1.3", "self_scores", reason)).status_code == 200
    later = await opened.act("unit_head", "1.1.3", "self_scores", {"points": "16"})
    assert later.json()["code"] == "score_invalid"


async def test_who_is_not_eligible_in_a_year_is_so_in_that_year_alone(locked):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    client = await locked.office.client("office")
    path = f"/v1/bodies/{locked.bodies['A']}"
    why = {"ineligible_reason": "Không đủ số phiếu", "ineligible_year": 2024}
    done = await client.patch(path, json=why, headers={"If-Match": '"1"'})
    assert (done.json()["ineligible_year"], done.json()["eligible"]) == (2024, False)
    assert (await locked.sheet("office"))["ineligible_reason"] is None
    await client.patch(path, json={"ineligible_year": 2025}, headers={"If-Match": '"2"'})
    assert (await locked.sheet("office"))["ineligible_reason"] == "Không đủ số phiếu"
    answer = await locked.step("director", "approve")
    assert answer.json()["code"] == "body_ineligible"


async def test_a_year_without_a_reason_is_not_kept(locked):
    client, path = await locked.office.client("office"), f"/v1/bodies/{locked.bodies['A']}"
    made = {"code": "MOI", "name": "Phòng mới", "ineligible_year": 2025}
    refusals = [
        await locked.office.post("office", "/v1/bodies", made),
        await client.patch(path, json={"ineligible_year": 2025}, headers={"If-Match": '"1"'}),
    ]
    for answer in refusals:
        assert (answer.status_code, answer.json()["code"]) == (422, "reason_missing"), answer.text
        assert "lý do" in answer.json()["errors"][0]["message"]
    listed = await locked.office.get("office", "/v1/bodies")
    assert {each["ineligible_year"] for each in listed.json()["data"]} == {None}


async def test_a_sheet_as_excel_says_whose_it_is_what_it_comes_to_and_what_proves_it(locked):
    await locked.appraise_all()
    bonus = {"points": "1", "note": "Sáng kiến"}
    assert (await locked.act("appraiser", "bonus", "appraisals", bonus)).status_code == 200
    await locked.through(*END)
    found = await locked.office.get("office", f"{locked.path()}.xlsx")
    sheet, table = lines(found.content)
    about = sheet["A3"].value
    told = ("Phòng A", "Năm: 2025", "Đã công bố", "61,14 trên 84 ", "thưởng 1", "73,98%")
    assert all(each in about for each in told), about
    rows = {row[0]: dict(zip(table[0], row, strict=True)) for row in table[1:]}
    assert (rows["Thưởng"]["Điểm"], "bonus" in rows, "Minh chứng" in rows["Thưởng"]) == (
        1, False, True,
    )  # fmt: skip
    total = rows[None]
    assert (total["Nội dung"], total["Tự chấm"], total["Điểm"]) == (
        "Tổng điểm, chưa kể thưởng và trừ", 61.142857, 61.14,
    )  # fmt: skip


async def test_a_ranking_as_excel_says_its_year_its_version_and_no_zero_for_who_has_no_points(
    opened,
):
    await opened.score_all()
    await opened.through(("unit_head", "lock"))
    await opened.appraise_all()
    await opened.through(("appraiser", "lock"), ("director", "approve"))
    client = await opened.office.client("office")
    why = {"ineligible_reason": "Mới thành lập", "ineligible_year": 2025}
    await client.patch(f"/v1/bodies/{opened.bodies['B']}", json=why, headers={"If-Match": '"1"'})
    path = "/v1/rankings/2025.xlsx"
    before, table = lines((await opened.office.get("office", path, block=opened.block)).content)
    assert "Năm: 2025; Xem trước, chưa công bố" in before["A3"].value
    of_b = dict(zip(table[0], table[2], strict=True))
    names = ("Điểm", "Trên tổng điểm áp dụng", "Điểm thưởng", "Điểm trừ")
    assert [of_b[name] for name in names] == [None] * 4
    publish = {"block": opened.block}
    await opened.office.post("director", "/v1/rankings/2025/publish", publish)
    after, _ = lines((await opened.office.get("office", path, block=opened.block)).content)
    assert "Phiên bản 1, công bố ngày" in after["A3"].value
