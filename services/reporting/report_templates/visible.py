"""What of a document is there to be read: neither hidden, nor white, nor in a header of no page."""

import re
from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from reporting.report_templates.places import RPR, TR, P, R, T

_SMALLEST = 8  # half points; nobody reads less
_LOWEST = 80  # twentieths of a point; a line that is lower cuts its letters off
_PALEST = 0xC8  # of red, green and blue; letters as pale as that are paper
_COLOUR = re.compile("[0-9A-F]{6}")
_OFF = ("0", "false", "off", "none")
_CONTROL, _BINDING = qn("w:sdt"), f"{qn('w:sdtPr')}/{qn('w:dataBinding')}"
_SPACING, _HEIGHT = f"{qn('w:pPr')}/{qn('w:spacing')}", f"{qn('w:trPr')}/{qn('w:trHeight')}"
_SECTION, _TITLE_PAGE = qn("w:sectPr"), qn("w:titlePg")
_REFERENCES = (qn("w:headerReference"), qn("w:footerReference"))


def text_of(document: Document) -> str:
    """Return the words of the body, and of the headers and footers that pages have."""
    hidden = _hidden_styles(document)
    said = (
        text for root in _roots(document) for paragraph in root.iter(P)
        for text in (*_words(paragraph, hidden), " ")
    )  # fmt: skip
    return " ".join("".join(said).split())


def _roots(document: Document) -> Iterator[Any]:
    yield document.element.body
    even = document.settings.odd_and_even_pages_header_footer
    for section in document.element.body.iter(_SECTION):
        shown = {"default", *(["first"] if _is_on(section.find(_TITLE_PAGE)) else [])}
        shown |= {"even"} if even else set()
        for reference in section.iter(*_REFERENCES):
            if reference.get(qn("w:type")) in shown:
                yield document.part.rels[reference.get(qn("r:id"))].target_part.element


def _words(paragraph: Any, hidden: set[str]) -> Iterator[str]:
    row = next(paragraph.iterancestors(TR), None)
    if _style(paragraph, "pPr", "pStyle") in hidden or (row is not None and _says(row, "hidden")):
        return
    if _is_cut_off(paragraph, _SPACING, "line", "lineRule"):
        return
    if row is not None and _is_cut_off(row, _HEIGHT, "val", "hRule"):
        return
    for run in paragraph.iter(R):
        own = next(run.iterancestors(P), None) is paragraph and not _is_bound(run)
        if own and not _is_hidden(run.find(RPR)) and _style(run, "rPr", "rStyle") not in hidden:
            parts = (part for part in run if part.tag != RPR)
            yield from (part.text or "" if part.tag == T else " " for part in parts)


def _is_bound(run: Any) -> bool:
    """Tell whether Word would write something else here: what another part of the file holds."""
    return any(each.find(_BINDING) is not None for each in run.iterancestors(_CONTROL))


def _is_cut_off(holder: Any, path: str, height: str, rule: str) -> bool:
    """Tell whether a line or a row is exactly so low that nothing of it can be read."""
    found = holder.find(path)
    if found is None or found.get(qn(f"w:{rule}")) != "exact":
        return False
    said = found.get(qn(f"w:{height}"), "")
    return bool(said.isdigit()) and int(said) < _LOWEST


def _hidden_styles(document: Document) -> set[str]:
    styles = list(document.styles.element.iter(qn("w:style")))
    found = {each.get(qn("w:styleId")) for each in styles if _is_hidden(each.find(RPR))}
    for _ in styles:  # what is based on a hidden one is hidden, however long the line
        based = {each.get(qn("w:styleId")) for each in styles if _value(each, "basedOn") in found}
        if based <= found:
            break
        found |= based
    return found


def _is_hidden(properties: Any) -> bool:
    if properties is None:
        return False
    size = _value(properties, "sz")
    return (
        _says(properties, "vanish")
        or _is_pale(_value(properties, "color") or "")
        or (size is not None and size.isdigit() and int(size) < _SMALLEST)
    )


def _is_pale(colour: str) -> bool:
    """Tell whether letters of a colour are white, or so nearly that nobody sees them on paper."""
    said = colour.upper()
    return bool(_COLOUR.fullmatch(said)) and min(bytes.fromhex(said)) >= _PALEST


def _says(holder: Any, name: str) -> bool:
    return any(_is_on(each) for each in holder.iter(qn(f"w:{name}")))


def _is_on(element: Any) -> bool:
    return element is not None and element.get(qn("w:val"), "1") not in _OFF


def _value(holder: Any, name: str) -> str | None:
    found = holder.find(qn(f"w:{name}"))
    value: str | None = None if found is None else found.get(qn("w:val"))
    return value


def _style(element: Any, properties: str, name: str) -> str | None:
    held = element.find(qn(f"w:{properties}"))
    return None if held is None else _value(held, name)
