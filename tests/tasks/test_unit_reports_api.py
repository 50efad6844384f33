"""Units' reports at the doors: begun from the figures, written, approved, handed in, decided."""

import asyncio
from datetime import timedelta

import pytest
from tests.tasks.inspecting import people
from tests.tasks.test_reorganising import PATH
from tests.tasks.test_reorganising import body as merged
from tests.tasks.test_reorganising import listed as led

from chassis.ids import new_id
from tasks.unit_reports.reminders import announce_due

RESULTS = "Phòng đã hoàn thành các nhiệm vụ được giao."


@pytest.fixture
async def plan_id(busy) -> str:
    """The plan of 2025, its reports due in four weeks."""
    await busy.execute("UPDATE plan SET closes_on = :on", on=await busy.today() + timedelta(28))
    [row] = await busy.rows("SELECT id FROM plan")
    return str(row.id)


async def begin(busy, plan_id, who="unit_officer") -> dict:
    answer = await getattr(busy, who).post("/v1/unit_reports", {"plan_id": plan_id})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(busy, who, report, name, body=None):
    path = f"/v1/unit_reports/{report['id']}/{name}"
    return await getattr(busy, who).post(path, body, seen=report["version"])


async def done(busy, who, report, name, body=None) -> dict:
    answer = await act(busy, who, report, name, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def hand_in(busy, plan_id, officer="unit_officer", head="unit_head") -> dict:
    report = await begin(busy, plan_id, officer)
    report = await done(busy, officer, report, "submit")
    return await done(busy, head, report, "approve")


async def write(busy, who, report, seen=None, **words):
    path = f"/v1/unit_reports/{report['id']}"
    return await getattr(busy, who).patch(path, words, seen=seen or report["version"])


async def listed(busy, who, plan_id) -> dict:
    found = await getattr(busy, who).get("/v1/unit_reports", plan_id=plan_id)
    assert found.status_code == 200, found.text
    return found.json()


async def test_a_report_begins_with_the_figures_of_the_units_own_assignments(busy, plan_id):
    units = await busy.units()
    counts = (
        await busy.office.get("/v1/assignments/counts", plan_id=plan_id, unit_id=units["CCHC"])
    ).json()
    report = await begin(busy, plan_id)
    figures = report["figures"]
    assert (report["status"], report["unit_id"]) == ("draft", units["CCHC"])
    assert {name: figures[name] for name in ("all", "done", "due", "done_due", "overdue")} == {
        name: counts[name] for name in ("all", "done", "due", "done_due", "overdue")
    }
    assert f"{figures['done']}/{figures['all']} nhiệm vụ" in report["results"]
    assert report["allowed"] == ["change", "refill", "submit"]
    again = await busy.unit_head.post("/v1/unit_reports", {"plan_id": plan_id})
    assert (again.status_code, again.json()["code"]) == (409, "unit_report_exists")


async def test_difficulties_that_were_reported_stand_in_the_draft(busy, plan_id):
    units = await busy.units()
    mine = await busy.one(unit_id=units["CCHC"], status="not_started", plan_id=plan_id)
    told = await busy.unit_officer.post(
        f"/v1/assignments/{mine['id']}/progress",
        {"percent": 10, "note": "", "difficulty": "Thiếu phần mềm"}, seen=mine["version"],
    )  # fmt: skip
    assert told.status_code in (200, 201), told.text
    report = await begin(busy, plan_id)
    assert report["difficulties"] == [
        {"theme": None, "text": "Thiếu phần mềm", "number": mine["number"], "cause": None}
    ]
    assert [each["number"] for each in report["figures"]["difficulties"]] == [mine["number"]]


async def test_measures_against_lost_points_stand_in_the_draft(busy, plan_id):
    units = await busy.units()
    for status, words in (("proposed", "Họp giao ban hằng tuần"), ("returned", "Không rõ")):
        await busy.execute(
            "INSERT INTO measure (id, version, year, code, criterion, words, deadline_text,"
            " unit_id, status, proposed_at) VALUES (:id, 1, 2024, '1.1.3', 'Mức độ hoàn thành',"
            " :words, '', :unit, :status, now())",
            id=new_id(), words=words, unit=units["CCHC"], status=status,
        )  # fmt: skip
    report = await begin(busy, plan_id)
    assert report["measures"] == "- Tiêu chí 1.1.3: Họp giao ban hằng tuần (chờ Văn phòng Sở)."
    assert [each["words"] for each in report["figures"]["measures"]] == ["Họp giao ban hằng tuần"]


async def test_from_first_word_to_acceptance(busy, plan_id):
    report = await begin(busy, plan_id)
    written = await write(
        busy, "unit_officer", report, results=RESULTS, proposals="Cấp thêm máy",
        difficulties=[{"theme": "staff", "text": "Thiếu người"}],
    )  # fmt: skip
    submitted = await done(busy, "unit_officer", written.json(), "submit")
    approved = await done(busy, "unit_head", submitted, "approve")
    accepted = await done(busy, "office", approved, "accept")
    assert submitted["status"] == "submitted"
    assert "approve" not in submitted["allowed"], "who wrote it does not approve it"
    assert (approved["status"], approved["on_time"], approved["late_days"]) == (
        "approved", True, 0,
    )  # fmt: skip
    assert approved["approved_by_name"]
    assert (accepted["status"], accepted["results"], accepted["allowed"]) == (
        "accepted", RESULTS, [],
    )  # fmt: skip
    [event] = await busy.events("unit_report_submitted")
    said = event["data"]["report"]
    assert (said["unit_id"], said["plan_id"], said["on_time"]) == (
        report["unit_id"], plan_id, True,
    )  # fmt: skip
    assert RESULTS not in str(await busy.events()), "no event carries the text"
    [line] = await busy.rows(
        "SELECT count(*) AS n FROM audit_entry WHERE subject_id = :id", id=report["id"]
    )
    assert line.n == 5


async def test_what_is_handed_in_after_the_day_is_late_and_says_by_how_many_working_days(
    busy, plan_id
):
    today = await busy.today()
    await busy.execute("UPDATE plan SET closes_on = :on", on=today - timedelta(days=7))
    approved = await hand_in(busy, plan_id)
    [event] = await busy.events("unit_report_submitted")
    assert approved["on_time"] is False
    assert 1 <= approved["late_days"] <= 6
    assert event["data"]["report"]["on_time"] is False
    office = await listed(busy, "office", plan_id)
    mine = next(each for each in office["data"] if each["id"] == approved["id"])
    assert mine["late_days"] == approved["late_days"]


async def test_a_report_is_submitted_once_and_approved_once(busy, plan_id):
    report = await begin(busy, plan_id)
    submitted = await done(busy, "unit_officer", report, "submit")
    stale = await act(busy, "unit_officer", report, "submit")
    again = await act(busy, "unit_officer", submitted, "submit")
    edited = await write(busy, "unit_officer", submitted, results="Khác")
    approved = await done(busy, "unit_head", submitted, "approve")
    twice = await act(busy, "unit_head", approved, "approve")
    assert stale.status_code == 412
    assert (again.status_code, again.json()["code"]) == (409, "unit_report_submitted")
    assert (edited.status_code, edited.json()["code"]) == (409, "unit_report_submitted")
    assert (twice.status_code, twice.json()["code"]) == (409, "unit_report_approved")
    assert len(await busy.events("unit_report_submitted")) == 1


async def test_two_who_write_at_once_do_not_overwrite_each_other(busy, plan_id):
    report = await begin(busy, plan_id)
    first = await write(busy, "unit_officer", report, results=RESULTS)
    second = await write(busy, "unit_head", report, results="Lời của trưởng phòng")
    unsaid = await busy.unit_head.patch(f"/v1/unit_reports/{report['id']}", {"results": "x"})
    assert (first.status_code, second.status_code, unsaid.status_code) == (200, 412, 428)


async def test_figures_taken_anew_leave_the_words_people_wrote(busy, plan_id):
    report = await begin(busy, plan_id)
    own = {"theme": "staff", "text": "Thiếu người", "number": None, "cause": None}
    written = (
        await write(busy, "unit_officer", report, measures="Họp tuần", difficulties=[own])
    ).json()
    await busy.execute(
        "UPDATE assignment SET status = 'done', submitted_on = due_on, accepted_at = now()"
        " WHERE unit_id = :unit AND due_on IS NOT NULL AND status <> 'cancelled'",
        unit=report["unit_id"],
    )  # fmt: skip
    refilled = await done(busy, "unit_officer", written, "refill")
    figures = refilled["figures"]
    assert figures["done"] == figures["all"] > report["figures"]["done"]
    assert f"{figures['done']}/{figures['all']}" in refilled["results"], "nobody had touched it"
    assert (refilled["measures"], refilled["difficulties"]) == ("Họp tuần", [own])
    mine = (await write(busy, "unit_officer", refilled, results=RESULTS)).json()
    assert (await done(busy, "unit_officer", mine, "refill"))["results"] == RESULTS


async def test_figures_stand_from_the_approval_on(busy, plan_id):
    report = await begin(busy, plan_id)
    submitted = await done(busy, "unit_officer", report, "submit")
    await busy.execute(
        "UPDATE assignment SET status = 'done', submitted_on = due_on WHERE id ="
        " (SELECT id FROM assignment WHERE unit_id = :unit AND due_on IS NOT NULL"
        "  AND status = 'not_started' AND deadline_kind <> 'continuous' LIMIT 1)",
        unit=report["unit_id"],
    )  # fmt: skip
    approved = await done(busy, "unit_head", submitted, "approve")
    await busy.execute("UPDATE assignment SET status = 'cancelled'")
    seen = (await busy.office.get(f"/v1/unit_reports/{report['id']}")).json()
    assert approved["figures"]["done"] == report["figures"]["done"] + 1
    assert seen["figures"] == approved["figures"]
    assert seen["figures"]["as_of"] > report["figures"]["as_of"]


async def test_the_office_returns_with_a_reason_and_the_unit_hands_in_again(busy, plan_id):
    approved = await hand_in(busy, plan_id)
    silent = await act(busy, "office", approved, "return", {"reason": ""})
    returned = await done(busy, "office", approved, "return", {"reason": "Thiếu minh chứng"})
    assert silent.status_code == 422
    assert (returned["status"], returned["returned_by"], returned["return_reason"]) == (
        "returned", "office", "Thiếu minh chứng",
    )  # fmt: skip
    assert returned["on_time"] is None, "it is owed again"
    mine = (await busy.unit_officer.get(f"/v1/unit_reports/{approved['id']}")).json()
    assert mine["allowed"] == ["change", "refill", "submit"]
    submitted = await done(busy, "unit_officer", mine, "submit")
    for who in ("office", "director", "auditor"):
        seen = await getattr(busy, who).get(f"/v1/unit_reports/{approved['id']}")
        assert seen.status_code == 404, "what is being written anew is the unit's own"
    assert (await done(busy, "unit_head", submitted, "approve"))["status"] == "approved"
    assert len(await busy.events("unit_report_submitted")) == 2
    whole = (await busy.office.get(f"/v1/unit_reports/{approved['id']}")).json()["steps"]
    assert [each["act"] for each in whole] == [
        "create", "submit", "approve", "return", "submit", "approve",
    ]  # fmt: skip
    assert [(e["returned_by"], e["reason"]) for e in whole if e["act"] == "return"] == [
        ("office", "Thiếu minh chứng")
    ]
    assert [e["data"]["returned_by"] for e in await busy.events("unit_report_returned")] == [
        "office"
    ]


async def test_the_head_returns_to_who_wrote_it_and_the_office_not_yet(busy, plan_id):
    submitted = await done(busy, "unit_officer", await begin(busy, plan_id), "submit")
    unseen = await act(busy, "office", submitted, "return", {"reason": "Vội"})
    officer = await act(busy, "unit_officer", submitted, "return", {"reason": "Sửa lại"})
    returned = await done(busy, "unit_head", submitted, "return", {"reason": "Ghi rõ hơn"})
    assert (unseen.status_code, officer.status_code) == (404, 403)
    assert returned["returned_by"] == "head"
    assert returned["steps"][-1]["reason"] == "Ghi rõ hơn"
    again = await done(busy, "unit_officer", returned, "submit")
    await done(busy, "unit_head", again, "approve")
    read = (await busy.office.get(f"/v1/unit_reports/{submitted['id']}")).json()
    [back] = [each for each in read["steps"] if each["act"] == "return"]
    assert (back["returned_by"], back["reason"]) == ("head", None), "within the unit"


async def test_a_unit_sees_its_own_report_and_others_what_was_handed_in(busy, plan_id):
    draft = await begin(busy, plan_id)
    path = f"/v1/unit_reports/{draft['id']}"
    before = {
        who: (await getattr(busy, who).get(path)).status_code
        for who in ("unit_head", "unit_officer_ldvl", "unit_head_ldvl", "office", "director",
                    "appraiser", "auditor", "admin")
    }  # fmt: skip
    submitted = await done(busy, "unit_officer", draft, "submit")
    await done(busy, "unit_head", submitted, "approve")
    after = {who: (await getattr(busy, who).get(path)).status_code for who in before}
    assert before == {**dict.fromkeys(before, 404), "unit_head": 200}
    others = {"unit_officer_ldvl": 404, "unit_head_ldvl": 404}
    assert after == {**dict.fromkeys(before, 200), **others}


async def test_no_other_unit_touches_a_report_and_no_other_role_writes_it(busy, plan_id):
    approved = await hand_in(busy, plan_id)
    for name, body in (("refill", None), ("submit", None), ("approve", None), ("accept", None),
                       ("return", {"reason": "Không phải của tôi"})):  # fmt: skip
        assert (await act(busy, "unit_head_ldvl", approved, name, body)).status_code == 404, name
        for who in ("director", "auditor", "appraiser", "admin"):
            assert (await act(busy, who, approved, name, body)).status_code == 403, (who, name)
    for who in ("office", "director", "auditor"):
        assert (await write(busy, who, approved, results="Khác")).status_code == 403, who
    assert (await act(busy, "unit_head", approved, "accept")).status_code == 403


async def test_who_is_of_no_reporting_unit_begins_nothing(busy, plan_id):
    director = await busy.director.post("/v1/unit_reports", {"plan_id": plan_id})
    units = await busy.units()
    await busy.execute(
        "UPDATE assignment SET status = 'cancelled' WHERE unit_id = :id", id=units["LĐVL"]
    )
    idle = await busy.unit_officer_ldvl.post("/v1/unit_reports", {"plan_id": plan_id})
    strange = await busy.unit_officer.post("/v1/unit_reports", {"plan_id": units["LĐVL"]})
    assert director.status_code == 403
    assert (idle.status_code, idle.json()["code"]) == (409, "unit_report_not_owed")
    assert (strange.status_code, strange.json()["code"]) == (404, "plan_not_found")


async def test_the_office_sees_every_unit_and_who_is_missing_a_unit_its_own_alone(busy, plan_id):
    approved = await hand_in(busy, plan_id)
    office, own = await listed(busy, "office", plan_id), await listed(busy, "unit_head", plan_id)
    owing = await busy.rows(
        "SELECT DISTINCT unit_id FROM assignment JOIN unit ON unit.id = unit_id"
        " WHERE status <> 'cancelled' AND unit.kind <> 'department'"
    )
    assert {each["unit_id"] for each in office["data"]} == {str(row.unit_id) for row in owing}
    assert (office["units"], office["handed_in"], office["missing"]) == (
        len(owing), 1, len(owing) - 1,
    )  # fmt: skip
    assert {each["id"] for each in office["data"]} == {None, approved["id"]}
    assert [each["unit_id"] for each in own["data"]] == [approved["unit_id"]]
    assert (office["allowed"], own["allowed"]) == (["compile", "urge"], [])


async def test_a_difficulty_of_a_theme_nobody_set_is_refused_with_those_in_use(busy, plan_id):
    report = await begin(busy, plan_id)
    refused = await write(
        busy, "unit_officer", report, difficulties=[{"theme": "weather", "text": "Mưa"}]
    )
    [problem] = refused.json()["errors"]
    assert (refused.status_code, problem["pointer"]) == (422, "/difficulties/0/theme")
    assert "Kinh phí" in problem["message"]


async def test_the_office_sets_themes_and_what_is_out_of_use_stays_where_it_was_said(busy, plan_id):
    report = await begin(busy, plan_id)
    said = [{"theme": "funding", "text": "Chưa có kinh phí", "number": None}]
    written = (await write(busy, "unit_officer", report, difficulties=said)).json()
    path = "/v1/unit_report_settings"
    held = (await busy.office.get(path)).json()
    body = {name: held[name] for name in ("themes", "reminder_steps", "form")}
    themes = [{**each, "active": each["code"] != "funding"} for each in body["themes"]]
    stranger = await busy.unit_head.put(path, body, seen=0)
    dropped = await busy.office.put(path, {**body, "themes": themes[:2]}, seen=0)
    changed = await busy.office.put(path, {**body, "themes": themes}, seen=0)
    again = await busy.office.put(path, body, seen=0)
    kept = await write(busy, "unit_officer", written, difficulties=[*said, *said])
    assert (held["composed"], changed.json()["composed"]) == (True, False)
    assert (stranger.status_code, dropped.status_code, again.status_code) == (403, 422, 412)
    assert dropped.json()["code"] == "theme_removed"
    assert changed.status_code == 200, changed.text
    assert kept.status_code == 200, kept.text


async def test_a_closed_plan_takes_no_new_report_and_keeps_those_it_has(busy, plan_id):
    await hand_in(busy, plan_id)
    await busy.execute("UPDATE plan SET status = 'closed'")
    late = await busy.unit_officer_ldvl.post("/v1/unit_reports", {"plan_id": plan_id})
    assert (late.status_code, late.json()["code"]) == (409, "plan_not_in_force")
    assert (await listed(busy, "office", plan_id))["handed_in"] == 1


async def test_a_report_without_results_is_not_submitted(busy, plan_id):
    report = await begin(busy, plan_id)
    empty = (await write(busy, "unit_officer", report, results="")).json()
    refused = await act(busy, "unit_officer", empty, "submit")
    assert (refused.status_code, refused.json()["code"]) == (422, "unit_report_incomplete")


async def test_two_of_a_unit_who_write_at_the_same_moment_do_not_overwrite_each_other(
    busy, plan_id
):
    report = await begin(busy, plan_id)
    answers = await asyncio.gather(
        *(write(busy, who, report, results=who) for who in ("unit_officer", "unit_head"))
    )
    kept = (await busy.unit_head.get(f"/v1/unit_reports/{report['id']}")).json()
    won = next(answer for answer in answers if answer.status_code == 200)
    assert sorted(answer.status_code for answer in answers) == [200, 412]
    assert (kept["results"], kept["version"]) == (won.json()["results"], report["version"] + 1)


async def test_a_unit_says_the_cause_of_a_difficulty_where_it_knows_it(busy, plan_id):
    report = await begin(busy, plan_id)
    said = [
        {"theme": "staff", "text": "Thiếu người", "number": None, "cause": "Chưa tuyển dụng"},
        {"theme": "staff", "text": "Kiêm nhiệm", "number": None, "cause": ""},
    ]
    written = (await write(busy, "unit_officer", report, difficulties=said)).json()
    assert [each["cause"] for each in written["difficulties"]] == ["Chưa tuyển dụng", None]
    refilled = await done(busy, "unit_officer", written, "refill")
    assert refilled["difficulties"] == written["difficulties"]


# ---------------------------------------------------------------- units and plans that end


async def merge(busy, code="CCHC", into="LĐVL") -> dict[str, str]:
    units = await busy.units()
    found = await led(busy, units[code])
    answer = await busy.admin.post(PATH, merged([units[code]], found, units[into]))
    assert answer.status_code == 200, answer.text
    return units


async def finish_one(busy, unit_id: str) -> None:
    """What is done stays with the unit that did it."""
    await busy.execute(
        "UPDATE assignment SET status = 'done', submitted_on = due_on WHERE id = (SELECT id FROM"
        " assignment WHERE unit_id = :unit AND status = 'not_started' AND due_on IS NOT NULL"
        " LIMIT 1)",
        unit=unit_id,
    )


async def reminded(busy) -> set[str]:
    await busy.run_clock(announce_due)
    return {event["data"]["report"]["unit_id"] for event in await busy.events("unit_report_due")}


async def test_who_stands_in_for_a_head_who_is_away_hands_the_report_in(busy, plan_id):
    report = await done(busy, "unit_officer", await begin(busy, plan_id), "submit")
    early = await act(busy, "unit_officer", report, "approve")
    today, ids = await busy.today(), await people(busy)
    away = (
        "UPDATE person SET absent_from = :since, absent_until = :until, substitute_id = :instead"
        " WHERE id = :head"
    )
    facts = {"head": ids["unit_head"], "instead": ids["unit_officer"]}
    await busy.execute(away, since=today, until=today, **facts)
    shown = (await listed(busy, "unit_officer", plan_id))["data"][0]
    stranger = await act(busy, "unit_officer_tdkt", report, "approve")
    returned = await done(busy, "unit_officer", report, "return", {"reason": "Thiếu số liệu"})
    again = await done(busy, "unit_officer", returned, "submit")
    await busy.execute(away, since=today + timedelta(1), until=today + timedelta(9), **facts)
    before = await act(busy, "unit_officer", again, "approve")
    await busy.execute(away, since=today, until=today, **facts)
    approved = await done(busy, "unit_officer", again, "approve")
    assert [each.status_code for each in (early, stranger, before)] == [403, 404, 403]
    assert (shown["allowed"], returned["returned_by"]) == (["approve", "return"], "head")
    assert (approved["status"], "Chuyên viên" in approved["approved_by_name"]) == ("approved", True)


async def test_a_unit_that_was_merged_away_owes_no_report_and_is_not_reminded(busy, plan_id):
    units = await busy.units()
    await finish_one(busy, units["CCHC"])
    await merge(busy)
    await busy.execute("UPDATE plan SET closes_on = :on", on=await busy.today() + timedelta(1))
    office = await listed(busy, "office", plan_id)
    told = await reminded(busy)
    owing = {each["unit_id"] for each in office["data"]}
    month = (await busy.office.get("/v1/office/month")).json()

    assert units["CCHC"] not in owing
    assert units["LĐVL"] in owing, "whoever took its work over reports of it"
    assert units["CCHC"] not in told
    assert units["LĐVL"] in told
    reporting = {unit["unit_id"] for plan in month["reports"] for unit in plan["units"]}
    assert units["CCHC"] not in reporting


async def test_what_a_unit_wrote_before_it_ended_is_read_by_whoever_goes_on_with_its_work(
    busy, plan_id
):
    draft = await begin(busy, plan_id)
    draft = (await write(busy, "unit_officer", draft, proposals="Bổ sung biên chế")).json()
    draft = await done(busy, "unit_officer", draft, "submit")
    draft = await done(busy, "unit_head", draft, "return", {"reason": "Viết lại cho rõ"})
    path = f"/v1/unit_reports/{draft['id']}"
    others = ("unit_officer_ldvl", "unit_officer_tdkt", "office", "auditor")
    before = [(await getattr(busy, who).get(path)).status_code for who in others]
    await merge(busy)
    after = [await getattr(busy, who).get(path) for who in others]
    mine = await begin(busy, plan_id, "unit_officer_ldvl")
    touched = await write(busy, "unit_officer_ldvl", draft, proposals="Khác")
    theirs = await begin(busy, plan_id, "unit_officer_tdkt")

    assert before == [404] * 4
    assert [each.status_code for each in after] == [200, 404, 404, 404]
    assert (after[0].json()["proposals"], after[0].json()["allowed"]) == ("Bổ sung biên chế", [])
    assert after[0].json()["id"] == draft["id"]
    assert (after[0].json()["returned_by"], after[0].json()["return_reason"]) == ("head", None)
    assert [each["id"] for each in mine["earlier"]] == [draft["id"]]
    assert (touched.status_code, theirs["earlier"]) == (403, [])


async def test_a_unit_of_mid_year_owes_a_report_from_its_first_assignment_on(busy, plan_id):
    made = await busy.admin.post(
        "/v1/units", {"code": "MOI", "name": "Phòng mới lập", "kind": "room", "aliases": [],
                      "sort_order": 99, "parent_id": None},
    )  # fmt: skip
    new = made.json()["id"]
    before = {each["unit_id"] for each in (await listed(busy, "office", plan_id))["data"]}
    given = await busy.office.post("/v1/assignments", {
        "plan_id": plan_id, "content": "Việc mới", "lead_unit_ids": [new],
        "deadline_text": "Trước ngày 30/10/2025",
    })  # fmt: skip
    after = {each["unit_id"] for each in (await listed(busy, "office", plan_id))["data"]}

    assert given.status_code == 201, given.text
    assert (new in before, new in after) == (False, True)


async def test_what_a_unit_handed_in_before_it_ended_stays_and_can_only_be_accepted(busy, plan_id):
    approved = await hand_in(busy, plan_id)
    await merge(busy)
    line = next(
        each for each in (await listed(busy, "office", plan_id))["data"]
        if each["id"] == approved["id"]
    )  # fmt: skip
    returned = await act(busy, "office", approved, "return", {"reason": "Thiếu minh chứng"})
    accepted = await act(busy, "office", approved, "accept")

    assert line["allowed"] == ["accept"]
    assert (returned.status_code, returned.json()["code"]) == (409, "unit_report_unit_ended")
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted")


async def test_a_report_that_was_returned_before_its_unit_ended_is_owed_by_nobody(busy, plan_id):
    approved = await hand_in(busy, plan_id)
    await done(busy, "office", approved, "return", {"reason": "Thiếu minh chứng"})
    units = await merge(busy)
    office = await listed(busy, "office", plan_id)
    compiled = (await busy.office.get("/v1/unit_reports/compiled", plan_id=plan_id)).json()

    assert units["CCHC"] not in {each["unit_id"] for each in office["data"]}
    assert units["CCHC"] not in {each["unit_id"] for each in compiled["missing"]}


async def test_under_a_plan_that_another_replaced_nobody_owes_a_report_any_more(busy, plan_id):
    handed_in = await hand_in(busy, plan_id, "unit_officer_ldvl", "unit_head_ldvl")
    draft = await begin(busy, plan_id)
    await finish_one(busy, draft["unit_id"])
    new = await busy.add_plan(active=False, title="Kế hoạch thay thế")
    old = await busy.office.get(f"/v1/plans/{plan_id}")
    listing = (
        await busy.office.get(f"/v1/plans/{plan_id}/carrying", successor_id=new["id"])
    ).json()
    rows = [{"assignment_id": row["assignment_id"]} for row in listing["rows"] if row["proposed"]]
    replaced = await busy.office.post(
        f"/v1/plans/{plan_id}/replace",
        {"successor_id": new["id"], "reason": "Thay kế hoạch", "rows": rows},
        seen=old.json()["version"],
    )  # fmt: skip
    assert replaced.status_code == 200, replaced.text
    refused = [
        await write(busy, "unit_officer", draft, results="Khác"),
        await act(busy, "unit_officer", draft, "submit"),
        await busy.unit_officer_tdkt.post("/v1/unit_reports", {"plan_id": plan_id}),
    ]
    before = await listed(busy, "office", plan_id)
    owing = await listed(busy, "office", new["id"])
    mine = (await busy.unit_officer.get(f"/v1/unit_reports/{draft['id']}")).json()

    assert [answer.json()["code"] for answer in refused] == [
        "unit_report_plan_replaced", "unit_report_plan_replaced", "plan_not_in_force",
    ]  # fmt: skip
    assert [(each["id"], each["allowed"]) for each in before["data"]] == [
        (handed_in["id"], ["accept"])
    ]
    assert (before["missing"], mine["allowed"]) == (0, [])
    assert draft["unit_id"] in {each["unit_id"] for each in owing["data"]}


async def test_a_report_under_a_plan_that_replaced_others_tells_what_was_done_under_them(
    busy, plan_id
):
    units = await busy.units()
    await finish_one(busy, units["CCHC"])
    theirs = {"unit_id": units["TĐKT"], "plan_id": plan_id}
    await busy.execute(
        "UPDATE assignment SET status = 'done', submitted_on = due_on WHERE unit_id = :id",
        id=theirs["unit_id"],
    )
    left = (await busy.office.get("/v1/assignments", status="not_started", **theirs)).json()["data"]
    one = await busy.one(unit_id=units["CCHC"], status="not_started", plan_id=plan_id)
    between = await replaced_by(busy, plan_id, [one["id"]])
    went = (await busy.office.get(f"/v1/assignments/{one['id']}")).json()["carried_to_id"]
    last = await replaced_by(busy, between, [went])
    await busy.execute(
        "UPDATE plan SET closes_on = :on WHERE id = CAST(:id AS uuid)",
        id=last, on=await busy.today() + timedelta(5),
    )  # fmt: skip
    mine, other = await begin(busy, last), await begin(busy, last, "unit_officer_tdkt")
    owing = {each["unit_id"] for each in (await listed(busy, "office", last))["data"]}

    assert left == []
    assert (mine["figures"]["done"], len(mine["figures"]["accepted"])) == (1, 1)
    every = mine["figures"]["all"] + mine["figures"]["undated"]
    assert every == 2, "what was done, and what was carried over to the last plan"
    assert other["figures"]["done"] == other["figures"]["all"] > 0
    assert {units["CCHC"], units["TĐKT"]} <= owing
    assert units["TĐKT"] in await reminded(busy)


async def replaced_by(busy, plan_id: str, rows: list[str]) -> str:
    """Replace a plan by a new one that goes on with these rows; return its id."""
    new = await busy.add_plan(active=False, title="Kế hoạch thay thế")
    seen = (await busy.office.get(f"/v1/plans/{plan_id}")).json()["version"]
    body = {
        "successor_id": new["id"], "reason": "Thay kế hoạch",
        "rows": [{"assignment_id": each} for each in rows],
    }  # fmt: skip
    answer = await busy.office.post(f"/v1/plans/{plan_id}/replace", body, seen=seen)
    assert answer.status_code == 200, answer.text
    return new["id"]
