"""Columns titled "hoàn thành trước": what the title adds to the words below it."""

import re
from collections.abc import Iterable, Iterator

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.columns import Column
from tasks.imports.appendix.marks import short
from tasks.remarks import Remark
from tasks.words import fold, key, pattern

UNSURE = N_(
    "tiêu đề cột ghi “{title}” mà ô ghi “{words}”: không rõ có tính cả ngày cuối không. Ghi lại "
    "thời hạn, ví dụ “Trước ngày 30/6” hoặc “Đến hết quý II”."
)

_TITLE = re.compile(vocabulary.BEFORE_TITLE)
_BARE_DAYS = pattern(vocabulary.BARE_DAYS)
_SAYS_UNTIL_WHEN = pattern(vocabulary.SAYS_UNTIL_WHEN)
_DAY = f"{vocabulary.DAY} "


def in_full(column: Column, words: str) -> str:
    """Return the words of a cell, bare days with what the title says of them."""
    if not (_is_before(column) and _BARE_DAYS.fullmatch(fold(words))):
        return words
    days = words[len(_DAY) :] if words.lower().startswith(_DAY) else words
    return f"{vocabulary.BEFORE} {days}"


def unsure(cells: Iterable[tuple[Column, str]]) -> Iterator[Remark]:
    """Return remarks on periods below the title: nobody knows whether their last day counts."""
    for column, words in cells:
        plain = _BARE_DAYS.fullmatch(fold(words)) or _SAYS_UNTIL_WHEN.search(fold(words))
        if words and not plain and _is_before(column):
            facts = {"title": column.title, "words": short(words)}
            yield Remark("row_title_before", Sentence(UNSURE, facts))


def _is_before(column: Column) -> bool:
    return bool(column.stack) and _TITLE.fullmatch(key(column.stack[-1])) is not None
