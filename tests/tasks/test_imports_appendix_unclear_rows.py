"""Rows whose place is not certain: a cell across two columns, a heading that names a unit."""

import pytest
from tests.tasks.appendices import HEAD, codes, document, of_excel, of_word, said, sheet_of, task

from tasks.imports.appendix import AppendixRefused

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


@pytest.mark.parametrize(
    "words", ["LËp kÕ ho¹ch kiÓm tra", "Laäp keá hoaïch kieåm tra", "B¸o c¸o UBND x·, v¨n b¶n"]
)
def test_words_typed_for_an_old_font_are_asked_about(words):
    [row, other] = of_word(document([HEAD, task(1, content=words), task(2)])).rows
    assert "row_legacy_font" in codes(row)
    assert other.remarks == ()


@pytest.mark.parametrize("words", ["Hợp tác với Müller", "Xã Ea H´Leo, buôn K´Đơ", "«Xanh»; 5 m²"])
def test_foreign_names_are_no_old_font(words):
    [row] = of_word(document([HEAD, task(1, content=words)])).rows
    assert row.remarks == ()


def refusal(read, content) -> str:
    with pytest.raises(AppendixRefused) as refused:
        read(content)
    assert refused.value.code == "appendix_no_table"
    return str(refused.value.sentence)


def test_a_file_typed_for_an_old_font_is_refused_with_that_reason():
    head = ["STT", "NhiÖm vô", "§¬n vÞ chñ tr×", "Thêi h¹n"]
    rows = [head, ["1", "LËp kÕ ho¹ch", "V¨n phßng Së", "Quý I"]]
    assert "phông chữ cũ (TCVN3, VNI)" in refusal(of_word, document(rows))
    assert "phông chữ cũ (TCVN3, VNI)" in refusal(of_excel, sheet_of(rows))


@pytest.mark.parametrize("between", [",", ";", "\t", " | "])
def test_rows_that_stand_in_one_cell_each_are_refused_with_that_reason(between):
    rows = [[between.join(row)] for row in (HEAD, task(1), task(2))]
    for found in (refusal(of_excel, sheet_of(rows)), refusal(of_word, document(rows))):
        assert found.startswith("Mỗi dòng của bảng nằm trọn trong một ô: “STT")


def test_words_in_one_column_that_are_no_table_are_not_said_to_be_one():
    rows = [["Đơn vị chủ trì báo cáo"], ["Thời hạn: Quý I"], ["Nhiệm vụ chung"]]
    assert "Không tìm thấy bảng phụ lục" in refusal(of_excel, sheet_of(rows))


@pytest.mark.parametrize("formula", ["=TODAY()+30", "=NOW()", '=TEXT(TODAY(),"dd/mm/yyyy")'])
def test_a_day_that_a_formula_counts_from_today_is_asked_about(formula):
    def change(book, page):
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        value = "20/8/2026" if "TEXT" in formula else 46254
        page.write_formula(1, 5, formula, day, value)
        page.write_formula(2, 5, "=F2+10", day, 46264)
        page.write_formula(3, 0, "=ROW()-1", None, 3)

    rows = of_excel(sheet_of([HEAD, task(1), task(2), task(3)], change)).rows
    assert [codes(row) for row in rows] == [["row_date_changes"], ["row_date_changes"], []]
    assert said(rows[0]) == [
        "cột Thời hạn: công thức tính theo ngày mở tệp (TODAY, NOW), kiểm tra lại: “20/8/2026”"
    ]


def test_formulas_of_a_sheet_that_does_not_ask_for_today_are_taken():
    def change(book, page):
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        page.write_formula(1, 5, "=DATE(2026,8,20)", day, 46254)

    [row] = of_excel(sheet_of([HEAD, task(1)], change)).rows
    assert (row.deadline_text, row.remarks) == ("20/8/2026", ())
