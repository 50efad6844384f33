"""Last year's sheet, of a year that was scored elsewhere, read from the sheet's own file."""

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
import xlsxwriter

HEAD = ("Tiêu chí", "Nội dung", "Điểm năm trước", "Điểm tối đa năm trước")


def workbook(*rows: tuple) -> bytes:
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "PHIẾU CHẤM ĐIỂM")
        for number, row in enumerate((HEAD, *rows), 2):
            sheet.write_row(number, 0, row)
    return content.getvalue()


async def upload(opened, content: bytes, who: str = "office"):
    client = await opened.office.client(who)
    headers = {"Idempotency-Key": str(uuid4())}
    path = f"{opened.path()}/last_year/imports"
    return await client.post(path, files={"file": ("phieu.xlsx", content)}, headers=headers)


async def test_last_years_sheet_is_read_from_the_sheets_own_file_filled_in(opened):
    form = openpyxl.load_workbook(
        BytesIO((await opened.office.get("office", f"{opened.path()}.xlsx")).content)
    )
    page = form.active
    heads = {cell.value: cell.column for row in page for cell in row if cell.value}
    below = next(cell.row for row in page for cell in row if cell.value == "Tiêu chí")
    codes = {row[0].value: row[0].row for row in page.iter_rows(min_row=below + 1)}
    for code, points, most in (("1.1.1", 30.5, 44), ("1.1.2", "17,142857", "40")):
        page.cell(codes[code], heads["Điểm năm trước"], points)
        page.cell(codes[code], heads["Điểm tối đa năm trước"], most)
    content = BytesIO()
    form.save(content)

    answer = await upload(opened, content.getvalue())

    assert answer.status_code == 200, answer.text
    rows = {row["code"]: row for row in answer.json()["rows"]}
    assert (rows["1.1.1"]["last_year_score"], rows["1.1.1"]["weak"]) == ("30.500000", True)
    assert rows["1.1.2"]["last_year_score"] == "17.142857"
    assert rows["1.1.3"]["last_year_score"] is None
    assert answer.json()["weak"] == ["1.1.1", "1.1.2"]
    for who in ("unit_head", "appraiser", "director"):
        assert (await upload(opened, content.getvalue(), who)).status_code == 403


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("1.1.2", "", "nhiều", 40), "Dòng 5: «nhiều» không phải là điểm"),
        (("1.1.2", "", -1, 40), "Dòng 5: «-1» không phải là điểm"),
        (("1.1.2", "", "1e9", 40), "Dòng 5: «1e9» không phải là điểm"),
        (("1.1.2", "", "1.000", 40), "Dòng 5: “1.000” đọc được hai cách"),
        (("1.1.2", "", "0,1234567", 40), "Dòng 5: «0,1234567» không phải là điểm"),
        (("1.1.2", "", 20, ""), "Dòng 5: 1.1.2 có «Điểm năm trước» mà thiếu «Điểm tối đa"),
        (("", "Tổng", 20, 40), "Dòng 5: … có «Điểm năm trước» mà thiếu «Tiêu chí»"),
        (("1.1.1", "", 20, 40), "Dòng 5: 1.1.1 đã có ở một dòng trên"),
        (("9.9.9", "", 20, 40), "Không có tiêu chí 9.9.9"),
        (("1.1.2", "", 41, 40), "1.1.2: điểm năm trước (41) lớn hơn"),
    ],
)
async def test_of_a_file_of_last_year_with_one_wrong_row_nothing_is_entered(opened, line, said):
    answer = await upload(opened, workbook(("1.1.1", "", 30, 44), line))
    assert (answer.status_code, answer.json()["code"]) == (422, "last_year_invalid")
    assert said in answer.json()["detail"]
    assert (await opened.row("office", "1.1.1"))["last_year_score"] is None


async def test_a_file_that_says_nothing_of_last_year_is_refused(opened):
    assert "không có dòng nào" in (await upload(opened, workbook())).json()["detail"]
    blank = await upload(opened, workbook(("1.1.1", "Có kế hoạch", "", "")))
    assert blank.json()["code"] == "last_year_invalid"
