"""A report on paper: Word and PDF in the form of Nghị định 30, out of its snapshot alone."""

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import update
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
from chassis.files import Kind as FileKind
from chassis.web import give_back
from reporting.report_templates.models import ReportTemplate
from reporting.reports import templates
from reporting.reports.charts import chart_of
from reporting.reports.composed import composed_of, notice_of
from reporting.reports.fields import MOST_ROWS, foot_of, paragraphs
from reporting.reports.models import Report
from reporting.reports.numbers import BEYOND, Value, written
from reporting.reports.reading import first_rows, taken
from reporting.reports.templates import Writing

_EMPTY = "Không có dòng nào."
_PDF, _ONLY_PDF = "application/pdf", frozenset[FileKind]({"pdf"})
PAPERS = asyncio.Semaphore(2)  # LibreOffice takes a core and 300 MB each time


async def document(
    session: AsyncSession,
    files: FileStore,
    report: Report,
    ending: str,
    template_id: UUID | None = None,
) -> Response:
    """Return the report as Word or PDF. Raises RuleBroken while it has no snapshot, PdfNotMade.

    `template_id`: written in that one; what was signed stays as it was. Raises NotFound.
    """
    taken(report)
    if ending == "pdf":
        content, media = await _pdf_of(session, files, report, template_id), _PDF
    else:
        write = await writing_of(session, files, report, template_id)
        await give_back(session)  # writing takes seconds: no connection waits for it
        content, media = await write(), official.MEDIA_TYPE
    name = f"{file_name(report)}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="report.{ending}"; '
        f"filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media, headers=headers)


def file_name(report: Report) -> str:
    """Return what the report's files are called."""
    return (report.number or f"{report.kind_name} {report.ends_on:%Y-%m-%d}").replace("/", "-")


async def _pdf_of(
    session: AsyncSession, files: FileStore, report: Report, template_id: UUID | None
) -> bytes:
    """Return the report as PDF; of what is signed the one that was made first, for good."""
    if report.pdf_file_id is not None:
        return await files.read(await files.find(session, report.pdf_file_id))
    signed = report.document_file_id is not None
    write = await writing_of(session, files, report, template_id)
    await give_back(session)  # LibreOffice takes seconds, and there may be a queue before it
    content = await write()
    async with PAPERS:
        content = await official.as_pdf(content)
    return await _kept(session, files, report, content) if signed else content


async def _kept(session: AsyncSession, files: FileStore, report: Report, content: bytes) -> bytes:
    """Keep the PDF of a signed report; where somebody was faster, return theirs."""
    name = f"{file_name(report)}.pdf"
    made = await files.save(
        session, name=name, content=content, uploaded_by=None, allowed=_ONLY_PDF
    )
    first = (
        update(Report)
        .where(Report.id == report.id, Report.pdf_file_id.is_(None))
        .values(pdf_file_id=made.id)
        .execution_options(synchronize_session=False)
        .returning(Report.id)
    )
    if await session.scalar(first) is not None:
        return content
    await session.refresh(report, ["pdf_file_id"])
    return await files.read(await files.find(session, report.pdf_file_id))  # type: ignore[arg-type]


async def writing_of(
    session: AsyncSession, files: FileStore, report: Report, template_id: UUID | None = None
) -> Writing:
    """Return what writes the document that was signed, else the one snapshot and text give now.

    Raises NotFound, RuleBroken.
    """
    if report.document_file_id is not None:
        return partial(files.read, await files.find(session, report.document_file_id))
    template = await templates.chosen(session, report, template_id)
    notice = notice_of(await composed_of(session, report, template))
    return await word_of(session, files, report, template, notice)


async def word_of(
    session: AsyncSession,
    files: FileStore,
    report: Report,
    template: ReportTemplate | None,
    notice: str | None,
) -> Writing:
    """Return what writes the report as .docx. `notice`: what of it is composed, on page 1."""
    snapshot = taken(report)
    if template is not None and template.file_id is not None:
        return await templates.writing_in(session, files, report, template, notice)
    tables = {
        each["code"]: table_of(each, await _rows(session, report, each["code"]))
        for each in snapshot["lists"]
        if each["code"] in _on_paper(snapshot["kind"])
    }
    form, blocks = form_of(report, snapshot, notice), blocks_of(report, snapshot, tables)
    return partial(asyncio.to_thread, official.write_official, form, blocks)


async def _rows(session: AsyncSession, report: Report, code: str) -> list[list[Value]]:
    return (await first_rows(session, report.id, code))[:MOST_ROWS]


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
    gone = left_out(report, kind["outline"], tables)
    for section in kind["outline"]:
        if section["id"] in gone:
            continue
        heading = section["heading"].upper() if section["level"] == 1 else section["heading"]
        blocks.append(Heading(heading, section["level"]))
        blocks += said.get(section["id"], ())
        blocks += _shown(tables, section)
    blocks += said.get("closing", ())
    for annex in kind["annexes"]:
        inside = _shown(tables, annex) or [Paragraph("Hệ thống chưa có số liệu cho phụ lục này.")]
        blocks.append(Annex(annex["title"].upper(), inside, annex["landscape"]))  # type: ignore[arg-type]
    return blocks


def left_out(
    report: Report, outline: Sequence[Mapping[str, Any]], tables: Mapping[str, Any]
) -> set[str]:
    """Return the sections of which all was taken out by hand: not even their headings stand."""
    said = {each["section"] for each in report.sentences if each["text"]}
    emptied = {each["section"] for each in report.sentences if each["changed"]} - said
    parents = {
        section["id"]
        for section, below in itertools.pairwise(outline)
        if below["level"] > section["level"]
    }
    shown = {section["id"] for section in outline if tables.get(section["table"] or "")}
    return emptied - parents - shown


def _shown(tables: Mapping[str, list[Block]], place: Mapping[str, Any]) -> list[Block]:
    """Return what a section or annex shows of its list: the chart where it asks for one."""
    blocks = tables.get(place["table"] or "", [])
    return [each for each in blocks if place["chart"] or not isinstance(each, Chart)]


def table_of(about: Mapping[str, Any], rows: Sequence[list[Value]]) -> list[Block]:
    """Return a list as it goes on paper, with its chart; nothing while it has no row."""
    if not rows:
        return []
    table = Table(
        tuple(about["headings"]), [_cells(about["kinds"], row) for row in rows],
        tuple(about["widths"]),
    )  # fmt: skip
    rest = about["count"] - len(rows)
    beyond = [Paragraph(BEYOND.format(rest=rest))] if rest else []
    chart = chart_of(about, rows)
    return [table, *beyond, *([chart] if chart else [])]


def _cells(kinds: list[str], row: list[Value]) -> list[str]:
    return [
        "" if value == "" else "–" if value is None else written(kind, value)
        for kind, value in zip(kinds, row, strict=True)
    ]


def form_of(report: Report, snapshot: Mapping[str, Any], notice: str | None) -> OfficialForm:
    """Return what stands around the text."""
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
