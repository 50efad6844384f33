"""A later deadline: asked for, granted, refused, withdrawn, and what follows the new day."""

from datetime import date, timedelta

import pytest

from tasks.jobs import announce_due_soon, announce_overdue


@pytest.fixture
async def mine(busy) -> dict:
    """An assignment led by CCHC, overdue since 2025."""
    units = await busy.units()
    return await busy.one(unit_id=units["CCHC"], q="tieu chi mat diem nam 2024")


def path(assignment, *more: str) -> str:
    return "/".join(("/v1/assignments", assignment["id"], *more))


async def ahead(busy, days: int) -> str:
    return str(await busy.today() + timedelta(days=days))


async def ask(busy, assignment, days: int = 30, seen: int = 1, **body):
    body = {"due_on": await ahead(busy, days), "reason": "Chờ ý kiến Sở Tài chính", **body}
    return await busy.unit_officer.post(path(assignment, "extensions"), body, seen=seen)


async def shown(busy, assignment) -> dict:
    return (await busy.office.get(path(assignment))).json()


async def test_the_unit_asks_the_office_grants_another_day_and_the_old_one_is_kept(busy, mine):
    asked = await ask(busy, mine)
    extension, waiting = asked.json(), await shown(busy, mine)
    other = await ahead(busy, 20)

    granted = await busy.office.post(
        f"/v1/extensions/{extension['id']}/approve", {"due_on": other, "note": "Đến hết tuần"}
    )

    after = await shown(busy, mine)
    assert (asked.status_code, extension["status"]) == (201, "open")
    assert extension["requested_by_name"]
    assert (waiting["due_on"], waiting["requested_due_on"]) == (
        mine["due_on"], extension["requested_due_on"],
    )  # fmt: skip
    assert waiting["overdue"], "asking moves nothing"
    assert granted.status_code == 200, granted.text
    assert (granted.json()["status"], granted.json()["granted_due_on"]) == ("approved", other)
    assert (after["due_on"], after["first_due_on"]) == (other, mine["due_on"])
    assert (after["requested_due_on"], after["overdue"], after["extended_times"]) == (
        None, False, 1,
    )  # fmt: skip
    assert after["deadline_text"] == mine["deadline_text"], "the appendix's words stay"
    [kept] = after["extensions"]
    assert (kept["due_on"], kept["requested_due_on"], kept["granted_due_on"]) == (
        mine["due_on"], extension["requested_due_on"], other,
    )  # fmt: skip


async def test_each_step_is_an_event_with_full_state_and_a_line_of_the_history(busy, mine):
    extension = (await ask(busy, mine)).json()
    await busy.director.post(f"/v1/extensions/{extension['id']}/approve")

    [asked] = await busy.events("extension_requested")
    [extended] = await busy.events("deadline_extended")
    lines = (await busy.office.get(path(mine, "timeline"))).json()["data"]
    state = extended["data"]["assignment"]
    assert asked["data"]["assignment"]["requested_due_on"] == extension["requested_due_on"]
    assert (state["due_on"], state["first_due_on"], state["extended_times"]) == (
        extension["requested_due_on"], mine["due_on"], 1,
    )  # fmt: skip
    assert extended["data"]["previous_due_on"] == mine["due_on"]
    assert "reason" not in asked["data"], "words stay in the department"
    assert [line["kind"] for line in lines[:2]] == ["deadline_extended", "extension_requested"]
    assert lines[0]["changes"] == [
        {"field": "due_on", "before": mine["due_on"], "after": extension["requested_due_on"]}
    ]
    assert lines[1]["reason"] == "Chờ ý kiến Sở Tài chính"


async def test_a_second_extension_keeps_the_first_deadline(busy, mine):
    for days, seen in ((10, 1), (40, 3)):
        extension = (await ask(busy, mine, days, seen)).json()
        answer = await busy.office.post(f"/v1/extensions/{extension['id']}/approve")
        assert answer.status_code == 200, answer.text
    after = await shown(busy, mine)
    assert (after["first_due_on"], after["extended_times"]) == (mine["due_on"], 2)
    assert [each["due_on"] for each in after["extensions"]] == [
        await ahead(busy, 10),
        mine["due_on"],
    ]


