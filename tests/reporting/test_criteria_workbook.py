"""A set as a workbook or a text: what is written is read again, and every wrong cell is named."""

import asyncio
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import openpyxl
import pytest
import yaml
from hypothesis import given, settings
from tests.reporting.criteria_sets import cell_of, criteria_sets, with_cells

from chassis.errors import ServiceError, TooLarge, UnsupportedMedia
from chassis.i18n import say
from chassis.rules import InputRefused
from reporting.criteria import checker
from reporting.criteria.isolated import _cell, _workbook
from reporting.criteria.lines import read_sheets
from reporting.criteria.uploads import _of_sheets, _of_text, read_file
from reporting.criteria.workbook import workbook_of
from reporting.criteria.written import as_yaml

DEMO = checker.read(
    yaml.safe_load((Path(__file__).parents[2] / "demo" / "criteria_set.yaml").read_text())
)
ROWS, DETAILS, BANDS = "Tiêu chí", "Bậc và mức", "Xếp loại"


def written(whole) -> bytes:
    path = asyncio.run(workbook_of(whole, "vi"))
    try:
        return path.read_bytes()
    finally:
        path.unlink()


@pytest.fixture(scope="module")
def workbook() -> bytes:
    return written(DEMO)


def refused(content: bytes, name: str = "bo.xlsx") -> dict[str, str]:
    with pytest.raises(InputRefused) as found:
        asyncio.run(read_file(content, name))
    return {each.pointer: say(each.sentence) for each in found.value.problems}


@settings(max_examples=60)
@given(criteria_sets())
def test_a_set_that_becomes_a_workbook_is_the_same_set_again(whole):
    assert checker.problems_of(whole) == []
    assert _of_sheets(_workbook(written(whole))["sheets"]) == whole


@settings(max_examples=60)
@given(criteria_sets())
def test_a_set_that_becomes_a_text_is_the_same_set_again(whole):
    assert _of_text(yaml.safe_load(as_yaml(whole))) == whole


def test_the_demo_set_goes_out_and_comes_back_by_both_files(workbook):
    assert asyncio.run(read_file(workbook, "bo.XLSX")) == DEMO
    assert asyncio.run(read_file(as_yaml(DEMO).encode(), "bo.yml")) == DEMO


def test_a_maximum_that_does_not_add_up_is_named_with_its_cell(workbook):
    cell = cell_of(workbook, ROWS, "1.3", "Điểm tối đa")

    found = refused(with_cells(workbook, ROWS, {cell: 2.5}))

    area = cell_of(workbook, ROWS, "1", "Điểm tối đa")
    assert found == {
        f"/{ROWS}/{cell}": f"Trang “{ROWS}”, ô {cell}: 1.3: điểm các phần cộng lại là 2, "
        "khác điểm tối đa 2,5",
        f"/{ROWS}/{area}": f"Trang “{ROWS}”, ô {area}: 1: điểm các phần cộng lại là 12,5, "
        "khác điểm tối đa 12",
    }


@pytest.mark.parametrize(
    ("code", "heading", "value", "said"),
    [
        ("1.1.3", "Sàn tỷ lệ", "nhiều", "“nhiều” không phải là số"),
        ("1.1.2", "Điểm tối đa", "1.000", "“1.000” đọc được hai cách; hãy ghi 1,000 hoặc 1000"),
        ("1.1.3", "Sàn tỷ lệ", "120%", "Sàn tỷ lệ: giá trị không hợp lệ"),
        ("7.4.1", "Sàn tỷ lệ", "0,9", "sàn 0,9 cao hơn mức đủ điểm 0,7"),
        ("1.1.2", "Sàn tỷ lệ", "0,5", "Sàn tỷ lệ: trường này không dùng đến"),
        ("1.1.3", "Sàn tỷ lệ", None, "Sàn tỷ lệ: thiếu trường này"),
        ("1.1.2", "Cách tính điểm", "Theo cảm tính", "chọn một trong: Theo tỷ lệ; Đạt hoặc"),
        ("1.1.2", "Mã", "1.1.1", "mã 1.1.1 bị trùng"),
        ("1.1.2", "Cấp", "Mục", "“Mục” không phải là cấp"),
        ("1.3.2", "Không áp dụng khi", None, "phải nêu khi nào"),
    ],
)
def test_a_cell_that_cannot_be_is_named(workbook, code, heading, value, said):
    cell = cell_of(workbook, ROWS, code, heading)

    found = refused(with_cells(workbook, ROWS, {cell: value}))

    assert said in found[f"/{ROWS}/{cell}"]


def test_all_wrong_cells_of_all_sheets_are_named_at_once(workbook):
    floor = cell_of(workbook, ROWS, "1.1.3", "Sàn tỷ lệ")
    tier = cell_of(workbook, DETAILS, "1.1.1", "Điểm hoặc trọng số")
    content = with_cells(workbook, ROWS, {floor: "x"})
    content = with_cells(content, DETAILS, {tier: "y", "A2": "9.9.9"})
    content = with_cells(content, BANDS, {"B2": "z"})

    found = refused(content)

    assert set(found) >= {f"/{ROWS}/{floor}", f"/{DETAILS}/A2", f"/{BANDS}/B2"}


def test_a_tier_out_of_order_is_named_at_its_own_cell(workbook):
    cell = cell_of(workbook, DETAILS, "1.3.1", "Ngưỡng từ")

    found = refused(with_cells(workbook, DETAILS, {cell: "0,1"}))

    below = f"{cell[0]}{int(cell[1:]) + 1}"
    assert "ngưỡng các bậc (at_least) phải giảm dần" in found[f"/{DETAILS}/{below}"]


