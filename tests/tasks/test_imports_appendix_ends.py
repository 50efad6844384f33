"""Rows that are no tasks: sums, signatures, headings, bare numbers. They are left, not lost."""

import pytest
from tests.tasks.appendices import HEAD, left, of_excel, said, sheet_of, task, tasks


def read_rows(*rows):
    return of_excel(sheet_of([HEAD, *rows]))


def heading(stt, words):
    return [stt, words, "", "", "", ""]


@pytest.mark.parametrize(
    "row",
    [
        ["", "Tổng cộng", "12", "", "", ""],
        ["Tổng cộng: 12 nhiệm vụ", "", "", "", "", ""],
        ["", "TỔNG SỐ", "", "", "", "12"],
        ["Cộng", "", "12", "", "", ""],
    ],
)
def test_sums_are_left_out(row):
    appendix = read_rows(task(1), row)
    assert [code for _, code in left(appendix)] == ["row_sum"]
    assert [one.stt for one in tasks(appendix)] == ["1"]


@pytest.mark.parametrize("merged", [False, True])
@pytest.mark.parametrize(
    "note",
    [
        "Ghi chú: mỗi phòng gửi một bản.",
        "LƯU Ý: phòng mới làm sau.",
        "(*) Theo quy định mới",
        "* Chú thích: số liệu đến hết năm.",
    ],
)
def test_a_note_among_the_rows_is_no_task_and_heads_none(note, merged):
    def across(book, page):
        if merged:
            page.merge_range(3, 0, 3, 5, note, book.add_format())

    rows = [HEAD, heading("I", "CÔNG VIỆC CHUNG"), task(1), [note], task(2), task(3)]
    appendix = of_excel(sheet_of(rows, across))
    assert left(appendix) == [(note, "row_note_line")]
    assert [(row.stt, row.section) for row in tasks(appendix)] == [
        (number, "CÔNG VIỆC CHUNG") for number in "123"
    ]
    assert [row.stt for row in appendix.rows if row.left_out] == [""]


@pytest.mark.parametrize(
    "row",
    [
        task(8, content="Ghi chú: lập danh mục ghi chú"),
        ["", *task(8, content="Lưu ý: nhắc các phòng")[1:]],
        ["8", "Ghi chú: bổ sung hồ sơ", "", "", "", ""],
        ["", "Ghi chú lại mọi hồ sơ", "Sổ", "", "", ""],
    ],
)
def test_a_task_that_begins_like_a_note_stays_one(row):
    assert [one.content for one in tasks(read_rows(row, task(9)))] == [row[1], "Lập hồ sơ 9"]


def test_a_block_of_signatures_is_left_out_to_its_end():
    appendix = read_rows(
        task(1),
        ["", "", "", "", "Khánh Hòa, ngày 12 tháng 01 năm 2026", ""],
        ["", "NGƯỜI LẬP BIỂU", "", "", "KT. GIÁM ĐỐC", ""],
        ["", "", "", "", "PHÓ GIÁM ĐỐC", ""],
        ["", "Trần Thị B", "", "", "Lê Văn C", ""],
        ["", "Nơi nhận:\n- Như trên;\n- Lưu: VT.", "", "", "", ""],
    )
    assert [code for _, code in left(appendix)] == ["row_signature"] * 5
    assert "Lê Văn C" in left(appendix)[3][0]
    assert [row.stt for row in tasks(appendix)] == ["1"]


@pytest.mark.parametrize(
    "row",
    [
        task(8, content="Tổng số hóa hồ sơ người có công"),
        task(8, content="Tổng hợp nhiệm vụ chậm"),
        ["", *task(8, content="Công bố thủ tục hành chính")[1:]],
        task(8, lead="Giám đốc Sở"),
        ["", *task(8, content="Xác nhận hồ sơ")[1:]],
        task(8, deadline="Trước ngày 15 tháng 6 năm 2026"),
    ],
)
def test_tasks_that_sound_like_an_end_stay_tasks(row):
    appendix = read_rows(row, task(9))
    assert left(appendix) == []
    assert len(tasks(appendix)) == 2


