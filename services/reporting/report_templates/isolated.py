"""`python -m reporting.report_templates.isolated check|fill < file`: one template, confined.

What comes in: a line of JSON (`fields` to check, `values` to fill; `needed`), then the .docx. What
goes out: the filled .docx, or JSON naming what is wrong and which fields are mentioned.
"""

import json
import sys
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from io import BytesIO
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import TemplateError
from lxml import etree
from markupsafe import Markup

from chassis.bounded import confine
from chassis.documents.official_parts import clean
from reporting.report_templates import brought, drawn, language, places, tags, visible
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
_LONGEST_PROPERTY = 255  # characters that a property of a file may have
_UNREADABLE = (
    PackageNotFoundError, KeyError, ValueError, AttributeError, zipfile.BadZipFile, zlib.error,
    EOFError, RuntimeError, etree.LxmlError,
)  # fmt: skip
"""A package that is none, damaged, locked, or that Word would have to mend."""
_NOT_FILLED = (TemplateError, TypeError, ValueError, KeyError, etree.LxmlError, RecursionError)


class _Template(DocxTemplate):  # type: ignore[misc]  # it has no types
    """A template whose outcome has to be XML: the library would mend what is none, and lose it."""

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=True))
        return super().fix_tables(xml)

    def render_properties(self, context: dict[str, Any], jinja_env: Any = None) -> None:
        """Fill in the file's properties; a title may be longer than one of these."""
        properties = self.docx.core_properties
        for name in ("author", "comments", "identifier", "language", "subject", "title"):
            said = jinja_env.from_string(getattr(properties, name)).render(context)
            plain = Markup(said).unescape()  # noqa: S704 - markup is taken out, none is made
            setattr(properties, name, plain[:_LONGEST_PROPERTY])


class Refused(Exception):
    """A filled document that may not go out."""

    def __init__(self, found: list[Wrong]) -> None:
        super().__init__(found)
        self.found = found


def main() -> None:
    """Bound this process, then check or fill. What is wrong is an answer too."""
    confine(MEMORY, PROCESSOR_SECONDS)
    given, content = json.loads(sys.stdin.buffer.readline()), sys.stdin.buffer.read()
    if sys.argv[1] == "check":
        found, mentions = check(content, of_json(given["fields"]), given["needed"])
        _say(found, mentions)
        return
    try:
        sys.stdout.buffer.write(fill(content, given["values"], given["needed"], given["charts"]))
    except Refused as refused:
        _say(refused.found)
    except _NOT_FILLED:
        _say([Wrong("not_filled", Place(""))])
    except _UNREADABLE:
        _say([Wrong("unreadable", Place(""))])


def _say(found: Sequence[Wrong], mentions: Sequence[str] = ()) -> None:
    answer = {"wrong": [asdict(one) for one in found], "mentions": list(mentions)}
    sys.stdout.write(json.dumps(answer))


def check(
    content: bytes, fields: Fields, needed: Sequence[str] = ()
) -> tuple[list[Wrong], list[str]]:
    """Return what is wrong with a template, and the fields it names. `needed`: fields in it."""
    try:
        document = Document(BytesIO(content))
        parts = list(places.parts_of(document))
        found = [*brought.refused(document), *_unfilled(document)]
        for paragraphs in parts:
            found += _of_part(paragraphs, fields)
        found += _lacking(parts, needed)
    except _UNREADABLE:
        return [Wrong("unreadable", Place(""))], []
    if found:
        return found[:MOST_SHOWN], []
    spoken = language.Language()
    return _tried(content, fields, needed, spoken), sorted(spoken.named)


def _tried(
    content: bytes, fields: Fields, needed: Sequence[str], spoken: language.Language
) -> list[Wrong]:
    """Return what is wrong with a template once it is filled in: with much, and with nothing."""
    marks = {name: f"<{name}>" for name in needed}
    try:
        fill(content, {**example(fields), **marks}, needed, spoken=spoken)
    except Refused as refused:
        return refused.found
    except _NOT_FILLED:
        return [Wrong("not_filled", Place(""))]
    except _UNREADABLE:
        return [Wrong("unreadable", Place(""))]
    try:
        fill(content, {**example(fields, full=False), **marks}, needed)
    except Refused as refused:
        return refused.found
    except _NOT_FILLED:
        pass  # the first of a list that is empty: a matter of the report, and said there
    return []


def _of_part(paragraphs: list[tags.Paragraph], fields: Fields) -> list[Wrong]:
    """Return what is wrong in one part: with its tags, and where these are whole, what they say."""
    found = [*tags.check(paragraphs), *drawn.check(paragraphs)]
    if found:
        return found
    return [
        Wrong(code, paragraphs[line - 1].place, _quoted(paragraphs[line - 1], facts), facts)
        for line, code, facts in language.check(tags.skeleton(paragraphs), fields)
    ]


def _unfilled(document: Any) -> list[Wrong]:
    """Return the tags that stand where nothing is filled in."""
    return [
        Wrong("tag_unfilled", paragraph.place, tag.shown)
        for paragraphs in places.unfilled(document)
        for paragraph in paragraphs
        for tag in tags.tags_of(paragraph)
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


def fill(
    content: bytes,
    values: Mapping[str, Any],
    needed: Sequence[str] = (),
    charts: Mapping[str, Any] | None = None,
    spoken: language.Language | None = None,
) -> bytes:
    """Return the document. `needed`: fields whose words have to be readable in it.

    Raises Refused for what may not go out, ValueError for one that is too large, TemplateError.
    """
    template = _Template(BytesIO(content))
    known = _known(values)
    template.render({**known, "charts": drawn.marks(known)}, spoken or language.Language())
    found = [*brought.refused(template.docx), *_hidden(template.docx, known, needed)]
    if found:
        raise Refused(found[:MOST_SHOWN])
    drawn.put(template.docx, charts or {})
    stream = BytesIO()
    template.save(stream)
    if stream.tell() > LARGEST:
        raise ValueError("too large")
    return stream.getvalue()


def _hidden(document: Any, values: Mapping[str, Any], needed: Sequence[str]) -> list[Wrong]:
    """Return the needed fields that say something, and cannot be read in the document."""
    said = visible.text_of(document) if needed else ""
    return [
        Wrong("field_hidden", Place(""), f"{{{{ {name} }}}}", {"name": name})
        for name in needed if " ".join(values[name].split()) not in said
    ]  # fmt: skip


def _known(value: Any) -> Any:
    """Return values as XML can hold them, with what nobody knows as such."""
    if isinstance(value, Mapping):
        return {name: _known(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_known(each) for each in value]
    if isinstance(value, str):
        return clean(value)
    return language.Unknown() if value is None else value


if __name__ == "__main__":
    main()
