"""Appendices made for a test: a table of words, as .docx or .xlsx, and what was read of it."""

from collections.abc import Callable, Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import xlsxwriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tasks.imports.appendix import Appendix, Choices
from tasks.imports.appendix.reader import read

HEAD = ["STT", "Nhiệm vụ", "Sản phẩm", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn"]
DEADLINE = 5  # its place in HEAD


def task(number, **changed):
    """A row under HEAD."""
    names = ("content", "product", "lead", "coordinating", "deadline")
    usual = (f"Lập hồ sơ {number}", "Tờ trình", "Phòng Người có công", "", "Quý III/2026")
    return [str(number), *(dict(zip(names, usual, strict=True)) | changed).values()]


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        fill(book)
    return target.getvalue()


def sheet_of(rows, change: Callable = lambda _book, _page: None) -> bytes:
    """An .xlsx of one sheet with these rows."""

    def fill(book):
        page = book.add_worksheet("Kế hoạch")
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        change(book, page)

    return workbook(fill)


def document(*tables, change: Callable = lambda _document: None) -> bytes:
    """A .docx with these tables in order; a string between them is a paragraph."""
    made = docx.Document()
    for rows in tables:
        if isinstance(rows, str):
            made.add_paragraph(rows)
            continue
        table = made.add_table(len(rows), max(map(len, rows)))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                table.cell(number, column).text = text
    change(made)
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def paragraph(xml: str):
    """A paragraph of these elements."""
    spaces = nsdecls("w", "wp", "a", "pic", "m")
    more = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return parse_xml(f"<w:p {spaces} {more}>{xml}</w:p>")


def cell_says(*paragraphs: str, row: int = 1, column: int = DEADLINE) -> Callable:
    """A change of a document: the cell of the first table holds paragraphs of this XML."""

    def change(made):
        cell = made.tables[0].cell(row, column)._tc
        for old in list(cell.p_lst):
            cell.remove(old)
        for xml in paragraphs:
            cell.append(paragraph(xml))

    return change


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def parts_changed(content: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    """A copy of an office file with its parts changed by name, and parts added."""
    target = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in added.items():
            new.writestr(name, part)
    return target.getvalue()


def of_word(content: bytes, choices: Choices | None = None) -> Appendix:
    return read(content, "ke_hoach.docx", choices)


def of_excel(content: bytes, choices: Choices | None = None) -> Appendix:
    return read(content, "ke_hoach.xlsx", choices)


def tasks(appendix: Appendix):
    return [row for row in appendix.rows if row.left_out is None]


def left(appendix: Appendix) -> list[tuple[str, str]]:
    """The rows that the reader would leave: their words and why."""
    return [(row.content, row.left_out.code) for row in appendix.rows if row.left_out]


def said(row) -> list[str]:
    """What a row's remarks say in Vietnamese."""
    return [str(remark.sentence) for remark in row.remarks]


def codes(row) -> list[str]:
    return [remark.code for remark in row.remarks]


def titles(appendix: Appendix, field: str) -> Iterable[str]:
    return [c.title for t in appendix.tables if t.taken for c in t.columns if c.field == field]
