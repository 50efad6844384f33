"""What lost points, what units propose against it, and what becomes of it."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from tests.tasks.sheets import ROWS, published, tell

PROPOSAL = {
    "year": 2024, "code": "1.1.2", "words": "Rà soát tiến độ từng tháng",
    "deadline_text": "Trước ngày 30/6/2025",
}  # fmt: skip


@pytest.fixture
async def weak(busy):
    """The sheet of 2024 lost points in two rows."""
    await tell(busy, published())
    return busy


async def propose(weak, who="unit_officer", **changed):
    return await getattr(weak, who).post("/v1/measures", {**PROPOSAL, **changed})


async def accept(weak, measure, who="office", *, seen=None, **body):
    plan = (await weak.one())["plan_id"]
    path = f"/v1/measures/{measure['id']}/accept"
    seen = measure["version"] if seen is None else seen
    return await getattr(weak, who).post(path, {"plan_id": plan, **body}, seen=seen)


async def give_back(weak, measure, who="office", reason="Chưa rõ sản phẩm", seen=1):
    path = f"/v1/measures/{measure['id']}/return"
    return await getattr(weak, who).post(path, {"reason": reason}, seen=seen)


async def listed(weak, who="office", **query) -> dict:
    found = await getattr(weak, who).get("/v1/measures", **query)
    assert found.status_code == 200, found.text
    return found.json()


async def lost(weak, **query) -> dict[str, str]:
    return {row["code"]: row["lost"] for row in (await listed(weak, **query))["data"]}


async def test_what_lost_points_stands_in_the_sheets_order_with_no_measure_yet(weak):
    found = await listed(weak, "unit_officer")
    assert [(row["code"], row["lost"], row["missing"]) for row in found["data"]] == [
        ("1.1.2", "0.750000", True), ("2.1.1", "1.000000", True),
    ]  # fmt: skip
    assert (found["year"], found["years"], found["missing"]) == (2024, [2024], 2)
    assert found["allowed"] == ["propose", "name"]


async def test_a_sheet_that_comes_twice_or_late_counts_once(weak):
    improved = [("1.1.1", "Ban hành kế hoạch", "1", "2"), ("1.1.2", "Mức độ", "1.5", "1.5")]
    await tell(weak, published())
    first = await lost(weak)
    await tell(weak, published(5, improved), published(4))
    assert first == {"1.1.2": "0.750000", "2.1.1": "1.000000"}
    assert await lost(weak) == {"1.1.1": "1.000000"}, "what the newer sheet leaves out is not weak"


async def test_what_was_proposed_stays_in_the_list_when_a_newer_sheet_lost_nothing_there(weak):
    measure = (await propose(weak)).json()
    whole = [("1.1.1", "Ban hành kế hoạch", "1", "2"), ("1.1.2", "Mức độ", "1.5", "1.5")]
    await tell(weak, published(5, whole))
    found = await listed(weak)
    month = (await weak.office.get("/v1/office/month")).json()
    shown = {row["code"]: (row["lost"], row["missing"]) for row in found["data"]}
    assert shown == {"1.1.1": ("1.000000", True), "1.1.2": ("0.000000", False)}
    assert [each["id"] for each in found["data"][1]["measures"]] == [measure["id"]]
    assert month["to_decide"]["measures"] == 1, "what the month counts is on the page"
    await give_back(weak, measure)
    assert (await listed(weak))["missing"] == 1, "what is weak no more lacks no measure"


async def test_a_year_that_is_none_is_refused_at_its_place(weak):
    answer = await weak.office.get("/v1/measures", year=99999999999)
    assert (answer.status_code, "year" in answer.json()["detail"]) == (422, True)


async def test_other_bodies_and_other_years_change_nothing(weak):
    await tell(weak, published(9, None), published(1, ROWS[2:], 2023))
    assert await lost(weak) == {"1.1.2": "0.750000", "2.1.1": "1.000000"}
    assert await lost(weak, year=2023) == {"2.1.1": "1.000000"}
    assert (await listed(weak, year=2022))["data"] == []


async def test_a_unit_proposes_what_it_leads_the_office_for_any_unit_and_nobody_else(weak):
    units = await weak.units()
    own = await propose(weak)
    other = await propose(weak, unit_id=units["TĐKT"])
    office = await propose(weak, "office", unit_id=units["TĐKT"])
    assert (own.status_code, own.json()["unit_id"], own.json()["status"]) == (
        201, units["CCHC"], "proposed",
    )  # fmt: skip
    assert other.status_code == 403
    assert (office.status_code, office.json()["unit_id"]) == (201, units["TĐKT"])
    for who in ("director", "auditor", "admin", "appraiser"):
        assert (await propose(weak, who)).status_code == 403, who
    [row, _] = (await listed(weak))["data"]
    assert (row["missing"], len(row["measures"])) == (False, 2)


async def test_what_lost_nothing_and_a_year_without_a_sheet_are_refused_at_their_field(weak):
    strong = (await propose(weak, code="1.1.1")).json()
    unknown = (await propose(weak, year=2019)).json()
    gone = await propose(weak, "office", unit_id="00000000-0000-0000-0000-000000000009")
    assert (strong["errors"][0]["pointer"], "1.1.1" in strong["detail"]) == ("/code", True)
    assert (unknown["errors"][0]["pointer"], "2019" in unknown["detail"]) == ("/year", True)
    assert (gone.status_code, gone.json()["errors"][0]["pointer"]) == (422, "/unit_id")


async def test_an_accepted_measure_is_an_assignment_with_its_source(weak):
    measure = (await propose(weak)).json()
    answer = await accept(weak, measure, number="15a")
    accepted = answer.json()
    read = await weak.unit_officer.get(f"/v1/assignments/{accepted['assignment_id']}")
    made = read.json()
    assert (answer.status_code, accepted["status"], accepted["version"]) == (200, "accepted", 2)
    assert (made["number"], made["content"]) == (
        accepted["assignment_number"], PROPOSAL["words"],
    )  # fmt: skip
    assert (made["due_on"], made["task_number"]) == ("2025-06-29", "15a"), (
        "before is the day before"
    )
    assert made["origin"]["source"]["title"].startswith("Giải pháp khắc phục tiêu chí 1.1.2 mất")
    [event] = await weak.events("measure_accepted")
    state = event["data"]["measure"]
    assert (state["assignment_id"], state["code"], state["year"]) == (made["id"], "1.1.2", 2024)
    assert PROPOSAL["words"] not in str(event), "its words stay here"
    [row, _] = (await listed(weak))["data"]
    assert row["measures"][0]["assignment_status"] == "not_started"


async def test_only_the_office_decides_once_and_having_seen_the_newest(weak):
    measure = (await propose(weak)).json()
    for who in ("unit_head", "director", "auditor"):
        assert (await accept(weak, measure, who)).status_code == 403, who
        assert (await give_back(weak, measure, who)).status_code == 403, who
    unseen = await weak.office.post(f"/v1/measures/{measure['id']}/accept", {})
    stale = await accept(weak, measure, seen=9)
    first = await accept(weak, measure)
    second = await accept(weak, measure, seen=2)
    back = await give_back(weak, measure, seen=2)
    assert (unseen.status_code, stale.status_code, first.status_code) == (428, 412, 200)
    assert (second.status_code, second.json()["code"]) == (409, "measure_accepted")
    assert (back.status_code, back.json()["code"]) == (409, "measure_accepted")
    rows = await weak.rows(
        "SELECT count(*) AS made FROM task WHERE content = :w", w=measure["words"]
    )
    assert rows[0].made == 1


async def test_what_is_returned_says_why_and_leaves_the_criterion_without_a_measure(weak):
    measure = (await propose(weak)).json()
    returned = await give_back(weak, measure)
    [row, _] = (await listed(weak))["data"]
    again = await propose(weak)
    assert (returned.status_code, returned.json()["decision_note"]) == (200, "Chưa rõ sản phẩm")
    assert (row["missing"], row["measures"][0]["status"]) == (True, "returned")
    assert again.status_code == 201
    [event] = await weak.events("measure_returned")
    assert event["data"]["measure"]["version"] == 2


async def test_a_plan_that_is_over_takes_no_measure_and_the_measure_stays_open(weak):
    measure = (await propose(weak)).json()
    await weak.execute("UPDATE plan SET status = 'closed'")
    refused = await accept(weak, measure)
    [row, _] = (await listed(weak))["data"]
    assert refused.status_code == 409
    assert row["measures"][0]["status"] == "proposed"
    assert row["measures"][0]["allowed"] == ["accept", "return"]


async def test_each_act_leaves_a_trace(weak):
    measure = (await propose(weak)).json()
    await accept(weak, measure)
    found = await weak.rows(
        "SELECT action FROM audit_entry WHERE subject_id = :id ORDER BY id", id=measure["id"]
    )
    assert [row.action for row in found] == ["measure.propose", "measure.accept"]


@pytest.mark.parametrize(
    ("status", "code"),
    [("draft", "plan_draft"), ("closed", "plan_closed"), ("cancelled", "plan_cancelled")],
)
async def test_only_a_plan_in_force_takes_a_measure_as_an_instruction(weak, status, code):
    measure = (await propose(weak)).json()
    await weak.execute("UPDATE plan SET status = :status", status=status)
    refused = await accept(weak, measure)
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert "hãy chọn kế hoạch đang có hiệu lực" in refused.json()["detail"]
    assert (await weak.rows("SELECT count(*) AS n FROM task WHERE content = :w",
                            w=PROPOSAL["words"]))[0].n == 0  # fmt: skip


async def test_the_office_words_an_unclear_deadline_anew_while_it_accepts(weak):
    measure = (await propose(weak, deadline_text="Sớm")).json()
    plan = (await weak.one())["plan_id"]
    path = f"/v1/plans/{plan}/deadline_reading"
    unclear = (await weak.office.get(path, words="Sớm")).json()
    clear = (await weak.unit_officer.get(path, words="Quý I, quý III")).json()
    accepted = (await accept(weak, measure, deadline_text="Trước ngày 30/9/2025")).json()
    assert (unclear["certain"], unclear["kind"]) == (False, "needs_person")
    assert unclear["warnings"][0]["message"]
    assert (clear["certain"], [each["due_on"] for each in clear["occurrences"]]) == (
        True, ["2025-03-31", "2025-09-30"],
    )  # fmt: skip
    assert "Quý III/2025" in clear["reading"]
    assert accepted["deadline_text"] == "Trước ngày 30/9/2025"
    assert accepted["assignments"][0]["due_on"] == "2025-09-29"


async def test_a_draft_reads_no_deadline_for_units(weak):
    draft = await weak.add_plan(active=False, year=2026, title="Kế hoạch 2026")
    path = f"/v1/plans/{draft['id']}/deadline_reading"
    assert (await weak.unit_officer.get(path, words="30/6")).status_code == 404
    read = (await weak.office.get(path, words="30/6")).json()
    assert [each["due_on"] for each in read["occurrences"]] == ["2026-06-30"]


# ---------------------------------------------------------------- named by hand

NAMED = {
    "year": 2024, "code": "3.1.2", "name": "Giảm thời gian giải quyết thủ tục",
    "reason": "Chưa có phiếu chấm; tỉnh nhắc trong hội nghị tháng 1",
}  # fmt: skip


async def name(department, who="office", **changed):
    return await getattr(department, who).post("/v1/weak_criteria", {**NAMED, **changed})


async def unname(department, who="office", code=NAMED["code"]):
    return await getattr(department, who).http.delete(f"/v1/weak_criteria/2024/{code}")


async def test_without_a_sheet_the_office_or_a_unit_names_what_is_weak_and_measures_follow(busy):
    before = await listed(busy)
    before_it = await propose(busy, code="3.1.2")
    answer = await name(busy)
    by_unit = await name(busy, "unit_officer", code="3.1.3", name="Khác")
    measure = await propose(busy, code="3.1.2")
    made = (await accept(busy, measure.json())).json()
    found = await listed(busy, "unit_head")
    first = found["data"][0]

    assert (before["year"], before["data"], before["allowed"]) == (None, [], ["propose", "name"])
    assert (before_it.status_code, before_it.json()["errors"][0]["pointer"]) == (422, "/year")
    assert "ghi tiêu chí yếu" in before_it.json()["detail"]
    assert (answer.status_code, by_unit.status_code, measure.status_code) == (201, 201, 201)
    assert (found["year"], found["missing"], found["lost"]) == (2024, 1, "0")
    assert [each["code"] for each in found["data"]] == ["3.1.2", "3.1.3"]
    assert (first["lost"], first["points"], first["reason"]) == (None, None, NAMED["reason"])
    assert first["named_by_name"]
    row = (await busy.office.get(f"/v1/assignments/{made['assignment_id']}")).json()
    source = row["origin"]["source"]["title"]
    assert source.startswith("Giải pháp đối với tiêu chí 3.1.2")
    assert "mất điểm" not in source, "no sheet says so"


async def test_a_sheet_that_comes_later_brings_its_points_and_leaves_the_reason(busy):
    await name(busy)
    await name(busy, code="1.1.1", name="Ban hành kế hoạch")
    await name(busy, code="1.1.2", name="Tên khác")
    await tell(busy, published())
    found = {each["code"]: each for each in (await listed(busy))["data"]}

    assert set(found) == {"1.1.1", "1.1.2", "2.1.1", "3.1.2"}
    assert (found["1.1.1"]["lost"], found["1.1.1"]["max_points"]) == ("0.000000", "2.000000")
    assert (found["1.1.2"]["lost"], found["1.1.2"]["name"]) == (
        "0.750000", "Mức độ hoàn thành kế hoạch",
    )  # fmt: skip
    assert (found["3.1.2"]["lost"], found["3.1.2"]["reason"]) == (None, NAMED["reason"])
    await tell(busy, published(5, [("1.1.2", "Mức độ", "1.5", "1.5")]))
    assert set(await lost_by_hand(busy)) == {"1.1.1", "1.1.2", "3.1.2"}


async def test_a_measure_against_what_a_sheet_lost_nothing_for_does_not_say_that_it_did(weak):
    await name(weak, code="1.1.1")
    made = (await accept(weak, (await propose(weak, code="1.1.1")).json())).json()
    row = (await weak.office.get(f"/v1/assignments/{made['assignment_id']}")).json()
    assert row["origin"]["source"]["title"] == (
        "Giải pháp đối với tiêu chí 1.1.1 được ghi là yếu năm 2024: Ban hành kế hoạch"
    )


async def lost_by_hand(department) -> list[str]:
    return [each["code"] for each in (await listed(department))["data"]]


async def test_what_is_weak_already_and_a_year_to_come_are_refused(weak):
    first = await name(weak)
    again = await name(weak)
    of_sheet = await name(weak, code="1.1.2")
    later = await name(weak, year=(await weak.today()).year + 1)
    silent = await name(weak, code="4.1", reason=" ")
    slashed = await name(weak, code="4/1")
    assert first.status_code == 201
    for refused in (again, of_sheet):
        assert (refused.status_code, refused.json()["code"]) == (409, "weak_criterion_known")
    for refused, pointer in ((later, "/year"), (silent, "/reason"), (slashed, "/code")):
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_what_was_named_by_mistake_is_taken_back_by_its_unit_or_the_office(weak):
    await name(weak, "unit_officer")
    stranger = await unname(weak, "unit_officer_tdkt")
    own = await unname(weak, "unit_head")
    gone = await unname(weak)
    await name(weak)
    await propose(weak, code=NAMED["code"])
    kept = await unname(weak)
    of_sheet = await unname(weak, code="1.1.2")
    lines = await weak.rows("SELECT action FROM audit_entry WHERE action LIKE 'weak%' ORDER BY id")
    assert (stranger.status_code, own.status_code, gone.status_code) == (403, 204, 404)
    assert (kept.status_code, kept.json()["code"]) == (409, "weak_criterion_has_measures")
    assert of_sheet.status_code == 404
    assert [row.action for row in lines] == [
        "weak_criterion.name", "weak_criterion.withdraw", "weak_criterion.name",
    ]  # fmt: skip


async def test_the_months_page_counts_what_was_named_and_has_no_measure(busy):
    await name(busy)
    month = (await busy.office.get("/v1/office/month")).json()["measures"]
    await propose(busy, code=NAMED["code"])
    after = (await busy.office.get("/v1/office/month")).json()["measures"]
    assert (month, after["missing"]) == ({"year": 2024, "missing": 1}, 0)


async def test_the_file_of_measures_has_what_was_named_without_points_and_says_why(weak):
    await name(weak)
    answer = await weak.office.get("/v1/measures.xlsx")
    lines = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    rows = {line[0]: line[2:6] for line in lines}
    assert rows["1.1.2"] == (1.5, 0.75, 0.75, None)
    assert rows[NAMED["code"]] == (None, None, None, NAMED["reason"])
