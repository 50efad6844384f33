"""From the lines of a table to task rows: sections, numbers, what is left out and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chassis.words import N_, Sentence
from tasks.imports.appendix import before
from tasks.imports.appendix.columns import SEPARATOR, Column
from tasks.imports.appendix.headers import LABELS
from tasks.imports.appendix.lines import Kind, Line
from tasks.imports.appendix.marks import LEGACY_FONT, is_legacy, quoting, short
from tasks.imports.appendix.model import Cell, Field, distinct
from tasks.imports.appendix.years import ABOVE_COLUMN, IN_HEADING, said_by, years_in
from tasks.imports.domain import MOST_TEXT, RawRow
from tasks.remarks import Remark
from tasks.words import tidy

_NO_STT = frozenset({"", "-", "+", "•", "*"})
_FIELDS: tuple[Field, ...] = (
    "subject_matter", "content", "product", "lead", "coordinating", "deadline",
)  # fmt: skip
# A cell across both says the same of both: a unit that leads does not help itself.
_MAY_SHARE: tuple[set[Field], ...] = ({"subject_matter", "content"}, {"lead", "coordinating"})
_COLUMN_REMARK = N_("cột {column}: {remark}")
COMPETING = N_("không rõ cột nào là {field}, chưa lấy cột nào: {words}. Chọn cột hoặc ghi lại.")
NOT_READ = N_("cột {column} không được nhập: “{words}”")
BESIDE = N_("có chữ ngoài các cột có tiêu đề, không được nhập: “{words}”")
SEVERAL_PERIODS = N_("đánh dấu ở nhiều cột ({words}): đọc là mỗi kỳ một lần. Kiểm tra lại.")
MERGED = N_("ô gộp qua các cột {columns}: “{words}”, chỉ lấy cho cột {first}. Kiểm tra lại.")
HEADS = N_(
    "đánh số “{number}” như đề mục nhưng có đơn vị, thời gian hoặc sản phẩm: đọc là nhiệm vụ và là "
    "đề mục của các dòng dưới. Bỏ dòng này nếu chỉ là đề mục."
)
CUT = N_("cột {column}: dài quá {most} ký tự, phần sau bị cắt. Xem lại trong tệp.")

Left = Literal["hidden", "struck", "heading", "sum", "signature", "note", "number"]
_REASONS: dict[Left, tuple[str, str]] = {
    "hidden": ("row_hidden", N_("dòng bị ẩn trong tệp")),
    "struck": ("row_struck", N_("cả dòng bị gạch ngang hoặc bị ẩn chữ")),
    "heading": ("row_heading", N_("dòng tiêu đề nhóm, không phải nhiệm vụ")),
    "sum": ("row_sum", N_("dòng tổng cộng, không phải nhiệm vụ")),
    "signature": ("row_signature", N_("phần ký tên, nơi nhận dưới bảng")),
    "note": ("row_note_line", N_("dòng ghi chú của bảng, không phải nhiệm vụ")),
    "number": ("row_without_content", N_("dòng chỉ có số thứ tự, không có nội dung")),
}


@dataclass(slots=True)
class Numbering:
    """Counts that go on from one part of a table to the next. `section`: the heading above."""

    rows: int = 0
    tasks: int = 0
    section: str = ""
    group: str = ""
    group_stt: str = ""
    ended: bool = False

    def begin_table(self) -> None:
        """Begin a table that continues none."""
        self.tasks, self.section, self.ended = 0, "", False
        self.leave_group()

    def leave_group(self) -> None:
        """Go on outside of the numbered group."""
        self.group = self.group_stt = ""

    @property
    def heading(self) -> str:
        """Return the headings above a row."""
        return SEPARATOR.join(part for part in (self.section, self.group) if part)


def rows_of(
    table: str, lines: Sequence[Line], numbering: Numbering, around: tuple[Remark, ...] = ()
) -> Iterator[RawRow]:
    """Go through a table's rows, those left out too. `around`: remarks that concern every row."""
    may_head = any(line.kind == "task" and not line.numbered_as_heading for line in lines)
    for line, below in zip(lines, _below(lines), strict=True):
        left = _judge(line, below, numbering)
        if left == "section":
            continue
        numbering.rows += 1
        numbering.tasks += left is None
        if left is None and may_head and line.numbered_as_heading:
            row = _heading_row(table, line, numbering)
        else:
            row = _row(table, line, numbering, left)
        yield replace(row, remarks=(*_years(line, row.section, around), *row.remarks))


