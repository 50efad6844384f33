"""`python -m reporting.report_templates.isolated check|fill < file`: one template, confined.

What comes in: a line of JSON (the fields, or the values), then the .docx. What goes out: the filled
.docx, or JSON naming what is wrong.
"""

import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree

from chassis.bounded import confine
from reporting.report_templates import language, places, tags
from reporting.report_templates.domain import (
    MOST_SHOWN,
    Fields,
    Place,
    Wrong,
    example,
    of_json,
)

MEMORY = 1_000_000_000  # bytes of address space; the libraries alone map a third of it
PROCESSOR_SECONDS = 10
LARGEST = 50_000_000  # bytes of a filled document
_UNREADABLE = (PackageNotFoundError, KeyError, ValueError, zipfile.BadZipFile, etree.LxmlError)
_NOT_FILLED = (TemplateError, TypeError, ValueError, KeyError, etree.LxmlError, RecursionError)


class _Template(DocxTemplate):  # type: ignore[misc]  # it has no types
    """A template whose outcome has to be XML: the library would mend what is none, and lose it."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))
        return super().fix_tables(xml)


def main() -> None:
    """Bound this process, then check or fill. What is wrong is an answer too."""
    confine(MEMORY, PROCESSOR_SECONDS)
    given, content = json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read()
    if sys.argv[1] == "check":
        found = check(content, of_json(given["fields"]), given["needed"])
        sys.stdout.write(json.dumps([asdict(one) for one in found]))
        return
    try:
        sys.stdout.buffer.write(fill(content, given))
    except _NOT_FILLED:
        sys.stdout.write(json.dumps([asdict(Wrong("not_filled", Place("")))]))


def check(content: bytes, fields: Fields, needed: Sequence[str] = ()) -> list[Wrong]:
    """Return what is wrong with a template; nothing: it can be filled. `needed`: fields in it."""
    try:
        document = Document(BytesIO(content))
        found = list(places.outside(document))
        parts = list(places.parts_of(document))
        for paragraphs in parts:
            found += _of_part(paragraphs, fields)
        found += _lacking(parts, needed)
    except _UNREADABLE:
        return [Wrong("unreadable", Place(""))]
    if found:
        return found[:MOST_SHOWN]
    try:
        fill(content, example(fields))
    except _NOT_FILLED:
        return [Wrong("not_filled", Place(""))]
    return []


def _of_part(paragraphs: list[tags.Paragraph], fields: Fields) -> list[Wrong]:
    """Return what is wrong in one part: with its tags, and where these are whole, what they say."""
    found = list(tags.check(paragraphs))
    if found:
        return found
    return [
        Wrong(code, paragraphs[line - 1].place, _quoted(paragraphs[line - 1], facts), facts)
        for line, code, facts in language.check(tags.skeleton(paragraphs), fields)
    ]


def _lacking(parts: Sequence[Sequence[tags.Paragraph]], needed: Sequence[str]) -> list[Wrong]:
    written = {
        tag.inside for part in parts for each in part for tag in tags.tags_of(each)
        if tag.marker == "{"
    }  # fmt: skip
    return [
        Wrong("field_needed", Place(""), f"{{{{ {name} }}}}", {"name": name})
        for name in needed if name not in written
    ]  # fmt: skip


def _quoted(paragraph: tags.Paragraph, facts: Mapping[str, Any]) -> str:
    """Return the tag of a paragraph that is meant: the one that names what is wrong."""
    every = tags.tags_of(paragraph)
    named = [tag for tag in every if str(facts.get("name", "")) in tag.written]
    return (named or every)[0].shown if every else ""


def fill(content: bytes, values: Mapping[str, Any]) -> bytes:
    """Return the document. Raises ValueError for one that is too large, TemplateError."""
    template = _Template(BytesIO(content))
    template.render(_known(values), language.Language())
    stream = BytesIO()
    template.save(stream)
    if stream.tell() > LARGEST:
        raise ValueError("too large")
    return stream.getvalue()


def _known(value: Any) -> Any:
    """Return values with what nobody knows as such."""
    if isinstance(value, Mapping):
        return {name: _known(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_known(each) for each in value]
    return language.Unknown() if value is None else value


if __name__ == "__main__":
    main()