def test_a_row_above_its_numbered_parts_is_their_heading():
    appendix = read_rows(
        heading("I", "Thể chế"),
        task("1"),
        heading("2", "Nhóm việc về lưu trữ:"),
        task("2.1"),
        task("2.2"),
        task("3"),
    )
    assert left(appendix) == [("Nhóm việc về lưu trữ:", "row_heading")]
    assert [(row.stt, row.section) for row in tasks(appendix)] == [
        ("1", "Thể chế"),
        ("2.1", "Thể chế / Nhóm việc về lưu trữ"),
        ("2.2", "Thể chế / Nhóm việc về lưu trữ"),
        ("3", "Thể chế"),
    ]


def test_a_row_that_ends_in_a_colon_heads_the_rows_below_it():
    appendix = read_rows(heading("4", "Về đào tạo:"), task("a"), task("-"), task("5"))
    assert left(appendix) == [("Về đào tạo:", "row_heading")]
    assert [row.section for row in tasks(appendix)] == ["Về đào tạo", "Về đào tạo", ""]


def test_a_numbered_row_that_names_a_unit_stays_a_task_above_its_parts():
    appendix = read_rows(task("2"), task("2.1"))
    assert [row.stt for row in tasks(appendix)] == ["2", "2.1"]


def test_a_heading_without_rows_is_named_since_it_may_be_a_task():
    appendix = read_rows(heading("I", "Thể chế"), task(1), heading("II", "Rà soát văn bản"))
    assert left(appendix) == [("Rà soát văn bản", "row_heading")]


@pytest.mark.parametrize(
    "cells", [("", "II. Việc khác"), ("II. Việc khác", ""), ("B)", "Việc khác")]
)
def test_a_heading_is_known_by_its_numeral_wherever_it_stands(cells):
    appendix = read_rows(task(1), [*cells, "", "", "", ""], task(2))
    assert [(row.stt, row.section) for row in appendix.rows] == [("1", ""), ("2", "Việc khác")]


def test_a_heading_that_says_more_than_its_title_is_named_whole():
    rows = [["I", "Thể chế", "", "", "", "", "chờ sắp xếp"], task(1)]
    appendix = of_excel(sheet_of([[*HEAD, "Ghi chú"], *rows]))
    assert left(appendix) == [("Thể chế", "row_heading")]
    assert said(appendix.rows[0]) == ["cột Ghi chú không được nhập: “chờ sắp xếp”"]
    assert tasks(appendix)[0].section == "Thể chế"


def test_a_task_with_cells_merged_across_stays_a_task():
    def change(book, page):
        page.merge_range(2, 3, 2, 5, "Các phòng, đơn vị thực hiện thường xuyên")

    appendix = of_excel(sheet_of([HEAD, task(1), task(2)], change))
    assert [(row.content, row.left_out) for row in appendix.rows] == [
        ("Lập hồ sơ 1", None),
        ("Lập hồ sơ 2", None),
    ]


def test_a_bare_number_is_named():
    appendix = read_rows(task(1), heading("2", ""), task(3))
    assert [(row.stt, row.left_out.code) for row in appendix.rows if row.left_out] == [
        ("2", "row_without_content")
    ]


def test_numbers_of_columns_and_a_header_said_again_are_nothing():
    columns = [f"({number})" for number in range(1, 7)]
    appendix = read_rows(columns, task(1), HEAD, ["A", "B", "1", "2", "3", "4"], task(2))
    assert [row.stt for row in appendix.rows] == ["1", "2"]


def test_positions_fill_in_for_missing_numbers_without_counting_what_is_left_out():
    appendix = read_rows(["-", *task(1)[1:]], heading("", "Nhóm:"), ["", *task(2)[1:]])
    assert [row.stt for row in tasks(appendix)] == ["1", "2"]
