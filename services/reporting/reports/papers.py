"""A report on paper: Word and PDF in the form of Nghị định 30, out of its snapshot alone."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.documents import official
from chassis.documents.official import (
    Annex,
    Block,
    Chart,
    Heading,
    OfficialForm,
    Paragraph,
    Signature,
    Table,
)
from chassis.files import FileStore
from reporting.reports import templates
from reporting.reports.fields import MOST_ROWS, foot_of, paragraphs
from reporting.reports.kinds import composed_of, notice_of
from reporting.reports.models import Report
from reporting.reports.numbers import BEYOND, Value, written
from reporting.reports.reading import first_rows, taken

_MOST_BARS = 20
_EMPTY = "Không có dòng nào."
_PDF = "application/pdf"
_PAPERS = asyncio.Semaphore(2)  # LibreOffice takes a core and 300 MB each time


async def document(
    session: AsyncSession,
    files: FileStore,
    report: Report,
    ending: str,
    template_id: UUID | None = None,
) -> Response:
    """Return the report as Word or PDF. Raises RuleBroken while it has no snapshot, PdfNotMade."""
    content = await docx_of(session, files, report, template_id)
    media = official.MEDIA_TYPE
    if ending == "pdf":
        async with _PAPERS:
            content, media = await official.as_pdf(content), _PDF
    name = f"{file_name(report)}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="report.{ending}"; '
        f"filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media, headers=headers)


async def docx_of(
    session: AsyncSession, files: FileStore, report: Report, template_id: UUID | None = None
) -> bytes:
    """Return the document that was signed, else the one its snapshot and text give now.

    `template_id`: written in that one, else in the one in force. Raises NotFound, RuleBroken.
    """
    taken(report)
    if report.document_file_id is not None:
        return await files.read(await files.find(session, report.document_file_id))
    notice = notice_of(await composed_of(session, report))
    return await word_of(session, files, report, notice, template_id)


def file_name(report: Report) -> str:
    """Return what the report's files are called."""
    return (report.number or f"{report.kind_name} {report.ends_on:%Y-%m-%d}").replace("/", "-")


async def word_of(
    session: AsyncSession,
    files: FileStore,
    report: Report,
    notice: str | None,
    template_id: UUID | None = None,
) -> bytes:
    """Return the report as .docx. `notice`: what of it is composed, on page 1."""
    snapshot = taken(report)
    in_template = await templates.written_in(session, files, report, notice, template_id)
    if in_template is not None:
        return in_template
    tables = {
        each["code"]: await _table(session, report, each)
        for each in snapshot["lists"]
        if each["code"] in _on_paper(snapshot["kind"])
    }
    form, blocks = _form(report, snapshot, notice), blocks_of(report, snapshot, tables)
    return await asyncio.to_thread(official.write_official, form, blocks)


def _on_paper(kind: Mapping[str, Any]) -> set[str]:
    return {each["table"] for each in (*kind["outline"], *kind["annexes"]) if each["table"]}


def _paragraphs(report: Report) -> dict[str, list[Block]]:
    """Return the sentences of each section as one paragraph; a line of its own stays one."""
    texts: dict[str, list[str]] = {}
    for each in report.sentences:
        if each["text"]:
            texts.setdefault(each["section"], []).append(each["text"])
    return {
        section: [Paragraph(line) for line in paragraphs(said)] for section, said in texts.items()
    }


def blocks_of(
    report: Report, snapshot: Mapping[str, Any], tables: Mapping[str, list[Block]]
) -> list[Block]:
    """Return the text with its tables and annexes."""
    kind = snapshot["kind"]
    said = _paragraphs(report)
    blocks: list[Block] = list(said.get("opening", ()))
    for section in kind["outline"]:
        heading = section["heading"].upper() if section["level"] == 1 else section["heading"]
        blocks.append(Heading(heading, section["level"]))
        blocks += said.get(section["id"], ())
        blocks += _shown(tables, section)
    blocks += said.get("closing", ())
    for annex in kind["annexes"]:
        inside = tables.get(
            annex["table"], [Paragraph("Hệ thống chưa có số liệu cho phụ lục này.")]
        )
        blocks.append(Annex(annex["title"].upper(), inside, annex["landscape"]))  # type: ignore[arg-type]
    return blocks


def _shown(tables: Mapping[str, list[Block]], place: Mapping[str, Any]) -> list[Block]:
    """Return what a section or annex shows of its list: the chart where it asks for one."""
    blocks = tables.get(place["table"] or "", [])
    return [each for each in blocks if place["chart"] or not isinstance(each, Chart)]


def _chart(about: Mapping[str, Any], rows: list[list[Value]]) -> list[Block]:
    """Return the rates of a list as bars; nothing where it has none, or more rows than fit."""
    rates = [place for place, kind in enumerate(about["kinds"]) if kind == "percent"]
    if not rates or len(rows) > _MOST_BARS:
        return []
    series = tuple(
        (about["headings"][place], tuple(_bar(row[place]) for row in rows)) for place in rates
    )
    return [Chart(about["title"], tuple(str(row[1]) for row in rows), series, most=100)]


def _bar(value: Value) -> float | None:
    return None if value is None or value == "" else float(value)


async def _table(session: AsyncSession, report: Report, about: Mapping[str, Any]) -> list[Block]:
    rows = (await first_rows(session, report.id, about["code"]))[:MOST_ROWS]
    if not rows:
        return []
    table = Table(
        tuple(about["headings"]), [_cells(about["kinds"], row) for row in rows],
        tuple(about["widths"]),
    )  # fmt: skip
    rest = about["count"] - len(rows)
    beyond = [Paragraph(BEYOND.format(rest=rest))] if rest else []
    return [table, *beyond, *_chart(about, rows)]


def _cells(kinds: list[str], row: list[Value]) -> list[str]:
    return [
        "" if value == "" else "–" if value is None else written(kind, value)
        for kind, value in zip(kinds, row, strict=True)
    ]


def _form(report: Report, snapshot: Mapping[str, Any], notice: str | None) -> OfficialForm:
    kind = snapshot["kind"]
    number, symbol = None, kind["symbol"]
    if report.number:
        number, _, symbol = report.number.partition("/")
    titles = report.signer_titles or kind["signer_titles"]
    return OfficialForm(
        parent=kind["parent"], issuer=kind["issuer"], number=number, symbol=symbol,
        place=kind["place"], day=report.signed_on, kind=kind["paper"], subject=report.title,
        addressed_to=tuple(kind["addressed_to"]), copies_to=tuple(kind["copies_to"]),
        signature=Signature(tuple(titles), report.signer_name or kind["signer_name"]),
        notice=notice, foot=foot_of(report, snapshot),
    )  # fmt: skip
