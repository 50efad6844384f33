"""The job that takes a report's snapshot and drafts its text: all of it is there, or nothing."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.errors import NotFound
from chassis.jobs import JobContext
from reporting.reports import taking
from reporting.reports.domain import folded
from reporting.reports.kinds import body_of, find
from reporting.reports.models import Report
from reporting.reports.taking import Asked, Taken

MAKE_REPORT = "make_report"
_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
# One core is enough for a job: parallel workers would be taken from people who wait. And for that
# one it may wait: on a busy machine a year's rows take longer than a request's statement may.
_AS_A_JOB = text(
    "SELECT set_config('max_parallel_workers_per_gather', '0', true), "
    "set_config('jit', 'off', true), set_config('work_mem', '64MB', true), "
    "set_config('statement_timeout', '5min', true)"
)
_KEEP = text(
    "INSERT INTO report_rows (report_id, list_code, part, rows) "
    "VALUES (:report_id, :list_code, :part, CAST(:rows AS jsonb))"
)


async def run(context: JobContext) -> dict[str, Any]:
    """Take the snapshot as of one moment, then store it with its text in one transaction."""
    id_ = UUID(context.payload["report_id"])
    async with context.sessions.begin() as session:
        await session.execute(_ONE_MOMENT)
        await session.execute(_AS_A_JOB)
        write = await _counted(session, id_)
    result = {"report_id": str(id_)}
    if write is None:
        return result
    taken = await asyncio.to_thread(write)  # no connection waits for it
    await context.progress(70)
    async with context.sessions.begin() as session:
        await _store(session, id_, taken)
        await context.complete(session, result)
    return result


async def _counted(session: AsyncSession, id_: UUID) -> Callable[[], Taken] | None:
    """Count; return what puts it into words. None where an earlier run of the job has stored it."""
    report = await session.get(Report, id_)
    if report is None:
        raise NotFound("Không có báo cáo này")
    if report.snapshot is not None:
        return None
    stored = await find(session, report.kind_code)
    asked = Asked(
        stored.code, stored.version, body_of(stored), report.starts_on, report.ends_on,
        report.plan_id,
    )  # fmt: skip
    now = await database_now(session)
    counted = await taking.count(session, asked, now, lists=True)
    title = report.title or taking.subject(asked.kind, counted.figures)
    return partial(taking.put_into_words, asked, counted, title, now)


async def _store(session: AsyncSession, id_: UUID, taken: Taken) -> None:
    wanted = select(Report).where(Report.id == id_).with_for_update()
    report = (await session.scalars(wanted)).one()
    if report.snapshot is not None:
        return
    report.snapshot, report.sha256 = taken.snapshot, taken.sha256
    report.sentences = [each.as_json() for each in taken.sentences]
    report.title, report.state = taken.snapshot["title"], "draft"
    report.search = folded(f"{report.title} {report.kind_name}")
    report.version += 1
    rows = [
        {"report_id": id_, "list_code": each.code, "part": number, "rows": part}
        for each in taken.lists
        for number, part in enumerate(each.parts)
    ]
    if rows:
        await session.execute(_KEEP, rows)
