"""The last days of a whole round, moved on at once: whom they bind, who moves them, who is told."""

from uuid import uuid4

import pytest
from sqlalchemy import text
from tests.reporting.sheets import YEAR, Round
from tests.reporting.test_body_sheets import said
from tests.reporting.test_reopening import again, let_pass, today_is


async def moved(opened: Round, who: str, body: dict, block: str = ""):
    client = await opened.office.client(who)
    headers = {"Idempotency-Key": str(uuid4())}
    path = f"{YEAR}/rounds/{block or opened.block}/extend"
    return await client.post(path, json={"reason": "Bão số 12", **body}, headers=headers)


async def test_one_act_moves_the_last_day_of_every_sheet_and_those_concerned_are_told(
    opened, database
):
    await let_pass(database)
    day = await today_is(database, 3)
    answer = await moved(opened, "office", {"closes_on": day})

    assert (answer.status_code, answer.json()["closes_on"]) == (200, day)
    for code, who in (("A", "unit_head"), ("B", "unit_head_2")):
        entry = await opened.act(who, "1.1.1", "self_scores", {"points": "4"}, code=code)
        assert entry.status_code == 200
        step = (await opened.sheet(who, code))["steps"][0]
        assert step["state"] == "opened"
        extended = [each for each in (await opened.sheet(who, code))["steps"] if each["act"]]
        assert [(each["act"], each["reason"]) for each in extended] == [("extend", "Bão số 12")]
    events = await said(database, "score_sheet_reopened")
    assert {(each["act"], each["closes_on"], each["sheet"]["body_code"]) for each in events} == {
        ("extend", day, "A"), ("extend", day, "B"),
    }  # fmt: skip
    async with database.sessions() as session:
        kept = await session.execute(
            text("SELECT reason, after FROM audit_entry WHERE action = 'block.extend'")
        )
        ((reason, after),) = kept
    assert (reason, after["bodies"]) == ("Bão số 12", ["A", "B"])


async def test_a_sheet_with_a_later_day_of_its_own_keeps_it_and_nobody_is_told_twice(
    opened, database
):
    await let_pass(database)
    week, month = await today_is(database, 7), await today_is(database, 30)
    await again(opened, "office", "extend", {"reason": "Ốm", "closes_on": month}, "A")
    await again(opened, "office", "extend", {"reason": "Ốm", "closes_on": await today_is(database)},
                "B")  # fmt: skip
    assert (await moved(opened, "office", {"closes_on": week})).status_code == 200

    assert (await opened.sheet("office", "A"))["entered_until"] == month
    assert (await opened.sheet("office", "B"))["entered_until"] == week
    events = await said(database, "score_sheet_reopened")
    assert [each["sheet"]["body_code"] for each in events] == ["A", "B", "B"]


async def test_a_locked_sheet_is_not_told_and_explanations_have_their_own_day(locked, database):
    await locked.appraise_all()
    await locked.act("appraiser", "1.1.1", "questions", {"question": "Vì sao?"})
    await locked.through(("appraiser", "lock"))
    none = await moved(locked, "office", {"explain_by": "2100-01-31"})
    assert (none.status_code, none.json()["code"]) == (422, "score_sheet_day")
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE sheet_round SET explain_by = '2099-12-10'"))

    answer = await moved(locked, "office", {"explain_by": "2099-12-20"})
    assert (answer.status_code, answer.json()["closes_on"]) == (200, "2099-11-30")
    assert (await locked.sheet("office", "A"))["entered_until"] == "2099-12-20"
    events = await said(database, "score_sheet_reopened")
    assert [each["sheet"]["body_code"] for each in events] == ["A"], "B does not explain yet"
    await moved(locked, "office", {"closes_on": "2099-12-15"})
    events = await said(database, "score_sheet_reopened")
    assert [each["sheet"]["body_code"] for each in events] == ["A", "B"], "A scores no more"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/closes_on"),
        ({"closes_on": "2099-11-30"}, "/closes_on"),
        ({"closes_on": "2099-11-29"}, "/closes_on"),
        ({"closes_on": "2099-12-31"}, "/explain_by"),
        ({"explain_by": "2099-12-09"}, "/explain_by"),
        ({"closes_on": "2099-12-30", "explain_by": "2099-12-29"}, "/explain_by"),
    ],
)
async def test_days_move_only_on_and_explanations_end_last(opened, database, body, pointer):
    async with database.sessions.begin() as session:
        await session.execute(text("UPDATE sheet_round SET explain_by = '2099-12-10'"))
    answer = await moved(opened, "office", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "score_sheet_day")
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert await said(database, "score_sheet_reopened") == []


async def test_a_reason_is_needed_and_a_round_that_is_open(opened):
    assert (await moved(opened, "office", {"reason": " "})).status_code == 422
    body = {"closes_on": "2099-12-31"}
    assert (await moved(opened, "office", body, opened.other_block)).status_code == 404


@pytest.mark.parametrize("who", ["unit_head", "unit_officer", "appraiser", "auditor", "admin"])
async def test_whom_the_days_bind_and_who_appraises_do_not_move_them(opened, who):
    answer = await moved(opened, who, {"closes_on": "2099-12-31"})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    sheets = (await opened.office.get(who, f"{YEAR}/bodies")).json()
    assert all(each["allowed"] == [] for each in sheets["rounds"])


async def test_where_the_office_scores_a_body_itself_the_director_alone_moves_the_round(opened):
    office = await opened.office.get("office", f"{YEAR}/bodies")
    assert [each["allowed"] for each in office.json()["rounds"]] == [["extend"]]
    own = {"code": "SNV", "name": "Sở Nội vụ", "block_id": opened.block, "own": True}
    opened.bodies["SNV"] = (await opened.made("/v1/bodies", own))["id"]
    await opened.made(f"{YEAR}/rounds", {"block_id": opened.block, "closes_on": "2099-11-30"})
    refused = await moved(opened, "office", {"closes_on": "2099-12-31"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    office = await opened.office.get("office", f"{YEAR}/bodies")
    assert [each["allowed"] for each in office.json()["rounds"]] == [[]]
    assert (await moved(opened, "director", {"closes_on": "2099-12-31"})).status_code == 200


async def test_who_looked_before_the_round_moved_looks_again_before_moving_one_sheet(opened):
    version = (await opened.sheet("office"))["version"]
    await moved(opened, "office", {"closes_on": "2099-12-31"})
    body = {"reason": "Ốm", "closes_on": "2099-12-05"}
    stale = await opened._post("office", f"{opened.path()}/extend", body, version)
    assert stale.status_code == 412
    earlier = await again(opened, "office", "extend", body)
    assert (earlier.status_code, earlier.json()["code"]) == (422, "score_sheet_day")
