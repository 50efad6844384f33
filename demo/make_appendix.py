"""Make the demo appendix as .docx and .xlsx from appendix.csv: `python demo/make_appendix.py`.

The .docx is laid out as a flat OpenDocument text and written by LibreOffice (`soffice`), so that
the product's reader meets a file its own library did not write. The files are committed; run this
only after appendix.csv changed.
"""

import csv
import math
import shutil
import subprocess
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

HERE = Path(__file__).parent
TITLE = "PHỤ LỤC: NHIỆM VỤ, GIẢI PHÁP DUY TRÌ, NÂNG CAO CHỈ SỐ CCHC VÀ CHỈ SỐ HÀI LÒNG NĂM 2025"
ATTACHED = "(Kèm theo Kế hoạch số …/KH-SNV ngày … tháng … năm 2025 của Sở Nội vụ)"
COMPOSED = "Bảng do dự án soạn để trình diễn, không phải phụ lục chính thức của Sở."
HEAD = [
    "STT", "Tiêu chí/Nội dung", "Giải pháp, nhiệm vụ", "Sản phẩm", "Đơn vị thực hiện", "",
    "Thời gian thực hiện/hoàn thành",
]  # fmt: skip
LEAD, COORDINATING, DEADLINE = 4, 5, 6  # columns
MERGED_LEADS = {"14": 3}  # STT: over so many rows one cell names the lead unit
ROW = '<table:table-row table:style-name="Whole"'
CELL = '<table:table-cell table:style-name="Box"'
WIDTHS = [6, 26, 38, 24, 28, 32, 24]  # characters, of the .xlsx
MANY = 3  # units in a cell from here on stand on lines of their own


@dataclass(frozen=True)
class Row:
    """A line of the csv: a section when the STT is a roman numeral."""

    cells: list[str]

    @property
    def is_section(self) -> bool:
        """Sections have a numeral that is no number."""
        return not self.cells[0].isdigit()


def rows() -> list[Row]:
    """Read the csv; its last column, the composed link to the criteria, is not printed."""
    with (HERE / "appendix.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    return [
        Row([*line[:LEAD], *map(on_lines, line[LEAD:DEADLINE]), line[DEADLINE]]) for line in lines
    ]


def on_lines(units: str) -> str:
    """Put many units of a cell on lines of their own, without semicolons: some departments do."""
    names = units.split("; ")
    return "\n".join(names) if len(names) >= MANY else units


# ------------------------------------------------------------------------------------------ .docx


