"""Years named around a row: above its column, in its heading, over its table, on its sheet.

The reader does not know the plan's year: each is a remark, and `tasks.imports.domain` drops those
that agree with the plan or with a deadline that names its own year.
"""

import re
from collections.abc import Iterable, Iterator

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.marks import short
from tasks.imports.domain import YEAR_AROUND
from tasks.remarks import Remark
from tasks.words import key

ABOVE_COLUMN, IN_HEADING = N_("tiêu đề cột “{words}”"), N_("tiêu đề nhóm “{words}”")
OVER_TABLE, ON_SHEET = N_("tiêu đề bảng “{words}”"), N_("tên trang tính “{words}”")
SAYS_YEAR = N_(
    "{where} ghi năm {years}, còn thời hạn không ghi năm. Ghi rõ năm, hoặc kiểm tra lại."
)
_DATE = re.compile(vocabulary.DATE)
_NAMED = re.compile(vocabulary.YEARS_NAMED)
_ANY = re.compile(vocabulary.A_YEAR)
_TITLE_BEGINS = re.compile(vocabulary.TITLE_BEGINS)
_LONGEST_TITLE = 200  # characters; what is longer is prose


def years_in(words: str) -> list[str]:
    """Return the years that words speak of; the year of a date is none."""
    named = _NAMED.finditer(_DATE.sub(" ", key(words)))
    return sorted({year for found in named for year in _ANY.findall(found[0])})


def years_of_name(name: str) -> list[str]:
    """Return the years in the name of a sheet: "KH2027"."""
    return sorted(set(_ANY.findall(key(name))))


def said_by(template: str, words: str, years: list[str]) -> Iterator[Remark]:
    """Return the remark that these words name years; none without any."""
    if years:
        where = Sentence(template, {"words": short(words)})
        yield Remark(YEAR_AROUND, Sentence(SAYS_YEAR, {"where": where, "years": ", ".join(years)}))


def over_table(lines: Iterable[str], paragraphs: Iterable[str]) -> Iterator[Remark]:
    """Return what the title of a table says: the nearest one that names a year.

    `lines`: of the sheet above the header, `paragraphs`: of the document, both the nearest first.
    """
    titles = (*lines, *filter(_is_title, paragraphs))
    found = next((words for words in titles if years_in(words)), "")
    yield from said_by(OVER_TABLE, found, years_in(found))


def _is_title(words: str) -> bool:
    begins = _TITLE_BEGINS.match(key(words)) is not None
    return len(words) <= _LONGEST_TITLE and (words.isupper() or begins)
