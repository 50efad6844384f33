"""T: from the Office accepting a result to the plan's figures and the notifications about it.

The assignments come the only way there is: an appendix, imported and confirmed over the API, with
monthly work of all units; their results are handed in over the API by the units' heads.
"""

import json
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import xlsxwriter

from benchmarks.figures import PATIENCE, WrongFigures, ask, quantile
from benchmarks.load import Record, prepare, send
from benchmarks.stack import Stack, Usage
from devstack.demo.loading import people, read
from devstack.demo.plan import plan_of
from devstack.sign_in import access_token

ROWS = 12  # of the appendix: each unit with a head, twelve months each
CONNECTIONS = 16
HEAD = ["STT", "Tiêu chí/Nội dung", "Giải pháp, nhiệm vụ", "Sản phẩm", "Đơn vị chủ trì",
        "Đơn vị phối hợp", "Thời gian thực hiện/hoàn thành"]  # fmt: skip
NOTE = "Đã hoàn thành, sản phẩm lưu tại đơn vị."
YEAR = 2027  # not over: nothing becomes overdue while it is measured
ASSIGNMENTS = """
    SELECT a.id, a.version, u.code FROM assignment a JOIN unit u ON u.id = a.unit_id
    WHERE a.plan_id = $1 ORDER BY a.id
"""
SUBMITTED = """
    SELECT a.id, a.version, r.id AS result_id
    FROM assignment a JOIN result r ON r.assignment_id = a.id
    WHERE a.plan_id = $1 AND a.status = 'submitted' ORDER BY a.id
"""
COUNTED = """
    SELECT assignment_id AS id, extract(epoch FROM pg_xact_commit_timestamp(xmin))::float8 AS at
    FROM assignment_fact WHERE plan_id = $1 AND state->>'status' = 'done'
"""
TOLD = """
    SELECT subject_id AS id,
      max(extract(epoch FROM pg_xact_commit_timestamp(xmin)))::float8 AS at
    FROM notification WHERE event_type = 'tasks.result_accepted.v1' GROUP BY 1
"""
CELLS = "SELECT sum(done)::bigint FROM completion_cell WHERE plan_id = $1 AND scope = 'plan'"


@dataclass
class Accepted:
    """One measured run. `per_second`: from the first request to the last effect."""

    answered_per_s: float
    per_second: float
    latencies: list[float]
    cpu: dict[str, float]

    def ms(self, share: float) -> float:
        """Return a quantile of accepted → figures and notifications, in milliseconds."""
        return quantile(self.latencies, share) * 1000


