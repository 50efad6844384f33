"""A document's paragraphs with their places: body, tables, headers, footers and notes."""

from collections.abc import Iterator, Mapping
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from reporting.report_templates.domain import Place
from reporting.report_templates.tags import OBJECT, Paragraph, Piece

_NAMES = ("p", "r", "t", "tab", "br", "cr", "tbl", "tr", "tc", "rPr", "ins", "del", "body")
P, R, T, TAB, BR, CR, TBL, TR, TC, RPR, INS, DEL, BODY = (qn(f"w:{name}") for name in _NAMES)
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_INVISIBLE = {qn("w:lang"), qn("w:noProof"), qn("w:rFonts")}
"""What Word changes within a word without anybody seeing it."""
_FILLED = {"header": "header", "footer": "footer", "footnotes": "note"}
_UNFILLED = {"endnotes": "endnote"}
_PART_OF = {"document.main": "body", **_FILLED, **_UNFILLED}


def parts_of(document: Document) -> Iterator[list[Paragraph]]:
    """Yield the paragraphs of each part that is filled in."""
    yield list(Walk("body").paragraphs(document.element.body))
    yield from _related(document, _FILLED)


def unfilled(document: Document) -> Iterator[list[Paragraph]]:
    """Yield the paragraphs of each part that people read and that is not filled in."""
    yield from _related(document, _UNFILLED)


def _related(document: Document, parts: Mapping[str, str]) -> Iterator[list[Paragraph]]:
    for rel in document.part.rels.values():
        part = parts.get(rel.reltype.rpartition("/")[2])
        if part and not rel.is_external:
            # Parsed anew: notes are no document of their own to the library.
            tree = etree.fromstring(rel.target_part.blob, PARSER)
            yield list(Walk(part).paragraphs(tree))


def part_of(content_type: str) -> str:
    """Return how a place calls the part of a content type; "" for what people do not see."""
    return _PART_OF.get(content_type.removesuffix("+xml").rpartition("wordprocessingml.")[2], "")


class Walk:
    """Numbers what paragraphs stand in, in the order of the document."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._numbers: dict[Any, dict[Any, int]] = {P: {}, TBL: {}, TR: {}, TC: {}}

    def paragraphs(self, root: Any) -> Iterator[Paragraph]:
        """Yield all paragraphs below an element."""
        for element in root.iter(P):
            held = {tag: self._holder(element, tag) for tag in (TBL, TR, TC)}
            numbers = [self._number(tag, found) for tag, found in held.items()]
            yield Paragraph(self.place_of(element), list(_pieces(element)), *numbers)

    def place_of(self, element: Any) -> Place:
        """Return where an element stands, as people count."""
        if self._part != "body":
            return Place(self._part)
        table, row, cell = (self._holder(element, tag) for tag in (TBL, TR, TC))
        if cell is None:
            held = element if element.tag == P else self._holder(element, P)
            counted = element if held is None else held
            return Place("body", 1 + _before(counted, P))
        if not self._numbers[TBL]:
            self._count(element)
        return Place("table", self._number(TBL, table), 1 + _before(row, TR), 1 + _before(cell, TC))

    def _count(self, element: Any) -> None:
        for table in element.getroottree().iter(TBL):
            self._number(TBL, table)

    def _holder(self, element: Any, tag: str) -> Any:
        return next(element.iterancestors(tag), None)

    def _number(self, tag: str, element: Any) -> int:
        if element is None:
            return 0
        known = self._numbers[tag]
        return known.setdefault(element, len(known) + 1)


def _before(element: Any, tag: str) -> int:
    return sum(1 for _ in element.itersiblings(tag, preceding=True))


def _pieces(paragraph: Any) -> Iterator[Piece]:
    """Yield the text of a paragraph's runs; of those in a text box within it nothing."""
    for run in paragraph.iter(R):
        if next(run.iterancestors(P), None) is not paragraph:
            continue
        look = _look(run.find(RPR))
        for part in run:
            if part.tag == T:
                yield Piece(part.text or "", look)
            elif part.tag != RPR:
                yield Piece(OBJECT, look)


def _look(properties: Any) -> str:
    if properties is None:
        return ""
    seen = [each for each in properties if each.tag not in _INVISIBLE]
    return "".join(sorted(f"{each.tag}{sorted(each.attrib.items())}" for each in seen))
