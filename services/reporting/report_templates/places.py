"""A document's paragraphs with their places: body, tables, headers, footers and notes."""

from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from reporting.report_templates.domain import Place, Wrong
from reporting.report_templates.tags import OBJECT, Paragraph, Piece

_NAMES = ("p", "r", "t", "tab", "br", "cr", "tbl", "tr", "tc", "rPr", "ins", "del", "body")
P, R, T, TAB, BR, CR, TBL, TR, TC, RPR, INS, DEL, BODY = (qn(f"w:{name}") for name in _NAMES)
_INVISIBLE = {qn("w:lang"), qn("w:noProof"), qn("w:rFonts")}
"""What Word changes within a word without anybody seeing it."""
_PART_OF = {"header": "header", "footer": "footer", "footnotes": "note"}
_REFUSED = ("oleObject", "activeX", "control", "aFChunk", "vbaProject", "package")
_LINKS = ("hyperlink",)  # what may point outside: nobody follows it until somebody clicks


def parts_of(document: Document) -> Iterator[list[Paragraph]]:
    """Yield the paragraphs of each part that is filled in."""
    yield list(_Walk("body").paragraphs(document.element.body))
    for rel in document.part.rels.values():
        part = _PART_OF.get(rel.reltype.rpartition("/")[2])
        if part and not rel.is_external:
            # Parsed anew: notes are no document of their own to the library.
            tree = etree.fromstring(rel.target_part.blob, _PARSER)
            yield list(_Walk(part).paragraphs(tree))


def outside(document: Document) -> Iterator[Wrong]:
    """Yield what a template may not bring: files elsewhere, programs, changes not decided on."""
    for part in document.part.package.iter_parts():
        for rel in part.rels.values():
            kind = rel.reltype.rpartition("/")[2]
            if rel.is_external and kind not in _LINKS:
                yield Wrong("link_outside", Place(""), facts={"name": _short(rel.target_ref)})
            elif kind in _REFUSED:
                yield Wrong("part_refused", Place(""), facts={"name": kind})
    walk = _Walk("body")
    for paragraph in document.element.body.iter(P):
        if next(paragraph.iter(INS, DEL), None) is not None:
            yield Wrong("changes_tracked", walk.place_of(paragraph))
            return


class _Walk:
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
        """Return where a paragraph stands, as people count."""
        table, row, cell = (self._holder(element, tag) for tag in (TBL, TR, TC))
        if self._part != "body":
            return Place(self._part)
        if cell is None:
            return Place("body", 1 + sum(1 for _ in element.itersiblings(P, preceding=True)))
        number = self._number(TBL, table)
        return Place("table", number, 1 + _before(row, TR), 1 + _before(cell, TC))

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


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:80]}…"  # noqa: PLR2004 - characters that are shown


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
