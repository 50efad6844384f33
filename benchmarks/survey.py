"""S: from a citizen's answer to the department's figure, through the whole pipeline."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg

from benchmarks.ballots import Cell, Sent, differing, expected, patterns, questionnaire
from benchmarks.load import Record, send
from benchmarks.stack import Stack, Usage

PATIENCE = 120.0  # seconds for a backlog to be counted
_VISIBLE = """
    SELECT response_id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at
    FROM response_fact WHERE round_id = $1
"""
_COUNTED = "SELECT coalesce(sum(n), 0)::bigint FROM response_cell WHERE round_id = $1"
_CELLS = "SELECT * FROM answer_cell WHERE round_id = $1"


class WrongFigures(Exception):
    """Cells that do not hold what was accepted: a benchmark of something that does not work."""


@dataclass
class Outcome:
    """One measured run. Rates per second; latencies in seconds from when a ballot should leave."""

    accepted_per_s: float
    visible_per_s: float
    latencies: list[float]
    backlog: int
    drained_s: float
    cpu: dict[str, float] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def ms(self, share: float) -> float:
        """Return a quantile of submit → visible in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Round:
    """An open round with an open link for each of its units, and what was sent to it."""

    def __init__(self, stack: Stack, units: int) -> None:
        self.stack, self.units = stack, units
        self.sent: Sent = Counter()

    def prepare(self) -> "Round":
        """Make units, questionnaire, round and links over the APIs."""
        office = self.stack.demo.office
        ids = [self._unit(number) for number in range(self.units)]
        form = self._form()
        body = {
            "title": f"Đo tốc độ, {self.units} đơn vị", "year": 2025, "questionnaire_id": form,
            "method": "share", "aggregator": "pooled", "opens_on": "2025-09-01",
            "closes_on": "2027-12-31", "min_n": 30, "unit_ids": ids,
        }  # fmt: skip
        self.id = UUID(
            self._patiently(lambda: office.post("office", "surveys", "/rounds", body))["id"]
        )
        office.post("office", "surveys", f"/rounds/{self.id}/open")
        self.doors = [(f"/v1/public/{self._link(unit)}/responses", unit) for unit in ids]
        self._wait_known()
        return self

    def send(self, **order: Any) -> Record:
        """Send ballots and remember which cells they must move."""
        port = urlsplit(self.stack.addresses["surveys"]).port
        record = send(self.stack.folder.path, port=port, doors=self.doors, **order)
        if record.failures:
            raise WrongFigures(f"not every ballot was accepted: {record.failures}")
        self.sent += record.sent
        return record

    def run(self, **order: Any) -> Outcome:
        """Send ballots, wait until all are counted, check every cell; return what was measured."""
        usage = Usage(self.stack)
        record = self.send(**order)
        ended = time.time()
        self.wait_counted()
        drained, cpu = time.time() - ended, usage.cpu()
        self.check()
        visible = {row["response_id"]: row["at"] for row in self.rows(_VISIBLE)}
        latencies = [visible[id_] - due for id_, (due, _) in record.ballots.items()]
        in_time = sum(visible[id_] <= record.ended for id_ in record.ballots)
        seconds = record.ended - record.began
        return Outcome(
            record.per_second, in_time / seconds, latencies,
            len(record.ballots) - in_time, drained, cpu, usage.memory(),
        )  # fmt: skip

    def wait_counted(self) -> None:
        """Wait until the figures stand on everything that was accepted. Raises WrongFigures."""
        until = time.monotonic() + PATIENCE
        wanted = self.sent.total()
        while (counted := self.rows(_COUNTED)[0][0]) != wanted:
            if time.monotonic() > until:
                raise WrongFigures(f"{wanted} accepted, {counted} counted")
            time.sleep(0.05)

    def check(self) -> None:
        """Compare every cell with what was accepted. Raises WrongFigures."""
        found: Counter[Cell] = Counter()
        for row in self.rows(_CELLS):
            for level in range(1, 6):
                found[str(row["unit_id"]), row["question"], level] = row[f"n{level}"]
        wrong = differing(expected(self.sent, patterns()), found)
        if wrong:
            raise WrongFigures("\n".join(wrong[:10]))

    def rows(self, query: str) -> list[Any]:
        """Read reporting's database about this round."""
        return ask(self.stack.databases["reporting"], query, self.id)

    def _unit(self, number: int) -> str:
        body = {
            "code": f"B{number:03}", "name": f"Đơn vị đo {number:03}", "kind": "room",
            "sort_order": 1000 + number,
        }  # fmt: skip
        made: str = self.stack.demo.office.post("admin", "tasks", "/units", body)["id"]
        return made

    def _form(self) -> str:
        office = self.stack.demo.office
        form = office.post("office", "surveys", "/questionnaires", questionnaire())
        office.post("office", "surveys", f"/questionnaires/{form['id']}/publish")
        return str(form["id"])

    def _link(self, unit: str) -> str:
        body = {"unit_id": unit, "label": f"Quầy {unit}"}
        path = f"/rounds/{self.id}/links"
        made: str = self.stack.demo.office.post("office", "surveys", path, body)["code"]
        return made

    def _patiently(self, work: Callable[[], Any]) -> Any:
        """Try again while the units are still on their way to surveys."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return work()
            except Exception:
                if time.monotonic() > until:
                    raise
                time.sleep(0.3)

    def _wait_known(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.rows("SELECT 1 FROM survey_round WHERE id = $1"):
            if time.monotonic() > until:
                raise WrongFigures("the round did not reach reporting")
            time.sleep(0.1)


def ask(url: str, query: str, *values: Any) -> list[Any]:
    """Run one query; return its rows."""

    async def work() -> list[Any]:
        connection = await asyncpg.connect(url)
        try:
            return list(await connection.fetch(query, *values))
        finally:
            await connection.close()

    return asyncio.run(work())


Work = Callable[[], Awaitable[None]]
