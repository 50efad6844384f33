"""Tables of a .docx as grids. Numbers Word writes by itself are not text: they come out blank."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from lxml.etree import QName

from chassis.words import N_, Sentence
from tasks.imports.appendix import marks
from tasks.imports.appendix.marks import quoting, without_typed_marks
from tasks.imports.appendix.model import (
    AppendixRefused,
    Cell,
    Document,
    Grid,
    Outside,
    distinct,
)
from tasks.imports.appendix.package import Package, local
from tasks.imports.appendix.word_words import REMOVED, W, WordReader, Words, in_final_document
from tasks.remarks import Remark
from tasks.words import key, tidy

MOST_ROWS = 5_000  # of one table; an appendix has tens
MOST_COLUMNS = 63  # Word's own limit

PLACE = N_("Bảng {number}")
ON_PAGES = N_("Đầu hoặc cuối trang")
BEFORE, AFTER = N_("Trước {place}"), N_("Dưới {place}")
TRACKED = Sentence(N_("Tệp còn thay đổi chưa chấp nhận (Track Changes): đọc như đã chấp nhận hết."))
COMMENTED = Sentence(N_("Tệp có bình luận; nội dung bình luận không được nhập."))
INSERTED = Sentence(
    N_("Tệp có phần chèn từ tài liệu khác, không đọc được. Mở bằng Word, lưu lại rồi tải lên lại.")
)
BOX_OUTSIDE = N_("Khung chữ ngoài bảng không được nhập: “{words}”.")
_PAGE_PART = re.compile(r"word/(?:header|footer)\d*\.xml")
_CONTINUED = frozenset({"", "tiep", "tiep theo"})  # what may stand between two parts of a table


def read(package: Package) -> Document:
    """Return every table of the document's body, nested ones too. Raises ValueError without one."""
    root = package.root("word/document.xml")
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise ValueError("no body")
    found = _Found(WordReader(package))
    found.collect(body)
    pages = _on_pages(package, found.reader)
    outside = (*found.outside, *pages.outside)
    return Document(found.grids, tuple(_remarks(root, package, found, pages)), outside)


def _on_pages(package: Package, reader: WordReader) -> "_Found":
    """Read what stands at the head and foot of pages, tables too: no row there is imported."""
    found = _Found(reader)
    for name in sorted(package.names):
        if _PAGE_PART.fullmatch(name):
            found.collect(package.root(name))
    rows = [row for grid in found.grids for row in grid.rows]
    said = [one.words for one in found.outside]
    said += [" | ".join(cell.text for cell in distinct(row) if cell.text) for row in rows]
    place = Sentence(ON_PAGES)
    found.outside = [Outside(place, words) for words in dict.fromkeys(filter(None, said))]
    return found


@dataclass(slots=True)
class _Found:
    """Tables in the order of the document, and whether words stand between two of them."""

    reader: WordReader
    grids: list[Grid] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    between: list[str] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)
    pictures: list[Sentence] = field(default_factory=list)

    def collect(self, node: Any) -> None:
        for child in in_final_document(node):
            if local(child) == "tbl":
                self._table(child)
            elif local(child) == "p":
                words = self.reader.read(child, tables=False)  # they are read by themselves
                self._paragraph(words)
                self.boxes += words.boxes
                self._nested(child)
            else:
                self.collect(child)

    def _paragraph(self, words: Words) -> None:
        said, above = tidy("".join(words.shown)), len(self.grids)
        self.between.append(said)
        place = Sentence(PLACE, {"number": max(above, 1)})
        place = Sentence(AFTER if above else BEFORE, {"place": place})
        for text in (said, *map(tidy, (*words.notes, *words.comments))):
            if text:
                self.outside.append(Outside(place, text, above))
        if words.pictures:
            self.pictures.append(place)

    def _table(self, table: Any, *, in_cell: bool = False) -> None:
        follows = bool(self.grids) and key(" ".join(self.between)) in _CONTINUED
        place = Sentence(PLACE, {"number": len(self.grids) + 1})
        grid = _grid(table, self.reader, place, follows=follows)
        if grid.rows:
            self.grids.append(replace(grid, in_cell=in_cell))
            for row in _own(table, "tr"):
                self._nested(row, in_cell=True)
            self.between = []

    def _nested(self, node: Any, *, in_cell: bool = False) -> None:
        for child in in_final_document(node):
            if local(child) == "tbl":
                self.between = ["nested: goes on nothing"]
                self._table(child, in_cell=in_cell)
            else:
                self._nested(child, in_cell=in_cell)


