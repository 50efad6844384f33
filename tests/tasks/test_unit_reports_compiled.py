"""Reports of a plan put together: what the files say is what the API says."""

import time
from io import BytesIO

import docx
import openpyxl
import pytest
from tests.tasks.test_unit_reports_api import begin, done, finish_one, write

from tasks.unit_reports.compiled import COUNTED

SAID = {
    "unit": {"results": "Đã làm xong phần mình.", "measures": "Họp hằng tuần.",
             "proposals": "Cấp thêm máy quét.",
             "difficulties": [{"theme": "staff", "text": "Thiếu người",
                               "cause": "Chưa tuyển dụng"},
                              {"theme": None, "text": "Chưa rõ"}]},
    "ldvl": {"results": "Đã làm xong.", "measures": "", "proposals": "",
             "difficulties": [{"theme": "staff", "text": "Nhiều việc kiêm nhiệm"}]},
}  # fmt: skip


@pytest.fixture
async def plan_id(busy) -> str:
    """The plan of 2025, long past its day: two units have handed in, late."""
    [row] = await busy.rows("SELECT id FROM plan")
    for people in (("unit_officer", "unit_head", "unit"),
                   ("unit_officer_ldvl", "unit_head_ldvl", "ldvl")):  # fmt: skip
        officer, head, said = people
        report = await begin(busy, str(row.id), officer)
        written = await write(busy, officer, report, **SAID[said])
        assert written.status_code == 200, written.text
        submitted = await done(busy, officer, written.json(), "submit")
        await done(busy, head, submitted, "approve")
    return str(row.id)


async def compiled(busy, plan_id) -> dict:
    answer = await busy.office.get("/v1/unit_reports/compiled", plan_id=plan_id)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def file(busy, plan_id, ending, who="office"):
    path = f"/v1/unit_reports/compiled.{ending}"
    return await getattr(busy, who).get(path, plan_id=plan_id)


async def test_difficulties_stand_by_theme_with_the_units_that_named_them(busy, plan_id):
    made = await compiled(busy, plan_id)
    names = {each["unit_id"]: each["unit_name"] for each in made["units"]}
    themes = {each["name"]: [one["text"] for one in each["difficulties"]]
              for each in made["themes"]}  # fmt: skip
    assert set(themes["Nhân lực, kiêm nhiệm"]) == {"Thiếu người", "Nhiều việc kiêm nhiệm"}
    assert "Chưa rõ" in themes["Chưa xếp nhóm"]
    assert list(themes)[-1] == "Chưa xếp nhóm"
    assert len(names) == len(made["late"]) == 2
    assert made["missing"]
    assert all(each["late_days"] > 200 for each in made["missing"])
    assert made["total"] == {
        name: sum(unit["figures"][name] for unit in made["units"]) for name in COUNTED
    }


