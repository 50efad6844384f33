"""A file with a criteria set, read within bounds: the whole set, or everything that is wrong."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from chassis import bounded
from chassis.errors import TooLarge, UnsupportedMedia
from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from reporting.criteria import checker
from reporting.criteria import columns as form
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.lines import Reading, in_cell, read_sheets

LARGEST = 5_000_000  # bytes; the demo's set has 60,000
_SHOWN = 40  # characters of a formula that are repeated
TIMEOUT = 30.0  # seconds; a real set takes less than one
KINDS = {".xlsx": "xlsx", ".yaml": "yaml", ".yml": "yaml"}
TOO_LARGE = N_("Tệp quá lớn: tối đa {most} MB, {rows} dòng một trang")
UNREADABLE = N_("Không đọc được tệp. Hãy tải tệp mẫu về, sửa, lưu lại rồi tải lên")
UNREADABLE_LINE = N_("Không đọc được tệp từ dòng {line}: sai cú pháp YAML")
WRONG_KIND = N_("Chỉ nhận tệp .xlsx hoặc .yaml")
WRONG = N_("Tệp có {count} chỗ chưa đúng; chưa ghi gì")
AT_PATH = N_("{pointer}: {problem}")
NOT_COMPUTED = N_(
    "Trang “{sheet}”, ô {cell}: “{shown}” là lỗi hoặc công thức chưa tính, không phải giá trị;"
    " hãy ghi giá trị, hoặc mở bằng Excel, sửa rồi lưu lại"
)


async def read_file(content: bytes, name: str) -> CriteriaSet:
    """Return the set in a file. Raises InputRefused naming each wrong cell, or place of the text.

    Also raises UnsupportedMedia `criteria_file_wrong_kind`, `criteria_file_unreadable`; TooLarge.
    """
    kind = _kind(name, KINDS)
    answer = await _opened(content, kind)
    return _of_sheets(answer["sheets"]) if kind == "xlsx" else _of_text(answer["data"])


async def sheets_in(content: bytes, name: str) -> dict[str, list[list[str]]]:
    """Return the cells of a workbook by sheet, row by row. Raises as `read_file`."""
    answer = await _opened(content, _kind(name, {".xlsx": "xlsx"}))
    return dict(answer["sheets"])


def _kind(name: str, kinds: Mapping[str, str]) -> str:
    kind = kinds.get(PurePosixPath(name.lower()).suffix)
    if kind is None:
        raise UnsupportedMedia(WRONG_KIND, code="criteria_file_wrong_kind")
    return kind


async def _opened(content: bytes, kind: str) -> dict[str, Any]:
    """Open a file in a process of its own."""
    if len(content) > LARGEST:
        raise _too_large()
    output = await bounded.run(
        "reporting.criteria.isolated", kind, content=content, seconds=TIMEOUT
    )
    if not output:
        raise _too_large()
    answer: dict[str, Any] = json.loads(output)
    if "code" in answer:
        raise _refusal(answer)
    if unread := answer.get("unread"):
        raise _wrong([_not_computed(*each) for each in unread])
    return answer


def _not_computed(sheet: str, cell: str, shown: str) -> Problem:
    facts = {"sheet": sheet, "cell": cell, "shown": shown[:_SHOWN]}
    return Problem(f"/{sheet}/{cell}", Sentence(NOT_COMPUTED, facts))


def _too_large() -> TooLarge:
    return TooLarge(TOO_LARGE, code="criteria_file_too_large", most=5, rows=5000)


def _refusal(answer: dict[str, Any]) -> Exception:
    if answer["code"] == "criteria_file_too_large":
        return _too_large()
    line = answer.get("line")
    words = UNREADABLE_LINE if line else UNREADABLE
    return UnsupportedMedia(words, code=answer["code"], **({"line": line} if line else {}))


def _of_sheets(sheets: dict[str, list[list[str]]]) -> CriteriaSet:
    reading = read_sheets(sheets)
    if not reading.whole:
        raise _wrong(list(reading.problems.values()))
    try:
        whole = checker.read(reading.data)
    except InputRefused as refused:
        raise _wrong(_in_cells(reading, refused.problems)) from None
    if reading.problems:
        raise _wrong(list(reading.problems.values()))
    return whole


def _in_cells(reading: Reading, problems: tuple[Problem, ...]) -> list[Problem]:
    """Return the problems of single cells, then those of the whole, each at its cell.

    Of a cell that cannot be read nothing else is said.
    """
    found = list(reading.problems.values())
    unread = {problem.pointer for problem in found}
    for problem in problems:
        facts = dict(problem.sentence.facts)
        if "field" in facts and problem.pointer in reading.headings:
            facts["field"] = reading.headings[problem.pointer]
        place = reading.place_of(problem.pointer)
        placed = in_cell(place, Sentence(problem.sentence.template, facts))
        if placed.pointer not in unread:
            found.append(placed)
    return found


def _of_text(data: dict[str, Any]) -> CriteriaSet:
    """Read a text's data: its numbers are still the text that was written."""
    for column in form.HEAD:
        if column.kind == "whole":
            _as_whole(data, *column.path.split("."))
    try:
        return checker.read(data)
    except InputRefused as refused:
        raise _wrong([
            Problem(p.pointer, Sentence(AT_PATH, {"pointer": p.pointer, "problem": p.sentence}))
            for p in refused.problems
        ]) from None  # fmt: skip


def _as_whole(data: Any, *path: str) -> None:
    """Turn the digits at a path into a number, where there are digits."""
    *parents, last = path
    for step in parents:
        data = data.get(step) if isinstance(data, dict) else None
    written = data.get(last) if isinstance(data, dict) else None
    if isinstance(written, str) and written.isdecimal() and len(written) < len("1000000000"):
        data[last] = int(written)


def _wrong(problems: list[Problem]) -> InputRefused:
    facts = {"count": len(problems)}
    return InputRefused("criteria_file_invalid", Sentence(WRONG, facts), problems)
