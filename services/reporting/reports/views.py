"""Reports as they are answered: all of it out of the snapshot, nothing counted anew."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.signatures.views import SignaturesView
from chassis.tables import person, stored_file
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.reports import templates
from reporting.reports.composed import composed_of, notice_of
from reporting.reports.discarded import Discarded, discarded
from reporting.reports.domain import acts
from reporting.reports.kinds import Composed
from reporting.reports.models import Report, ReportRows
from reporting.reports.numbers import Kind, Value, written
from reporting.reports.reading import failures, first_rows, list_of
from reporting.reports.remarks import Remark, remarks_of
from reporting.reports.sendings import SendingView, sendings_of
from reporting.reports.signed_copies import SignedCopy, copies_of
from reporting.signatures.views import signatures_of


class FigureView(ResponseBody):
    """A figure of the snapshot. `shown`: as it stands in the document.

    `as_of`: the day it is of, where it is not as of the end of a period that is over.
    """

    id: str
    label: str
    unit: str
    kind: Kind
    value: Value
    as_of: date | None = None
    shown: str


class SentenceView(ResponseBody):
    """A sentence. `figures`: ids of what it says. `drafted`: as it came out of data.

    `changed`: written otherwise by hand, or added. `no_data`: says that nothing is known.
    """

    id: str
    section: str
    text: str
    drafted: str
    figures: list[str]
    no_data: bool
    changed: bool


class ListView(ResponseBody):
    """A list of the snapshot; its rows: `GET /v1/reports/{id}/lists/{code}`."""

    code: str
    title: str
    headings: list[str]
    kinds: list[Kind]
    count: int
    sha256: str
    as_of: date | None = None


class SectionView(ResponseBody):
    """A section of the text. `table`: the list below its sentences."""

    id: str
    heading: str
    level: int
    sentences: list[SentenceView]
    table: str | None


class AnnexView(ResponseBody):
    """A table behind the signature."""

    title: str
    table: str
    landscape: bool


class ReportName(ResponseBody):
    """A report in the list. `number`: "15/BC-SNV", from signing on.

    `document_sha256`: of the .docx that was signed, `signed_copy_sha256`: of the signed copy that
    was kept last, byte by byte each. `signed_sha256`: of all that was signed, the .docx's hash too.
    """

    id: UUID
    version: int
    kind: str
    kind_name: str
    title: str
    starts_on: date
    ends_on: date
    plan_id: UUID | None
    state: str
    number: str | None
    signed_on: date | None
    sha256: str | None
    signed_sha256: str | None
    document_sha256: str | None
    signed_copy_sha256: str | None
    created_by: UUID
    created_by_name: str | None
    created_at: datetime
    signer_name: str | None
    sendings: list[SendingView]
    allowed: list[str]


class ReportView(ReportName):
    """A report with its text and figures; all of them are empty while its job prepares them.

    `composed`: data that is not an official text, each confirmed or not; `notice`: the line of page
    1, None once all of it is confirmed. `running`: its period went on when the data was taken.
    `job_error`: why its job failed; then its state is `failed`, and it may be made again (`retry`).
    `template_number`: of the template it is written in, from checking on for good; 0: the layout of
    its kind. `remarks`: what is to be known before it is checked. `signed_copies`: all that were
    kept, the newest first; `signatures`: in the newest. `signer_name`: who is to sign, till then.
    """

    job_id: UUID
    job_error: str | None
    period_name: str | None
    taken_at: datetime | None
    running: bool
    opening: SentenceView | None
    closing: SentenceView | None
    sections: list[SectionView]
    annexes: list[AnnexView]
    figures: list[FigureView]
    lists: list[ListView]
    composed: list[Composed]
    remarks: list[Remark]
    notice: str | None
    template_number: int
    checked_by: UUID | None
    checked_by_name: str | None
    checked_at: datetime | None
    signed_by_name: str | None
    signed_at: datetime | None
    signer_titles: list[str]
    discarded: Discarded | None
    signed_copy_file_id: UUID | None
    signed_copies: list[SignedCopy]
    signatures: SignaturesView | None


class RowsView(ResponseBody):
    """Rows of a list, a thousand to a part; `parts` of them."""

    about: ListView
    part: int
    parts: int
    rows: list[list[Value]]


async def report_names(
    session: AsyncSession, reports: Sequence[Report], actor: Actor
) -> list[ReportName]:
    """Return reports for the list."""
    names = await names_of(session, {each.created_by for each in reports})
    failed, hashes = await failures(session, reports), await _hashes(session, reports)
    sent = await sendings_of(session, actor, reports)
    return [
        ReportName(
            **_name(each, actor, names, failed, hashes),
            signer_name=each.signer_name, sendings=sent.get(each.id, []),
        )
        for each in reports
    ]  # fmt: skip


def _name(
    report: Report,
    actor: Actor,
    names: Mapping[UUID | None, str],
    failed: Collection[UUID],
    hashes: Mapping[UUID | None, str],
) -> dict[str, Any]:
    state = "failed" if report.job_id in failed else report.state
    same = (
        "id", "version", "kind_name", "title", "starts_on", "ends_on", "plan_id",
        "signed_on", "sha256", "signed_sha256", "created_by", "created_at",
    )  # fmt: skip
    return {
        **{each: getattr(report, each) for each in same},
        "kind": report.kind_code, "number": report.number, "state": state,
        "created_by_name": names.get(report.created_by),
        "document_sha256": hashes.get(report.document_file_id),
        "signed_copy_sha256": hashes.get(report.signed_copy_file_id),
        "allowed": RIGHTS.allowed(actor, "report", acts(state)),
    }  # fmt: skip


async def names_of(session: AsyncSession, ids: set[UUID | None]) -> dict[UUID | None, str]:
    """Return people's names."""
    rows = await session.execute(select(person.c.id, person.c.name).where(person.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def rows_view(session: AsyncSession, report: Report, code: str, part: int) -> RowsView:
    """Return a part of a list. Raises NotFound."""
    about = list_of(report, code)
    parts = await session.scalar(
        select(func.count()).where(ReportRows.report_id == report.id, ReportRows.list_code == code)
    )
    rows = await first_rows(session, report.id, code, part)
    return RowsView(about=ListView(**about), part=part, parts=parts or 0, rows=rows)


async def report_view(session: AsyncSession, report: Report, actor: Actor) -> ReportView:
    """Return a report as the actor sees it."""
    sent = await sendings_of(session, actor, [report])
    people = {report.created_by, report.checked_by, report.signed_by}
    names = await names_of(session, people - {None})
    failed = await failures(session, [report])
    template = await templates.chosen(session, report)
    composed = await composed_of(session, report, template)
    taken: Mapping[str, Any] = report.snapshot or {}
    about = _name(report, actor, names, failed, await _hashes(session, [report]))
    return ReportView(
        **about, job_id=report.job_id, composed=composed, job_error=failed.get(report.job_id),
        period_name=taken.get("period_name"), taken_at=taken.get("taken_at"),
        running=bool(taken.get("running")), opening=_framing(report, "opening"),
        closing=_framing(report, "closing"), sections=_sections(report),
        annexes=[AnnexView(**each) for each in _kind(taken).get("annexes", ())],
        figures=[figure_view(each) for each in taken.get("figures", ())],
        lists=[ListView(**each) for each in taken.get("lists", ())],
        template_number=template.number if template else 0,
        notice=notice_of(composed), checked_by=report.checked_by, checked_at=report.checked_at,
        remarks=await remarks_of(session, report, template),
        checked_by_name=names.get(report.checked_by), signed_by_name=names.get(report.signed_by),
        signed_at=report.signed_at,
        signer_titles=report.signer_titles or _kind(taken).get("signer_titles", []),
        signer_name=report.signer_name or _kind(taken).get("signer_name"),
        sendings=sent.get(report.id, []), discarded=await discarded(session, report),
        signed_copy_file_id=report.signed_copy_file_id,
        signed_copies=await copies_of(session, report),
        signatures=await signatures_of(session, report.signed_copy_file_id),
    )  # fmt: skip


def figure_view(stored: Mapping[str, Any]) -> FigureView:
    """Return a stored figure as it is shown."""
    return FigureView(**stored, shown=written(stored["kind"], stored["value"]))


def _kind(taken: Mapping[str, Any]) -> Mapping[str, Any]:
    kind: Mapping[str, Any] = taken.get("kind", {})
    return kind


def _sections(report: Report) -> list[SectionView]:
    return [
        SectionView(
            id=section["id"], heading=section["heading"], level=section["level"],
            table=section["table"],
            sentences=[
                SentenceView(**each)
                for each in report.sentences
                if each["section"] == section["id"]
            ],
        )
        for section in _kind(report.snapshot or {}).get("outline", ())
    ]  # fmt: skip


async def _hashes(session: AsyncSession, reports: Sequence[Report]) -> dict[UUID | None, str]:
    """Return the hashes of their files: each of its own bytes."""
    both = ((each.document_file_id, each.signed_copy_file_id) for each in reports)
    ids = {id_ for files in both for id_ in files if id_ is not None}
    if not ids:
        return {}
    wanted = select(stored_file.c.id, stored_file.c.sha256).where(stored_file.c.id.in_(ids))
    return {row.id: row.sha256 for row in await session.execute(wanted)}


def _framing(report: Report, id_: str) -> SentenceView | None:
    found = next((each for each in report.sentences if each["id"] == id_), None)
    return SentenceView(**found) if found else None
