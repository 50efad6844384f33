"""D: a report from a year's worth of assignments: its snapshot, Word, PDF and the annex as Excel.

50,000 assignments are written by the service's own acts, past the broker; the rest is the product
over HTTP. The annex is held against the library alone writing the same cells.
"""

import asyncio
import http.client
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import openpyxl
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from benchmarks.figures import WrongFigures, quantile
from benchmarks.lists import bare_workbook
from benchmarks.stack import Stack
from contracts.tasks import AssignmentState, PlanState
from devstack.sign_in import access_token
from reporting.completion.actions import apply
from reporting.criteria.links import links_of
from reporting.sources.actions import keep_plans

ASSIGNMENTS, BATCH, YEAR = 50_000, 2_500, 2025
PATIENCE = 120.0
READS, EVERY = 80, 0.1  # of somebody else while a report is made; seconds


class Reported:
    """A plan with a year's assignments in reporting, and reports made of it."""

    def __init__(self, stack: Stack) -> None:
        """Store them, once."""
        self.plan, self._units = uuid4(), list(map(UUID, stack.demo.units.values()))
        asyncio.run(self._store(stack.databases["reporting"]))
        self._place = urlsplit(stack.addresses["reporting"])
        token = access_token(stack.addresses["issuer"], "office")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(
        self, method: str, address: str, body: dict[str, Any] | None = None
    ) -> tuple[float, bytes]:
        """Ask once, on a connection of its own; return the seconds it took and the answer."""
        connection = http.client.HTTPConnection(
            str(self._place.hostname), self._place.port, timeout=120
        )
        headers = {**self._headers, **({"Idempotency-Key": str(uuid4())} if body else {})}
        began = time.perf_counter()
        connection.request(method, address, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise WrongFigures(f"{address}: {answer.status} {content[:300]!r}")
        return took, content

    def make(self) -> tuple[float, str]:
        """Make a report; return the seconds until its snapshot stands, and its id."""
        wanted = {"kind": "closing", "from": f"{YEAR}-01-01", "to": f"{YEAR}-12-31",
                  "plan_id": str(self.plan)}  # fmt: skip
        began = time.perf_counter()
        _, content = self.ask("POST", "/v1/reports", wanted)
        id_ = json.loads(content)["report_id"]
        while time.perf_counter() - began < PATIENCE:
            _, content = self.ask("GET", f"/v1/reports/{id_}")
            if json.loads(content)["state"] != "preparing":
                return time.perf_counter() - began, id_
            time.sleep(0.1)  # why: the job runs in the worker; nothing tells a client but asking
        raise WrongFigures("the report was not made")

    def paper(self, id_: str, kind: str) -> float:
        """Return the seconds until a document is here: `document.docx`, `document.pdf`."""
        return self.ask("GET", f"/v1/reports/{id_}/{kind}")[0]

    def annex(self, id_: str) -> tuple[float, float]:
        """Return the seconds until the annex is here, and what the library takes for its cells."""
        took, content = self.ask("GET", f"/v1/reports/{id_}/annex.xlsx")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "ours.xlsx"
            path.write_bytes(content)
            book = openpyxl.load_workbook(path, read_only=True)
            sheets = [list(sheet.values) for sheet in book.worksheets]
            if max(map(len, sheets)) < ASSIGNMENTS:
                raise WrongFigures("assignments are missing in the annex")
            began = time.perf_counter()
            for number, cells in enumerate(sheets):
                bare_workbook(Path(folder) / f"bare{number}.xlsx", cells)
            return took, time.perf_counter() - began

    def two_at_once(self) -> float:
        """Return the seconds until two reports that were asked for together both stand."""
        began = time.perf_counter()
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda _: self.make(), range(2)))
        return time.perf_counter() - began

    def p95_of_a_reader(self, *, while_made: bool) -> float:
        """Return the p95 in seconds of figures read at fixed times, reports being made or not."""
        ended = Event()
        with ThreadPoolExecutor(1) as maker:
            making = maker.submit(self._keep_making, ended) if while_made else None
            began = time.perf_counter()
            took = [self._read_at(began + n * EVERY) for n in range(READS)]
            ended.set()
        if making:
            making.result()
        return quantile(took, 0.95)

    def _read_at(self, due: float) -> float:
        time.sleep(max(0.0, due - time.perf_counter()))
        return self.ask("GET", f"/v1/overview?year={YEAR}")[0]

    def _keep_making(self, ended: Event) -> None:
        while not ended.is_set():
            self.make()

    async def _store(self, url: str) -> None:
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://"))
        states = list(self._states())
        async with AsyncSession(engine) as session, session.begin():
            await keep_plans(session, [self._plan()])
        for first in range(0, len(states), BATCH):
            async with AsyncSession(engine) as session, session.begin():
                await apply(session, states[first : first + BATCH], links_of)
        await engine.dispose()

    def _plan(self) -> PlanState:
        return PlanState(
            plan_id=self.plan, version=1, year=YEAR, title="Kế hoạch đo", unit_id=self._units[0],
            status="active", closes_on=date(YEAR, 11, 29), targets=[],
        )  # fmt: skip

    def _states(self) -> Iterator[AssignmentState]:
        for n in range(ASSIGNMENTS):
            due_on = date(YEAR, 1, 20) + timedelta(days=n % 330)
            done = n % 3 > 0
            yield AssignmentState(
                assignment_id=uuid4(), version=1, number=f"ĐO-{YEAR}-{n + 1:05d}",
                plan_id=self.plan, plan_year=YEAR, task_id=uuid4(), task_number=str(n + 1),
                section=f"Nội dung {n % 8 + 1}", subject_matter="Cải cách thủ tục hành chính",
                content=f"Rà soát, công khai thủ tục hành chính, việc {n}", product="Báo cáo",
                unit_id=self._units[n % len(self._units)], coordinating_unit_ids=[],
                accountable_person_id=None, occurrence="", deadline_kind="fixed",
                deadline_text="30/6", starts_on=None, due_on=due_on, last_working_day=due_on,
                status="done" if done else "in_progress", progress_percent=100 if done else 40,
                submitted_on=due_on - timedelta(days=n % 9 - 2) if done else None,
                accepted_at=datetime(YEAR, 12, 1, tzinfo=UTC) if done else None,
            )  # fmt: skip
