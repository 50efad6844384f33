"""Periodic work of a service: each job has one runner at a time, whatever the number of clocks."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.database import Database

log = structlog.get_logger()
Work = Callable[[AsyncSession, datetime], Awaitable[object]]

_REMEMBER = text("INSERT INTO clock_run (name) VALUES (:name) ON CONFLICT DO NOTHING")
_DUE = text("""
    SELECT 1 FROM clock_run WHERE name = :name AND last_run_at <= now() - CAST(:every AS interval)
    FOR UPDATE SKIP LOCKED
""")
_RAN = text("UPDATE clock_run SET last_run_at = now() WHERE name = :name")


@dataclass(frozen=True)
class Job:
    """One piece of periodic work. `batch`: it does so much at once, and returns how much it did."""

    name: str
    every: timedelta
    work: Work
    batch: int | None = None


class Schedule:
    """The periodic work of one service."""

    def __init__(self, *others: "Schedule") -> None:
        self.jobs: list[Job] = [job for other in others for job in other.jobs]

    def every(self, every: timedelta, batch: int | None = None) -> Callable[[Work], Work]:
        """Register work to be run once per interval, in a transaction of its own.

        With `batch` it is run again at once, in another transaction, while it does a whole batch.
        The interval is remembered by the function's name: a second one of a name raises TypeError.
        """

        def register(work: Work) -> Work:
            job = Job(work.__name__, every, work, batch)
            if any(known.name == job.name for known in self.jobs):
                raise TypeError(f"two jobs are called {job.name}: they would share one interval")
            self.jobs.append(job)
            return work

        return register


async def run_once(job: Job, database: Database) -> bool:
    """Run the job if it is due and nobody else is running it; return whether it ran.

    It has run when nothing more is left at once: killed between two batches, the rest is still due.
    """
    more = await _run(job, database)
    ran = more is not None
    while more:
        more = await _run(job, database)
    return ran


async def _run(job: Job, database: Database) -> bool | None:
    """Do the work, or a batch; return whether more may be left, None when it is not due here."""
    async with database.sessions.begin() as session:
        await session.execute(_REMEMBER, {"name": job.name})
        due = await session.execute(_DUE, {"name": job.name, "every": job.every})
        if due.first() is None:
            return None
        done = await job.work(session, await database_now(session))
        more = job.batch is not None and isinstance(done, int) and done >= job.batch
        if not more:
            await session.execute(_RAN, {"name": job.name})
        return more


async def run(schedule: Schedule, database: Database) -> None:
    """Run every job for ever; a failure is logged and the job is tried again next time."""

    async def repeat(job: Job) -> None:
        while True:
            try:
                await run_once(job, database)
            except Exception as error:  # noqa: BLE001 - one job's failure must not stop the others
                log.error(
                    "clock_job_failed", job=job.name, error=f"{type(error).__name__}: {error}"
                )
            await asyncio.sleep(min(job.every.total_seconds(), 30) / 2)

    await asyncio.gather(*(repeat(job) for job in schedule.jobs))
