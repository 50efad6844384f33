"""What stands outside of the tables: shown, and a warning where it may change a task."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from chassis.words import N_, Sentence
from tasks.directory.unit_book import UnitBook
from tasks.imports.appendix import Outside, vocabulary
from tasks.imports.appendix.marks import short
from tasks.remarks import Remark, in_a_row
from tasks.words import fold, key, pattern

MOST_WARNINGS, MOST_SHOWN, LONGEST = 8, 5, 100  # warnings, other quotations, characters of these
MATTERS = N_(
    "{place} còn có, không được nhập: “{words}”. Xem có đổi việc, đơn vị hay thời hạn nào không."
)
MORE_MATTER = N_(
    "Ngoài bảng còn {count} đoạn khác nói ngày, đơn vị hoặc ngoại lệ, không được nhập. Xem lại tệp."
)
SHOWN = N_("Ngoài bảng còn có: {parts}.")
SHOWN_AND_MORE = N_("Ngoài bảng còn có: {parts}; và {count} đoạn khác.")
WARNINGS = frozenset(
    {"file_outside_matters", "file_picture", "file_inserted", "table_may_hold_tasks"}
)
"""Codes of remarks that are told again where one confirms."""

_EXCEPTION = re.compile(vocabulary.EXCEPTION)  # with accents: "trụ sở" is no "trừ"
_DAY_OR_PERIOD = pattern(vocabulary.DAY_OR_PERIOD)
_HEAD_OR_FOOT = re.compile(vocabulary.HEAD_OR_FOOT)
_TITLE = re.compile(vocabulary.TITLE_BEGINS)
_LONGEST_NAME = 5  # words of who signs

Weight = Literal["matters", "shown", "usual"]


def remarks_on_outside(outside: Sequence[Outside], book: UnitBook) -> list[Remark]:
    """Return what a person should know of the words outside, those that matter first."""
    weighed = list(zip(outside, _weigh(outside, book), strict=True))
    matter = [one for one, weight in weighed if weight == "matters"]
    return [*_matter(matter), *_shown([one for one, weight in weighed if weight == "shown"])]


def _weigh(outside: Sequence[Outside], book: UnitBook) -> Iterator[Weight]:
    """What every official document says is usual: also recipients, and a title's subject."""
    recipients, title = False, None
    for one in outside:
        recipients = _are_recipients(one.words, recipients)
        below_title = title is not None and title.after == one.after
        if _EXCEPTION.search(one.words.lower()):
            yield "matters"
        elif recipients or _is_usual(one.words):
            yield "usual"
        elif _DAY_OR_PERIOD.search(fold(one.words)) or book.mentions(one.words):
            yield "matters"
        else:
            subject = below_title and len(one.words) <= 2 * LONGEST
            yield "usual" if subject else "shown"
        title = one if one.words.isupper() else None


def _are_recipients(words: str, above: bool) -> bool:
    return key(words).startswith("noi nhan") or (above and (words[0] == "-" or words[-1] == ";"))


def _is_usual(words: str) -> bool:
    said = key(words)
    if not said or _HEAD_OR_FOOT.fullmatch(said):
        return True
    if _DAY_OR_PERIOD.search(fold(words)):
        return False
    if words.isupper():
        return True
    title = _TITLE.match(said) is not None
    name = words.istitle() and len(words.split()) <= _LONGEST_NAME
    return (title and len(words) <= LONGEST) or (name and words.replace(" ", "").isalpha())


def _matter(found: Sequence[Outside]) -> Iterator[Remark]:
    for one in found[:MOST_WARNINGS]:
        quoted = {"place": one.place, "words": short(one.words)}
        yield Remark("file_outside_matters", Sentence(MATTERS, quoted))
    more = len(found) - MOST_WARNINGS
    if more > 0:
        yield Remark("file_outside_matters", Sentence(MORE_MATTER, {"count": more}))


def _shown(found: Sequence[Outside]) -> Iterator[Remark]:
    if not found:
        return
    more = len(found) - MOST_SHOWN
    facts = {"parts": in_a_row([_quoted(one) for one in found[:MOST_SHOWN]], "; "), "count": more}
    yield Remark("file_outside", Sentence(SHOWN_AND_MORE if more > 0 else SHOWN, facts))


def _quoted(one: Outside) -> Sentence:
    words = one.words if len(one.words) <= LONGEST else f"{one.words[:LONGEST]}…"
    return Sentence("“{words}” ({place})", {"words": " ".join(words.split()), "place": one.place})