async def test_one_request_is_open_at_a_time_and_each_is_decided_once(busy, mine):
    extension = (await ask(busy, mine)).json()
    second = await ask(busy, mine, 40, 2)
    refused = await busy.office.post(
        f"/v1/extensions/{extension['id']}/refuse", {"reason": "Không đủ căn cứ"}
    )
    again = await busy.director.post(f"/v1/extensions/{extension['id']}/approve")
    silent = await busy.office.post(f"/v1/extensions/{extension['id']}/refuse", {"reason": " "})
    after = await shown(busy, mine)
    assert (second.status_code, second.json()["code"]) == (409, "extension_open")
    assert (refused.status_code, refused.json()["decision_note"]) == (200, "Không đủ căn cứ")
    assert (again.status_code, again.json()["code"]) == (409, "extension_decided")
    assert silent.status_code == 422
    assert (after["due_on"], after["first_due_on"], after["requested_due_on"]) == (
        mine["due_on"], None, None,
    )  # fmt: skip
    assert (await ask(busy, mine, 40, after["version"])).status_code == 201


async def test_a_day_that_cannot_be_is_refused_at_its_field(busy, mine):
    past = await ask(busy, mine, -1)
    earlier = await ask(busy, mine, due_on=mine["due_on"])
    silent = await ask(busy, mine, reason="")
    stale = await ask(busy, mine, seen=7)
    extension = (await ask(busy, mine)).json()
    passed = await busy.office.post(
        f"/v1/extensions/{extension['id']}/approve", {"due_on": await ahead(busy, -1)}
    )
    for answer in (past, earlier, passed):
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/due_on")
    assert silent.status_code == 422
    assert stale.status_code == 412


async def test_a_day_off_and_a_day_after_the_plan_are_said_to_both(busy, mine):
    today = await busy.today()
    sunday = today + timedelta(days=7 - today.weekday() + 6)
    extension = (await ask(busy, mine, due_on=str(sunday))).json()
    [seen] = (await shown(busy, mine))["extensions"]
    codes = {each["code"] for each in extension["warnings"]}
    assert {"day_off", "after_plan"} <= codes
    assert {each["code"] for each in seen["warnings"]} == codes


async def test_what_has_no_deadline_has_nothing_to_extend(busy):
    assignment = await busy.one(q="nhiem vu ubnd tinh giao")
    await busy.execute(
        "UPDATE assignment SET unit_id = (SELECT id FROM unit WHERE code = 'CCHC') WHERE id = :id",
        id=assignment["id"],
    )
    answer = await ask(busy, assignment)
    assert (answer.status_code, answer.json()["code"]) == (409, "deadline_missing")
    assert "request_extension" not in (await shown(busy, assignment))["allowed"]


@pytest.mark.parametrize("end", ["accept", "cancel", "hand_over"])
async def test_a_request_ends_with_what_it_is_about(busy, mine, end):
    extension = (await ask(busy, mine)).json()
    if end == "accept":
        await busy.unit_officer.post(path(mine, "results"), {"note": "Xong"}, seen=2)
        [result] = (await shown(busy, mine))["results"]
        answer = await busy.office.post(path(mine, "results", result["id"], "accept"))
    elif end == "cancel":
        answer = await busy.office.post(path(mine, "cancel"), {"reason": "Trùng"}, seen=2)
    else:
        unit = (await busy.units())["TTr"]
        body = {"reason": "Đúng chức năng", "unit_id": unit}
        answer = await busy.office.post(path(mine, "hand_over"), body, seen=2)
    assert answer.status_code == 200, answer.text

    after = await shown(busy, mine)
    late = await busy.office.post(f"/v1/extensions/{extension['id']}/approve")
    assert (after["requested_due_on"], after["extensions"][0]["status"]) == (None, "withdrawn")
    assert (late.status_code, late.json()["code"]) == (409, "extension_decided")


