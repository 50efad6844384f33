"""Rows whose place is not certain: a cell across two columns, a heading that names a unit."""

import pytest
from tests.tasks.appendices import HEAD, codes, document, of_excel, of_word, said, sheet_of, task

MERGED = "ô gộp qua các cột {}, {}: “{}”, chỉ lấy cho cột {}. Kiểm tra lại."


def merged_across(first: int, last: int, *, head=HEAD, **words):
    """A row of a Word table in which these columns are one cell."""
    row = task(1, **words)
    for place in range(first + 1, last + 1):
        row[place] = ""

    def change(made):
        table = made.tables[0]
        table.cell(1, first).merge(table.cell(1, last)).text = row[first]

    return of_word(document([head, row, task(2)], change=change)).rows[0]


def test_a_cell_across_two_meanings_is_taken_for_the_first_and_asked_about():
    row = merged_across(1, 2, content="Lập danh mục vị trí")
    assert (row.content, row.product) == ("Lập danh mục vị trí", "")
    assert said(row) == [MERGED.format("Nhiệm vụ", "Sản phẩm", "Lập danh mục vị trí", "Nhiệm vụ")]


def test_a_cell_across_two_meanings_of_a_sheet_is_asked_about_too():
    head = ["STT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Sản phẩm"]

    def change(book, page):
        page.merge_range(1, 3, 1, 4, "Tháng 9/2026")

    rows = [head, ["1", "Lập danh mục", "Thanh tra Sở", "", ""]]
    row = of_excel(sheet_of(rows, change)).rows[0]
    assert (row.deadline_text, row.product) == ("Tháng 9/2026", "")
    assert codes(row) == ["row_cell_merged"]


def test_a_cell_that_begins_in_a_column_not_taken_is_asked_about():
    head = [*HEAD[:2], "Ghi chú", *HEAD[3:]]
    row = merged_across(2, 3, head=head, product="Văn phòng Sở")
    assert row.lead_text == "Văn phòng Sở"
    assert codes(row) == ["row_cell_merged"]


def test_one_cell_for_those_who_lead_and_those_who_help_says_the_same_of_both():
    row = merged_across(3, 4, lead="Các phòng thuộc Sở")
    assert (row.lead_text, row.remarks) == ("Các phòng thuộc Sở", ())


def numbered(*rows):
    table = [HEAD, *([stt, *task(content)[1:]] for stt, content in rows)]
    return of_word(document(table)).rows


def sections(rows):
    return [(row.stt, row.section, "row_heading_or_task" in codes(row)) for row in rows]


def test_a_row_numbered_as_a_heading_that_names_a_unit_is_both_and_asked_about():
    heading = ["A", "Thể chế", "", "", "", ""]
    table = [HEAD, heading, task(1), ["B", *task("nội vụ")[1:]], task(2), ["C.", *task("x")[1:]]]
    rows = of_word(document(table)).rows
    assert sections(rows) == [
        ("1", "Thể chế", False),
        ("B", "", True),
        ("2", "Lập hồ sơ nội vụ", False),
        ("C", "", True),
    ]
    assert said(rows[1])[0] == (
        "đánh số “B” như đề mục nhưng có đơn vị, thời gian hoặc sản phẩm: đọc là nhiệm vụ và là "
        "đề mục của các dòng dưới. Bỏ dòng này nếu chỉ là đề mục."
    )


def test_a_numeral_before_the_words_counts_like_one_in_its_column():
    table = [HEAD, ["", *task(0, content="IV. Tài chính công")[1:]], task(1)]
    rows = of_word(document(table)).rows
    assert sections(rows) == [("1", "", True), ("1", "Tài chính công", False)]
    assert "“IV”" in said(rows[0])[0]


@pytest.mark.parametrize("numbers", [("I", "II", "III"), ("A", "B", "C"), ("1", "2", "3")])
def test_tasks_that_are_all_numbered_alike_are_no_headings(numbers):
    rows = numbered(*((number, number) for number in numbers))
    assert sections(rows) == [(number, "", False) for number in numbers]
