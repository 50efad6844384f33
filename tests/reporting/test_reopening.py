"""A lock undone before the next phase begins, and last days: who, why, and what they end."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from tests.reporting.sheets import YEAR
from tests.reporting.test_body_sheets import said

from chassis.clock import database_now, local_date


async def today_is(database, days: int = 0) -> str:
    """Return today, or a day so many later, by the database's clock."""
    async with database.sessions() as session:
        return f"{local_date(await database_now(session)) + timedelta(days=days)}"


async def let_pass(database, column: str = "closes_on") -> None:
    """Put the last day of every round behind us."""
    yesterday = await today_is(database, -1)
    async with database.sessions.begin() as session:
        await session.execute(text(f"UPDATE sheet_round SET {column} = '{yesterday}'"))


async def again(opened, who: str, act: str, body: dict, code: str = "A"):
    version = (await opened.sheet("office", code))["version"]
    return await opened._post(who, f"{opened.path(code)}/{act}", body, version)


async def test_a_locked_sheet_is_reopened_with_a_reason_and_those_concerned_are_told(
    locked, database
):
    answer = await again(locked, "office", "reopen", {"reason": "Thiếu minh chứng dòng 1.1.2"})

    assert (answer.status_code, answer.json()["state"]) == (200, "self_scoring")
    step = answer.json()["steps"][-1]
    assert (step["act"], step["reason"], step["name"]) == (
        "reopen", "Thiếu minh chứng dòng 1.1.2", "office",
    )  # fmt: skip
    (event,) = await said(database, "score_sheet_reopened")
    assert (event["act"], event["reason"]) == ("reopen", "Thiếu minh chứng dòng 1.1.2")
    assert str(locked.people["unit_head"]) in event["sheet"]["people_ids"]
    assert str(locked.people["appraiser"]) in event["sheet"]["appraiser_ids"]
    entry = await locked.act("unit_head", "1.1.1", "self_scores", {"points": "40"})
    assert entry.status_code == 200
    assert (await locked.step("unit_head", "lock")).status_code == 200


async def test_a_reason_is_needed(locked):
    assert (await again(locked, "office", "reopen", {})).status_code == 422
    assert (await again(locked, "office", "reopen", {"reason": " "})).status_code == 422


@pytest.mark.parametrize("who", ["unit_head", "unit_officer", "appraiser", "auditor", "admin"])
async def test_neither_who_scored_nor_who_appraises_reopens(locked, who):
    answer = await again(locked, who, "reopen", {"reason": "Sửa"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_sheet_that_the_office_scores_is_reopened_by_the_director_alone(opened):
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": opened.block, "own": True}
    opened.bodies["SNV"] = (await opened.made("/v1/bodies", own))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-11-30"})
    await opened.score_all("office", "SNV")
    await opened.through(("office", "lock"), code="SNV")
    body = {"reason": "Chấm nhầm"}
    assert (await again(opened, "office", "reopen", body, "SNV")).status_code == 403
    assert (await again(opened, "director", "reopen", body, "SNV")).status_code == 200


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("appraisals", {"points": "44"}),
        ("appraisals", {"note": "Sổ thiếu"}),
        ("questions", {"question": "Vì sao?"}),
    ],
)
async def test_once_the_appraisal_has_begun_nothing_is_reopened(locked, act, body):
    assert (await locked.act("appraiser", "1.1.1", act, body)).status_code == 200
    answer = await again(locked, "office", "reopen", {"reason": "Muộn"})
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_next_begun")
    assert "1.1.1" in answer.json()["detail"]


async def test_the_first_appraisal_and_the_explanations_are_reopened_each_before_the_next(locked):
    await locked.appraise_all()
    await locked.act("appraiser", "1.1.1", "questions", {"question": "Vì sao đủ điểm?"})
    await locked.through(("appraiser", "lock"))
    dated = {"reason": "Hỏi thêm", "closes_on": "2099-12-01"}
    refused = await again(locked, "office", "reopen", dated)
    assert refused.json()["code"] == "score_sheet_day", "an appraisal has no last day"
    back = await again(locked, "office", "reopen", {"reason": "Hỏi thêm"})
    assert back.json()["state"] == "locked"
    await locked.through(("appraiser", "lock"))
    await locked.act("unit_head", "1.1.1", "explanations", {"answer": "Có sổ"})
    late = await again(locked, "office", "reopen", {"reason": "Hỏi thêm"})
    assert late.json()["code"] == "score_sheet_next_begun"
    await locked.through(("unit_head", "lock"))
    back = await again(locked, "director", "reopen", {"reason": "Trả lời thiếu"})
    assert back.json()["state"] == "explaining"
    await locked.through(("unit_head", "lock"))
    given = {"points": "40", "note": "Sổ thiếu"}
    await locked.act("appraiser", "1.1.1", "appraisals", given)
    late = await again(locked, "director", "reopen", {"reason": "Trả lời thiếu"})
    assert late.json()["code"] == "score_sheet_next_begun"


