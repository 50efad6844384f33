"""Charts in a template: a field in a paragraph of its own, which Word's own chart takes over."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.documents.official import Chart
from chassis.documents.official_chart import add_chart
from reporting.report_templates import tags
from reporting.report_templates.domain import Wrong
from reporting.report_templates.places import P, T

_EMU_OF_A_MM = 36_000
_FIELD = re.compile(r"charts\.[a-z_0-9]+")
_MARK = re.compile("\ue000([a-z_0-9]+)\ue001")
"""Characters that no text has: of the range that is nobody's."""


def check(paragraphs: Sequence[tags.Paragraph]) -> Iterator[Wrong]:
    """Yield the charts that do not stand alone in a paragraph of the body."""
    for paragraph in paragraphs:
        for tag in tags.tags_of(paragraph):
            alone = paragraph.place.part == "body" and paragraph.text.strip() == tag.written
            whole = tag.marker == "{" and _FIELD.fullmatch(tag.inside)
            if _FIELD.search(tag.inside) and not (alone and whole):
                yield Wrong("chart_alone", paragraph.place, tag.shown)


def marks(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is written where charts will stand."""
    return {code: f"\ue000{code}\ue001" for code in values.get("charts", ())}


def put(document: Any, charts: Mapping[str, Any]) -> None:
    """Draw each chart in place of its mark; where there is none the paragraph goes."""
    for paragraph in list(document.element.body.iter(P)):
        found = _MARK.search(_own_text(paragraph))
        if not found:
            continue
        if found[1] in charts:
            given = charts[found[1]]
            add_chart(document, Chart(**given), _width(document))
            paragraph.addprevious(document.paragraphs[-1]._p)  # noqa: SLF001 - moved, as it was last
        paragraph.getparent().remove(paragraph)


def _own_text(paragraph: Any) -> str:
    """Return a paragraph's text without that of a text box within it."""
    parts = (each for each in paragraph.iter(T) if next(each.iterancestors(P)) is paragraph)
    return "".join(each.text or "" for each in parts)


def _width(document: Any) -> float:
    """Return the mm between the margins."""
    section = document.sections[0]
    width: int = section.page_width - section.left_margin - section.right_margin
    return width / _EMU_OF_A_MM
