"""Reports written in the templates of their kind, and what a kind gives to a template."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.files import FileStore
from chassis.words import N_
from reporting.report_templates import actions
from reporting.report_templates.actions import Kind
from reporting.report_templates.models import ReportTemplate
from reporting.reports.fields import MOST_ROWS, NEEDED, fields_of, values_of
from reporting.reports.kinds import body_of, find
from reporting.reports.models import Report, StoredKind
from reporting.reports.reading import first_rows, taken

_OTHER_KIND = N_("Loại báo cáo này không có mẫu đó")


def kind_of(stored: StoredKind) -> Kind:
    """Return a kind as templates know it."""
    return Kind(stored.code, stored.version, fields_of(body_of(stored)), NEEDED)


async def written_in(
    session: AsyncSession,
    files: FileStore,
    report: Report,
    notice: str | None,
    template_id: UUID | None,
) -> bytes | None:
    """Return a report in a template; None where its kind's own layout is asked for, or in force.

    Raises NotFound, RuleBroken `template_no_longer_fits`.
    """
    template = await _chosen(session, report, template_id)
    if template is None or template.file_id is None:
        return None
    snapshot = taken(report)
    rows = {
        each["code"]: (await first_rows(session, report.id, each["code"]))[:MOST_ROWS]
        for each in snapshot["lists"]
    }
    values = values_of(report, snapshot, notice, rows)
    return await actions.filled(session, files, template, values)


async def _chosen(
    session: AsyncSession, report: Report, template_id: UUID | None
) -> ReportTemplate | None:
    if template_id is None:
        return await actions.in_force(session, report.kind_code)
    stored = await find(session, report.kind_code)
    if template_id == stored.id:
        return None
    template = await actions.find(session, template_id)
    if template.kind_code != report.kind_code:
        raise NotFound(_OTHER_KIND, code="report_template_not_found")
    return template