def test_columns_may_be_moved_others_added_and_rows_put_above(workbook):
    moved = read_sheets(_workbook(workbook)["sheets"]).data
    sheets = _workbook(workbook)["sheets"]
    sheets[ROWS] = [["Ghi chú của phòng"], [], *([*row[::-1], "của tôi"] for row in sheets[ROWS])]

    assert read_sheets(sheets).data == moved


def test_a_sheet_or_a_column_that_is_missing_is_all_that_is_said(workbook):
    heading = cell_of(workbook, ROWS, "1", "Điểm tối đa")[0] + "1"
    renamed = with_cells(workbook, ROWS, {heading: "Số điểm"})
    book = openpyxl.load_workbook(BytesIO(workbook))
    del book[BANDS]
    lacking = BytesIO()
    book.save(lacking)

    assert list(refused(renamed)) == [f"/{ROWS}/A1"]
    assert "thiếu cột “Điểm tối đa”" in refused(renamed)[f"/{ROWS}/A1"]
    assert list(refused(lacking.getvalue())) == [f"/{BANDS}/A1"]


def test_numbers_are_read_as_people_and_as_excel_write_them(workbook):
    cell = cell_of(workbook, ROWS, "1.1.3", "Sàn tỷ lệ")

    for value in ("0,8", "0.80", "80%", 0.8):
        assert asyncio.run(read_file(with_cells(workbook, ROWS, {cell: value}), "a.xlsx")) == DEMO


def test_a_name_that_would_be_a_formula_stays_words_in_the_file(workbook):
    data = DEMO.as_json()
    data["areas"][0]["name"] = '=HYPERLINK("http://x")'
    whole = checker.read(data)

    content = written(whole)

    assert b"<f>" not in content
    assert asyncio.run(read_file(content, "a.xlsx")).areas[0].name == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("content", "name", "error", "code"),
    [
        (b"x", "bo.docx", UnsupportedMedia, "criteria_file_wrong_kind"),
        (b"PK\x03\x04 no zip", "bo.xlsx", UnsupportedMedia, "criteria_file_unreadable"),
        (b"a: [1", "bo.yaml", UnsupportedMedia, "criteria_file_unreadable"),
        (b"- a list", "bo.yaml", UnsupportedMedia, "criteria_file_unreadable"),
        (b"a: &a [1]\nb: *a", "bo.yaml", UnsupportedMedia, "criteria_file_unreadable"),
        (b"[" * 100_000, "bo.yaml", ServiceError, "criteria_file_unreadable"),
        (b"a" * 5_000_001, "bo.yaml", TooLarge, "criteria_file_too_large"),
    ],
    ids=["kind", "no zip", "no yaml", "a list", "an alias", "deep", "large"],
)
def test_what_is_no_such_file_is_refused(content, name, error, code):
    with pytest.raises(error) as found:
        asyncio.run(read_file(content, name))

    assert found.value.code == code


def test_a_cell_at_the_end_of_the_world_fills_no_memory(workbook):
    with pytest.raises(TooLarge):
        asyncio.run(read_file(with_cells(workbook, ROWS, {"XFD1048576": "x"}), "bo.xlsx"))


def test_a_text_that_does_not_add_up_is_named_with_its_path():
    data = DEMO.as_json()
    data["areas"][0]["max_points"] = "13"

    found = refused(yaml.safe_dump(data, allow_unicode=True).encode(), "bo.yaml")

    assert found["/areas/0/max_points"].startswith("/areas/0/max_points: 1: điểm các phần")


def changed(content: bytes, change) -> bytes:
    book, out = openpyxl.load_workbook(BytesIO(content)), BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def test_a_file_whose_accents_stand_apart_is_read_as_the_same(workbook):
    def apart(book) -> None:
        for sheet in book:
            sheet.title = normalize("NFD", sheet.title)
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if isinstance(cell.value, str):
                    cell.value = normalize("NFD", cell.value)

    assert asyncio.run(read_file(changed(workbook, apart), "bo.xlsx")) == DEMO


@pytest.mark.parametrize("shown", ["#N/A", "=1+1"])
def test_an_error_or_a_formula_without_a_value_is_named_and_not_read_as_blank(workbook, shown):
    cell = cell_of(workbook, ROWS, "1.1.3", "Điểm khi không đạt")

    found = refused(with_cells(workbook, ROWS, {cell: shown}))

    assert list(found) == [f"/{ROWS}/{cell}"]
    assert (
        f"Trang “{ROWS}”, ô {cell}: “{shown}” là lỗi hoặc công thức chưa tính"
        in found[f"/{ROWS}/{cell}"]
    )


def test_two_sheets_of_one_name_are_said_to_be_two(workbook):
    found = refused(changed(workbook, lambda book: book.create_sheet(f"{ROWS.upper()} ")))
    assert found == {
        f"/{ROWS}/A1": f"Trang “{ROWS}”, ô A1: tệp có hai trang cùng tên này; hãy bỏ bớt một"
    }


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (1.1 + 2.2, "3.3"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (12.0, "12"),
        (89.08, "89.08"),
        (1.125, "1,125"),
    ],
)
def test_a_sum_of_excel_is_read_to_the_digits_that_excel_shows(value, read):
    assert _cell(value) == read
