"""The template that comes with a kind: its own layout, with the fields in place of what they say.

It is what the Office takes to edit in Word; nothing in it is written twice: text and tables are
those of the kind, and the form is that of `chassis.documents`.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document

from chassis.documents.official import (
    Annex,
    Block,
    Heading,
    OfficialForm,
    Paragraph,
    Signature,
    Table,
    day_words,
    write_official,
)
from chassis.documents.official_blocks import Simple
from reporting.reports.fields import column_name, name_of, said_open
from reporting.reports.layouts import COLUMNS
from reporting.reports.numbers import ListCode
from reporting.reports.outline import KindBody, SectionForm

_FIGURES = ("count", "percent", "points")


def shipped(kind: KindBody) -> bytes:
    """Return the template of a kind, as .docx."""
    form = OfficialForm(
        parent=kind.parent, issuer=kind.issuer, number="{{ number }}", symbol="{{ symbol }}",
        place="{{ place }}", day=None, kind=kind.paper, subject="{{ title }}",
        addressed_to=tuple(kind.addressed_to), copies_to=tuple(kind.copies_to),
        signature=Signature(
            ("{%p for title in signer.titles %}", "{{ title }}", "{%p endfor %}"),
            "{{ signer.name }}",
        ),
        notice="{{ notice }}", foot="{{ foot }}",
    )  # fmt: skip
    return _with_day(write_official(form, list(_blocks(kind))))


def _blocks(kind: KindBody) -> Iterator[Block]:
    yield Paragraph("{{ opening }}")
    for section in kind.outline:
        yield from _section(section)
    yield Paragraph("{{ closing }}")
    for annex in kind.annexes:
        blocks = list(_list(annex.table, chart=annex.chart))
        yield Annex(annex.title.upper(), blocks, annex.landscape)


def _section(section: SectionForm) -> Iterator[Simple]:
    heading = section.heading.upper() if section.level == 1 else section.heading
    yield Heading(heading, section.level)
    yield Paragraph(f"{{%p for text in sections.{name_of(section.id)}.paragraphs %}}")
    yield Paragraph("{{ text }}")
    yield Paragraph("{%p endfor %}")
    if section.table:
        yield from _list(section.table, chart=section.chart)


def _list(code: ListCode, *, chart: bool) -> Iterator[Simple]:
    """Yield the table of a list, left out while it has no row, how much more there is, its bars."""
    yield Paragraph(f"{{%p if lists.{code} %}}")
    yield _table(code)
    yield Paragraph("{%p endif %}")
    yield Paragraph(f"{{%p if more.{code} %}}")
    yield Paragraph(f"{{{{ more.{code} }}}}")
    yield Paragraph("{%p endif %}")
    if chart and any(kind == "percent" for _, kind, _ in COLUMNS[code]):
        yield Paragraph(f"{{{{ charts.{code} }}}}")


def _table(code: ListCode) -> Table:
    headings, kinds, widths = zip(*COLUMNS[code], strict=True)
    rest = [""] * (len(headings) - 1)
    cells = [f"{{{{ row.{column_name(heading)} }}}}" for heading in headings]
    rows = [[f"{{%tr for row in lists.{code} %}}", *rest], cells, ["{%tr endfor %}", *rest]]
    figures = tuple(place for place, kind in enumerate(kinds) if kind in _FIGURES)
    return Table(headings, rows, tuple(map(float, widths)), right=figures)


def _with_day(content: bytes) -> bytes:
    """Return the document with the field of the day where it leaves room for one."""
    document = Document(BytesIO(content))
    room = day_words(None)
    for run in _runs(document):
        if room in run.text:
            run.text = run.text.replace(room, "{{ day }}")
        elif said_open(room) in run.text:  # below an annex's title
            said = run.text.replace(said_open(room), "{{ day_said }}")
            run.text = said.replace("{{ number }}", "{{ number_said }}")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _runs(document: Any) -> Iterator[Any]:
    for paragraph in document.paragraphs:
        yield from paragraph.runs
    for table in document.tables:
        for cell in table._cells:  # noqa: SLF001 - each once, where rows would give merged ones twice
            for paragraph in cell.paragraphs:
                yield from paragraph.runs