async def test_a_yes_of_the_second_appraisal_has_begun_it_and_one_of_the_first_has_not(locked):
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    back = await again(locked, "office", "reopen", {"reason": "Hỏi thêm"})
    assert back.json()["state"] == "locked", "the yes was given before the lock"
    await locked.through(("appraiser", "lock"))
    await locked.act("appraiser", "1.1.3", "appraisals", {"not_applicable_accepted": False})
    late = await again(locked, "office", "reopen", {"reason": "Hỏi thêm"})
    assert (late.status_code, late.json()["code"]) == (409, "score_sheet_next_begun")
    assert "1.1.3" in late.json()["detail"]
    await locked.act("appraiser", "1.1.3", "appraisals", {"not_applicable_accepted": True})
    back = await again(locked, "office", "reopen", {"reason": "Hỏi thêm"})
    assert back.json()["state"] == "locked", "what was taken back again is as it was"


async def test_after_its_last_day_nothing_is_entered_but_what_is_complete_is_locked(
    opened, database
):
    await opened.score_all()
    await let_pass(database)
    for who, act, body in (
        ("unit_head", "self_scores", {"points": "40"}),
        ("unit_officer", "evidence", {"kind": "document", "title": "Sổ"}),
    ):
        answer = await opened.act(who, "1.1.1", act, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_closed")
        assert "gia hạn" in answer.json()["detail"]
    sheet = await opened.sheet("unit_head")
    assert sheet["day_passed"] is True
    assert sheet["allowed"] == ["lock"]
    assert (await opened.row("unit_head", "1.1.1"))["allowed"] == []
    assert (await opened.step("unit_head", "lock")).status_code == 200


async def test_its_own_department_enters_nothing_after_the_last_day_either(opened, database):
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": opened.block, "own": True}
    await opened.made("/v1/bodies", own)
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-11-30"})
    await let_pass(database)
    client = await opened.office.client("office")
    path = f"{YEAR}/rows/1.1.1"
    answer = await client.patch(path, json={"self_score": "1"}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_closed")
    outlook = await client.patch(path, json={"expected_score": "1"}, headers={"If-Match": '"1"'})
    assert outlook.status_code == 200, "what is expected is no self-score"


async def test_a_last_day_is_moved_for_one_sheet_with_a_reason(opened, database):
    await let_pass(database)
    day = await today_is(database, 3)
    answer = await again(opened, "office", "extend", {"reason": "Bão", "closes_on": day})

    assert (answer.status_code, answer.json()["entered_until"]) == (200, day)
    assert answer.json()["steps"][-1]["act"] == "extend"
    for code, who, status in (("A", "unit_head", 200), ("B", "unit_head_2", 409)):
        entry = await opened.act(who, "1.1.1", "self_scores", {"points": "4"}, code=code)
        assert entry.status_code == status, "only the sheet it was moved for"
    (event,) = await said(database, "score_sheet_reopened")
    assert (event["act"], event["closes_on"]) == ("extend", day)


async def test_a_day_is_not_moved_back_nor_by_whom_it_binds(opened, database):
    earlier = {"reason": "x", "closes_on": await today_is(database, 1)}
    answer = await again(opened, "office", "extend", earlier)
    assert (answer.status_code, answer.json()["code"]) == (422, "score_sheet_day")
    same = await again(opened, "office", "extend", {"reason": "x", "closes_on": "2099-11-30"})
    assert (same.status_code, same.json()["code"]) == (422, "score_sheet_day"), "nobody is told"
    past = {"block_id": opened.block, "closes_on": await today_is(database, -1)}
    assert (await opened.office.post("office", f"{YEAR}/rounds", past)).status_code == 422
    for who in ("unit_head", "appraiser"):
        body = {"reason": "x", "closes_on": "2100-01-01"}
        assert (await again(opened, who, "extend", body)).status_code == 403


async def test_what_is_reopened_after_its_last_day_gets_another(locked, database):
    await let_pass(database)
    bare = await again(locked, "office", "reopen", {"reason": "Thiếu"})
    assert (bare.status_code, bare.json()["code"]) == (422, "score_sheet_day")
    day = await today_is(database)
    answer = await again(locked, "office", "reopen", {"reason": "Thiếu", "closes_on": day})
    assert (answer.status_code, answer.json()["entered_until"]) == (200, day)
    entry = await locked.act("unit_head", "1.1.1", "self_scores", {"points": "40"})
    assert entry.status_code == 200, "today is the last day, that day included"


async def test_what_is_reopened_in_time_keeps_its_last_day_or_gets_a_later_one(locked, database):
    earlier = {"reason": "Thiếu", "closes_on": await today_is(database, 1)}
    answer = await again(locked, "office", "reopen", earlier)
    assert (answer.status_code, answer.json()["code"]) == (422, "score_sheet_day")
    later = await again(locked, "office", "reopen", {"reason": "Thiếu", "closes_on": "2099-12-24"})
    assert (later.status_code, later.json()["entered_until"]) == (200, "2099-12-24")


async def test_the_day_to_explain_is_after_the_day_to_score_and_holds_for_who_joins(
    opened, database
):
    body = {"block_id": opened.block, "closes_on": "2099-11-30", "explain_by": "2099-11-29"}
    refused = await opened.office.post("office", f"{YEAR}/rounds", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "score_sheet_day")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/explain_by"]
    joins = {"code": "C", "name": "Phòng C", "block_id": opened.block}
    opened.bodies["C"] = (await opened.made("/v1/bodies", joins))["id"]
    await opened.made(f"{YEAR}/rounds", {**body, "explain_by": "2099-12-10"})
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE sheet SET state = 'explaining'"))
    assert (await opened.sheet("office", "C"))["entered_until"] == "2099-12-10"
    assert (await opened.sheet("office", "A"))["entered_until"] is None


async def test_explanations_have_a_last_day_of_their_own(locked, database):
    await locked.act("appraiser", "1.1.1", "questions", {"question": "Vì sao?"})
    await locked.appraise_all()
    await locked.through(("appraiser", "lock"))
    await let_pass(database)
    assert (await locked.sheet("unit_head"))["entered_until"] is None
    answer = await locked.act("unit_head", "1.1.1", "explanations", {"answer": "Có"})
    assert answer.status_code == 200, "the day to self-score has nothing to do with it"
    await let_pass(database, "explain_by")
    answer = await locked.act("unit_head", "1.1.1", "explanations", {"answer": "Có sổ"})
    assert (answer.status_code, answer.json()["code"]) == (409, "score_sheet_closed")


async def test_one_who_looked_before_the_lock_was_undone_undoes_nothing(locked):
    version = (await locked.sheet("office"))["version"]
    path = f"{locked.path()}/reopen"
    first = await locked._post("office", path, {"reason": "Một"}, version)
    second = await locked._post("director", path, {"reason": "Hai"}, version)
    assert (first.status_code, second.status_code) == (200, 409)


async def with_days(database, opened, closes_on: str, explain_by: str) -> None:
    """Give the round's sheets last days."""
    body = {"reason": "Lịch mới", "closes_on": closes_on}
    path = f"{YEAR}/rounds/{opened.block}/extend"
    assert (await opened.office.post("office", path, body)).status_code == 200
    async with database.sessions.begin() as session:
        await session.execute(text(f"UPDATE sheet_round SET explain_by = '{explain_by}'"))


async def test_a_day_moved_past_that_of_explanations_moves_it_too(opened, database):
    await with_days(database, opened, "2099-12-01", "2099-12-10")
    body = {"reason": "Bão", "closes_on": "2099-12-20"}
    refused = await again(opened, "office", "extend", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "score_sheet_day")
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/explain_by"]
    assert "10/12/2099" in refused.json()["detail"]
    answer = await again(opened, "office", "extend", {**body, "explain_by": "2099-12-27"})
    assert (answer.status_code, answer.json()["explain_by"]) == (200, "2099-12-27")
    assert answer.json()["entered_until"] == "2099-12-20"
    assert (await opened.sheet("office", "B"))["explain_by"] == "2099-12-10"
    back = await again(opened, "office", "extend",
                       {**body, "closes_on": "2099-12-21", "explain_by": "2099-12-24"})  # fmt: skip
    assert back.status_code == 422, "a day is only ever moved on"


async def test_what_is_reopened_leaves_time_to_explain(locked, database):
    await with_days(database, locked, "2099-12-01", "2099-12-10")
    body = {"reason": "Thiếu", "closes_on": "2099-12-20"}
    refused = await again(locked, "office", "reopen", body)
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/explain_by"]
    answer = await again(locked, "office", "reopen", {**body, "explain_by": "2099-12-27"})
    assert (answer.status_code, answer.json()["explain_by"]) == (200, "2099-12-27")


async def test_where_explanations_have_no_day_none_begins_with_an_extension(opened):
    body = {"reason": "Bão", "closes_on": "2099-12-20", "explain_by": "2099-12-27"}
    refused = await again(opened, "office", "extend", body)
    assert [each["pointer"] for each in refused.json()["errors"]] == ["/explain_by"]
