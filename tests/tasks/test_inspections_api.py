"""An inspection from its plan to its conclusion, and what becomes of what was found."""

import asyncio
from datetime import timedelta

import pytest
from tests.tasks.inspecting import (
    PATH,
    act,
    concluded,
    conclusion,
    day,
    facts,
    find,
    people,
    plan,
    visited,
)


async def test_an_inspection_goes_from_its_plan_to_a_conclusion(busy):
    inspection = await plan(busy)
    announced = (await act(busy, inspection, "announce", {"number": "12/TB-SNV"})).json()
    came = {"visited_on": str(await busy.today())}
    seen = (await act(busy, inspection, "visit", came)).json()
    found = (await find(busy, inspection, evidence="Sổ theo dõi tháng 5")).json()
    ended = await act(busy, inspection, "conclude", await conclusion(busy, inspection))
    read = await busy.office.get(f"{PATH}/{inspection['id']}")
    assert (inspection["state"], inspection["version"], inspection["warnings"]) == (
        "planned", 1, [],
    )  # fmt: skip
    assert inspection["allowed"] == ["change", "announce", "cancel"]
    assert announced["records"][0]["asked_on"] == str(await busy.today())
    assert (seen["state"], seen["visited_on"]) == ("visited", str(await busy.today()))
    assert (found["finding_count"], found["open_count"]) == (1, 1)
    assert (ended.status_code, ended.json()["state"]) == (200, "concluded")
    assert (read.json()["version"], read.headers["ETag"]) == (5, '"5"')
    assert read.json()["allowed"] == ["change"], "that a record came can still be said"


async def test_no_step_is_skipped_or_done_twice(busy):
    inspection, came = await plan(busy), {"visited_on": str(await busy.today())}
    early = await act(busy, inspection, "visit", came)
    unvisited = await find(busy, inspection)
    await act(busy, inspection, "announce")
    again = await act(busy, inspection, "announce")
    await act(busy, inspection, "visit", came)
    late = await act(busy, inspection, "cancel", {"reason": "Trùng lịch"})
    surprise = await plan(busy, method="unannounced")
    told = await act(busy, surprise, "announce")
    codes = [answer.json()["code"] for answer in (early, unvisited, again, late, told)]
    assert codes == [
        "inspection_not_announced", "inspection_not_visited", "inspection_announced",
        "inspection_visited", "inspection_unannounced",
    ]  # fmt: skip
    assert {each.status_code for each in (early, unvisited, again, late, told)} == {409}


async def test_a_finding_becomes_an_assignment_due_thirty_days_after_the_conclusion(busy):
    inspection = await concluded(busy, "3.2")
    [finding] = inspection["findings"]
    assignment = (await busy.unit_head.get(f"/v1/assignments/{finding['assignment_id']}")).json()
    today = await busy.today()
    due_on = today + timedelta(days=30)
    assert assignment["due_on"] == str(due_on) == finding["due_on"]
    assert assignment["deadline_text"] == "Trong vòng 30 ngày kể từ ngày có kết luận"
    assert (assignment["triggered_on"], assignment["trigger_document"]) == (
        str(today), "15/TB-SNV",
    )  # fmt: skip
    [source] = await busy.rows(
        "SELECT t.source_number, t.source_issued_on, t.source_title FROM task t"
        " JOIN assignment a ON a.task_id = t.id WHERE a.id = CAST(:id AS uuid)",
        id=assignment["id"],
    )  # fmt: skip
    assert (source.source_number, source.source_issued_on) == ("15/TB-SNV", today)
    assert source.source_title.startswith("Thông báo kết luận kiểm tra Phòng Cải cách")


async def test_where_the_last_day_is_off_work_ends_on_the_working_day_before(busy):
    due_on = (await busy.today()) + timedelta(days=30)
    days = [{"day": str(due_on - timedelta(days=n)), "working": False, "name": "Nghỉ"}
            for n in range(3)]  # fmt: skip
    for year in {each["day"][:4] for each in days}:
        kept = (await busy.office.get(f"/v1/calendar/{year}")).json().get("days", [])
        named = {each["day"] for each in days}
        rest = [each for each in kept if each["day"] not in named]
        await busy.put_calendar(int(year), rest + [d for d in days if d["day"][:4] == year])
    [finding] = (await concluded(busy, "3.2"))["findings"]
    assignment = (await busy.office.get(f"/v1/assignments/{finding['assignment_id']}")).json()
    last = day(assignment["last_working_day"])
    assert assignment["due_on"] == str(due_on)
    assert due_on - timedelta(days=7) < last <= due_on - timedelta(days=3)