class Office:
    """A plan with thousands of assignments whose results wait for the Office."""

    def __init__(self, stack: Stack) -> None:
        """Make plan and assignments, and hand in every result."""
        self.stack, self.office = stack, stack.demo.office
        self.port = urlsplit(stack.addresses["tasks"]).port
        self._tokens: dict[str, str] = {}
        self.plan = UUID(self._plan())
        self._import()
        self._hand_in()
        self._waiting = self._rows("tasks", SUBMITTED)
        self._accepted = 0
        self._settled()

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            self._tokens[who] = access_token(self.stack.addresses["issuer"], who)
        return self._tokens[who]

    def run(self, count: int, rate: float | None = None) -> Accepted:
        """Accept some results; return once each moved the figures and told somebody."""
        usage = Usage(self.stack)
        record = self.accept(count, rate)
        effects = self._settled()
        ends = [effects[id_] for id_ in record.ballots]
        return Accepted(
            record.per_second,
            count / (max(ends) - record.began),
            [effects[id_] - left for id_, (left, _) in record.ballots.items()],
            usage.cpu(),
        )

    def accept(self, count: int, rate: float | None = None) -> Record:
        """Accept some results, one request each; return when each left and was answered."""
        requests = [
            (row["id"], self._request("office", f"{row['id']}/results/{row['result_id']}/accept"))
            for row in self._take(count)
        ]
        record = self._send(requests, rate)
        self._accepted += count
        return record

    def run_together(self, count: int) -> Accepted:
        """Accept some results by one request; return as `run` does."""
        chosen = self._take(count)
        body = {
            "act": "accept", "note": NOTE, "ids": [str(row["id"]) for row in chosen],
            "versions": {str(row["id"]): row["version"] for row in chosen},
        }  # fmt: skip
        usage, began = Usage(self.stack), time.time()
        answer = self.office.post("office", "tasks", "/assignments/bulk", body)
        answered = time.time()
        if answer["done"] != count:
            raise WrongFigures(f"{answer['done']} of {count} accepted")
        self._accepted += count
        effects = self._settled()
        ends = [effects[row["id"]] for row in chosen]
        return Accepted(
            count / (answered - began),
            count / (max(ends) - began),
            [end - began for end in ends],
            usage.cpu(),
        )

    def _take(self, count: int) -> list[Any]:
        chosen, self._waiting = self._waiting[:count], self._waiting[count:]
        if len(chosen) < count:
            raise WrongFigures("no results left to accept")
        return chosen

    def _settled(self) -> dict[UUID, float]:
        """Wait for every effect of what was accepted; return when each had both."""
        until = time.monotonic() + PATIENCE
        while True:
            counted = {row["id"]: row["at"] for row in self._rows("reporting", COUNTED)}
            told = {r["id"]: r["at"] for r in ask(self.stack.databases["notifications"], TOLD)}
            both = counted.keys() & told.keys()
            if len(both) == self._accepted:
                break
            if time.monotonic() > until:
                raise WrongFigures(f"{self._accepted} accepted, {len(both)} counted and told")
            time.sleep(0.1)
        done = self._rows("reporting", CELLS)[0][0] or 0
        if done != self._accepted:
            raise WrongFigures(f"{self._accepted} accepted, the plan's figure says {done}")
        return {id_: max(counted[id_], told[id_]) for id_ in both}

    def _plan(self) -> str:
        criteria = {**read("criteria_set.yaml"), "year": YEAR, "code": "DO-TOC-DO"}
        made = self.office.post("office", "reporting", "/criteria_sets", criteria)
        self.office.post("office", "reporting", f"/criteria_sets/{made['id']}/publish")
        content = {
            **plan_of(self.office, []), "year": YEAR, "closes_on": f"{YEAR}-12-31",
            "legal_bases": [], "objectives": [],
            "title": f"Kế hoạch để đo tốc độ {uuid4()}",
        }  # fmt: skip
        made = self.office.post("office", "tasks", "/plans", content)
        self.office.post("office", "tasks", f"/plans/{made['id']}/activate")
        return str(made["id"])

    def _import(self) -> None:
        started = self.office.post(
            "office", "tasks", f"/plans/{self.plan}/imports",
            files={"file": ("phu_luc.xlsx", _appendix(_led()))},
        )  # fmt: skip
        path = f"/imports/{started['import_id']}"
        until = time.monotonic() + PATIENCE
        while self.office.get("office", "tasks", path)["state"] == "reading":
            if time.monotonic() > until:
                raise WrongFigures("the appendix was not read in time")
            time.sleep(0.2)
        self.office.post("office", "tasks", f"{path}/confirm")

    def _hand_in(self) -> None:
        heads = _heads()
        requests = [
            (row["id"], self._request(heads[row["code"]], f"{row['id']}/results", row["version"]))
            for row in self._rows("tasks", ASSIGNMENTS)
        ]
        self._send(requests, None)

    def _send(self, requests: list[tuple[UUID, bytes]], rate: float | None) -> Record:
        whole = [(id_, "", 0, request) for id_, request in requests]
        path = prepare(self.stack.folder.path, whole)
        seconds = len(requests) / rate if rate else 10 * PATIENCE
        # At a slow pace few connections: one that idles for seconds is closed by the server.
        connections = min(CONNECTIONS, max(1, int(2 * rate))) if rate else CONNECTIONS
        record = send(
            self.stack.folder.path, port=self.port, prepared=path, connections=connections,
            seconds=seconds - (0.5 / rate if rate else 0), rate=rate, most=len(requests),
        )  # fmt: skip
        if record.failures or len(record.ballots) != len(requests):
            raise WrongFigures(f"{len(record.ballots)} of {len(requests)}: {record.failures}")
        return record

    def _request(self, who: str, path: str, version: int | None = None) -> bytes:
        body = json.dumps({"note": NOTE}, ensure_ascii=False).encode()
        seen = f'If-Match: "{version}"\r\n' if version is not None else ""
        token = self._token(who)
        head = (
            f"POST /v1/assignments/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {token}\r\nIdempotency-Key: {uuid4()}\r\n{seen}"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def _rows(self, service: str, query: str) -> list[Any]:
        return ask(self.stack.databases[service], query, self.plan)


def _heads() -> dict[str, str]:
    return {p["unit"]: p["employee_code"] for p in people() if p["role"] == "unit_head"}


def _led() -> list[str]:
    heads = _heads()
    return [unit["name"] for unit in read("units.yaml")["units"] if unit["code"] in heads]


def _appendix(units: list[str]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        for row in range(1, ROWS + 1):
            work = [row, "Chất lượng cải cách", f"Rà soát việc {row}", "Báo cáo"]
            sheet.write_row(row, 0, [*work, "; ".join(units), "", "Hàng tháng"])
    return file.getvalue()
