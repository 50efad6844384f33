"""What a document may bring along is listed here; whatever else it brings is refused.

It is asked twice: of a template, and of what came of filling it, as a condition can put together
what no single part of the template says.
"""

import re
from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from reporting.report_templates.domain import Place, Wrong
from reporting.report_templates.places import DEL, INS, PARSER, T, Walk, part_of

FIELD_CODES = (
    "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "REF", "PAGEREF", "NOTEREF", "STYLEREF",
    "SEQ", "HYPERLINK",
)  # fmt: skip
"""Fields of Word that count and refer within the document, and links that wait for a click."""
PARTS = frozenset({
    "officeDocument", "core-properties", "extended-properties", "custom-properties", "thumbnail",
    "styles", "stylesWithEffects", "numbering", "settings", "webSettings", "fontTable", "font",
    "theme", "footnotes", "endnotes", "header", "footer", "image", "hyperlink", "comments",
    "commentsExtended", "commentsIds", "commentsExtensible", "people", "customXml",
    "customXmlProps", "glossaryDocument",
})  # fmt: skip
"""Relations by the last word of their name."""
_ELEMENTS = (
    "{*}OLEObject", "{*}objectEmbed", "{*}objectLink", "{*}control", "{*}mailMerge",
    "{*}entryMacro", "{*}exitMacro", "{*}scriptAnchor",
)  # fmt: skip
_PICTURES = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\x01\0\0\0", b"\xd7\xcd\xc6",
    b"\x01\0\x09\0",
)  # fmt: skip
"""How a picture begins: one of text, as SVG is, could have others read from the server's disk."""
_PACKED = b"\x1f\x8b"  # of gzip: SVG comes packed, too
_LINKS = etree.XPath(
    "//@*[local-name() = 'src' or local-name() = 'href' or local-name() = 'althref']"
)
"""Attributes of the older drawings."""
_CHANGES = (INS, DEL, qn("w:moveFrom"), qn("w:moveTo"))
_CHAR, _INSTRUCTION, _SIMPLE = qn("w:fldChar"), qn("w:instrText"), qn("w:fldSimple")
_NAME = re.compile(r"[A-Za-z=]*")
_SWITCH = re.compile(r'\\[mn]\b|\\[lot*]\s*("[^"]*"|[^\s\\"]*)')  # of a link, with its value
_SAFE = re.compile(r"(https?|mailto):[^\s]+", re.IGNORECASE)
_RELATION = qn("r:id").rpartition("}")[0]


def refused(document: Document) -> Iterator[Wrong]:
    """Yield all that a document brings and may not bring, each with its place."""
    yield from _relations(document.part.package, None)
    for part in document.part.package.iter_parts():
        tree = _tree(part, document)
        yield from _relations(part, tree)
        if tree is not None:
            yield from _elements(tree, Walk(part_of(part.content_type)))
        if _is_picture_of_text(part):
            yield Wrong("part_refused", Place(""), facts={"name": part.content_type})


def _is_picture_of_text(part: Any) -> bool:
    """Tell whether a part could be drawn as SVG, whatever it is called: readers look inside."""
    if part.blob.startswith(_PICTURES):
        return False
    if part.content_type.startswith("image/") or part.blob.startswith(_PACKED):
        return True
    try:
        root = etree.fromstring(part.blob, PARSER)
    except etree.XMLSyntaxError:
        return False
    return bool(etree.QName(root).localname == "svg")


def _tree(part: Any, document: Document) -> Any:
    """Return a part's elements; None where it is something else."""
    if part is document.part:
        return document.element
    if not part.content_type.endswith("+xml") or part.content_type.startswith("image/"):
        return None  # nothing, or data of other programs
    return etree.fromstring(part.blob, PARSER)


def _relations(holder: Any, tree: Any) -> Iterator[Wrong]:
    """Yield what a part, or the package, leads to and must not."""
    for rel in holder.rels.values():
        kind = rel.reltype.rpartition("/")[2]
        if rel.is_external and not (kind == "hyperlink" and _SAFE.fullmatch(rel.target_ref)):
            place = _named(holder, tree, rel.rId)
            yield Wrong("link_outside", place, facts={"name": _short(rel.target_ref)})
        elif not rel.is_external and kind not in PARTS:
            yield Wrong("part_refused", _named(holder, tree, rel.rId), facts={"name": kind})


def _named(holder: Any, tree: Any, id_: str) -> Place:
    """Return where a part names one of its relations."""
    for element in tree.iter() if tree is not None else ():
        names = [name for name, value in element.attrib.items() if value == id_]
        if any(name.startswith(_RELATION) for name in names):
            return Walk(part_of(holder.content_type)).place_of(element)
    return Place("")


def _elements(tree: Any, walk: Walk) -> Iterator[Wrong]:
    """Yield what stands in a part itself: objects, links of drawings, fields, changes."""
    yield from _fields(tree, walk)
    changed = next(tree.iter(*_CHANGES), None)
    if changed is not None:
        yield Wrong("changes_tracked", walk.place_of(changed))
    for element in tree.iter(*_ELEMENTS):
        facts = {"name": etree.QName(element).localname}
        yield Wrong("part_refused", walk.place_of(element), facts=facts)
    for value in _LINKS(tree):
        if not _harmless(value.attrname, value):
            place = walk.place_of(value.getparent())
            yield Wrong("link_outside", place, facts={"name": _short(str(value))})


def _harmless(attribute: str, value: str) -> bool:
    """Tell whether a drawing's link is empty, within the document, or waits for a click."""
    clicked = etree.QName(attribute).localname == "href"
    return not value or value.startswith("#") or (clicked and bool(_SAFE.fullmatch(value)))


def _fields(tree: Any, walk: Walk) -> Iterator[Wrong]:
    for element, code in _instructions(tree):
        if not _allowed(code):
            facts = {"name": _short(code.strip()), "near": ", ".join(FIELD_CODES)}
            yield Wrong("code_refused", walk.place_of(element), _short(code.strip()), facts)


def _instructions(tree: Any) -> Iterator[tuple[Any, str]]:
    """Yield the instruction of every field, whole, with where it begins.

    Word takes text for a part of it, too, until the result begins.
    """
    opened: list[list[Any]] = []  # where it begins, what it says, whether its result has begun
    for element in tree.iter(_CHAR, _INSTRUCTION, _SIMPLE, T):
        kind = element.get(qn("w:fldCharType"))
        if element.tag == _SIMPLE:
            yield element, element.get(qn("w:instr"), "")
        elif kind == "begin":
            opened.append([element, "", False])
        elif kind == "separate" and opened:
            opened[-1][2] = True
        elif kind == "end" and opened:
            begin, code, _ = opened.pop()
            yield begin, code
        elif opened and not opened[-1][2]:
            opened[-1][1] += element.text or ""
        elif element.tag == _INSTRUCTION:
            yield element, element.text or ""
    yield from ((begin, code) for begin, code, _ in opened)


def _allowed(code: str) -> bool:
    said = code.strip()
    named = _NAME.match(said)
    name = named[0] if named else ""
    if name.upper() not in FIELD_CODES or "{" in said or "}" in said:
        return False
    if name.upper() != "HYPERLINK":
        return True
    targets = _SWITCH.sub(" ", said[len(name) :]).replace('"', " ").split()
    return all(_SAFE.fullmatch(target) for target in targets)


def _short(name: str) -> str:
    return name if len(name) <= 80 else f"{name[:80]}…"  # noqa: PLR2004 - characters that are shown