async def test_the_document_says_what_the_api_says(busy, plan_id):
    made = await compiled(busy, plan_id)
    answer = await file(busy, plan_id, "docx")
    document = docx.Document(BytesIO(answer.content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    [figures] = [table for table in document.tables if len(table.columns) > 10]
    [words] = [table for table in document.tables if len(table.columns) == 5]
    rows = [[cell.text for cell in row.cells] for row in figures.rows]
    own = [[cell.text for cell in row.cells][1:] for row in words.rows[1:]]
    assert answer.status_code == 200
    assert [row[1] for row in rows[1:-1]] == [unit["unit_name"] for unit in made["units"]]
    for row, unit in zip(rows[1:-1], made["units"], strict=True):
        assert [int(cell) for cell in row[2:12]] == [unit["figures"][name] for name in COUNTED]
        assert row[13] == f"Chậm {unit['late_days']} ngày làm việc"
    assert [int(cell) for cell in rows[-1][2:12]] == [made["total"][name] for name in COUNTED]
    for missing in made["missing"]:
        assert missing["unit_name"] in text
    assert own == [
        [unit[name] for name in ("unit_name", "results", "measures", "proposals")]
        for unit in made["units"]
    ]
    assert "Thiếu người. Nguyên nhân: Chưa tuyển dụng" in text
    assert "chậm nhất ngày 29/11/2025 (ngày làm việc cuối 28/11/2025)" in text


async def test_the_sheet_says_what_the_api_says(busy, plan_id):
    made = await compiled(busy, plan_id)
    answer = await file(busy, plan_id, "xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    lines = list(sheet.iter_rows(min_row=6, values_only=True))
    assert [line[0] for line in lines] == [
        each["unit_name"] for each in [*made["units"], *made["missing"]]
    ]
    for line, unit in zip(lines, made["units"], strict=False):
        assert list(line[4:14]) == [unit["figures"][name] for name in COUNTED]
        assert (line[1], line[3]) == ("Chậm", unit["late_days"])
    assert {line[1] for line in lines[2:]} == {"Chưa gửi"}
    assert any("Nguyên nhân: Chưa tuyển dụng" in str(line[15]) for line in lines)
    assert "không phải văn bản chính thức" in sheet["A3"].value


async def test_results_of_a_unit_that_ended_before_it_reported_do_not_disappear(busy, plan_id):
    before = (await compiled(busy, plan_id))["ended"]
    ending = (await busy.units())["TĐKT"]
    await finish_one(busy, ending)
    await busy.execute("UPDATE unit SET active = false WHERE id = :id", id=ending)
    [ended] = (await compiled(busy, plan_id))["ended"]
    document = docx.Document(BytesIO((await file(busy, plan_id, "docx")).content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    content = (await file(busy, plan_id, "xlsx")).content
    sheet = openpyxl.load_workbook(BytesIO(content)).active

    assert before == []
    assert (ended["unit_id"], ended["done"]) == (ending, 1)
    assert "đơn vị đã kết thúc hoạt động" in text
    assert f"{ended['unit_name']}: 1" in text
    last = list(sheet.iter_rows(values_only=True))[-1]
    assert (last[0], last[1], last[5]) == (ended["unit_name"], "Đã kết thúc hoạt động", 1)


async def test_office_director_and_auditor_compile_and_nobody_else(busy, plan_id):
    for ending in ("docx", "xlsx"):
        seen = {
            who: (await file(busy, plan_id, ending, who)).status_code
            for who in ("office", "director", "auditor", "appraiser", "admin", "unit_head",
                        "unit_officer")
        }  # fmt: skip
        assert seen == {
            **dict.fromkeys(("office", "director", "auditor"), 200),
            **dict.fromkeys(("appraiser", "admin", "unit_head", "unit_officer"), 403),
        }


async def test_what_is_returned_leaves_the_figures_and_its_unit_is_missing_again(busy, plan_id):
    before = await compiled(busy, plan_id)
    listed = (await busy.office.get("/v1/unit_reports", plan_id=plan_id)).json()["data"]
    mine = next(each for each in listed if each["handed_in_on"])
    await done(busy, "office", mine, "return", {"reason": "Thiếu số liệu"})
    after = await compiled(busy, plan_id)
    assert len(after["units"]) == len(before["units"]) - 1
    assert mine["unit_id"] in {each["unit_id"] for each in after["missing"]}


async def test_two_hundred_reports_are_one_document_within_ten_seconds(busy, plan_id):
    await busy.execute(
        "INSERT INTO unit (id, version, code, name, kind, aliases, sort_order, active)"
        " SELECT gen_random_uuid(), 1, 'TT-' || n, 'Trung tâm số ' || n, 'centre', '{}', 100 + n,"
        " true FROM generate_series(1, 198) AS n"
    )
    await busy.execute(
        "INSERT INTO unit_report (id, version, plan_id, unit_id, status, figures, drafted, results,"
        " difficulties, measures, proposals, approved_at, due_on, handed_in_on, late_days, on_time)"
        " SELECT gen_random_uuid(), 3, r.plan_id, u.id, 'approved', r.figures, r.drafted,"
        " repeat(r.results || ' ', 20), r.difficulties || r.difficulties || r.difficulties,"
        " repeat('Họp giao ban hằng tuần. ', 20), repeat('Cấp thêm máy quét. ', 20), now(),"
        " r.due_on, r.handed_in_on, 0, true FROM unit u, (SELECT * FROM unit_report WHERE"
        " jsonb_array_length(difficulties) > 1 LIMIT 1) AS r WHERE u.code LIKE 'TT-%'"
    )
    began = time.monotonic()
    answer = await file(busy, plan_id, "docx")
    took = time.monotonic() - began
    made = await compiled(busy, plan_id)
    document = docx.Document(BytesIO(answer.content))
    print(f"200 reports: {took:.2f} s, {len(answer.content):,} bytes")  # noqa: T201
    assert len(made["units"]) == 200
    assert max(len(table.rows) for table in document.tables) == 202
    assert took < 10, f"{took:.1f} s"
