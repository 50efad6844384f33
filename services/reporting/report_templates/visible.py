"""What of a document is there to be read: neither hidden, nor white, nor in a header of no page."""

from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from reporting.report_templates.places import RPR, TR, P, R, T

_SMALLEST = 8  # half points; nobody reads less
_OFF = ("0", "false", "off", "none")
_CONTROL, _BINDING = qn("w:sdt"), f"{qn('w:sdtPr')}/{qn('w:dataBinding')}"
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
    for run in paragraph.iter(R):
        own = next(run.iterancestors(P), None) is paragraph and not _is_bound(run)
        if own and not _is_hidden(run.find(RPR)) and _style(run, "rPr", "rStyle") not in hidden:
            parts = (part for part in run if part.tag != RPR)
            yield from (part.text or "" if part.tag == T else " " for part in parts)


def _is_bound(run: Any) -> bool:
    """Tell whether Word would write something else here: what another part of the file holds."""
    return any(each.find(_BINDING) is not None for each in run.iterancestors(_CONTROL))


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
        or (_value(properties, "color") or "").upper() == "FFFFFF"
        or (size is not None and size.isdigit() and int(size) < _SMALLEST)
    )


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
