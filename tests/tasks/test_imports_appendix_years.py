"""Years that stand around a row, not in its deadline: used where sure, else asked about."""

from datetime import date

import pytest
from tests.tasks.appendices import HEAD, document, of_excel, of_word, sheet_of, task, workbook

from tasks.deadlines.domain import Frame
from tasks.imports.domain import plan_row
from tasks.imports.unsure import with_unsure_columns

UPPER = ["STT", "Nhiệm vụ", "Chủ trì"]
WORK = ["4", "Chỉnh lý hồ sơ lưu trữ", "Thanh tra Sở"]


def two_rows(upper, lower, cells, *, merged=True):
    """A sheet whose last columns have a title over `lower`; `upper`: title → how many columns."""

    def change(book, page):
        for place, title in enumerate(UPPER if merged else ()):
            page.merge_range(0, place, 1, place, title)
        at = len(UPPER)
        for title, width in upper.items():
            if width > 1:
                page.merge_range(0, at, 0, at + width - 1, title)
            else:
                page.write(0, at, title)
            at += width

    first = ["", "", ""] if not merged else UPPER
    below = UPPER if not merged else ["", "", ""]
    return of_excel(sheet_of([first, [*below, *lower], [*WORK, *cells]], change))


@pytest.fixture
def planned(demo_book, demo_calendar):
    """The first task of an appendix, in a plan of 2025."""
    frame = Frame(2025, date(2025, 11, 29), demo_calendar)

    def plan(appendix):
        raw = next(row for row in with_unsure_columns(appendix) if row.left_out is None)
        return plan_row(raw, demo_book, frame)

    return plan


def asked(row) -> list[str]:
    return [one.code for one in row.warnings if one.code.startswith("row_")]


def due(row) -> list[date | None]:
    return [one.due_on for one in row.deadline.occurrences]


@pytest.mark.parametrize(
    "upper", ["Năm 2026", "Thời gian thực hiện năm 2026", "Kế hoạch năm 2026", "2026"]
)
@pytest.mark.parametrize("merged", [True, False])
def test_a_year_over_quarters_is_the_year_of_the_quarter_ticked(planned, upper, merged):
    cells = ["", "x", "", "x"]
    lower = ["Quý II", "Quý III", "Quý II", "Quý IV"]
    found = two_rows({"Năm 2025": 2, upper: 2}, lower, cells, merged=merged)
    row = planned(found)
    if upper == "2026":  # no word says that it is a year
        assert asked(row)
    else:
        assert (due(row), row.deadline_text) == (
            [date(2025, 9, 30), date(2026, 12, 31)],
            "Quý III/2025, Quý IV/2026",
        )


def test_the_same_month_of_two_years_is_two_columns(planned):
    row = planned(two_rows({"Năm 2025": 2, "Năm 2026": 2}, ["Tháng 3", "Tháng 9"] * 2, "x"))
    assert (row.deadline_text, due(row)) == ("Tháng 3/2025", [date(2025, 3, 31)])


@pytest.mark.parametrize("upper", ["Năm 2026", "Kết quả năm 2024"])
def test_another_year_over_the_deadline_is_asked_about_where_the_cell_names_none(planned, upper):
    titles = ["Bắt đầu", "Thời hạn hoàn thành"]
    row = planned(two_rows({upper: 2}, titles, ["", "Tháng 9"]))
    assert asked(row) == ["row_year_around"]
    assert asked(planned(two_rows({upper: 2}, titles, ["", "20/9/2025"]))) == []
    assert asked(planned(two_rows({upper: 2}, titles, ["", "Thường xuyên"]))) == []


@pytest.mark.parametrize("upper", ["Năm 2025", "Thời gian thực hiện", "Tiến độ theo kế hoạch"])
def test_a_title_above_that_adds_nothing_asks_nothing(planned, upper):
    row = planned(two_rows({upper: 2}, ["Bắt đầu", "Ngày hoàn thành"], ["", "20/9"]))
    assert (asked(row), due(row)) == ([], [date(2025, 9, 20)])


@pytest.mark.parametrize("upper", ["Âm lịch", "Trước", "Giai đoạn 2026-2027", "Lùi hạn", "Đợt 2"])
def test_words_above_the_deadline_that_may_change_it_are_asked_about(planned, upper):
    row = planned(two_rows({upper: 2}, ["Bắt đầu", "Ngày hoàn thành"], ["", "20/9"]))
    assert asked(row) == ["row_column_unsure"]


TITLED = {
    "paragraph": lambda title: of_word(document(title, [HEAD, task(1, deadline="15/8")])),
    "line": lambda title: of_excel(sheet_of([[title], [], HEAD, task(1, deadline="15/8")])),
    "section": lambda title: of_excel(
        sheet_of([HEAD, ["II", title, "", "", "", ""], task(1, deadline="15/8")])
    ),
}


@pytest.mark.parametrize("place", TITLED)
def test_a_title_of_another_year_is_asked_about_and_one_of_the_plans_year_is_not(planned, place):
    def read(title):
        return planned(TITLED[place](title))

    assert asked(read("DANH MỤC NHIỆM VỤ NĂM 2026")) == ["row_year_around"]
    assert asked(read("Nhiệm vụ quý I/2026")) == ["row_year_around"]
    assert asked(read("NHIỆM VỤ NĂM 2024 CHUYỂN SANG NĂM 2025")) == []
    assert asked(read("PHỤ LỤC (kèm theo Kế hoạch ngày 20 tháng 12 năm 2024)")) == []


def test_the_nearest_title_counts_and_prose_is_no_title(planned):
    old, new = "KẾ HOẠCH NĂM 2026", "PHỤ LỤC NHIỆM VỤ NĂM 2025"
    table = [HEAD, task(1, deadline="15/8")]
    assert asked(planned(of_word(document(old, new, table)))) == []
    assert asked(planned(of_word(document(new, old, table)))) == ["row_year_around"]
    prose = "Phát huy những kết quả đã đạt được của năm 2024, các phòng tiếp tục rà soát."
    assert asked(planned(of_word(document(new, prose, table)))) == []


@pytest.mark.parametrize(("name", "codes"), [("KH2026", ["row_year_around"]), ("Năm 2025", [])])
def test_the_name_of_the_sheet_counts_too(planned, name, codes):
    def fill(book):
        page = book.add_worksheet(name)
        for number, row in enumerate([HEAD, task(1, deadline="15/8")]):
            page.write_row(number, 0, row)

    assert asked(planned(of_excel(workbook(fill)))) == codes
