"""Tables that are not read: the frame of an official document, or rows that somebody may miss."""

import re
from collections.abc import Iterator

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.headers import Header
from tasks.imports.appendix.model import Grid, SeenTable, distinct
from tasks.remarks import Remark
from tasks.words import key

HEAD_OR_FOOT = Sentence(N_("phần đầu hoặc phần ký tên, nơi nhận của văn bản"))
LEFT_BY_CHOICE = Sentence(N_("đã chọn không đọc"))
MAY_HOLD = N_("{place} trông như có nhiệm vụ mà không được đọc ({reason}): “{words}”.")

_FRAME = re.compile(vocabulary.FRAME)
_MOST_FRAME_CELLS = 8  # an office, a motto, number and day; recipients, who signs
_FEWEST_CELLS = 3  # of a row of tasks


def is_head_or_foot(grid: Grid) -> bool:
    """Say whether it lays out an office's name and motto, or recipients and signature."""
    rows = _rows(grid)
    texts = [text for row in rows for text in row]
    if len(texts) > _MOST_FRAME_CELLS or any(len(row) > _FEWEST_CELLS for row in rows):
        return False
    numbered = any(text.replace(" ", "").isdecimal() for text in texts)
    return not numbered and any(_FRAME.search(text) for text in texts)


def looks_like_rows(grid: Grid, header: Header, *, headed: bool) -> bool:
    """Say whether a table that is not read has a header of its own, or a row of several words."""
    if grid.hidden:
        return headed and not header.missing
    return headed or any(len(row) >= _FEWEST_CELLS for row in _rows(grid))


def remarks(table: SeenTable) -> Iterator[Remark]:
    """Return the remark that rows may be missed; none where the officer left the table."""
    if table.may_hold_tasks and not table.taken and table.reason not in (None, LEFT_BY_CHOICE):
        facts = {"place": table.place, "reason": table.reason, "words": table.opening}
        yield Remark("table_may_hold_tasks", Sentence(MAY_HOLD, facts))


def _rows(grid: Grid) -> list[list[str]]:
    return [[key(cell.text) for cell in distinct(row) if cell.text] for row in grid.rows]
