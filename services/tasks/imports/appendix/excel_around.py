"""What a workbook has around the cells of a sheet: pictures, head and foot of printed pages."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from chassis.words import N_, Sentence
from tasks.imports.appendix.model import Outside
from tasks.imports.appendix.package import Package
from tasks.words import tidy

ON_PAGES = N_("{place}, đầu hoặc cuối trang")
_PAGE_ENDS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_PAGE_CODE = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&[A-Za-z]')


def drawn(package: Package, part: str) -> Iterator[Any]:
    """Go through the pictures, charts and objects that lie over a sheet."""
    for name in package.related(part).values():
        if name.startswith("xl/drawings/") and name.endswith(".xml"):
            yield from package.each(name, "pic", "graphicFrame")
        elif name.startswith("xl/embeddings/"):
            yield name


def on_pages(package: Package, placed: Iterable[tuple[str, Sentence]]) -> Iterator[Outside]:
    """Return the words at the head and foot of printed pages."""
    for part, place in placed:
        for one in package.each(part, *_PAGE_ENDS):
            if words := tidy(_PAGE_CODE.sub(" ", one.text or "")):
                yield Outside(Sentence(ON_PAGES, {"place": place}), words)
