"""U: the ladder over 50,000 open rows that are late, and 2,000 rows urged in one act.

Rows and people are those of `lists`, made late by SQL; notifications is given the same people, of
whom no event told it. The ladder is climbed by the service's own function, on its own database.
"""

import asyncio
import http.client
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from benchmarks.figures import WrongFigures
from benchmarks.lists import Province
from chassis.database import Database
from devstack.sign_in import access_token
from tasks.jobs import climb_the_ladder

ROWS, PATIENCE = 2_000, 30.0  # rows of one act; seconds for the last notice
_LATE = """
    UPDATE assignment SET status = 'in_progress', paused_on = NULL, submitted_on = NULL,
      due_on = date '2026-01-05' + (sequence % 200), last_working_day = due_on
    WHERE number LIKE 'ĐO-%'
"""
_PICKED = """
    SELECT id FROM assignment WHERE number LIKE 'ĐO-%' AND accountable_person_id IS NOT NULL
    ORDER BY sequence OFFSET $1 LIMIT $2
"""
_TOLD = "SELECT count(*) FROM notification WHERE subject_type = 'urging' AND subject_id = $1"


class Late:
    """A province whose every row is late."""

    def __init__(self, province: Province) -> None:
        """Make it so, once."""
        self.stack = province.stack
        self._act = 0
        asyncio.run(self._store())

    async def _store(self) -> None:
        tasks = await asyncpg.connect(self.stack.databases["tasks"])
        notifications = await asyncpg.connect(self.stack.databases["notifications"])
        try:
            await tasks.execute(_LATE)
            await tasks.execute("VACUUM ANALYZE assignment")
            for table, columns in _KEPT.items():
                await _copy(tasks, notifications, table, columns)
        finally:
            await tasks.close()
            await notifications.close()

    def climb(self) -> tuple[float, int]:
        """Climb the ladder of a morning to come; return the seconds and the people told."""
        return asyncio.run(self._climb())

    async def _climb(self) -> tuple[float, int]:
        database = Database(self.stack.databases["tasks"])
        now = _morning()
        began = time.perf_counter()
        async with database.sessions() as session:
            told = await climb_the_ladder(session, now)
            await session.flush()
            took = time.perf_counter() - began
            await session.rollback()  # the next run finds the same
        await database.close()
        if not told:
            raise WrongFigures("nobody was told of 50,000 late rows")
        return took, told

    def urge(self) -> tuple[float, float, int]:
        """Urge 2,000 rows; return the seconds to the answer, to the last notice, and the people."""
        return asyncio.run(self._urge())

    async def _urge(self) -> tuple[float, float, int]:
        tasks = await asyncpg.connect(self.stack.databases["tasks"])
        ids = [str(row["id"]) for row in await tasks.fetch(_PICKED, self._act * ROWS, ROWS)]
        await tasks.close()
        self._act += 1
        began = time.perf_counter()
        answer = await asyncio.to_thread(self._post, ids)
        answered, people = time.perf_counter() - began, len(answer["people"])
        if len(answer["rows"]) != ROWS:
            raise WrongFigures(f"{len(answer['rows'])} rows of {ROWS}: {answer['left_out'][:1]}")
        notifications = await asyncpg.connect(self.stack.databases["notifications"])
        while await notifications.fetchval(_TOLD, answer["urging_id"]) < people:
            if time.perf_counter() - began > PATIENCE:
                raise WrongFigures("notices of an urging are missing")
            await asyncio.sleep(0.02)  # why: looks fifty times a second for the last notice
        took = time.perf_counter() - began
        await notifications.close()
        return answered, took, people

    def _post(self, ids: list[str]) -> Any:
        place = urlsplit(self.stack.addresses["tasks"])
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
        token = access_token(self.stack.addresses["issuer"], "office")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json",
                   "Idempotency-Key": str(uuid4())}  # fmt: skip
        body = {"assignment_ids": ids, "reason": "lead", "text": "{so_nhiem_vu}: {danh_sach}"}
        connection.request("POST", "/v1/urgings", json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != http.client.CREATED:
            raise WrongFigures(f"urging: {answer.status} {content[:300]!r}")
        return json.loads(content)


_KEPT = {
    "unit": ("id", "version", "code", "name", "kind", "parent_id", "aliases", "sort_order",
             "active"),
    "person": ("id", "version", "employee_code", "name", "post", "email", "role", "unit_id",
               "login", "active"),
}  # fmt: skip


async def _copy(source: Any, target: Any, table: str, columns: tuple[str, ...]) -> None:
    names = ", ".join(columns)
    rows = await source.fetch(f"SELECT {names} FROM {table}")
    places = ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    await target.executemany(
        f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING",
        [tuple(row) for row in rows],
    )


def _morning() -> datetime:
    """Return nine o'clock there on a Monday or later to come: worked, and not climbed yet."""
    day = datetime.now(UTC).replace(hour=2, minute=0, second=0, microsecond=0) + timedelta(days=1)
    while day.weekday() > 4:  # noqa: PLR2004 - Friday
        day += timedelta(days=1)
    return day