def _grid(table: Any, reader: WordReader, place: Sentence, *, follows: bool) -> Grid:
    rows: list[list[Cell]] = []
    removed: set[int] = set()
    hidden: set[int] = set()
    for row in _own(table, "tr"):
        if len(rows) >= MOST_ROWS:
            raise AppendixRefused(
                "appendix_too_large", N_("Bảng dài quá {most} dòng."), most=MOST_ROWS
            )
        said = {local(one) for one in row.iterfind(f"{W}trPr/*")}
        removed |= {len(rows)} if said & REMOVED else set()
        hidden |= {len(rows)} if "hidden" in said else set()
        rows.append(_row(row, len(rows), rows[-1] if rows else [], reader))
    left = [number for number in range(len(rows)) if number not in removed]
    hidden_rows = frozenset(at for at, number in enumerate(left) if number in hidden)
    return Grid(place, [rows[number] for number in left], False, hidden_rows, follows=follows)


def _row(row: Any, number: int, above: list[Cell], reader: WordReader) -> list[Cell]:
    """Lay a row's cells on the grid: spans repeat the cell, vertical merges the one above."""
    cells = [Cell("", (number, at)) for at in range(_number(row, "trPr/gridBefore", 0))]
    for element in _own(row, "tc"):
        at = len(cells)
        merge = element.find(f"{W}tcPr/{W}vMerge")
        goes_on = merge is not None and merge.get(f"{W}val") != "restart" and at < len(above)
        placed = above[at] if goes_on else _cell(reader.read(element), (number, at))
        span = max(1, _number(element, "tcPr/gridSpan", 1))
        cells += [placed] * min(span, MOST_COLUMNS - at)
    return cells


def _cell(words: Words, origin: tuple[int, int]) -> Cell:
    text, typed = without_typed_marks(words.text)
    typed_marks = quoting("row_note_mark", marks.NOTE_MARK, [typed])
    return Cell(text, origin, words.gone, (*words.remarks(), *typed_marks))


def _own(parent: Any, tag: str) -> Iterator[Any]:
    """Find rows of a table or cells of a row, inside content controls too, not of nested tables."""
    for child in parent:
        name = local(child)
        if name == tag:
            yield child
        elif name in ("sdt", "sdtContent", "ins", "moveTo", "customXml"):
            yield from _own(child, tag)


def _number(element: Any, path: str, default: int) -> int:
    found = element.find("/".join(f"{W}{step}" for step in path.split("/")))
    text = "" if found is None else found.get(f"{W}val") or ""
    return int(text) if text.isdecimal() else default


def _remarks(root: Any, package: Package, found: _Found, pages: _Found) -> Iterator[Remark]:
    if any(QName(one).localname in REMOVED | {"ins"} for one in root.iter(f"{W}*")):
        yield Remark("file_tracked", TRACKED)
    if "word/comments.xml" in package.names:
        yield Remark("file_commented", COMMENTED)
    if next(root.iter(f"{W}altChunk", f"{W}subDoc"), None) is not None:
        yield Remark("file_inserted", INSERTED)
    yield from quoting("file_text_box", BOX_OUTSIDE, [*found.boxes, *pages.boxes])
    yield from marks.pictures("file_picture", found.pictures)
    on_pages = [Sentence(ON_PAGES)] * len(pages.pictures)
    yield from marks.pictures("file_page_picture", on_pages)  # mostly an emblem
