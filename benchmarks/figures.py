"""What a pipeline counted, held against what was sent to it, cell by cell."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.ballots import Cell, Sent, differing, expected, patterns
from benchmarks.load import Record

PATIENCE = 120.0  # seconds for a backlog to be counted
_VISIBLE = """
    SELECT response_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at
    FROM response_fact WHERE round_id = $1 AND released_in IS NULL
"""  # a release writes a ballot's row anew; those that wait were drawn by lot, late or not
COUNTED = "SELECT coalesce(sum(n), 0)::bigint FROM answer_cell WHERE round_id = $1"
CELLS = """
    SELECT unit_id, (place - 1) / 5 + 1 AS question, (place - 1) % 5 + 1 AS level,
      CAST(sum(c.n) AS int) AS n
    FROM answer_cell, unnest(counts) WITH ORDINALITY AS c(n, place) WHERE round_id = $1
    GROUP BY unit_id, place
"""


class WrongFigures(Exception):
    """Cells that do not hold what was accepted: a benchmark of something that does not work."""


@dataclass
class Outcome:
    """One measured run. Rates per second; latencies in seconds from when a ballot should leave.

    `visible_per_s` counts what was visible when the load ended. `drained_per_s` counts everything
    by the time it took until the last ballot was visible: kinder to a pipeline that lags.
    """

    accepted_per_s: float
    visible_per_s: float
    drained_per_s: float
    latencies: list[float]
    backlog: int
    ballots: int
    cpu: dict[str, float] = field(default_factory=dict)

    def ms(self, share: float) -> float:
        """Return a quantile of submit → visible in milliseconds."""
        return quantile(self.latencies, share) * 1000


class Figures:
    """One round in the database of a pipeline, and what it must hold."""

    def __init__(
        self, url: str, round_id: UUID, *, counted: str = COUNTED, cells: str = CELLS
    ) -> None:
        """Start with nothing sent. `counted`, `cells`: queries, for tables other than ours."""
        self.url, self.round_id = url, round_id
        self._counted_query, self._cells_query = counted, cells
        self.sent: Sent = Counter()
        self._given: Counter[Cell] = Counter()
        self._n = 0

    def take_as_given(self) -> None:
        """Count from what the cells hold now (proven by `reporting verify`)."""
        self.sent, self._given = Counter(), self._cells()
        self._n = self.rows(self._counted_query)[0][0]

    def wait_counted(self, patience: float = PATIENCE) -> None:
        """Wait until the figures stand on everything that was accepted. Raises WrongFigures."""
        until = time.monotonic() + patience
        wanted = self._n + self.sent.total()
        while (counted := self.rows(self._counted_query)[0][0]) != wanted:
            if time.monotonic() > until:
                raise WrongFigures(f"{wanted} accepted, {counted} counted")
            time.sleep(0.05)

    def check(self) -> None:
        """Compare every cell with what was accepted. Raises WrongFigures."""
        wrong = differing(self._given + expected(self.sent, patterns()), self._cells())
        if wrong:
            raise WrongFigures("\n".join(wrong[:10]))

    def _cells(self) -> Counter[Cell]:
        found: Counter[Cell] = Counter()
        for row in self.rows(self._cells_query):
            found[str(row["unit_id"]), row["question"], row["level"]] = row["n"]
        return found

    def outcome(self, record: Record) -> Outcome:
        """Return what became of the ballots of a record, all of which are counted by now."""
        visible = {row["response_id"]: row["at"] for row in self.rows(_VISIBLE)}
        waiting = [id_ for id_ in record.ballots if id_ in visible]
        times = [visible[id_] for id_ in waiting]
        latencies = [visible[id_] - record.ballots[id_][0] for id_ in waiting]
        in_time = sum(at <= record.ended for at in times) * len(record.ballots) // len(times)
        seconds = record.ended - record.began
        return Outcome(
            accepted_per_s=record.per_second,
            visible_per_s=in_time / seconds,
            drained_per_s=len(record.ballots) / (max(times) - record.began),
            latencies=latencies,
            backlog=len(record.ballots) - in_time,
            ballots=len(record.ballots),
        )

    def rows(self, query: str) -> list[Any]:
        """Read the pipeline's database about this round."""
        return ask(self.url, query, self.round_id)


def quantile(values: list[float], share: float) -> float:
    """Return a quantile of some values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ask(url: str, query: str, *values: Any) -> list[Any]:
    """Run one statement; return its rows."""

    async def work() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    return asyncio.run(work())
