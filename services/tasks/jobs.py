"""The clock's periodic work, and the long work of the worker's job runner."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.database import Database
from chassis.files import FileStore
from chassis.jobs import JobContext, JobFunctions, JobRunner
from chassis.schedule import Schedule
from chassis.service import Loop
from chassis.signatures import checks
from tasks.assignments import reminders
from tasks.contributions import reminders as contributions
from tasks.imports import reading
from tasks.imports.state import READ_APPENDIX
from tasks.signatures import actions as signatures
from tasks.signatures.scope import roots
from tasks.unit_reports import reminders as unit_reports
from tasks.urging import reminders as urging

schedule = Schedule()


@schedule.every(timedelta(minutes=1), batch=reminders.MOST)
async def announce_due_soon(session: AsyncSession, now: datetime) -> int:
    """Remind of deadlines by the ladder's steps before the due day; each step once."""
    return await reminders.announce_due_soon(session, now)


@schedule.every(timedelta(minutes=1), batch=reminders.MOST)
async def announce_overdue(session: AsyncSession, now: datetime) -> int:
    """Announce what became overdue; once per due day."""
    return await reminders.announce_overdue(session, now)


@schedule.every(timedelta(hours=1), batch=reminders.MOST)
async def announce_missed_updates(session: AsyncSession, now: datetime) -> int:
    """Announce continuous assignments without a word in the last quarter; once a quarter."""
    return await reminders.announce_missed_updates(session, now)


@schedule.every(timedelta(minutes=1), batch=contributions.MOST)
async def announce_contributions_due(session: AsyncSession, now: datetime) -> int:
    """Remind of contributions that coordinating units owe within a working day; once each."""
    return await contributions.announce_due(session, now)


@schedule.every(timedelta(minutes=1))
async def climb_the_ladder(session: AsyncSession, now: datetime) -> int:
    """Urge about what is late, by the steps of the ladder; once a working day."""
    return await urging.escalate(session, now)


@schedule.every(timedelta(minutes=1), batch=unit_reports.MOST)
async def announce_unit_reports_due(session: AsyncSession, now: datetime) -> int:
    """Remind units that have not reported under a plan; each step of its report day once."""
    return await unit_reports.announce_due(session, now)


@schedule.every(timedelta(hours=1))
async def tell_of_older_roots(session: AsyncSession, now: datetime) -> int:
    """Tell the other services of trusted roots that they never heard of; once each."""
    return await signatures.tell_of_older(session, now)


def functions(files: FileStore) -> JobFunctions:
    """Return what the job runner can run."""
    known = JobFunctions()

    @known.kind(READ_APPENDIX)
    async def read_appendix(context: JobContext) -> dict[str, Any]:
        return await reading.run(context, files)

    @known.kind(checks.CHECK_SIGNATURES)
    async def check_signatures(context: JobContext) -> dict[str, Any]:
        return await checks.run(context, files, roots)

    return known


def runner(files: FileStore) -> Loop:
    """Return the worker's loop that runs jobs."""

    async def run(database: Database) -> None:
        await JobRunner(database, functions(files)).run()

    return run