async def test_a_cancelled_plan_withdraws_what_was_asked_for(busy, mine):
    await ask(busy, mine)
    answer = await busy.office.post(f"/v1/plans/{mine['plan_id']}/cancel", {"reason": "Thay thế"})
    assert answer.status_code == 200, answer.text
    [extension] = (await shown(busy, mine))["extensions"]
    [event] = [e for e in await busy.events("assignment_cancelled") if e["subject"] == mine["id"]]
    assert extension["status"] == "withdrawn"
    assert event["data"]["assignment"]["requested_due_on"] is None
    assert event["data"]["because"] == "plan_cancelled"


async def test_reminders_and_the_overdue_clock_follow_the_new_day(busy, mine):
    before = await busy.run_clock(announce_overdue)
    extension = (await ask(busy, mine, 5, 2)).json()
    await busy.office.post(f"/v1/extensions/{extension['id']}/approve")

    overdue = await busy.run_clock(announce_overdue)
    await busy.run_clock(announce_due_soon)
    reminded = [e["subject"] for e in await busy.events("assignment_due_soon")]
    await busy.execute(
        "UPDATE assignment SET due_on = CURRENT_DATE - 2 WHERE id = :id", id=mine["id"]
    )
    again = await busy.run_clock(announce_overdue)
    assert before > 50
    assert (overdue, mine["id"] in reminded, again) == (0, True, 1)


async def test_on_time_is_told_by_the_first_deadline_and_by_the_one_it_has(busy, mine):
    extension = (await ask(busy, mine)).json()
    await busy.office.post(f"/v1/extensions/{extension['id']}/approve")
    await busy.unit_officer.post(path(mine, "results"), {"note": "Xong"}, seen=3)
    [result] = (await shown(busy, mine))["results"]
    await busy.office.post(path(mine, "results", result["id"], "accept"))
    after = await shown(busy, mine)
    assert (after["status"], after["on_time"], after["on_time_first"]) == ("done", True, False)


async def test_what_was_granted_is_not_corrected_away(busy):
    assignment = await busy.one(q="xu ly sau kiem tra")
    await busy.office.patch(path(assignment), {"triggered_on": "2025-04-01"}, seen=1)
    await busy.execute(
        "UPDATE assignment SET unit_id = (SELECT id FROM unit WHERE code = 'CCHC') WHERE id = :id",
        id=assignment["id"],
    )
    extension = (await ask(busy, assignment, seen=2)).json()
    await busy.office.post(f"/v1/extensions/{extension['id']}/approve")
    answer = await busy.office.patch(
        path(assignment), {"triggered_on": "2025-03-01", "reason": "Nhầm"}, seen=4
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "deadline_extended")


async def test_the_office_finds_what_is_asked_for_and_what_was_extended(busy, mine):
    extension = (await ask(busy, mine)).json()
    counts = (await busy.office.get("/v1/assignments/counts")).json()
    asked = (await busy.office.get("/v1/assignments", extension_requested=True)).json()["data"]
    await busy.office.post(f"/v1/extensions/{extension['id']}/approve")
    after = (await busy.office.get("/v1/assignments/counts")).json()
    extended = (await busy.office.get("/v1/assignments", extended=True)).json()["data"]
    assert (counts["extension_requested"], [each["id"] for each in asked]) == (1, [mine["id"]])
    assert (after["extension_requested"], after["extended"]) == (0, 1)
    assert after["overdue"] == counts["overdue"] - 1
    assert [each["id"] for each in extended] == [mine["id"]]


async def test_who_may_ask_and_who_decides_is_the_table_s(busy, mine):
    of_helper = await busy.unit_head_ldvl.post(
        path(mine, "extensions"), {"due_on": "2099-01-01", "reason": "x"}, seen=1
    )
    extension = (await ask(busy, mine)).json()
    of_unit = await busy.unit_head.post(f"/v1/extensions/{extension['id']}/approve")
    units = await busy.units()
    alone = await busy.one(unit_id=units["CCHC"], q="thai do phuc vu")
    await busy.execute("UPDATE assignment SET due_on = '2025-11-28' WHERE id = :id", id=alone["id"])
    hidden = await ask(busy, alone)
    unseen = await busy.unit_head_ldvl.post(f"/v1/extensions/{hidden.json()['id']}/approve")
    nothing = await busy.office.post(f"/v1/extensions/{mine['id']}/approve")
    assert (of_helper.status_code, of_unit.status_code) == (403, 403)
    assert unseen.status_code == 404
    assert (nothing.status_code, nothing.json()["code"]) == (404, "extension_not_found")
    own = (await busy.unit_officer.get(path(mine))).json()["allowed"]
    office = (await shown(busy, mine))["allowed"]
    assert "request_extension" not in own, "one is open"
    assert "decide_extension" not in own
    assert "decide_extension" in office


