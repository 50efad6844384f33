"""Which reports somebody sees, and the rows of their lists."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.rules import RuleBroken
from chassis.tables import job
from chassis.words import N_, Sentence
from reporting.access import RIGHTS
from reporting.reports.domain import ISSUED, folded
from reporting.reports.models import Report, ReportRows
from reporting.reports.numbers import Value

_UNMADE = Report.state == "preparing"
_FAILED = select(job.c.id).where(job.c.state == "failed")
_NOT_FOUND = N_("Không có báo cáo này")
_NO_LIST = N_("Báo cáo này không có bảng «{code}»")
_NOT_READY = N_("Báo cáo chưa lập xong nên chưa có số liệu: hãy mở trang báo cáo để xem đang ở đâu")


async def failures(session: AsyncSession, reports: Iterable[Report]) -> dict[UUID, str]:
    """Return why jobs failed, by the job, of those reports that they were to make."""
    jobs = [each.job_id for each in reports if each.state == "preparing"]
    if not jobs:
        return {}
    failed = select(job.c.id, job.c.error).where(job.c.id.in_(jobs), job.c.state == "failed")
    return {row.id: row.error or "" for row in await session.execute(failed)}


async def state_now(session: AsyncSession, report: Report) -> str:
    """Return where a report stands: `failed` where its job did, `preparing` while it goes on."""
    return "failed" if await failures(session, [report]) else report.state


async def seen(session: AsyncSession, actor: Actor, id_: UUID, act: str = "read") -> Report:
    """Return a report; to change it: locked. NotFound where it is hidden, then NotAllowed."""
    wanted = select(Report).where(Report.id == id_)
    report = await session.scalar(wanted if act == "read" else wanted.with_for_update())
    if report is None or not _sees(actor, report):
        raise NotFound(_NOT_FOUND, code="report_not_found")
    if act != "read":
        RIGHTS.check(actor, f"report.{act}")
    return report


def _sees(actor: Actor, report: Report) -> bool:
    return report.state in ISSUED or RIGHTS.may(actor, "report.read")


def listed(
    actor: Actor,
    *,
    kind: str | None,
    state: str | None,
    year: int | None,
    plan_id: UUID | None,
    words: str | None,
) -> Select[Report]:
    """Return the query of reports that the actor sees; discarded ones only where asked for."""
    wanted = select(Report)
    if not RIGHTS.may(actor, "report.read"):
        wanted = wanted.where(Report.state.in_(sorted(ISSUED)))
    if kind:
        wanted = wanted.where(Report.kind_code == kind)
    if state in ("preparing", "failed"):
        failed = Report.job_id.in_(_FAILED)
        wanted = wanted.where(failed if state == "failed" else ~failed, _UNMADE)
    else:
        wanted = wanted.where(Report.state == state if state else Report.state != "discarded")
    if year:
        wanted = wanted.where(Report.ends_on.between(date(year, 1, 1), date(year, 12, 31)))
    if plan_id:
        wanted = wanted.where(Report.plan_id == plan_id)
    for word in folded(words or "").split():
        wanted = wanted.where(Report.search.contains(word, autoescape=True))
    return wanted


def taken(report: Report) -> dict[str, Any]:
    """Return a report's snapshot. Raises RuleBroken (`report_not_ready`) until it has one."""
    if report.snapshot is None:
        raise RuleBroken("report_not_ready", Sentence(_NOT_READY))
    return report.snapshot


def list_of(report: Report, code: str) -> dict[str, Any]:
    """Return what the snapshot says of a list. Raises NotFound."""
    for each in taken(report)["lists"]:
        if each["code"] == code:
            found: dict[str, Any] = each
            return found
    raise NotFound(Sentence(_NO_LIST, {"code": code}), code="report_list_not_found")


async def first_rows(
    session: AsyncSession, id_: UUID, code: str, part: int = 0
) -> list[list[Value]]:
    """Return a part of a list's rows; none behind its end."""
    found = await session.scalar(
        select(ReportRows.rows).where(
            ReportRows.report_id == id_, ReportRows.list_code == code, ReportRows.part == part
        )
    )
    return found or []


async def all_parts(
    session: AsyncSession, id_: UUID, code: str
) -> AsyncIterator[Sequence[Sequence[Value]]]:
    """Yield a list's rows part by part."""
    part = 0
    while rows := await first_rows(session, id_, code, part):
        yield rows
        part += 1
