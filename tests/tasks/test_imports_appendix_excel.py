"""Excel: what a person sees in a cell decides, and what nobody sees is not read in silence."""

import re
from datetime import date, datetime

import pytest
from tests.tasks.appendices import (
    DEADLINE,
    HEAD,
    codes,
    left,
    of_excel,
    parts_changed,
    said,
    sheet_of,
    task,
    tasks,
    workbook,
)

from tasks.imports.appendix.number_formats import show

DAY = date(2026, 8, 5)  # the 5th of August, or the 8th of May to whoever reads it so


def dated(value, form):
    """The row of a sheet whose deadline is this value in this format."""

    def change(book, page):
        page.write_datetime(1, DEADLINE, value, book.add_format({"num_format": form}))

    return of_excel(sheet_of([HEAD, task(1)], change)).rows[0]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("mmm-yy", "Tháng 8/2026"),
        (17, "Tháng 8/2026"),
        ("mm/yyyy", "Tháng 8/2026"),
        ("[$-42A]mmmm yyyy", "Tháng 8/2026"),
        ('"Tháng "m/yyyy', "Tháng 8/2026"),
        ('"Quý III/"yyyy', "Quý III/2026"),
        ("yyyy", "Năm 2026"),
        ("mmmm", "Tháng 8"),
        ("q/yyyy", "Quý III/2026"),
        ("d-mmm", "5/8"),
        ("dd/mm", "5/8"),
        ("dd/mm/yyyy", "05/8/2026"),
        ("d.m.yy", "05/8/2026"),
        ("dd/mm/yyyy;@", "05/8/2026"),
        ("yyyy-mm-dd", "05/8/2026"),
        ("[$-F800]dddd, mmmm dd, yyyy", "05/8/2026"),
        ('"Ngày "dd" tháng "mm" năm "yyyy', "05/8/2026"),
        ('"Trước ngày "dd/mm/yyyy', "Trước ngày 05/08/2026"),
        ("dd/mm/yyyy hh:mm", "05/8/2026"),
    ],
)
def test_a_date_is_what_its_format_shows(form, expected):
    row = dated(DAY, form)
    assert (row.deadline_text, row.remarks) == (expected, ())


def test_an_hour_that_is_shown_is_kept():
    moment = datetime(2026, 8, 5, 16, 30)  # noqa: DTZ001 - a cell has no zone
    assert dated(moment, "dd/mm/yyyy hh:mm").deadline_text == "16h30 ngày 05/8/2026"


@pytest.mark.parametrize("form", ["m/d/yyyy", "mm-dd-yy", "yy/mm/dd", 14])
def test_a_date_that_reads_two_ways_is_left_to_a_person(form):
    row = dated(DAY, form)
    assert row.deadline_text.endswith("(?)")
    assert codes(row) == ["row_date_unsure"]


@pytest.mark.parametrize("form", ["m/d/yyyy", "mm-dd-yy", 14])
def test_a_date_that_reads_one_way_only_is_read(form):
    row = dated(date(2026, 8, 25), form)
    assert (row.deadline_text, row.remarks) == ("25/8/2026", ())


def test_dates_in_the_machines_order_are_sure_where_a_later_one_shows_the_day_first():
    def change(book, page):
        by_machine = book.add_format({"num_format": 14})
        for row, day in enumerate((DAY, date(2026, 8, 25)), start=1):
            page.write_datetime(row, DEADLINE, day, by_machine)

    rows = of_excel(sheet_of([HEAD, task(1), task(2)], change)).rows
    assert [row.deadline_text for row in rows] == ["05/8/2026", "25/8/2026"]
    assert codes(rows[0]) == []


@pytest.mark.parametrize("form", ["dddd", "d", "[h]:mm", "hh:mm"])
def test_a_format_that_says_too_little_warns(form):
    assert codes(dated(DAY, form)) == ["row_format_unsure"]


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("0.95", "0%", "95%"), ("0.905", "0.0%", "90.5%"), ("1.1", "0.00", "1.10"),
        ("3", "00", "03"), ("3", '"Quý "0', "Quý 3"), ("1250000", "#,##0", "1.250.000"),
        ("2026", "General", "2026"),
        ("0.30000000000000004", "General", "0.3"), ("7", "@", "7"), ("12", '0" hồ sơ"', "12 hồ sơ"),
    ],
)  # fmt: skip
def test_other_numbers_are_shown_as_formatted(value, code, expected):
    shown = show(value, 164, code, since_1904=False, day_first=False)
    assert (shown.text, shown.remark) == (expected, None)