async def test_the_days_to_remedy_are_data(busy):
    rule = (await busy.office.get("/v1/inspection_rule")).json()
    body = {"times": 2, "periods": 2, "remediation_days": 15, "reason": "Theo chỉ đạo"}
    await busy.office.put("/v1/inspection_rule", body, seen=rule["version"])
    [finding] = (await concluded(busy, "3.2"))["findings"]
    assert finding["due_on"] == str(await busy.today() + timedelta(days=15))


async def test_after_the_conclusion_it_can_still_be_said_that_records_came_and_nothing_else(busy):
    inspection = await concluded(busy, "3.2")
    path, seen = f"{PATH}/{inspection['id']}", inspection["version"]
    assert "change" in inspection["allowed"]
    came = [{**each, "received_on": str(await busy.today())} for each in inspection["records"]]
    more = [*came, {"what": "Hồ sơ thêm"}]
    moved = [{**each, "due_on": str(await busy.today())} for each in came]
    before = str(await busy.today() - timedelta(days=3))
    earlier = [{**each, "asked_on": before} for each in came]
    wrong = [await busy.office.patch(path, {"records": each}, seen=seen)
             for each in (more, moved, earlier, [])]  # fmt: skip
    other = await busy.office.patch(path, {"subject": "Việc khác"}, seen=seen)
    saved = await busy.office.patch(path, {"records": came}, seen=seen)
    assert [each.status_code for each in (*wrong, other)] == [422] * 5
    pointers = [each.json()["errors"][0]["pointer"] for each in (*wrong, other)]
    assert pointers == ["/records"] * 4 + ["/subject"]
    assert saved.status_code == 200, saved.text
    assert all(each["received_on"] for each in saved.json()["records"])


async def test_nothing_is_asked_for_by_saying_after_the_conclusion_that_a_record_came(busy):
    inspection = await concluded(busy, method="unannounced")
    first, second = inspection["records"]
    records = [{**first, "received_on": str(await busy.today())}, second]
    path = f"{PATH}/{inspection['id']}"
    saved = await busy.office.patch(path, {"records": records}, seen=inspection["version"])
    assert saved.status_code == 200, saved.text
    assert saved.json()["records"] == records


async def test_a_double_click_concludes_once(busy):
    inspection = await visited(busy)
    await find(busy, inspection)
    await find(busy, inspection, kind="limitation", criterion_code=None)
    body = await conclusion(busy, inspection)
    answers = await asyncio.gather(*[act(busy, inspection, "conclude", body) for _ in range(3)])
    [made] = await busy.rows(
        "SELECT count(*) AS n FROM task WHERE source_number = '15/TB-SNV'"
    )  # fmt: skip
    refused = [answer.json()["code"] for answer in answers if answer.status_code != 200]
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert refused == ["inspection_concluded"] * 2
    assert made.n == 2
    assert len(await busy.events("inspection_concluded")) == 1


async def test_a_conclusion_that_forgets_a_finding_or_a_plan_leaves_nothing_behind(busy):
    inspection = await visited(busy)
    await find(busy, inspection, text="Thiếu hồ sơ")
    whole = await conclusion(busy, inspection)
    none = await act(busy, inspection, "conclude", {**whole, "remediations": []})
    planless = await act(busy, inspection, "conclude", {**whole, "plan_id": None})
    of_nobody = [{**whole["remediations"][0], "lead_unit_id": inspection["id"]}]
    nobody = await act(busy, inspection, "conclude", {**whole, "remediations": of_nobody})
    still = (await busy.office.get(f"{PATH}/{inspection['id']}")).json()
    pointers = [each.json()["errors"][0]["pointer"] for each in (none, planless, nobody)]
    assert pointers == ["/remediations", "/plan_id", "/remediations/0/lead_unit_id"]
    assert "«Thiếu hồ sơ»" in none.json()["detail"]
    assert still["state"] == "visited"
    assert await busy.rows("SELECT 1 FROM task WHERE source_number = '15/TB-SNV'") == []


async def test_a_finding_is_open_until_its_remediation_is_accepted(busy):
    inspection = await concluded(busy, "3.2")
    [finding] = inspection["findings"]
    path = f"/v1/assignments/{finding['assignment_id']}"
    await busy.unit_head.post(f"{path}/results", {"note": "Đã rà soát"}, seen=1)
    before = (await busy.office.get(f"{PATH}/{inspection['id']}")).json()
    result = (await busy.office.get(path)).json()["results"][0]["id"]
    accepted = await busy.office.post(f"{path}/results/{result}/accept")
    after = (await busy.office.get(f"{PATH}/{inspection['id']}")).json()
    assert accepted.status_code == 200, accepted.text
    assert (before["open_count"], before["findings"][0]["open"]) == (1, True)
    assert (after["open_count"], after["findings"][0]["open"]) == (0, False)


