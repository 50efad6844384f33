"""Reporting's clock: figures that wait for their second, and figures that move with the day."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.database import Database, is_away
from chassis.files import FileStore
from chassis.jobs import JobContext, JobFunctions, JobRunner
from chassis.listening import listen
from chassis.schedule import Schedule
from chassis.service import Loop
from chassis.signatures import checks
from reporting import marks
from reporting.completion import actions as completion
from reporting.indices import announcing
from reporting.reports import mailing, making
from reporting.reports.mailing import Post
from reporting.signatures.scope import roots

log = structlog.get_logger()
schedule = Schedule()
IDLE = 1.0  # seconds; for figures that a batch of another process marked
TICK = 0.2  # seconds; while one figure waits for its second to pass, another may be marked
BREATH = 0.02  # seconds; what is due may be told by another process just now


@schedule.every(timedelta(minutes=1))
async def new_day(session: AsyncSession, now: datetime) -> None:
    """Once a day, what is due changes without any event."""
    await completion.begin_day(session, now)


async def announce_what_waited(database: Database) -> None:
    """Announce, for ever, what answers and people moved, and what waited for its second to pass."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(listen(database.url, marks.CHANNEL, _wake))
        tasks.create_task(_tick(database))


@schedule.every(timedelta(minutes=1))
async def mail_again(session: AsyncSession, now: datetime) -> None:
    """Take up reports' mails that did not leave."""
    await mailing.try_again(session, now)


def runner(files: FileStore, post: Post) -> Loop:
    """Return the worker's loop that runs jobs."""

    async def run(database: Database) -> None:
        await JobRunner(database, functions(files, post)).run()

    return run


def functions(files: FileStore, post: Post) -> JobFunctions:
    """Return what the job runner can run."""
    known = JobFunctions()

    @known.kind(making.MAKE_REPORT)
    async def make_report(context: JobContext) -> dict[str, Any]:
        """Take a report's snapshot and draft its text."""
        return await making.run(context)

    @known.kind(mailing.MAIL_REPORT)
    async def mail_report(context: JobContext) -> dict[str, Any]:
        """Mail a signed report."""
        return await mailing.run(context, files, post)

    @known.kind(checks.CHECK_SIGNATURES)
    async def check_signatures(context: JobContext) -> dict[str, Any]:
        """Check the signatures of signed copies."""
        return await checks.run(context, files, roots)

    return known


async def _wake(_: object) -> None:
    marks.woken.set()


async def _tick(database: Database) -> None:
    while True:
        left = None
        try:
            async with database.sessions.begin() as session:
                await announcing.announce_due(session, await database_now(session))
                left = await announcing.seconds_left(session)
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("database_away", loop="announce_what_waited")
        await _pause(left)


async def _pause(left: float | None) -> None:
    """Wait until the next figure is due; when none waits, until this process or an act marks one.

    So what moves after a quiet second is told at once, and what moves again once it is over.
    """
    if left is not None:
        await asyncio.sleep(max(BREATH, min(left, TICK)))
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(IDLE):
            await marks.woken.wait()
    marks.woken.clear()
