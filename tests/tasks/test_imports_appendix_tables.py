"""Shapes of tables departments make: stacked headers, merges, odd numbers, tracked changes."""

from datetime import date
from io import BytesIO

import docx
import pytest
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tasks.imports.appendix.reader import read

HEAD = ["STT", "Tiêu chí", "Nhiệm vụ", "Sản phẩm", "Chủ trì", "Phối hợp", "Thời hạn"]
TASK = ["", "Rà soát", "Rà soát văn bản", "Báo cáo", "Văn phòng Sở", "", "Quý II/2025"]


def excel(rows, merges=()):
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                is_day = isinstance(value, date)
                page.write(number, column, value, *([day] if is_day else []))
        for merge in merges:
            page.merge_range(*merge)
    return read(target.getvalue(), "a.xlsx")


def word(rows, change=lambda _document: None):
    document = docx.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    change(document)
    target = BytesIO()
    document.save(target)
    return read(target.getvalue(), "a.docx")


def numbered(*numbers):
    return [[number, *TASK[1:]] for number in numbers]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([1.0, 2.0, 3.0], ["1", "2", "3"]),
        (["1.", "1.1", "1.a"], ["1", "1.1", "1.a"]),
        (["", "-", "+"], ["1", "2", "3"]),
        (["5", "", "7"], ["5", "2", "7"]),
    ],
)
def test_numbers_are_kept_as_written_and_filled_in_by_position(written, expected):
    assert [row.stt for row in excel([HEAD, *numbered(*written)]).rows] == expected


def test_a_real_date_in_a_cell_is_a_day_in_the_departments_writing():
    row = ["1", *TASK[1:-1], date(2025, 2, 5)]
    assert excel([HEAD, row]).rows[0].deadline_text == "05/02/2025"


def test_sections_are_known_by_numeral_or_by_being_merged_across():
    read_back = excel(
        [HEAD, ["I", "Cải cách thể chế"], *numbered("1"), [], *numbered("2"), ["B.", "Khác"],
         *numbered("3")],
        merges=[(3, 0, 3, 6, "II. Cải cách thủ tục hành chính")],
    )  # fmt: skip
    assert [(row.stt, row.section) for row in read_back.rows] == [
        ("1", "Cải cách thể chế"), ("2", "Cải cách thủ tục hành chính"), ("3", "Khác"),
    ]  # fmt: skip


def test_a_cell_merged_down_counts_for_every_row_and_a_repeated_text_is_no_merge():
    rows = [HEAD, *numbered("1", "2", "3")]
    rows[2][4] = rows[3][4] = ""
    read_back = excel(rows, merges=[(1, 4, 2, 4, "Thanh tra Sở")])
    assert [row.lead_text for row in read_back.rows] == ["Thanh tra Sở", "Thanh tra Sở", ""]


def test_column_numbers_blank_rows_and_a_repeated_header_are_no_tasks():
    columns = [f"({number})" for number in range(1, 8)]
    rows = [["PHỤ LỤC"], [], HEAD, columns, *numbered("1"), [], ["2"], HEAD, *numbered("3")]
    assert [row.stt for row in excel(rows).rows if not row.left_out] == ["1", "3"]


def test_a_task_with_half_its_cells_blank_stays_a_task():
    rows = excel([HEAD, ["1", "", "Việc chưa giao cho ai", "", "", "", ""]]).rows
    assert [(row.content, row.lead_text) for row in rows] == [("Việc chưa giao cho ai", "")]


def test_a_table_with_a_single_column_of_words_takes_it_as_the_task():
    rows = excel([["TT", "Nội dung", "Đơn vị thực hiện", "Thời gian"],
                  ["1", "Báo cáo", "Văn phòng Sở", "Hàng quý"]]).rows  # fmt: skip
    assert (rows[0].content, rows[0].subject_matter) == ("Báo cáo", "")


def test_titles_with_more_words_around_them_are_recognised():
    head = [
        "Số TT", "Nội dung các tiêu chí", "Nhiệm vụ, giải pháp cần thực hiện", "Sản phẩm dự kiến",
        "Phòng được giao chủ trì", "Phối hợp thực hiện", "Thời gian thực hiện (dự kiến)",
    ]  # fmt: skip
    columns = excel([head, *numbered("1")]).tables[0].columns
    assert [column.field for column in columns] == [
        "stt", "subject_matter", "content", "product", "lead", "coordinating", "deadline",
    ]  # fmt: skip


def test_the_appendix_is_found_among_other_tables():
    def letterhead(document):
        body = document.element.body
        other = document.add_table(1, 2)
        other.cell(0, 0).text, other.cell(0, 1).text = "SỞ NỘI VỤ", "CỘNG HÒA"
        body.insert(0, other._tbl)

    assert len(word([HEAD, *numbered("1", "2")], letterhead).rows) == 2


def test_tracked_insertions_are_read_and_deletions_are_not():
    def edit(document):
        paragraph = document.tables[0].cell(1, 6).paragraphs[0]._p
        for run in list(paragraph):
            paragraph.remove(run)
        ns = nsdecls("w")
        paragraph.append(parse_xml(f"<w:del {ns}><w:r><w:delText>Quý I</w:delText></w:r></w:del>"))
        paragraph.append(parse_xml(f"<w:ins {ns}><w:r><w:t>Quý II/2025</w:t></w:r></w:ins>"))

    assert word([HEAD, *numbered("1")], edit).rows[0].deadline_text == "Quý II/2025"


def test_paragraphs_and_line_breaks_of_a_units_cell_stay_apart():
    units = "Văn phòng Sở\nThanh tra Sở"
    row = ["1", *TASK[1:4], units, units, TASK[6]]
    assert word([HEAD, row]).rows[0].lead_text == units
    assert excel([HEAD, row]).rows[0].coordinating_text == units


def test_a_hidden_sheet_is_not_read():
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        old, new = book.add_worksheet("Cũ"), book.add_worksheet("Mới")
        for page, tasks in ((old, 3), (new, 1)):
            for number, row in enumerate([HEAD, *numbered(*range(1, tasks + 1))]):
                page.write_row(number, 0, row)
        new.activate()
        old.hide()
    assert len(read(target.getvalue(), "a.xlsx").rows) == 1
