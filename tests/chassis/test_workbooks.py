"""Workbooks: every text stays one, whatever it begins with, and the file keeps Office's schemas."""

from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from tests.schemas import wrong_with

from chassis.documents.form import FilledSheet, FormColumn, write_form
from chassis.documents.official import Chart
from chassis.documents.official_chart import _workbook
from chassis.documents.sheet import Column, Frame, sheet_response, write_sheets

FORMULAS = ("=1+1", "+84", "-5 việc", "@SUM(A1)", "＝1+1")
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def _rows():
    yield [[text, None] for text in FORMULAS]


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_line_of_a_list_is_a_formula(text):
    frame = Frame(text, NOW, text, [Column(text, 20), Column("Số", 8, "number")])
    path = await write_sheets([("Một", frame, _rows()), ("Hai", frame, _rows())])
    try:
        sheet = load_workbook(path).worksheets[1]
        said = [sheet["A1"], sheet["A3"], sheet["A5"], *sheet["A"][5:]]
        wrong = wrong_with(path.read_bytes(), "xlsx")
    finally:
        path.unlink()

    assert [cell.value for cell in said] == [text, text, text, *FORMULAS]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in said)
    assert wrong == []


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_line_of_a_form_is_a_formula(text):
    columns = [FormColumn(text, 20, (text,)), FormColumn("Tên", 20, needed=False)]
    path = await write_form([FilledSheet("Biểu", columns, [(text, "a")])], "Hướng dẫn", [text])
    try:
        form, guide = load_workbook(path).worksheets
        said = [form["A1"], form["A2"], guide["A1"], guide["C1"], guide["C2"]]
        wrong = wrong_with(path.read_bytes(), "xlsx")
    finally:
        path.unlink()

    assert [cell.value for cell in said] == [text] * 5
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in said)
    assert wrong == []


@pytest.mark.parametrize("text", FORMULAS)
def test_no_label_in_the_workbook_of_a_chart_is_a_formula(tmp_path, text):
    path = tmp_path / "chart.xlsx"
    path.write_bytes(_workbook(Chart("Tên", (text,), ((text, (1.0,)),))))
    sheet = load_workbook(path).active

    assert all(cell.data_type == "s" and cell.quotePrefix for cell in (sheet["A2"], sheet["B1"]))
    assert wrong_with(path.read_bytes(), "xlsx") == []


async def test_a_name_that_is_quoted_in_a_header_ends_it_nowhere(tmp_path):
    path = tmp_path / "a.xlsx"
    disposition = sheet_response(path, 'Báo cáo "A\\/?".xlsx').headers["content-disposition"]

    assert disposition.startswith('attachment; filename="B_o c_o _A____.xlsx"; ')
    assert disposition.endswith("filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%22A%5C/%3F%22.xlsx")