@pytest.mark.parametrize("code", [";;;", "# ?/?", "0.00E+00", "0,"])
def test_a_number_that_its_format_hides_or_bends_warns(code):
    shown = show("2500", 164, code, since_1904=False, day_first=False)
    assert shown.text == "2500"
    assert shown.remark.code == "row_format_unsure"


@pytest.mark.parametrize("code", ["0", "0%", "#,##0.00", "General", "@", "0.00E+00", "dd/mm/yyyy"])
@pytest.mark.parametrize("value", ["4E+31", "-2.5E+300", "7E+99999999", "Infinity", "NaN"])
def test_a_number_beyond_all_figures_is_shown_as_stored(value, code):
    shown = show(value, 164, code, since_1904=False, day_first=False)
    assert shown.text == value
    assert code == "dd/mm/yyyy" or shown.remark.code == "row_format_unsure"


def test_a_format_of_more_places_than_a_number_has_warns():
    shown = show("7.5", 164, f"0.{'0' * 40}", since_1904=False, day_first=False)
    assert (shown.text, shown.remark.code) == ("7.5", "row_format_unsure")


def test_one_number_beyond_all_figures_takes_no_other_row_along():
    def change(book, page):
        page.write_number(1, DEADLINE, 4e31, book.add_format({"num_format": "0"}))

    first, second = of_excel(sheet_of([HEAD, task(1), task(2)], change)).rows
    assert (first.deadline_text, codes(first)) == ("4E+31", ["row_format_unsure"])
    assert codes(second) == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Rà_x0000_ soát", "Rà soát"),
        ("Rà soát_xDCE8_ hồ sơ_xD83D_", "Rà soát hồ sơ"),
        ("Rà soát _xD83D__xDCE8_", "Rà soát \U0001f4e8"),
        ("Mẫu _x005F_x0000_", "Mẫu _x0000_"),
    ],
)
def test_escaped_characters_that_are_no_text_are_dropped(written, expected):
    def escaped(_name, part):
        return part.replace("Đã viết".encode(), written.encode())

    content = parts_changed(sheet_of([HEAD, task(1, content="Đã viết")]), escaped)
    [row] = of_excel(content).rows
    assert row.content == expected


def test_days_are_counted_from_1904_where_the_workbook_does():
    def change(name, part):
        return part.replace(b"<workbookPr ", b'<workbookPr date1904="1" ')

    def fill(book, page):
        page.write_number(1, DEADLINE, 44_777, book.add_format({"num_format": "dd/mm/yyyy"}))

    content = sheet_of([HEAD, task(1)], fill)
    assert of_excel(content).rows[0].deadline_text == "04/8/2022"
    assert of_excel(parts_changed(content, change)).rows[0].deadline_text == "05/8/2026"


def test_struck_words_and_struck_cells_are_left_with_a_word():
    def change(book, page):
        old = book.add_format({"font_strikeout": True})
        plain = book.add_format({"bold": True})
        page.write_rich_string(1, DEADLINE, old, "Quý I", plain, " Quý III/2026")
        page.write(2, 4, "Thanh tra Sở", old)

    first, second = of_excel(sheet_of([HEAD, task(1), task(2)], change)).rows
    assert first.deadline_text == "Quý III/2026"
    assert said(first) == ["cột Thời hạn: bỏ qua chữ bị gạch ngang “Quý I”"]
    assert second.coordinating_text == ""
    assert said(second) == ["cột Đơn vị phối hợp: bỏ qua chữ bị gạch ngang “Thanh tra Sở”"]


def test_a_struck_row_is_left_out_whole():
    def change(book, page):
        old = book.add_format({"font_strikeout": True})
        page.write_row(1, 0, task(1), old)

    appendix = of_excel(sheet_of([HEAD, task(1), task(2)], change))
    assert left(appendix) == [("Lập hồ sơ 1", "row_struck")]
    assert [row.stt for row in tasks(appendix)] == ["2"]


