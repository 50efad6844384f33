"""Titles of columns: many words for seven meanings, and never a guess between two."""

import pytest
from tests.tasks.appendices import codes, document, of_excel, of_word, said, sheet_of

from tasks.imports.appendix import Choices

BASE = {"TT": "1", "Nhiệm vụ": "Lập danh mục", "Cơ quan chủ trì": "Thanh tra Sở"}


def with_columns(columns):
    return of_excel(sheet_of([list(columns), list(columns.values())]))


def field_of(title, beside):
    columns = with_columns({**beside, title: "chữ"}).tables[0].columns
    return next(column.field for column in columns if column.title == title)


FULL = {**BASE, "Thời hạn": "Quý I"}
NO_LEAD = {"TT": "1", "Nhiệm vụ": "Lập danh mục", "Thời hạn": "Quý I"}
NO_CONTENT = {"TT": "1", "Đơn vị chủ trì": "Thanh tra Sở", "Thời hạn": "Quý I"}


@pytest.mark.parametrize(
    ("field", "beside", "titles"),
    [
        ("stt", NO_LEAD | {"Chủ trì": "x"}, []),
        ("content", NO_CONTENT, ["Nội dung thực hiện", "Tên nhiệm vụ", "Nhiệm vụ trọng tâm",
                                 "Hoạt động", "Chỉ tiêu", "Nội dung"]),
        ("lead", NO_LEAD, ["Bộ phận chủ trì", "Trách nhiệm chủ trì", "Phòng phụ trách",
                           "Cơ quan, đơn vị chủ trì", "Người đứng đầu chịu trách nhiệm"]),
        ("deadline", BASE, ["Thời điểm (dự kiến) hoàn thành", "Thời gian dự kiến hoàn thành",
                            "Hạn xử lý", "Hoàn thành trước ngày", "Tiến độ", "Mốc thời gian",
                            "Thời gian kết thúc"]),
        ("product", FULL, ["Sản phẩm (dự kiến)", "Kết quả (dự kiến)", "Kết quả, sản phẩm"]),
        ("coordinating", FULL, ["Bộ phận phối hợp", "Cơ quan phối hợp"]),
        ("ignored", FULL, ["Nguồn kinh phí", "Văn bản giao nhiệm vụ", "Thời gian bắt đầu",
                           "Thời gian giao", "Kết quả thực hiện năm 2025", "Ngày giao"]),
        (None, FULL, ["Ghi chú", "Địa điểm", "Mức độ ưu tiên"]),
    ],
)  # fmt: skip
def test_real_titles_are_understood(field, beside, titles):
    assert {title: field_of(title, beside) for title in titles} == dict.fromkeys(titles, field)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("Thời gian bắt đầu", "Thời gian kết thúc"),
        ("Thời gian giao", "Hạn xử lý"),
        ("Từ ngày", "Đến ngày"),
        ("Ngày giao", "Thời hạn"),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["begins-first", "ends-first"])
def test_when_it_begins_or_was_given_is_never_the_deadline(begins, ends, turned):
    times = {begins: "01/4/2026", ends: "20/7/2026"}
    if turned:
        times = dict(reversed(times.items()))
    row = with_columns({**BASE, **times}).rows[0]
    assert row.deadline_text == "20/7/2026"
    assert said(row) == [f"cột {begins} không được nhập: “01/4/2026”"]


def test_begin_and_end_below_one_title_are_told_apart():
    rows = [
        ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian", ""],
        ["", "", "", "Bắt đầu", "Kết thúc"],
        ["1", "Lập danh mục", "Thanh tra Sở", "Tháng 2", "Tháng 7"],
    ]

    def change(book, page):
        page.merge_range(0, 3, 0, 4, "Thời gian")

    assert of_excel(sheet_of(rows, change)).rows[0].deadline_text == "Tháng 7"


def test_two_columns_for_the_deadline_are_not_chosen_between():
    times = {"Thời gian thực hiện": "Quý II", "Thời gian hoàn thành": "25/6/2026"}
    appendix = with_columns({**BASE, **times})
    row = appendix.rows[0]
    assert row.deadline_text == ""
    [remark] = said(row)
    assert remark == (
        "không rõ cột nào là Thời gian thực hiện/hoàn thành, chưa lấy cột nào: "
        "“Thời gian thực hiện”: “Quý II”; “Thời gian hoàn thành”: “25/6/2026”. "
        "Chọn cột hoặc ghi lại."
    )
    assert [c.unsure for c in appendix.tables[0].columns] == [False] * 3 + [True] * 2


def test_two_columns_for_the_lead_are_not_chosen_between_but_a_person_yields_to_a_unit():
    two = with_columns({**FULL, "Phòng phụ trách": "Văn phòng Sở"}).rows[0]
    assert (two.lead_text, codes(two)) == ("", ["row_columns_compete"])
    one = with_columns({**FULL, "Người chịu trách nhiệm": "Ông A"}).rows[0]
    assert one.lead_text == "Thanh tra Sở"
    assert said(one) == ["cột Người chịu trách nhiệm không được nhập: “Ông A”"]


def test_of_two_columns_of_work_one_is_taken_and_the_other_named():
    row = with_columns({**FULL, "Giải pháp": "Đặt hàng qua mạng"}).rows[0]
    assert row.content == "Lập danh mục"
    assert said(row) == ["cột Giải pháp không được nhập: “Đặt hàng qua mạng”"]


