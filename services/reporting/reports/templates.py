"""Reports written in the templates of their kind, and what a kind gives to a template."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.files import FileStore
from chassis.words import N_
from reporting.report_templates import actions
from reporting.report_templates.actions import Kind
from reporting.report_templates.models import ReportTemplate
from reporting.reports.charts import chart_of
from reporting.reports.fields import MOST_ROWS, NEEDED, fields_of, values_of
from reporting.reports.kinds import body_of, find
from reporting.reports.models import Report, StoredKind
from reporting.reports.reading import first_rows, taken

_OTHER_KIND = N_("Loại báo cáo này không có mẫu đó")
Writing = Callable[[], Awaitable[bytes]]
"""Writes a document out of what was read before, without the database."""


def kind_of(stored: StoredKind) -> Kind:
    """Return a kind as templates know it."""
    return Kind(stored.code, stored.version, fields_of(body_of(stored)), NEEDED)


async def chosen(
    session: AsyncSession, report: Report, template_id: UUID | None = None
) -> ReportTemplate | None:
    """Return the template that a report is written in; None: the layout of its kind.

    Asked for, that one; from checking on the one that was checked; else the one in force. Raises
    NotFound.
    """
    if template_id is not None:
        return await _asked_for(session, report, template_id)
    if report.state in ("preparing", "draft"):
        return await actions.in_force(session, report.kind_code)
    return await actions.find(session, report.template_id) if report.template_id else None


async def _asked_for(
    session: AsyncSession, report: Report, template_id: UUID
) -> ReportTemplate | None:
    stored = await find(session, report.kind_code)
    if template_id == stored.id:
        return None
    template = await actions.find(session, template_id)
    if template.kind_code != report.kind_code:
        raise NotFound(_OTHER_KIND, code="report_template_not_found")
    return template


async def writing_in(
    session: AsyncSession,
    files: FileStore,
    report: Report,
    template: ReportTemplate,
    notice: str | None,
) -> Writing:
    """Return what writes a report in a template; it raises RuleBroken `template_no_longer_fits`."""
    snapshot = taken(report)
    abouts = {each["code"]: each for each in snapshot["lists"]}
    rows = {code: (await first_rows(session, report.id, code))[:MOST_ROWS] for code in abouts}
    drawn = {code: chart_of(about, rows[code]) for code, about in abouts.items()}
    charts = {code: asdict(chart) for code, chart in drawn.items() if chart}
    values = values_of(report, snapshot, notice, rows)
    content = await actions.content_of(session, files, template)
    return partial(actions.filled, template, content, values, NEEDED, charts)