async def test_what_the_office_s_own_unit_asks_for_the_director_grants(busy, mine):
    own = (await busy.office.get("/v1/me")).json()["unit_id"]
    await busy.execute("UPDATE assignment SET unit_id = :unit WHERE id = :id",
                       unit=own, id=mine["id"])  # fmt: skip
    body = {"due_on": await ahead(busy, 30), "reason": "Chờ ý kiến Sở Tài chính"}
    asked = await busy.office.post(path(mine, "extensions"), body, seen=1)
    decision = f"/v1/extensions/{asked.json()['id']}"

    granted = await busy.office.post(f"{decision}/approve")
    refused = await busy.office.post(f"{decision}/refuse", {"reason": "Tự xét"})
    shown_to_office = (await shown(busy, mine))["allowed"]
    by_director = await busy.director.post(f"{decision}/approve")

    assert asked.status_code == 201, asked.text
    assert (granted.status_code, refused.status_code) == (403, 403)
    assert "Giám đốc Sở" in granted.json()["detail"]
    assert "decide_extension" not in shown_to_office
    assert by_director.status_code == 200, by_director.text


async def waits(caller) -> tuple[int, list[str]]:
    """What the caller's own day says waits for their decision, and the list it leads to."""
    work = (await caller.get("/v1/me/work")).json()
    [extend] = [one for one in work["waiting"] if one["what"] == "extend"]
    listed = await caller.http.get(f"/v1/assignments?{extend['query']}")
    return extend["count"], [each["id"] for each in listed.json()["data"]]


@pytest.mark.parametrize(("led_by", "office_waits"), [("CCHC", 1), ("VP", 0)])
async def test_a_request_waits_for_whom_may_decide_it_and_nobody_else(
    busy, mine, led_by, office_waits
):
    unit = (await busy.units())[led_by]
    await busy.execute("UPDATE assignment SET unit_id = :unit WHERE id = :id",
                       unit=unit, id=mine["id"])  # fmt: skip
    asks = busy.office if led_by == "VP" else busy.unit_officer
    body = {"due_on": await ahead(busy, 30), "reason": "Chờ ý kiến Sở Tài chính"}
    asked = await asks.post(path(mine, "extensions"), body, seen=1)
    assert asked.status_code == 201, asked.text

    month = (await busy.office.get("/v1/office/month")).json()["to_decide"]["extensions"]
    sheet = await busy.office.get("/v1/assignments", extension_to_decide="true")
    of_unit = await busy.unit_officer.get("/v1/assignments", extension_to_decide="true")

    assert await waits(busy.office) == (office_waits, [mine["id"]] * office_waits)
    assert await waits(busy.director) == (1, [mine["id"]])
    assert (month, len(sheet.json()["data"])) == (office_waits, office_waits)
    assert of_unit.json()["data"] == [], "who asks decides nothing"


async def test_a_request_about_what_is_paused_waits_in_the_month_as_on_the_list(busy, mine):
    await ask(busy, mine)
    await busy.office.post(path(mine, "pause"), {"reason": "Chờ luật mới"}, seen=2)
    month = (await busy.office.get("/v1/office/month")).json()["to_decide"]["extensions"]
    assert (month, await waits(busy.office)) == (1, (1, [mine["id"]]))


async def test_the_year_of_a_day_nobody_entered_a_calendar_for_is_said(busy, mine):
    extension = (await ask(busy, mine, due_on=str(date(2041, 1, 2)))).json()
    assert "calendar_missing" in {each["code"] for each in extension["warnings"]}
