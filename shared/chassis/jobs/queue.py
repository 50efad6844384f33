"""The table `job` as a queue: enqueue, claim, keep alive, finish. Times are the database's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.tables import job

CHANNEL = "job"
STALE_SECONDS = 30
"""A running job whose heartbeat is older belongs to a process that died."""
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Job:
    """A row of `job`. `progress` 0..100; `result` when done, `error` (for people) when failed."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    state: str
    progress: int
    result: dict[str, Any] | None
    error: str | None
    attempts: int
    created_by: UUID | None
    created_at: datetime
    started_at: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None


_CLAIM = text("""
    UPDATE job SET state = 'running', attempts = attempts + 1, progress = 0,
      heartbeat_at = now(), started_at = coalesce(started_at, now())
    WHERE id = (
      SELECT id FROM job
      WHERE kind = ANY(:kinds) AND (state = 'queued'
        OR (state = 'running' AND heartbeat_at < now() - make_interval(secs => :stale)))
      ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING *
""")


async def enqueue(
    session: AsyncSession, kind: str, payload: Mapping[str, Any], actor_id: UUID | None
) -> Job:
    """Add a job in the caller's transaction; a runner begins once it has committed."""
    values = {"id": new_id(), "kind": kind, "payload": to_jsonable_python(payload)}
    statement = insert(job).values(**values, created_by=actor_id).returning(job)
    row = (await session.execute(statement)).one()
    await session.execute(select(func.pg_notify(CHANNEL, "")))
    return Job(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


async def find(session: AsyncSession, id_: UUID) -> Job:
    """Return a job. Raises NotFound."""
    row = (await session.execute(select(job).where(job.c.id == id_))).first()
    if row is None:
        raise NotFound("Không tìm thấy công việc này", code="job_not_found")
    return Job(**row._mapping)  # noqa: SLF001


async def claim(
    session: AsyncSession, kinds: Collection[str], stale_seconds: float = STALE_SECONDS
) -> Job | None:
    """Take the oldest job that is waiting or whose runner died; None when there is none."""
    facts = {"kinds": sorted(kinds), "stale": stale_seconds}
    row = (await session.execute(_CLAIM, facts)).first()
    return Job(**row._mapping) if row else None  # noqa: SLF001


async def change(session: AsyncSession, claimed: Job, **values: Any) -> bool:
    """Change a job if it is still ours; False when another runner has taken it meanwhile."""
    statement = (
        update(job)
        .where(job.c.id == claimed.id, job.c.attempts == claimed.attempts)
        .where(job.c.state == "running")
        .values(heartbeat_at=func.now(), **values)
    )
    result = await session.execute(statement.returning(job.c.id))
    return result.first() is not None
