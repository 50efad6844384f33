"""From the rows of an appendix to what the officer confirms: units, deadlines, warnings."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from tasks.deadlines.domain import Deadline, Frame
from tasks.deadlines.wordings import read_deadline, refers_to_above, words_above
from tasks.directory.unit_book import UnitBook, UnitMatch, UnitProblem
from tasks.remarks import Remark
from tasks.words import key

MOST_TEXT = 10_000  # characters of one cell, read or written; a real task has hundreds
CONTENT = N_("Giải pháp, nhiệm vụ")
LEAD = N_("Đơn vị chủ trì")
COORDINATING = N_("Đơn vị phối hợp")
DEADLINE = N_("Thời gian")
PRODUCT = N_("Sản phẩm")

NUMBER_REPEATED = Sentence(N_("số thứ tự bị lặp lại"))
CONTENT_MISSING = Sentence(N_("để trống. Ghi việc phải làm."))
LEAD_MISSING = Sentence(N_("để trống. Chọn ít nhất một đơn vị."))
SEVERAL_LEADS = N_(
    "có {count} đơn vị. Chọn một đơn vị chịu trách nhiệm chính; đang lấy đơn vị ghi trước: {first}."
)
UNIT_NEARLY = N_("không có đơn vị “{text}”. Gần giống: {nearest}.")
UNIT_PROBLEMS = {
    "unknown": N_("không có đơn vị “{text}”. Chọn trong danh sách đơn vị."),
    "group": N_("“{text}” không nói rõ đơn vị nào. Chọn từng đơn vị."),
    "closed": N_("“{text}” đã ngừng hoạt động. Chọn đơn vị thay thế."),
}
AS_ABOVE = N_("“{text}” chưa được thay bằng nội dung dòng trên. Ghi lại.")
UNIT_AS_ABOVE = N_("“{text}” chưa được thay bằng đơn vị của dòng trên. Chọn đơn vị.")
CALENDAR_MISSING = N_("chưa nhập lịch làm việc năm {year}, ngày nghỉ lễ chưa được tính.")

YEAR_AROUND = "row_year_around"  # a remark on words around the row; `years` of its facts

ImportState = Literal["reading", "ready", "confirmed", "failed", "discarded"]
LeftOutBy = Literal["reader", "person"]
Act = Literal["change", "confirm", "read_again", "discard"]
ACTS: dict[ImportState, tuple[Act, ...]] = {
    "reading": (),
    "ready": ("change", "confirm", "read_again", "discard"),
    "confirmed": ("discard",),
    "failed": ("discard",),
    "discarded": (),
}
REFUSALS: Mapping[str, tuple[str, str]] = {
    "reading": ("import_not_ready", N_("Phụ lục đang được đọc, hãy chờ đọc xong")),
    "failed": ("import_failed", N_("Phụ lục này không đọc được, hãy tải lên tệp khác")),
    "confirmed": ("import_confirmed", N_("Phụ lục này đã được xác nhận, nhiệm vụ đã được tạo")),
    "discarded": ("import_discarded", N_("Lần nhập phụ lục này đã bị hủy bỏ")),
}


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as the file has it, tidied (NFC, plain spaces). `row_number` counts rows from 1.

    `stt`: the file's own number, or the position where the word processor numbers by itself.
    `section`: the headings above, without their numerals. `table`: where in the file it stands.
    `left_out`: why the reader would leave the row (hidden, struck, a heading, a sum, signatures,
    no content); None for a task. `remarks`: what a person should know about its reading.
    """

    row_number: int
    stt: str
    section: str
    subject_matter: str
    content: str
    product: str
    lead_text: str
    coordinating_text: str
    deadline_text: str
    table: str = "1"
    left_out: Remark | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of the preview. `warnings` name the row, the column, the value and what would be right.

    `accountable_unit_id`: which of several named lead units answers for the task, the first until
    the officer says otherwise; None when a group leads (each unit answers for its own) or nobody.
    """

    row_number: int
    stt: str
    section: str
    subject_matter: str
    content: str
    product: str
    lead_text: str
    lead_unit_ids: tuple[UUID, ...]
    accountable_unit_id: UUID | None
    coordinating_text: str
    coordinating_unit_ids: tuple[UUID, ...]
    deadline_text: str
    deadline: Deadline
    warnings: tuple[Remark, ...]


def check_ready(state: ImportState) -> None:
    """Raise RuleBroken unless the rows are read and nobody has confirmed them."""
    if state != "ready":
        code, sentence = REFUSALS[state]
        raise RuleBroken(code, Sentence(sentence))


def check_discard(state: ImportState) -> None:
    """Raise RuleBroken while the file is being read, and when the import was discarded before."""
    if "discard" not in ACTS[state]:
        code, sentence = REFUSALS[state]
        raise RuleBroken(code, Sentence(sentence))


def acts_open_in(state: ImportState) -> tuple[Act, ...]:
    """Return what the state of an import allows."""
    return ACTS[state]


def same_task(content: str, lead_text: str, deadline_text: str) -> tuple[str, ...]:
    """Return what two rows of two appendices share when they are one task of a plan.

    Words alone count, whatever keyboard they came from. Source: composed.
    """
    return tuple(key(words) for words in (content, lead_text, deadline_text))


def plan_rows(rows: Sequence[RawRow], book: UnitBook, frame: Frame) -> list[ImportRow]:
    """Read every row. Nothing is refused here: what is unclear becomes a warning."""
    numbers = Counter((row.table, row.stt) for row in rows if not row.left_out)
    repeated = {number for number, count in numbers.items() if count > 1}
    above = words_above([None if row.left_out else row.deadline_text for row in rows])
    return [
        plan_row(row, book, frame, stt_repeated=(row.table, row.stt) in repeated, above=words)
        for row, words in zip(rows, above, strict=True)
    ]


def plan_row(
    row: RawRow,
    book: UnitBook,
    frame: Frame,
    *,
    stt_repeated: bool = False,
    above: str | None = None,
) -> ImportRow:
    """Read one row: also after the officer corrected its texts.

    `above`: the deadline's words of the nearest row above that has its own.
    """
    leads, helpers = book.match(row.lead_text), book.match(row.coordinating_text)
    lead_ids = tuple(unit.unit_id for unit in leads.units)
    deadline = read_deadline(row.deadline_text, frame, above)
    remarks = [
        *([Remark("row_number_repeated", NUMBER_REPEATED)] if stt_repeated else []),
        *_concerning(row, deadline, frame, above),
        *_missing(row),
        *_as_above(row),
        *_unit_remarks(LEAD, row.lead_text, leads),
        *_several_leads(leads),
        *_unit_remarks(COORDINATING, row.coordinating_text, helpers),
        *(_in_column(DEADLINE, each.code, each.sentence) for each in deadline.warnings),
        *_unknown_years(deadline, frame),
    ]
    return ImportRow(
        row_number=row.row_number,
        stt=row.stt,
        section=row.section,
        subject_matter=row.subject_matter,
        content=row.content,
        product=row.product,
        lead_text=row.lead_text,
        lead_unit_ids=lead_ids,
        accountable_unit_id=None if leads.everyone or not lead_ids else lead_ids[0],
        coordinating_text=row.coordinating_text,
        coordinating_unit_ids=tuple(
            unit.unit_id for unit in helpers.units if unit.unit_id not in lead_ids
        ),
        deadline_text=row.deadline_text,
        deadline=deadline,
        warnings=tuple(_of_row(row, remark) for remark in remarks),
    )


def _concerning(
    row: RawRow, deadline: Deadline, frame: Frame, above: str | None
) -> Iterable[Remark]:
    """A year around the row concerns a deadline that takes another year from the plan."""
    around = [one for one in row.remarks if one.code == YEAR_AROUND and _is_other(one, frame)]
    if around:
        later = read_deadline(row.deadline_text, replace(frame, year=frame.year + 1), above)
        around = around if later.occurrences != deadline.occurrences else []
    return [one for one in row.remarks if one.code != YEAR_AROUND or one in around]


def _is_other(remark: Remark, frame: Frame) -> bool:
    return str(frame.year) not in str(remark.sentence.facts["years"]).split(", ")


def _of_row(row: RawRow, remark: Remark) -> Remark:
    facts = {"stt": row.stt, "remark": remark.sentence}
    return Remark(remark.code, Sentence(N_("STT {stt}, {remark}"), facts))


def _in_column(column: str, code: str, sentence: Sentence) -> Remark:
    facts = {"column": column, "remark": sentence}
    return Remark(code, Sentence(N_("cột {column}: {remark}"), facts))


def _missing(row: RawRow) -> Iterable[Remark]:
    if not row.content:
        yield _in_column(CONTENT, "row_content_missing", CONTENT_MISSING)
    if not row.lead_text:
        yield _in_column(LEAD, "row_lead_missing", LEAD_MISSING)


def _as_above(row: RawRow) -> Iterable[Remark]:
    for column, text in ((CONTENT, row.content), (PRODUCT, row.product)):
        if refers_to_above(text):
            yield _in_column(column, "row_as_above", Sentence(AS_ABOVE, {"text": text}))


def _several_leads(match: UnitMatch) -> Iterable[Remark]:
    if len(match.units) > 1 and not match.everyone:
        facts = {"count": len(match.units), "first": match.units[0].name}
        yield _in_column(LEAD, "row_several_leads", Sentence(SEVERAL_LEADS, facts))


def _unit_remarks(column: str, text: str, match: UnitMatch) -> Iterable[Remark]:
    return (
        _in_column(column, f"row_unit_{problem.problem}", _unit_problem(problem))
        for problem in match.problems
        if text
    )


def _unit_problem(problem: UnitProblem) -> Sentence:
    if refers_to_above(problem.text):
        return Sentence(UNIT_AS_ABOVE, {"text": problem.text})
    if problem.problem == "unknown" and problem.nearest:
        return Sentence(UNIT_NEARLY, {"text": problem.text, "nearest": "; ".join(problem.nearest)})
    return Sentence(UNIT_PROBLEMS[problem.problem], {"text": problem.text})


def _unknown_years(deadline: Deadline, frame: Frame) -> Iterable[Remark]:
    due = {one.due_on.year for one in deadline.occurrences if one.due_on}
    return (
        _in_column(DEADLINE, "calendar_missing", Sentence(CALENDAR_MISSING, {"year": year}))
        for year in sorted(due)
        if not frame.calendar.knows(year)
    )
