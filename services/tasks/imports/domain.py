"""From the rows of an appendix to what the officer confirms: units, deadlines, warnings."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from tasks.deadlines.domain import Deadline, Frame, Occurrence
from tasks.deadlines.wordings import read_deadline
from tasks.directory.unit_book import UnitBook, UnitMatch, UnitProblem
from tasks.words import key


@dataclass(frozen=True, slots=True)
class RawRow:
    """A task row as the file has it, tidied (NFC, plain spaces). `row_number` counts tasks from 1.

    `stt`: the file's own number, or the position where the word processor numbers by itself.
    `section`: the heading row above, without its numeral.
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
    warnings: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Tell whether it can become assignments: somebody leads, and something is to be done."""
        return bool(self.lead_unit_ids and self.content)

    def assignments(self) -> list[tuple[UUID, Occurrence]]:
        """Return what it expands to: each lead unit by each occurrence."""
        return [(unit, each) for unit in self.lead_unit_ids for each in self.deadline.occurrences]


def same_task(content: str, lead_text: str, deadline_text: str) -> tuple[str, ...]:
    """Return what two rows of two appendices share when they are one task of a plan.

    Words alone count, whatever keyboard they came from. Source: composed.
    """
    return tuple(key(words) for words in (content, lead_text, deadline_text))


def plan_rows(rows: Sequence[RawRow], book: UnitBook, frame: Frame) -> list[ImportRow]:
    """Read every row. Nothing is refused here: what is unclear becomes a warning."""
    repeated = {stt for stt, count in Counter(row.stt for row in rows).items() if count > 1}
    return [plan_row(row, book, frame, stt_repeated=row.stt in repeated) for row in rows]


def plan_row(row: RawRow, book: UnitBook, frame: Frame, *, stt_repeated: bool = False) -> ImportRow:
    """Read one row: also after the officer corrected its texts."""
    leads, helpers = book.match(row.lead_text), book.match(row.coordinating_text)
    lead_ids = tuple(unit.unit_id for unit in leads.units)
    deadline = read_deadline(row.deadline_text, frame)
    said = [
        *(["số thứ tự bị lặp lại"] if stt_repeated else []),
        *_missing(row),
        *_unit_warnings("Đơn vị chủ trì", row.lead_text, leads),
        *_several_leads(leads),
        *_unit_warnings("Đơn vị phối hợp", row.coordinating_text, helpers),
        *(f"cột Thời gian: {warning}" for warning in deadline.warnings),
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
        warnings=tuple(f"STT {row.stt}, {warning}" for warning in said),
    )


def _missing(row: RawRow) -> Iterable[str]:
    if not row.content:
        yield "cột Giải pháp, nhiệm vụ: để trống. Ghi việc phải làm."
    if not row.lead_text:
        yield "cột Đơn vị chủ trì: để trống. Chọn ít nhất một đơn vị."


def _several_leads(match: UnitMatch) -> Iterable[str]:
    if len(match.units) > 1 and not match.everyone:
        yield (
            f"cột Đơn vị chủ trì: có {len(match.units)} đơn vị. Chọn một đơn vị chịu trách nhiệm "
            f"chính; đang lấy đơn vị ghi trước: {match.units[0].name}."
        )


def _unit_warnings(column: str, text: str, match: UnitMatch) -> Iterable[str]:
    return (f"cột {column}: {_problem(problem)}" for problem in match.problems if text)


def _problem(problem: UnitProblem) -> str:
    if problem.problem == "group":
        return f"“{problem.text}” không nói rõ đơn vị nào. Chọn từng đơn vị."
    if problem.problem == "closed":
        return f"“{problem.text}” đã ngừng hoạt động. Chọn đơn vị thay thế."
    names = "; ".join(problem.nearest)
    advice = f"Gần giống: {names}." if names else "Chọn trong danh sách đơn vị."
    return f"không có đơn vị “{problem.text}”. {advice}"


def _unknown_years(deadline: Deadline, frame: Frame) -> Iterable[str]:
    due = {one.due_on.year for one in deadline.occurrences if one.due_on}
    return (
        f"cột Thời gian: chưa nhập lịch làm việc năm {year}, ngày nghỉ lễ chưa được tính."
        for year in sorted(due)
        if not frame.calendar.knows(year)
    )
