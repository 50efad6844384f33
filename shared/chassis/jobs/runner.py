"""The loop that runs jobs, in the worker of a service; any number of them may run."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic_core import to_jsonable_python
from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from chassis.database import Database, is_away
from chassis.errors import ServiceError
from chassis.jobs import queue
from chassis.jobs.queue import Job
from chassis.listening import listen

log = structlog.get_logger()
HEARTBEAT_SECONDS = 5.0
_POLL_SECONDS = 5.0


class Lost(Exception):
    """Another runner took the job because our heartbeat stayed away; stop at once."""


@dataclass(frozen=True)
class JobContext:
    """What a job's function gets. It may run more than once: make its effect idempotent."""

    job: Job
    sessions: async_sessionmaker[AsyncSession]

    @property
    def payload(self) -> dict[str, Any]:
        """What was enqueued."""
        return self.job.payload

    async def progress(self, percent: int) -> None:
        """Show how far it is, 0..100. Raises Lost."""
        async with self.sessions.begin() as session:
            if not await queue.change(session, self.job, progress=percent):
                raise Lost

    async def complete(self, session: AsyncSession, result: dict[str, Any]) -> None:
        """Mark the job done in the transaction that holds its effect: both or neither."""
        if not await queue.change(session, self.job, **_done(result)):
            raise Lost


JobFunction = Callable[[JobContext], Awaitable[dict[str, Any]]]


class JobFunctions:
    """The kinds of jobs a service runs."""

    def __init__(self) -> None:
        self.by_kind: dict[str, JobFunction] = {}

    def kind(self, name: str) -> Callable[[JobFunction], JobFunction]:
        """Register the function of a kind; what it returns becomes the job's result."""

        def register(function: JobFunction) -> JobFunction:
            if name in self.by_kind:
                raise TypeError(f"two functions for jobs of kind {name}")
            self.by_kind[name] = function
            return function

        return register


class JobRunner:
    """Claims and runs jobs, one at a time, for ever."""

    def __init__(
        self,
        database: Database,
        functions: JobFunctions,
        *,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        stale_seconds: float = queue.STALE_SECONDS,
    ) -> None:
        self._database = database
        self._functions = functions.by_kind
        self._heartbeat_seconds = heartbeat_seconds
        self._stale_seconds = stale_seconds
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Run jobs until cancelled; a cancelled job is taken up again by the next runner."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(listen(self._database.url, queue.CHANNEL, self._woken))
            tasks.create_task(self._loop())

    async def run_one(self) -> bool:
        """Run the next job if there is one; return whether there was."""
        async with self._database.sessions.begin() as session:
            job = await queue.claim(session, list(self._functions), self._stale_seconds)
        if job is None:
            return False
        if job.attempts > queue.MOST_ATTEMPTS:
            await self._finish(job, state="failed", error="Công việc bị dừng giữa chừng quá 3 lần")
            return True
        await self._attempt(job)
        return True

    async def _woken(self, _: object) -> None:
        self._wake.set()

    async def _loop(self) -> None:
        while True:
            self._wake.clear()
            try:
                while await self.run_one():
                    pass
            except Exception as error:
                if not is_away(error):
                    raise
                log.warning("jobs_wait_for_database", error=type(error).__name__)
            try:
                async with asyncio.timeout(_POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _attempt(self, job: Job) -> None:
        heart = asyncio.create_task(self._beat(job))
        work = asyncio.create_task(self._work(job))
        try:
            await asyncio.wait({heart, work}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (heart, work):
                task.cancel()
            await asyncio.gather(heart, work, return_exceptions=True)
        if not work.cancelled() and (error := work.exception()):
            raise error

    async def _work(self, job: Job) -> None:
        context = JobContext(job, self._database.sessions)
        try:
            result = await self._functions[job.kind](context)
        except Lost:
            log.warning("job_lost", job_id=str(job.id), kind=job.kind)
        except ServiceError as error:
            await self._finish(job, state="failed", error=str(error))
        except Exception as error:
            if is_away(error):
                raise  # nobody's fault: the heartbeat goes stale and the job runs again
            log.exception("job_failed", job_id=str(job.id), kind=job.kind)
            await self._finish(job, state="failed", error="Đã có lỗi ngoài dự kiến khi xử lý")
        else:
            await self._finish(job, **_done(result))

    async def _finish(self, job: Job, **values: Any) -> None:
        async with self._database.sessions.begin() as session:
            await queue.change(session, job, **{"finished_at": func.now(), **values})

    async def _beat(self, job: Job) -> None:
        """Show that we live; return when the job is no longer ours."""
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            try:
                async with self._database.sessions.begin() as session:
                    if not await queue.change(session, job):
                        return
            except Exception as error:
                if not is_away(error):
                    raise


def _done(result: dict[str, Any]) -> dict[str, Any]:
    shown = to_jsonable_python(result)
    return {"state": "done", "progress": 100, "result": shown, "finished_at": func.now()}
