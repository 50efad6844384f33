"""A list as Excel: what the list's own API answers under the same filters, no more and no less."""

import io

import pytest
from openpyxl import load_workbook
from tests.reporting.reports import Reports

from chassis.web import sheets

HEADER = 5  # line of the headings

LISTS = [
    "/v1/criteria_sets", "/v1/blocks", "/v1/bodies", "/v1/score_sheets/2025/bodies",
    "/v1/rankings", "/v1/reports",
]  # fmt: skip


def lines(content: bytes):
    sheet = load_workbook(io.BytesIO(content)).active
    return sheet, [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEADER)]


@pytest.fixture
async def reports(office, consumer) -> Reports:
    made = Reports(office, consumer)
    await made.work()
    return made


@pytest.mark.parametrize("path", LISTS)
async def test_a_sheet_has_as_many_lines_as_its_list(office, reports, path):
    await reports.make()
    listed = (await office.get("office", path)).json()["data"]
    answer = await office.get("office", f"{path}.xlsx")
    assert answer.status_code == 200, answer.text
    sheet, found = lines(answer.content)
    assert len(found) == 1 + len(listed)
    assert all(found[0])
    assert sheet["A1"].value.isupper()
    assert sheet["A2"].value.startswith("Tính đến ")
    assert sheet["A3"].value == "Tất cả, không lọc"


async def test_filters_are_those_of_the_list_and_are_said_in_words(office, reports):
    await reports.make()
    none = await office.get("office", "/v1/reports.xlsx", state="sent", kind="periodic")
    sheet, found = lines(none.content)
    assert len(found) == 1
    assert sheet["A3"].value == "Tình trạng: Đã gửi; Loại báo cáo: periodic"
    some = await office.get("office", "/v1/reports.xlsx", state="draft", q="cai cach")
    assert len(lines(some.content)[1]) == 2
    wrong = await office.get("office", "/v1/reports.xlsx", limit=3)
    assert (wrong.status_code, wrong.json()["code"]) == (400, "query_unknown")


async def test_whoever_sees_less_of_a_list_sees_no_more_in_its_sheet(office, reports):
    report = await reports.make()
    office_sees = lines((await office.get("office", "/v1/reports.xlsx")).content)[1]
    others_see = lines((await office.get("unit_officer", "/v1/reports.xlsx")).content)[1]
    assert (len(office_sees), len(others_see)) == (2, 1)
    await reports.sign(report)
    others_see = lines((await office.get("unit_officer", "/v1/reports.xlsx")).content)[1]
    assert others_see[1][2] == "05/BC-SNV"
    assert (await office.get("external_system", "/v1/reports.xlsx")).status_code == 403


async def test_a_list_of_many_pages_is_one_sheet_with_days_and_words(office, reports):
    for _ in range(3):
        await reports.make()

    whole, sheets.BATCH = sheets.BATCH, 2
    try:
        found = lines((await office.get("office", "/v1/reports.xlsx")).content)[1]
    finally:
        sheets.BATCH = whole
    assert len(found) == 4
    day = found[1][3]
    assert (day.year, day.month, day.day) == (2024, 12, 15)
    assert found[1][5] == "Dự thảo"


async def test_headings_are_said_in_the_readers_language(office, reports):
    client = await office.client("office")
    answer = await client.get("/v1/blocks.xlsx", headers={"Accept-Language": "en"})
    sheet, found = lines(answer.content)
    assert (sheet["A1"].value, found[0][0]) == ("BLOCKS", "Code")