def test_a_raised_note_mark_is_no_figure():
    def change(book, page):
        up = book.add_format({"font_script": 1})
        page.write_rich_string(1, DEADLINE, "Tháng 1", up, "2")

    row = of_excel(sheet_of([HEAD, task(1)], change)).rows[0]
    assert (row.deadline_text, codes(row)) == ("Tháng 1", ["row_note_mark"])


@pytest.mark.parametrize("how", ["hidden", "filtered", "flat"])
def test_rows_that_nobody_sees_are_left_out(how):
    def change(book, page):
        if how == "filtered":
            page.autofilter(0, 0, 3, 5)
            page.filter_column(0, "x != 2")
        options = {} if how == "flat" else {"hidden": True}
        page.set_row(2, 0 if how == "flat" else None, None, options)

    appendix = of_excel(sheet_of([HEAD, *map(task, "123")], change))
    assert left(appendix) == [("Lập hồ sơ 2", "row_hidden")]
    assert [row.stt for row in tasks(appendix)] == ["1", "3"]


def test_a_hidden_column_yields_to_the_visible_one_and_is_named():
    rows = [[*HEAD, "Thời hạn mới"], [*task(1, deadline="Quý I"), "Quý IV"]]

    def change(book, page):
        page.set_column(5, 5, None, None, {"hidden": True})

    appendix = of_excel(sheet_of(rows, change))
    assert appendix.rows[0].deadline_text == "Quý IV"
    assert [str(remark.sentence) for remark in appendix.remarks] == [
        "Trang tính “Kế hoạch”: cột ẩn “Thời hạn” không được đọc."
    ]


def test_hidden_sheets_are_seen_and_not_taken():
    def fill(book):
        for name in ("Năm trước", "Năm nay"):
            page = book.add_worksheet(name)
            for number, row in enumerate([HEAD, task(name)]):
                page.write_row(number, 0, row)
        book.get_worksheet_by_name("Năm nay").activate()
        book.get_worksheet_by_name("Năm trước").hide()

    appendix = of_excel(workbook(fill))
    assert [(str(t.place), t.hidden, t.taken, str(t.reason)) for t in appendix.tables] == [
        ("Trang tính “Năm trước” (ẩn)", True, False, "trang tính bị ẩn"),
        ("Trang tính “Năm nay”", False, True, "None"),
    ]
    assert [row.stt for row in appendix.rows] == ["Năm nay"]


def test_formulas_not_calculated_or_failed_are_named():
    def change(book, page):
        page.write_formula(1, DEADLINE, "=B9", None, "#REF!")
        page.write_formula(2, DEADLINE, "=TODAY()", None, "")

    def uncalculated(name, part):
        return part.replace(b"<v></v>", b"").replace(b' t="str"', b"")

    content = parts_changed(sheet_of([HEAD, task(1), task(2)], change), uncalculated)
    first, second = of_excel(content).rows
    assert (first.deadline_text, codes(first)) == ("#REF!", ["row_formula_failed"])
    assert (second.deadline_text, codes(second)) == ("", ["row_not_calculated"])


def test_a_workbook_that_takes_figures_from_another_is_read_and_says_so():
    added = {
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            b'relationships/externalLinkPath" Target="file:///D:/so%20lieu.xlsx" '
            b'TargetMode="External"/></Relationships>'
        ),
    }
    appendix = of_excel(parts_changed(sheet_of([HEAD, task(1)]), lambda _, part: part, **added))
    assert len(appendix.rows) == 1
    assert [remark.code for remark in appendix.remarks] == ["file_linked"]


def test_blank_cells_at_the_end_of_any_sheet_are_nothing():
    def fill(book):
        grey = book.add_format({"bg_color": "#eeeeee"})
        for name in ("Kế hoạch", "Ẩn"):
            page = book.add_worksheet(name)
            page.write_blank(1_048_575, 16_383, None, grey)
            for number, row in enumerate([HEAD, task(1)]):
                page.write_row(number, 0, row)
        page.hide()

    assert len(of_excel(workbook(fill)).rows) == 1