def _heading_row(table: str, line: Line, numbering: Numbering) -> RawRow:
    """Take a row that may be a heading or a task as both, and ask."""
    numbering.section = ""
    numbering.leave_group()
    row = _row(table, line, numbering, None)
    numbering.section = line.title
    remark = Remark("row_heading_or_task", Sentence(HEADS, {"number": line.numeral}))
    return replace(row, remarks=(remark, *row.remarks))


def _below(lines: Sequence[Line]) -> list[Line | None]:
    """Return for each line the next one that is not hidden."""
    found: list[Line | None] = []
    below: Line | None = None
    for line in reversed(lines):
        found.append(below)
        below = below if line.hidden else line
    return found[::-1]


def _judge(
    line: Line, below: Line | None, numbering: Numbering
) -> Left | Literal["section"] | None:
    """Say why the row would be left, None for a task; headings count for the rows below."""
    if line.hidden:
        return "hidden"
    kind = line.kind
    numbered = line.stt[:1].isdigit()
    if kind == "signature" or (numbering.ended and not numbered and kind == "task"):
        numbering.ended = True
        return "signature"
    if kind == "section":
        numbering.section = line.title
        numbering.leave_group()
        carried = line.says_one_thing and below is not None and _holds(below.kind)
        return "section" if carried else "heading"
    if kind != "task":
        return kind
    return _judge_task(line, below, numbering)


def _holds(kind: Kind) -> bool:
    """Say whether a section has something: rows that carry its title."""
    return kind in ("task", "number", "struck")


def _judge_task(line: Line, below: Line | None, numbering: Numbering) -> Left | None:
    if below and _opens_group(line, below):
        numbering.group, numbering.group_stt = line.title.rstrip(" :"), line.stt
        return "heading"
    beside = numbering.group_stt[:1].isdigit() and line.stt[:1].isdigit()
    if beside and not line.stt.startswith(f"{numbering.group_stt}."):
        numbering.leave_group()
    return None


def _opens_group(line: Line, below: Line) -> bool:
    """A row without unit, time and product above "3.1", or one that ends in a colon."""
    if line.has_work or below.kind != "task":
        return False
    numbered = line.stt[:1].isdigit() and below.stt.startswith(f"{line.stt}.")
    return numbered or line.text("content").endswith(":")


def _row(table: str, line: Line, numbering: Numbering, left: Left | None) -> RawRow:
    texts = {field: line.text(field) for field in _FIELDS} | dict.fromkeys(_shared(line), "")
    below, stt = left in ("sum", "signature", "note"), line.stt
    if below or stt in _NO_STT:
        stt = str(numbering.tasks) if left is None else ""
    reason = Remark(_REASONS[left][0], Sentence(_REASONS[left][1])) if left else None
    if below or (left and not texts["content"]):
        texts["content"] = _everything(line)
    bounded = {field: text[:MOST_TEXT] for field, text in texts.items()}
    return RawRow(
        row_number=numbering.rows,
        stt=stt[:MOST_TEXT],
        section=numbering.heading[:MOST_TEXT] if left != "heading" else "",
        subject_matter=_one_line(bounded["subject_matter"]),
        content=_one_line(bounded["content"]),
        product=_one_line(bounded["product"]),
        lead_text=bounded["lead"],  # line breaks separate units here
        coordinating_text=bounded["coordinating"],
        deadline_text=bounded["deadline"],
        table=table,
        left_out=reason,
        remarks=tuple(_remarks(line, {**texts, "stt": stt})),
    )


def _everything(line: Line) -> str:
    return " ".join(text for cell in distinct(line.row) if (text := line.said(cell)))


def _one_line(text: str) -> str:
    return tidy(text).replace("\n", " ")


# ---------------------------------------------------------------- what a person should know


def _remarks(line: Line, texts: dict[Field, str]) -> Iterator[Remark]:
    for column in line.header.columns:
        if column.field not in (None, "ignored"):
            yield from _of_cells(line, column)
    for field in ("lead", "deadline"):
        yield from _competing(line, field)
    yield from before.unsure((one, line.words(one)) for one in line.header.of("deadline"))
    yield from _merged(line)
    yield from _several_periods(line)
    yield from _not_read(line)
    words = " ".join(texts.values())
    yield from quoting("row_legacy_font", LEGACY_FONT, [words] if is_legacy(words) else [])
    for field, text in texts.items():
        if len(text) > MOST_TEXT:
            facts = {"column": Sentence(LABELS[field]), "most": MOST_TEXT}
            yield Remark("row_text_cut", Sentence(CUT, facts))