async def test_an_absent_member_is_replaced_with_a_reason(busy):
    inspection, known = await plan(busy), await people(busy)
    await act(busy, inspection, "announce")
    today = str(await busy.today())
    await busy.execute(
        "UPDATE person SET absent_from = :day, absent_until = :day, substitute_id ="
        " (SELECT id FROM person WHERE employee_code = 'unit_head_ldvl')"
        " WHERE employee_code = 'unit_officer_ldvl'", day=await busy.today(),
    )  # fmt: skip
    warned = (await busy.office.get(f"{PATH}/{inspection['id']}")).json()["warnings"]
    silent = await act(busy, inspection, "visit", {"visited_on": today})
    absent = {"person_id": known["unit_officer_ldvl"],
              "substitute_id": known["unit_officer_ncc"], "reason": "Đi công tác"}  # fmt: skip
    told = await act(busy, inspection, "visit", {"visited_on": today, "absent": [absent]})
    away = next(each for each in told.json()["team"] if each["replaced_by_id"])
    assert [each["code"] for each in warned] == ["person_away"]
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/absent")
    assert told.status_code == 200
    assert (away["replaced_by_id"], away["replaced_because"]) == (
        known["unit_officer_ncc"], "Đi công tác",
    )  # fmt: skip


async def test_overlaps_between_bodies_are_warned_of_and_not_forbidden(busy):
    known, first = await people(busy), await plan(busy)
    second = await plan(
        busy, body="party_committee", head_id=known["unit_head_ttr"], starts_on=first["ends_on"],
        ends_on=first["ends_on"],
    )  # fmt: skip
    listed = (await busy.office.get(PATH)).json()["data"]
    codes = {one["id"]: sorted(w["code"] for w in one["warnings"]) for one in listed}
    assert [w["code"] for w in second["warnings"]] == ["unit_twice", "person_twice"]
    assert second["warnings"][0]["inspection_id"] == first["id"]
    for warning in second["warnings"]:
        for named in (
            "chính quyền",
            "«Công tác cải cách hành chính»",
            f"{day(first['ends_on']):%Y}",
        ):
            assert named in warning["message"]
    assert "tại Phòng Cải cách hành chính" in second["warnings"][1]["message"]
    assert list(codes.values()) == [["person_twice", "unit_twice"]] * 2
    await act(busy, first, "cancel", {"reason": "Ghép vào đoàn phối hợp"})
    alone = (await busy.office.get(f"{PATH}/{second['id']}")).json()
    assert alone["warnings"] == [], "what was cancelled meets nobody"


async def test_lists_are_narrowed_by_year_unit_state_and_days(busy):
    today, units = await busy.today(), await busy.units()
    soon = await plan(busy)
    later = await plan(
        busy, unit_id=units["NCC"], substitute_ids=[], starts_on=f"{today.year + 1}-03-02",
        ends_on=f"{today.year + 1}-03-03",
    )  # fmt: skip

    async def ids(**query):
        return [one["id"] for one in (await busy.office.get(PATH, **query)).json()["data"]]

    assert await ids() == [soon["id"], later["id"]]
    assert await ids(year=today.year + 1) == [later["id"]]
    assert await ids(unit_id=units["CCHC"]) == [soon["id"]]
    assert await ids(state="visited") == []
    assert await ids(from_day=f"{today.year + 1}-03-03") == [later["id"]]
    assert await ids(until_day=str(today)) == [soon["id"]]


async def test_two_people_who_change_the_plan_do_not_overwrite_each_other(busy):
    inspection = await plan(busy)
    path = f"{PATH}/{inspection['id']}"
    first = await busy.office.patch(path, {"subject": "Kỷ cương hành chính"}, seen=1)
    second = await busy.office.patch(path, {"subject": "Khác"}, seen=1)
    came = [{**each, "received_on": str(await busy.today())} for each in first.json()["records"]]
    more = [*came, {"what": "Biên bản họp"}]
    records = await busy.office.patch(path, {"records": more}, seen=2)
    own = (await people(busy))["unit_officer"]
    inspector = await busy.office.patch(path, {"member_ids": [own]}, seen=3)
    assert (first.status_code, second.status_code) == (200, 412)
    assert records.json()["records"][0]["received_on"] == str(await busy.today())
    assert records.json()["records"][2]["asked_on"] is None
    assert inspector.status_code == 422
    assert inspector.json()["errors"][0]["pointer"] == "/member_ids/0"