def test_words_of_columns_that_were_not_understood_are_named_in_their_rows():
    rows = [
        [*FULL, "Ghi chú"],
        [*FULL.values(), "Lùi sang năm sau"],
        [*FULL.values(), "", "chữ lạc"],
    ]
    first, second = of_excel(sheet_of(rows)).rows
    assert said(first) == ["cột Ghi chú không được nhập: “Lùi sang năm sau”"]
    assert said(second) == ["có chữ ngoài các cột có tiêu đề, không được nhập: “chữ lạc”"]


@pytest.mark.parametrize(
    ("title", "words", "code"),
    [
        ("Trạng thái", "Dừng thực hiện", "row_column_not_read"),
        ("Tình trạng thực hiện", "Đang làm", "row_column_not_read"),
        ("Kết quả thực hiện năm 2025", "Xong 50%", "row_column_not_read"),
        ("Kinh phí", "Chuyển sang năm 2027", "row_column_not_read"),
        ("Nguồn kinh phí", "Ngân sách tỉnh", "row_column_ignored"),
        ("Lãnh đạo phụ trách", "Ông Bình", "row_column_ignored"),
        ("Bắt đầu", "Tháng 4", "row_column_ignored"),
    ],
)
def test_each_row_says_what_stands_in_its_columns_that_are_not_taken(title, words, code):
    row = with_columns({**FULL, title: words}).rows[0]
    assert said(row) == [f"cột {title} không được nhập: “{words}”"]
    assert codes(row) == [code]


def test_a_column_that_the_officer_left_is_not_named_in_the_rows():
    columns = {**FULL, "Trạng thái": "Dừng thực hiện"}
    content = sheet_of([list(columns), list(columns.values())])
    row = of_excel(content, Choices(columns={"1": {5: "ignored"}})).rows[0]
    assert row.remarks == ()


def test_quarters_in_columns_of_their_own_are_the_deadline():
    rows = [
        ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "Thời gian hoàn thành", "", "", ""],
        ["", "", "", "Quý I", "Quý II", "Quý III", "Quý IV"],
        ["1", "Việc A", "Thanh tra Sở", "", "x", "", ""],
        ["2", "Việc B", "Thanh tra Sở", "X", "", "", "✓"],
        ["3", "Việc C", "Thanh tra Sở", "", "", "trước 15/8", ""],
    ]

    def change(book, page):
        page.merge_range(0, 3, 0, 6, "Thời gian hoàn thành")

    read = of_excel(sheet_of(rows, change)).rows
    assert [row.deadline_text for row in read] == [
        "Quý II", "Quý I, Quý IV", "Quý III: trước 15/8",
    ]  # fmt: skip
    assert [codes(row) for row in read] == [[], ["row_several_periods"], []]


@pytest.mark.parametrize("title", ["S\nT\nT", "T\nT", "S.T.T"])
def test_a_number_column_titled_letter_below_letter_is_one(title):
    columns = {title if one == "TT" else one: words for one, words in BASE.items()}
    [row] = with_columns({**columns, "Thời hạn": "Quý II"}).rows
    assert row.stt == "1"
    assert codes(row) == []


def test_a_bare_day_under_before_means_before_that_day():
    title = "Hoàn thành trước ngày"
    assert with_columns({**BASE, title: "20/7/2026"}).rows[0].deadline_text == (
        "Trước ngày 20/7/2026"
    )
    assert with_columns({**BASE, title: "Quý II"}).rows[0].deadline_text == "Quý II"


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("ngày 12/4", "Trước ngày 12/4"),
        ("10/3, 10/9", "Trước ngày 10/3, 10/9"),
        ("5/5 và 5/11/2026", "Trước ngày 5/5 và 5/11/2026"),
        ("20 tháng 5 năm 2026", "Trước ngày 20 tháng 5 năm 2026"),
        ("Ngày 02 tháng 8", "Trước ngày 02 tháng 8"),
    ],
)
def test_bare_days_in_any_form_under_before_are_read_with_the_title(words, read):
    [row] = with_columns({**BASE, "Hoàn thành trước": words}).rows
    assert row.deadline_text == read
    assert codes(row) == []


@pytest.mark.parametrize("words", ["Tháng 8", "Quý III/2026", "Hàng quý", "Ngày 15 hàng tháng"])
def test_a_period_under_before_is_asked_about_since_its_last_day_may_not_count(words):
    [row] = with_columns({**BASE, "Hoàn thành trước ngày": words}).rows
    assert row.deadline_text == words
    assert codes(row) == ["row_title_before"]


@pytest.mark.parametrize(
    "words", ["Trước 3/4", "Đến hết quý II", "Chậm nhất tháng 5", "Thường xuyên", "Khi có yêu cầu"]
)
def test_words_that_say_until_when_by_themselves_need_no_title(words):
    [row] = with_columns({**BASE, "Hoàn thành trước": words}).rows
    assert row.deadline_text == words
    assert codes(row) == []


def test_a_title_over_two_columns_of_the_grid_reads_both():
    rows = [
        ["TT", "Nhiệm vụ", "Đơn vị chủ trì", "", "Thời hạn"],
        ["1", "Việc A", "Văn phòng Sở", "Thanh tra Sở", "Quý I"],
        ["2", "Việc B", "Văn phòng Sở", "", "Quý II"],
    ]

    def change(made):
        table = made.tables[0]
        table.cell(0, 2).merge(table.cell(0, 3))
        table.cell(2, 2).merge(table.cell(2, 3))

    read = of_word(document(rows, change=change)).rows
    assert [row.lead_text for row in read] == ["Văn phòng Sở\nThanh tra Sở", "Văn phòng Sở"]
    assert [row.deadline_text for row in read] == ["Quý I", "Quý II"]