def test_strict_open_xml_is_read_with_its_iso_dates():
    def strict(name: str, part: bytes) -> bytes:
        if name == "xl/worksheets/sheet1.xml":
            day = b'<c r="F2" s="1" t="d"><v>2026-08-05</v></c>'
            part = re.sub(rb'<c r="F2"[^>]*>.*?</c>', day, part)
        return re.sub(
            rb"http://schemas\.openxmlformats\.org/(spreadsheetml|officeDocument)/2006/"
            rb"(main|relationships)",
            rb"http://purl.oclc.org/ooxml/\1/\2",
            part,
        )

    def change(book, page):
        page.write_datetime(1, DEADLINE, DAY, book.add_format({"num_format": "dd/mm/yyyy"}))

    row = of_excel(parts_changed(sheet_of([HEAD, task(1)], change), strict)).rows[0]
    assert row.deadline_text == "05/8/2026"


def test_a_comment_is_told_of_beside_its_cell_a_blank_one_too():
    def change(_book, page):
        page.write_comment(1, DEADLINE, "Lùi sang quý sau")
        page.write_comment(2, 4, "Mời thêm Thanh tra")
        page.write_comment(90, 3, "xa bảng")

    first, second = of_excel(sheet_of([HEAD, task(1), task(2)], change)).rows
    assert said(first) == [
        "cột Thời hạn: có bình luận hoặc ghi chú kèm ô, không nhập: “Lùi sang quý sau”"
    ]
    assert said(second) == [
        "cột Đơn vị phối hợp: có bình luận hoặc ghi chú kèm ô, không nhập: “Mời thêm Thanh tra”"
    ]


def test_a_thread_of_comments_is_quoted_without_what_the_program_says_of_itself():
    own = "[Threaded comment]\n\nYour version of Excel allows you to read this.\n\nComment:\n    "

    def change(_book, page):
        page.write_comment(1, DEADLINE, f"{own}Xem lại ngày")

    [row] = of_excel(sheet_of([HEAD, task(1)], change)).rows
    assert said(row)[0].endswith("không nhập: “Xem lại ngày”")


def test_text_boxes_and_notes_of_a_sheet_are_named():
    def change(book, page):
        page.insert_textbox(5, 1, "Thay thế phụ lục tháng 02")
        page.write_comment(1, 1, "hỏi lại")

    remarks = of_excel(sheet_of([HEAD, task(1)], change)).remarks
    assert [remark.code for remark in remarks] == ["file_commented", "file_text_box"]
    assert "Thay thế phụ lục tháng 02" in str(remarks[1].sentence)


@pytest.mark.parametrize(
    ("form", "words", "seen"),
    [
        ('"Trước ngày "@', "20/8/2026", "Trước ngày 20/8/2026"),
        ('@" (âm lịch)"', "20/8", "20/8 (âm lịch)"),
        ('0;0;0;"Từ "@', "20/8/2026", "Từ 20/8/2026"),
        ('General;General;General;General"/2027"', "20/8", "20/8/2027"),
        ('0"%";@" năm sau"', "Quý I", "Quý I năm sau"),
        ("[Red]@\\ *-", "20/8/2026", "20/8/2026"),
        ('"Tháng "0', "Quý I", "Quý I"),
        ('"Tháng @"0', "Quý I", "Quý I"),
        ("dd/mm/yyyy", "20/8/2026", "20/8/2026"),
    ],
)
def test_words_that_a_format_puts_around_the_words_of_a_cell_are_read(form, words, seen):
    def change(book, page):
        look = book.add_format({"num_format": form})
        page.write_string(1, DEADLINE, words, look)
        page.write_formula(2, DEADLINE, f'="{words}"', look, words)

    rows = of_excel(sheet_of([HEAD, task(1), task(2)], change)).rows
    assert [row.deadline_text for row in rows] == [seen, seen]
    assert [codes(row) for row in rows] == [[], []]


def test_a_unit_that_a_format_adds_is_read_and_words_that_it_hides_are_named():
    def change(book, page):
        page.write_string(1, 3, "Văn phòng", book.add_format({"num_format": '@"; Thanh tra Sở"'}))
        page.write_string(1, DEADLINE, "20/8/2026", book.add_format({"num_format": ";;;"}))

    [row] = of_excel(sheet_of([HEAD, task(1)], change)).rows
    assert (row.lead_text, row.deadline_text) == ("Văn phòng; Thanh tra Sở", "")
    assert said(row) == ["cột Thời hạn: bỏ qua chữ ẩn “20/8/2026”"]
