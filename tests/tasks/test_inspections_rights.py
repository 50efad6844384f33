"""Who sees an inspection, its findings and what repeats: every role is tried."""

from datetime import timedelta
from io import BytesIO

import docx
import pytest
from tests.tasks.inspecting import PATH, act, concluded, conclusion, find, plan, visited

INSPECTED = ("unit_head", "unit_officer")
STRANGERS = ("unit_head_xdcq", "unit_officer_vp", "appraiser", "admin")
READERS = ("office", "director", "auditor")
TEAM = ("unit_head_tdkt", "unit_officer_ldvl", "unit_officer_ncc")
RULE = "/v1/inspection_rule"


async def status(busy, who: str, path: str) -> int:
    return (await getattr(busy, who).get(path)).status_code


async def listed(busy, who: str) -> list[str]:
    return [one["id"] for one in (await getattr(busy, who).get(PATH)).json()["data"]]


@pytest.mark.parametrize("who", INSPECTED)
async def test_an_unannounced_inspection_is_not_there_for_the_unit_until_it_is_visited(busy, who):
    inspection = await plan(busy, method="unannounced")
    path = f"{PATH}/{inspection['id']}"
    before = (await status(busy, who, path), await listed(busy, who))
    docx_before = await status(busy, who, f"{path}/conclusion.docx")
    tried = [
        (await act(busy, inspection, name, {}, who)).status_code
        for name in ("announce", "visit", "findings", "conclude", "cancel")
    ]
    patched = await getattr(busy, who).patch(path, {}, seen=1)
    await act(busy, inspection, "visit", {"visited_on": str(await busy.today())})
    after = (await status(busy, who, path), await listed(busy, who))
    assert before == (404, [])
    assert docx_before == 404
    assert (set(tried), patched.status_code) == ({404}, 404)
    assert after == (200, [inspection["id"]])


async def test_a_cancelled_unannounced_inspection_is_never_there_for_the_unit(busy):
    inspection = await plan(busy, method="unannounced")
    await act(busy, inspection, "cancel", {"reason": "Lộ lịch"})
    assert await status(busy, "unit_head", f"{PATH}/{inspection['id']}") == 404


async def test_no_warning_tells_the_unit_of_an_inspection_it_may_not_know(busy):
    known = await plan(busy)
    hidden = await plan(busy, method="unannounced", body="party_committee")
    to_unit = (await busy.unit_head.get(f"{PATH}/{known['id']}")).json()["warnings"]
    to_office = (await busy.office.get(f"{PATH}/{known['id']}")).json()["warnings"]
    assert to_unit == []
    assert {each["inspection_id"] for each in to_office} == {hidden["id"]}


async def test_strangers_see_nothing_readers_all_and_the_team_theirs(busy):
    inspection = await plan(busy, method="unannounced")
    path = f"{PATH}/{inspection['id']}"
    assert {who: await status(busy, who, path) for who in STRANGERS} == dict.fromkeys(
        STRANGERS, 404
    )
    assert {who: await status(busy, who, path) for who in (*READERS, *TEAM)} == dict.fromkeys(
        (*READERS, *TEAM), 200
    )
    assert {who: await listed(busy, who) for who in STRANGERS} == {who: [] for who in STRANGERS}
    assert await status(busy, "external", path) == 403


async def test_both_bodies_read_findings_at_once_and_the_unit_after_the_conclusion(busy):
    inspection = await visited(busy)
    path = f"{PATH}/{inspection['id']}"
    found = await find(busy, inspection, who="unit_officer_ldvl")
    of_team = (await busy.unit_head_tdkt.get(path)).json()
    of_unit = (await busy.unit_head.get(path)).json()
    assert found.status_code == 201, "one of the team writes down what it found"
    assert (of_team["finding_count"], len(of_team["findings"])) == (1, 1)
    assert (of_unit["finding_count"], of_unit["open_count"], of_unit["findings"]) == (
        None, None, [],
    )  # fmt: skip


async def test_findings_do_not_move_what_the_unit_sees_until_the_conclusion(busy):
    inspection = await visited(busy)
    path = f"{PATH}/{inspection['id']}"

    async def seen(who: str) -> list:
        answers = [await getattr(busy, who).get(each) for each in (path, PATH)]
        return [(each.headers.get("ETag"), each.json()) for each in answers]

    before = {who: await seen(who) for who in INSPECTED}
    for code in ("3.2", "1.1"):
        await find(busy, inspection, criterion_code=code)
    after = {who: await seen(who) for who in INSPECTED}
    (tag, to_office), _ = await seen("office")
    [first, second] = await busy.events("finding_recorded")
    assert after == before
    assert (tag, to_office["version"], inspection["version"]) == ('"5"', 5, 3)
    assert [each["data"]["inspection"]["version"] for each in (first, second)] == [4, 5]


