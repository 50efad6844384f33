"""What a workbook has around the cells of a sheet: pictures, comments, ends of printed pages."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from chassis.words import N_, Sentence
from tasks.imports.appendix import vocabulary
from tasks.imports.appendix.model import Outside
from tasks.imports.appendix.package import Package, local
from tasks.imports.appendix.safety import column_number
from tasks.words import tidy

ON_PAGES = N_("{place}, đầu hoặc cuối trang")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_THREAD = re.compile(vocabulary.THREAD, re.DOTALL)
_PAGE_ENDS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_PAGE_CODE = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[A-Za-z]')


def drawn(package: Package, part: str) -> Iterator[Any]:
    """Go through the pictures, charts and objects that lie over a sheet."""
    for name in package.related(part).values():
        if name.startswith("xl/drawings/") and name.endswith(".xml"):
            yield from package.each(name, "pic", "graphicFrame")
        elif name.startswith("xl/embeddings/"):
            yield name


def place_of(reference: str) -> tuple[int, int] | None:
    """Return row and column, from 0, of a reference like "F2"."""
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]) - 1, column_number(found[1]) - 1) if found else None


def commented(package: Package, part: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Go through the comments on cells of a sheet: the place and the words.

    Threads of newer versions are told of in an older note, too, behind words of the program's own.
    """
    for name in package.related(part).values():
        if "comments" in name.lower() and "threaded" not in name.lower():
            for one in package.each(name, "comment"):
                place = place_of(one.get("ref") or "")
                words = "".join(each.text or "" for each in one.iter() if local(each) == "t")
                if place and (said := tidy(_THREAD.sub("", words))):
                    yield place, said


def on_pages(package: Package, placed: Iterable[tuple[str, Sentence]]) -> Iterator[Outside]:
    """Return the words at the head and foot of printed pages."""
    for part, place in placed:
        for one in package.each(part, *_PAGE_ENDS):
            if words := tidy(_PAGE_CODE.sub(" ", one.text or "")):
                yield Outside(Sentence(ON_PAGES, {"place": place}), words)