def _years(line: Line, section: str, around: tuple[Remark, ...]) -> Iterator[Remark]:
    """Name the years that stand around the row; its heading is nearer than the table's title."""
    for column in line.header.of("deadline"):
        if not column.period:
            yield from said_by(ABOVE_COLUMN, column.title, column.years_above)
    if years := years_in(section):
        yield from said_by(IN_HEADING, section, years)
    else:
        yield from around


def _of_cells(line: Line, column: Column) -> Iterator[Remark]:
    for cell in line.cells(column):
        for remark in () if line.struck else cell.remarks:
            facts = {"column": column.title, "remark": remark.sentence}
            yield Remark(remark.code, Sentence(_COLUMN_REMARK, facts))


def _competing(line: Line, field: Field) -> Iterator[Remark]:
    said = _quoted(line, line.header.rivals(field))
    if said:
        facts = {"field": Sentence(LABELS[field]), "words": said}
        yield Remark("row_columns_compete", Sentence(COMPETING, facts))


def _merged(line: Line) -> Iterator[Remark]:
    for cell, columns in _across(line):
        first = next(one for one in columns if one.field in _FIELDS)
        titles = ", ".join(column.title for column in columns)
        facts = {"columns": titles, "words": short(line.said(cell)), "first": first.title}
        yield Remark("row_cell_merged", Sentence(MERGED, facts))


def _shared(line: Line) -> Iterator[Field]:
    """Go through the fields whose words are those of a cell that begins under another field."""
    for cell, columns in _across(line):
        fields = [one.field for one in columns if one.field in _FIELDS]
        for field in fields:
            if field and field != fields[0] and line.text(field) == line.said(cell):
                yield field


def _across(line: Line) -> Iterator[tuple[Cell, list[Column]]]:
    """Go through the cells that lie under columns of several meanings; nobody knows of which."""
    under: dict[tuple[int, int], tuple[Cell, list[Column]]] = {}
    for column in line.header.columns:
        if column.stack and not column.hidden and column.field != "stt":
            for cell in line.cells(column):
                under.setdefault(cell.origin, (cell, []))[1].append(column)
    for cell, columns in under.values():
        fields = {column.field for column in columns}
        known = not fields.isdisjoint(_FIELDS)
        if len(fields) > 1 and known and line.said(cell) and fields not in _MAY_SHARE:
            yield cell, columns


def _several_periods(line: Line) -> Iterator[Remark]:
    periods = [one for one in line.header.of("deadline") if one.period and line.words(one)]
    if len(periods) > 1:
        titles = ", ".join(column.period_name for column in periods)
        yield Remark("row_several_periods", Sentence(SEVERAL_PERIODS, {"words": titles}))


def _not_read(line: Line) -> Iterator[Remark]:
    """Name words that stand in no column that is read, nor one the officer left."""
    read = {cell.origin for one in line.header.columns if one.taken for cell in line.cells(one)}
    beside: list[Cell] = []
    for column in line.header.columns:
        if column.taken or column.hidden:
            continue
        cells = [cell for cell in line.cells(column) if cell.origin not in read]
        if not column.stack:
            beside += cells
        elif words := _short_words(line, cells):
            facts = {"column": column.title, "words": words}
            code = "row_column_not_read" if column.matters(words) else "row_column_ignored"
            yield Remark(code, Sentence(NOT_READ, facts))
    known = {place for column in line.header.columns for place in column.places}
    beside += [cell for place, cell in enumerate(line.row) if place not in known]
    if words := _short_words(line, [cell for cell in beside if cell.origin not in read]):
        yield Remark("row_text_beside", Sentence(BESIDE, {"words": words}))


def _short_words(line: Line, cells: Sequence[Cell]) -> str:
    return short(" ".join(text for cell in distinct(cells) if (text := line.said(cell))))


def _quoted(line: Line, columns: Sequence[Column]) -> str:
    said = ((column.title, short(line.words(column))) for column in columns)
    return "; ".join(f"“{title}”: “{words}”" for title, words in said if words)