async def test_who_has_not_seen_a_finding_changes_nothing(busy):
    inspection = await visited(busy)
    await find(busy, inspection)
    path = f"{PATH}/{inspection['id']}"
    stale = await busy.office.patch(path, {"records": []}, seen=3)
    fresh = await busy.office.patch(path, {"records": []}, seen=4)
    assert (stale.status_code, stale.headers["ETag"]) == (412, '"4"')
    assert (fresh.status_code, fresh.headers["ETag"]) == (200, '"5"')


async def test_the_unit_reads_findings_and_conclusion_once_concluded(busy):
    inspection = await concluded(busy, "3.2")
    seen = (await busy.unit_officer.get(f"{PATH}/{inspection['id']}")).json()
    assert (seen["finding_count"], seen["findings"][0]["words"]) == (1, "Chậm trả hồ sơ")
    assert seen["conclusion_number"] == "15/TB-SNV"
    assert seen["allowed"] == []


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("unit_head", 403), ("unit_head_tdkt", 403), ("auditor", 403), ("admin", 404),
        ("unit_head_xdcq", 404),
    ],
)  # fmt: skip
async def test_who_sees_an_inspection_does_not_therefore_conclude_it(busy, who, expected):
    inspection = await visited(busy)
    assert (await act(busy, inspection, "conclude", {}, who)).status_code == expected


async def test_who_was_replaced_or_moved_to_the_unit_is_not_of_the_team_any_more(busy):
    inspection = await visited(busy)
    path = f"{PATH}/{inspection['id']}"
    await busy.execute(
        "UPDATE inspection_member SET replaced_because = 'Ốm', replaced_by_id ="
        " (SELECT id FROM person WHERE employee_code = 'unit_officer_ncc') WHERE person_id ="
        " (SELECT id FROM person WHERE employee_code = 'unit_officer_ldvl')"
    )
    await busy.execute(
        "UPDATE person SET unit_id = (SELECT id FROM unit WHERE code = 'CCHC')"
        " WHERE employee_code = 'unit_head_tdkt'"
    )
    await find(busy, inspection)
    moved = (await busy.unit_head_tdkt.get(path)).json()
    assert await status(busy, "unit_officer_ldvl", path) == 404
    assert (moved["finding_count"], moved["findings"]) == (None, [])


# ---------------------------------------------------------------- what repeats


async def weaknesses(busy, who="office", **query) -> list[tuple[str, int]]:
    answer = await getattr(busy, who).get("/v1/repeated_weaknesses", **query)
    assert answer.status_code == 200, answer.text
    return [(each["criterion_code"], each["times"]) for each in answer.json()["data"]]


async def of_last_year(busy, inspection) -> None:
    await busy.execute(
        "UPDATE inspection SET year = year - 1 WHERE id = CAST(:id AS uuid)", id=inspection["id"]
    )


async def test_a_criterion_found_wanting_in_two_years_is_repeated(busy):
    first = await concluded(busy, "3.2", "3.2", "1.1")
    await concluded(busy, "3.2")
    in_one_year = await weaknesses(busy)
    await of_last_year(busy, first)
    again = await visited(busy)
    await find(busy, again, criterion_code="1.1")
    assert in_one_year == [], "two inspections of one year are one period"
    assert await weaknesses(busy) == [("3.2", 2)], "what is not concluded does not count"


async def test_the_same_criterion_is_known_again_however_its_code_was_typed(busy):
    await of_last_year(busy, await concluded(busy, "3.2."))
    again = await visited(busy)
    odd = await find(busy, again, criterion_code="<3.2>")
    typed = await find(busy, again, criterion_code=" ３.２ ")
    await act(busy, again, "conclude", await conclusion(busy, again))
    assert (odd.status_code, odd.json()["errors"][0]["pointer"]) == (422, "/criterion_code")
    assert typed.json()["findings"][0]["criterion_code"] == "3.2"
    assert await weaknesses(busy) == [("3.2", 2)]


