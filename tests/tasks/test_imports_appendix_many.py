"""Several annexes, sheets and tables in one file: each is seen, and read or left with a word."""

import pytest
from tests.tasks.appendices import (
    HEAD,
    codes,
    document,
    of_excel,
    of_word,
    sheet_of,
    task,
    tasks,
    workbook,
)

from tasks.imports.appendix import AppendixRefused, Choices, read_in_subprocess

OTHER_HEAD = ["Thời gian hoàn thành", "Phòng phụ trách", "Hoạt động", "TT"]
RESULTS = [["STT", "Chỉ số", "Điểm tối đa"], ["1", "Chất lượng", "2"]]


def seen(appendix):
    return [(table.id, str(table.place), table.taken, table.rows) for table in appendix.tables]


def numbers(appendix):
    return [(row.table, row.stt) for row in tasks(appendix)]


def test_every_table_with_its_own_header_is_read_whatever_the_order_of_its_columns():
    second = [OTHER_HEAD, ["Tháng 5/2026", "Thanh tra Sở", "Kiểm tra công vụ", "1"]]
    content = document("Phụ lục I", [HEAD, task(1), task(2)], "Phụ lục II", RESULTS, second)
    appendix = of_word(content)
    assert seen(appendix) == [
        ("1", "Bảng 1", True, 2),
        ("2", "Bảng 2", False, 2),
        ("3", "Bảng 3", True, 1),
    ]
    assert numbers(appendix) == [("1", "1"), ("1", "2"), ("3", "1")]
    assert tasks(appendix)[2].lead_text == "Thanh tra Sở"
    assert [row.row_number for row in appendix.rows] == [1, 2, 3]


def test_a_table_that_goes_on_without_its_header_is_read_by_the_one_before():
    rest = [task(3), ["", "II. Việc khác", "", "", "", ""], task(4)]
    appendix = of_word(document([HEAD, task(1), task(2)], "", rest, "(tiếp theo)", [task(5)]))
    assert numbers(appendix) == [("1", "1"), ("1", "2"), ("2", "3"), ("2", "4"), ("3", "5")]
    assert [str(remark.sentence) for remark in appendix.remarks] == [
        "Bảng 2 không có dòng tiêu đề: được đọc tiếp theo bảng trước.",
        "Bảng 3 không có dòng tiêu đề: được đọc tiếp theo bảng trước.",
    ]


def test_numbers_word_writes_by_itself_go_on_in_the_rest_of_a_table():
    rest = [["", *task(3)[1:]]]
    appendix = of_word(document([HEAD, ["", *task(1)[1:]]], "", rest))
    assert numbers(appendix) == [("1", "1"), ("2", "2")]


@pytest.mark.parametrize(
    ("between", "rest"),
    [("Phụ lục II: đã thực hiện", [task(3)]), ("", [task(3)[:4]])],
    ids=["words-between", "another-width"],
)
def test_a_table_without_a_header_that_may_be_something_else_is_left_with_its_reason(between, rest):
    appendix = of_word(document([HEAD, task(1)], between, rest))
    assert [(table.taken, str(table.reason)) for table in appendix.tables] == [
        (True, "None"),
        (False, "không có dòng tiêu đề của bảng nhiệm vụ"),
    ]
    assert appendix.tables[1].opening.startswith("3 Lập hồ sơ 3")
    assert appendix.tables[1].columns[1].sample == "Lập hồ sơ 3"


def test_every_sheet_is_read_and_a_second_header_on_a_sheet_begins_another_table():
    def fill(book):
        first, second = book.add_worksheet("Phụ lục 1"), book.add_worksheet("Phụ lục 2")
        below = [*task(1)[:4], "", "Quý I/2026"]
        rows = [HEAD, task(1), [], OTHER_HEAD, ["Quý II/2026", "Văn phòng Sở", "Tập huấn", "9"]]
        for page, lines in ((first, rows), (second, [HEAD, below])):
            for number, row in enumerate(lines):
                page.write_row(number, 0, row)

    appendix = of_excel(workbook(fill))
    assert seen(appendix) == [
        ("1", "Trang tính “Phụ lục 1”", True, 1),
        ("2", "Trang tính “Phụ lục 1”, từ dòng 4", True, 1),
        ("3", "Trang tính “Phụ lục 2”", True, 1),
    ]
    assert [(row.stt, row.lead_text) for row in tasks(appendix)] == [
        ("1", "Phòng Người có công"),
        ("9", "Văn phòng Sở"),
        ("1", "Phòng Người có công"),
    ]


def test_a_section_does_not_reach_into_the_next_table():
    appendix = of_word(
        document([HEAD, ["I", "Thể chế", *[""] * 4], task(1)], "Phụ lục II", [HEAD, task(1)])
    )
    assert [row.section for row in tasks(appendix)] == ["Thể chế", ""]


def test_the_officer_leaves_a_table_and_takes_another():
    content = document(
        [HEAD, task(1)], "Phụ lục II", [[*RESULTS[0]], *RESULTS[1:]], [HEAD, task(7)]
    )
    appendix = of_word(content, Choices(tables={"1": False}))
    assert numbers(appendix) == [("3", "7")]
    assert str(appendix.tables[0].reason) == "đã chọn không đọc"
    assert of_word(content, Choices(tables={"1": False, "3": False})).rows == ()


def test_the_officer_says_what_the_columns_of_a_table_without_header_mean():
    content = document(
        [HEAD, task(1)], "Kèm theo:", [["Tháng 6", "Văn phòng Sở", "In sổ tay", "?"]]
    )
    choices = Choices({"2": True}, {"2": {1: "deadline", 2: "lead", 3: "content"}})
    row = tasks(of_word(content, choices))[1]
    assert (row.deadline_text, row.lead_text, row.content) == (
        "Tháng 6",
        "Văn phòng Sở",
        "In sổ tay",
    )
    assert codes(row) == ["row_text_beside"]


def test_a_chosen_column_takes_the_meaning_from_the_one_that_had_it():
    rows = [[*HEAD, "Thời hạn mới"], [*task(1, deadline="Quý I"), "Quý IV"]]
    content = sheet_of(rows)
    assert of_excel(content).rows[0].deadline_text == ""
    appendix = of_excel(content, Choices(columns={"1": {7: "deadline"}}))
    assert appendix.rows[0].deadline_text == "Quý IV"
    assert [c.field for c in appendix.tables[0].columns][-2:] == [None, "deadline"]
    assert codes(appendix.rows[0]) == ["row_column_not_read"]


async def test_choices_reach_the_subprocess():
    content = document([HEAD, task(1)], "Phụ lục II", [HEAD, task(2)])
    choices = Choices({"1": False}, {"2": {3: "ignored"}})
    appendix = await read_in_subprocess(content, "ke_hoach.docx", choices)
    assert appendix == of_word(content, choices)
    assert appendix.rows[0].product == ""


def test_a_file_whose_only_table_lacks_a_column_is_refused_naming_hidden_ones_as_such():
    def change(book, page):
        page.set_column(5, 5, None, None, {"hidden": True})

    with pytest.raises(AppendixRefused) as refused:
        of_excel(sheet_of([HEAD, task(1)], change))
    assert str(refused.value.sentence).endswith("Đơn vị phối hợp; Thời hạn (ẩn).")