async def test_a_record_may_be_needed_by_a_day_of_its_own_and_the_unit_is_told_it(busy):
    today, day = await busy.today(), await busy.today() + timedelta(days=2)
    early = [{"what": "Sổ", "asked_on": str(today), "due_on": str(today - timedelta(days=1))}]
    refused = await busy.office.post(PATH, await facts(busy, records=early))
    asked = [{"what": "Sổ", "due_on": str(day)}, {"what": "Kế hoạch"}]
    inspection = await plan(busy, records=asked)
    told = (await act(busy, inspection, "announce", {"number": "1/TB-SNV"})).json()
    more = [*told["records"], {"what": "Biên bản"}]
    path = f"{PATH}/{inspection['id']}"
    added = await busy.office.patch(path, {"records": more}, seen=told["version"])
    moved = [{**each, "due_on": str(day)} for each in added.json()["records"]]
    await busy.office.patch(path, {"records": moved}, seen=told["version"] + 1)
    events = [event["data"]["records"] for event in await busy.events("inspection_announced")]
    by = f" (nộp chậm nhất ngày {day:%d/%m/%Y})"
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (
        422, "/records/0/due_on",
    )  # fmt: skip
    assert [each["due_on"] for each in told["records"]] == [str(day), None]
    assert {each["asked_on"] for each in added.json()["records"]} == {str(today)}
    assert events == [
        [f"Sổ{by}", "Kế hoạch"], [f"Sổ{by}", "Kế hoạch", "Biên bản"],
        [f"Sổ{by}", f"Kế hoạch{by}", f"Biên bản{by}"],
    ]  # fmt: skip


async def test_who_left_or_a_unit_that_ended_holds_up_no_other_correction(busy):
    announced, later = await plan(busy), str(await busy.today() + timedelta(days=3))
    known, came = await people(busy), await visited(busy)
    seen = (await act(busy, announced, "announce", {"number": "3/TB-SNV"})).json()["version"]
    await busy.execute(
        "UPDATE person SET active = false WHERE id = :id", id=known["unit_head_tdkt"]
    )
    await busy.execute("UPDATE unit SET active = false WHERE code = 'CCHC'")
    words = await busy.office.patch(
        f"{PATH}/{came['id']}", {"subject": "Kỷ cương"}, seen=came["version"]
    )
    path = f"{PATH}/{announced['id']}"
    days = await busy.office.patch(path, {"ends_on": later}, seen=seen)
    again = {"member_ids": [known["unit_officer_ldvl"], known["unit_head"]]}
    team = await busy.office.patch(path, again, seen=seen + 1)
    assert (words.status_code, words.json()["subject"]) == (200, "Kỷ cương"), words.text
    assert (days.status_code, days.json()["ends_on"]) == (200, later), days.text
    assert [each["pointer"] for each in team.json()["errors"]] == ["/head_id", "/member_ids/1"]


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"ends_on": "2020-01-01"}, "/ends_on"),
        ({"unit_id": "01990000-0000-7000-8000-000000000000"}, "/unit_id"),
        ({"head_id": "01990000-0000-7000-8000-000000000000"}, "/head_id"),
        ({"starts_on": "1900-01-01"}, "/starts_on"),
        ({"ends_on": "9999-12-31"}, "/ends_on"),
        ({"records": [{"what": "Sổ", "received_on": "9999-12-31"}]}, "/records/0/received_on"),
    ],
)
async def test_what_cannot_be_is_refused_where_it_stands(busy, wrong, pointer):
    answer = await busy.office.post(PATH, await facts(busy, **wrong))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_no_step_is_of_a_day_that_cannot_be(busy):
    inspection, surprise = await plan(busy), await plan(busy, method="unannounced")
    later = str(await busy.today() + timedelta(days=1))
    tried = [
        await act(busy, inspection, "announce", {"announced_on": "1900-01-01"}),
        await act(busy, inspection, "announce", {"announced_on": later}),
        await act(busy, surprise, "visit", {"visited_on": "1900-01-01"}),
        await act(busy, surprise, "visit", {"visited_on": later}),
    ]
    assert [each.status_code for each in tried] == [422] * 4
    assert [each.json()["errors"][0]["pointer"] for each in tried] == [
        "/announced_on", "/announced_on", "/visited_on", "/visited_on",
    ]  # fmt: skip
    assert "01/01/1900" in tried[2].json()["detail"]


async def test_events_say_that_something_was_found_and_never_what(busy):
    await concluded(busy, "3.2")
    [recorded] = await busy.events("finding_recorded")
    [ended] = await busy.events("inspection_concluded")
    state = ended["data"]["inspection"]
    assert sorted(ended["data"]) == ["concluded_on", "conclusion_number", "inspection"]
    assert sorted(state) == ["finding_count", "inspection_id", "unit_id", "version", "year"]
    assert (state["finding_count"], recorded["data"]["kind"]) == (1, "shortcoming")
    assert "hồ sơ" not in str(recorded) + str(ended)
    actions = await busy.rows("SELECT action FROM audit_entry ORDER BY id")
    assert [row.action for row in actions if row.action.startswith("inspection.")] == [
        f"inspection.{act}" for act in ("create", "announce", "visit", "record_finding", "conclude")
    ]