async def test_three_inspections_in_two_years_are_two_periods(busy):
    await of_last_year(busy, await concluded(busy, "3.2"))
    await concluded(busy, "3.2")
    await concluded(busy, "3.2")
    [found] = (await busy.office.get("/v1/repeated_weaknesses")).json()["data"]
    assert (found["times"], len(found["inspections"]), found["open_count"]) == (2, 3, 3)


async def test_what_is_repeated_is_data_that_is_changed_with_a_reason(busy):
    await concluded(busy, "3.2")
    await of_last_year(busy, await concluded(busy, "3.2"))
    rule = (await busy.admin.get(RULE)).json()
    body = {"times": 3, "periods": 3, "remediation_days": 30, "reason": "Xét ba năm"}
    before = await weaknesses(busy)
    silent = await busy.admin.put(RULE, {**body, "reason": ""}, seen=1)
    never = await busy.admin.put(RULE, {**body, "periods": 2}, seen=1)
    by_head = await busy.unit_head.put(RULE, body, seen=1)
    changed = await busy.admin.put(RULE, body, seen=rule["version"])
    stale = await busy.office.put(RULE, body, seen=1)
    assert (rule["times"], rule["periods"], rule["remediation_days"]) == (2, 2, 30)
    assert before == [("3.2", 2)]
    assert (silent.status_code, by_head.status_code, stale.status_code) == (422, 403, 412)
    assert (never.status_code, never.json()["errors"][0]["pointer"]) == (422, "/periods")
    assert (changed.status_code, changed.json()["reason"]) == (200, "Xét ba năm")
    assert await weaknesses(busy) == []


async def test_only_director_office_auditor_and_the_units_own_head_read_what_repeats(busy):
    await concluded(busy, "3.2")
    await of_last_year(busy, await concluded(busy, "3.2"))
    units = await busy.units()
    path = "/v1/repeated_weaknesses"
    for who in READERS:
        assert await weaknesses(busy, who, unit_id=units["CCHC"]) == [("3.2", 2)]
    assert await weaknesses(busy, "unit_head") == [("3.2", 2)]
    assert await weaknesses(busy, "unit_head_tdkt") == []
    elsewhere = await busy.unit_head_tdkt.get(path, unit_id=units["CCHC"])
    assert elsewhere.status_code == 403
    shut = ("unit_officer", "appraiser", "admin", "external")
    assert {who: await status(busy, who, path) for who in shut} == dict.fromkeys(shut, 403)


# ---------------------------------------------------------------- the notice


async def test_the_conclusion_notice_says_what_was_found_and_what_is_to_be_done(busy):
    inspection = await concluded(busy, "3.2")
    answer = await busy.unit_head.get(f"{PATH}/{inspection['id']}/conclusion.docx")
    assert answer.status_code == 200, answer.text
    document = docx.Document(BytesIO(answer.content))
    tables = [[cell.text for cell in row.cells] for t in document.tables for row in t.rows]
    words = "\n".join([p.text for p in document.paragraphs] + [c for row in tables for c in row])
    due = await busy.today() + timedelta(days=30)
    for said in (
        "SỞ NỘI VỤ", "Số: 15/TB-SNV", "THÔNG BÁO", "Kết luận kiểm tra tại Phòng Cải cách",
        "Tồn tại: Chậm trả hồ sơ", "Cần khắc phục ngay", f"{due:%d/%m/%Y}",
    ):  # fmt: skip
        assert said in words


async def test_the_notice_says_the_days_that_went_by_and_what_is_to_be_done_in_words(busy):
    inspection = await concluded(busy, "3.2", ends_on=str(await busy.today() + timedelta(days=9)))
    [finding] = inspection["findings"]
    answer = await busy.office.get(f"{PATH}/{inspection['id']}/conclusion.docx")
    document = docx.Document(BytesIO(answer.content))
    words = "\n".join(p.text for p in document.paragraphs)
    cells = [cell.text for t in document.tables for row in t.rows for cell in row.cells]
    today = f"{await busy.today():%d/%m/%Y}"
    assert f"ngày {today}, về: Công tác cải cách hành chính" in words
    assert "đến ngày" not in words, "the letter is of today: no later day has gone by"
    assert finding["remedy"] == "Rà soát quy trình"
    assert f"Rà soát quy trình ({finding['assignment_number']})" in cells


async def test_before_the_conclusion_there_is_no_notice(busy):
    inspection = await visited(busy)
    answer = await busy.office.get(f"{PATH}/{inspection['id']}/conclusion.docx")
    assert (answer.status_code, answer.json()["code"]) == (409, "inspection_not_concluded")