def make_docx(target: Path) -> None:
    """Write the OpenDocument text and let LibreOffice convert it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{target.stem}.fodt"
        source.write_text(flat_document(rows()), encoding="utf-8")
        soffice = shutil.which("soffice") or "soffice"
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(  # noqa: S603 - our own file, a fixed command
            [soffice, profile, "--headless", "--convert-to", "docx", "--outdir", folder, source],
            check=True,
            timeout=120,
        )
        shutil.copyfile(source.with_suffix(".docx"), target)


def flat_document(lines: list[Row]) -> str:
    """Lay the appendix out: letterhead, titles, the table with a two-row header."""
    template = (HERE / "appendix.fodt.template").read_text(encoding="utf-8")
    body = "".join(odt_row(lines, index) for index in range(len(lines)))
    texts = {"@TITLE@": TITLE, "@ATTACHED@": ATTACHED, "@COMPOSED@": COMPOSED, "@ROWS@": body}
    for name, text in texts.items():
        template = template.replace(name, text)
    return template


def odt_row(lines: list[Row], index: int) -> str:
    """A section merged across the table; or a task, numbered by the word processor itself."""
    row = lines[index]
    if row.is_section:
        title = paragraph(f"{row.cells[0]}. {row.cells[1]}", "Section")
        merged = f'{CELL} table:number-columns-spanned="7">{title}</table:table-cell>'
        return f"{ROW}>{merged}{'<table:covered-table-cell/>' * 6}</table:table-row>"
    number = (
        f'{CELL}><text:list text:style-name="Numbers" text:continue-numbering="true">'
        '<text:list-item><text:p text:style-name="Number"/></text:list-item></text:list>'
        "</table:table-cell>"
    )
    cells = [odt_cell(lines, index, column) for column in range(1, len(HEAD))]
    return f"{ROW}>{number}{''.join(cells)}</table:table-row>"


def odt_cell(lines: list[Row], index: int, column: int) -> str:
    """One cell; the lead unit may be merged over several tasks."""
    text = paragraph(lines[index].cells[column])
    if column == LEAD:
        for stt, height in MERGED_LEADS.items():
            top = next(i for i, row in enumerate(lines) if row.cells[0] == stt)
            if index == top:
                span = f'table:number-rows-spanned="{height}"'
                return f"{CELL} {span}>{text}</table:table-cell>"
            if top < index < top + height:
                return "<table:covered-table-cell/>"
    return f"{CELL}>{text}</table:table-cell>"


def paragraph(text: str, style: str = "Cell") -> str:
    """A paragraph with line breaks."""
    lines = "<text:line-break/>".join(escape(line) for line in text.split("\n"))
    return f'<text:p text:style-name="{style}">{lines}</text:p>'


# ------------------------------------------------------------------------------------------ .xlsx


def make_xlsx(target: Path) -> None:
    """Titles, a two-row header, column numbers, merged sections, one lead merged over rows."""
    with workbook(target) as book:
        sheet, formats = new_sheet(book, "Phụ lục", WIDTHS)
        for line, text in enumerate((TITLE, ATTACHED, COMPOSED)):
            sheet.merge_range(line, 0, line, 6, text, formats["title"])
        two_row_header(sheet, formats["head"], top=4)
        for offset, row in enumerate(rows()):
            write_row(sheet, formats, 7 + offset, row)
            sheet.set_row(7 + offset, height(row.cells))
        sheet.freeze_panes(7, 0)


def height(cells: list[str]) -> float:
    """Points a row needs: its tallest cell, wrapped; a section is one line."""
    lines = [
        sum(math.ceil(len(line) / width) for line in text.split("\n"))
        for text, width in zip(cells, WIDTHS, strict=True)
    ]
    return 15.0 * (max(lines) if cells[LEAD] else 1)


def two_row_header(sheet: xlsxwriter.worksheet.Worksheet, head: object, top: int) -> None:
    """Both unit columns stand under one title; a third line numbers the columns."""
    for column, title in enumerate(HEAD):
        if column not in (LEAD, COORDINATING):
            sheet.merge_range(top, column, top + 1, column, title, head)
        sheet.write_string(top + 2, column, f"({column + 1})", head)
    sheet.merge_range(top, LEAD, top, COORDINATING, HEAD[LEAD], head)
    sheet.write_string(top + 1, LEAD, "Chủ trì", head)
    sheet.write_string(top + 1, COORDINATING, "Phối hợp", head)


def write_row(
    sheet: xlsxwriter.worksheet.Worksheet, formats: dict[str, object], at: int, row: Row
) -> None:
    """STT as a number, a plain date as a real date, everything else as text."""
    stt, *texts = row.cells
    if row.is_section:
        sheet.write_string(at, 0, stt, formats["section"])
        sheet.merge_range(at, 1, at, 6, texts[0], formats["section"])
        return
    sheet.write_number(at, 0, int(stt), formats["cell"])
    for column, text in enumerate(texts, start=1):
        if text == "30/6/2025":
            sheet.write_datetime(at, column, datetime(2025, 6, 30), formats["date"])  # noqa: DTZ001
        elif column != LEAD or stt not in covered_leads():
            sheet.write_string(at, column, text, formats["cell"])
    if stt in MERGED_LEADS:
        sheet.merge_range(
            at, LEAD, at + MERGED_LEADS[stt] - 1, LEAD, row.cells[LEAD], formats["cell"]
        )


def covered_leads() -> set[str]:
    """STTs of the tasks under a merged lead cell."""
    return {
        str(int(stt) + below) for stt, height in MERGED_LEADS.items() for below in range(1, height)
    }


# ------------------------------------------------------------------------- .xlsx, shuffled columns

SHUFFLED = {
    "Thời hạn": DEADLINE, "Cơ quan chủ trì": LEAD, "TT": 0, "Nhiệm vụ, giải pháp": 2, "Tiêu chí": 1,
    "Phối hợp": COORDINATING, "Kết quả/Sản phẩm": 3,
}  # fmt: skip


def make_shuffled(target: Path) -> None:
    """The same tasks, other titles in another order, after a sheet of notes, with untidy text."""
    with workbook(target) as book:
        notes, formats = new_sheet(book, "Ghi chú", [80])
        notes.write_string(0, 0, COMPOSED, formats["cell"])
        sheet, formats = new_sheet(book, "Nhiệm vụ", [20, 26, 6, 36, 24, 30, 22, 10])
        for column, title in enumerate([*SHUFFLED, "Ghi chú"]):
            sheet.write_string(2, column, title, formats["head"])
        for offset, row in enumerate(rows()):
            for column, source in enumerate(SHUFFLED.values()):
                sheet.write_string(3 + offset, column, untidy(row.cells[source]), formats["cell"])


def untidy(text: str) -> str:
    """The same words from another keyboard: decomposed accents, hard spaces, Ð for Đ, en dashes."""
    decomposed = unicodedata.normalize(
        "NFD", text.replace("Đ", "\u00d0").replace(" - ", " \u2013 ")
    )
    return decomposed.replace(" ", "\u00a0", 1)


def new_sheet(
    book: xlsxwriter.Workbook, name: str, widths: list[int]
) -> tuple[xlsxwriter.worksheet.Worksheet, dict[str, object]]:
    """Add a landscape sheet and the formats it uses."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)  # one page wide
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    box = {"font_name": "Times New Roman", "text_wrap": True, "valign": "top", "border": 1}
    strong = box | {"bold": True}
    return sheet, {
        "cell": book.add_format(box),
        "date": book.add_format(box | {"num_format": "d/m/yyyy", "align": "left"}),
        "head": book.add_format(strong | {"align": "center", "valign": "vcenter"}),
        "section": book.add_format(strong | {"bg_color": "#E8EEF7"}),
        "title": book.add_format({"font_name": "Times New Roman", "bold": True, "align": "center"}),
    }


def workbook(target: Path) -> xlsxwriter.Workbook:
    """Open a workbook that comes out the same on every run."""
    book = xlsxwriter.Workbook(target)
    made = datetime.combine(date(2025, 3, 28), datetime.min.time())
    book.set_properties({"title": TITLE, "comments": COMPOSED, "created": made})
    return book


if __name__ == "__main__":
    make_docx(HERE / "phu_luc_2025.docx")
    make_xlsx(HERE / "phu_luc_2025.xlsx")
    make_shuffled(HERE / "phu_luc_2025_xao_cot.xlsx")
