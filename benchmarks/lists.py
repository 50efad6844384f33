"""L: lists, filters, words, counts and the file, with a province's worth of assignments stored.

200 units, 50,000 assignments and 500,000 lines of history are written by SQL: no event tells of
them, and the clock stands still meanwhile. Everything else is the product over HTTP, one client.
"""

import asyncio
import http.client
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import asyncpg
import openpyxl
import xlsxwriter

from benchmarks.figures import WrongFigures, quantile
from benchmarks.stack import Stack, Usage
from devstack.sign_in import access_token
from tasks.words import key

UNITS, TASKS, ASSIGNMENTS, LINES = 200, 6_250, 50_000, 10  # lines of history of each assignment
ASKED = 60  # times each kind of list
CLOCK, API = "tasks clock", "tasks api"
YEAR = 2026
MONTHS = [{"month": f"{YEAR}-{month:02}"} for month in (3, 6, 12)]  # of the Office
VERBS = [
    "Rà soát",
    "Xây dựng",
    "Ban hành",
    "Kiểm tra",
    "Tổ chức",
    "Đánh giá",
    "Báo cáo",
    "Công khai",
    "Cập nhật",
]
THINGS = [
    "thủ tục hành chính",
    "quy chế phối hợp",
    "kế hoạch tuyên truyền",
    "văn bản quy phạm pháp luật",
    "dữ liệu dân cư",
    "mức độ hài lòng của người dân",
    "dịch vụ công trực tuyến",
    "vị trí việc làm",
    "tinh giản biên chế",
    "hồ sơ điện tử",
    "chữ ký số",
    "ngân sách cải cách hành chính",
    "bộ phận một cửa",
    "chỉ số cải cách",
]
WHERE = ["tại Sở", "tại các phường", "ở cấp xã", "trên toàn tỉnh", "theo lĩnh vực", "theo quý"]
STATUSES = ("not_started", "in_progress", "submitted", "returned", "done")


class Province:
    """What is stored, and how it is asked for."""

    def __init__(self, stack: Stack) -> None:
        """Store it, once; the clock would announce all that is overdue."""
        self.stack = stack
        stack.freeze(CLOCK)
        self.units: list[UUID] = []
        asyncio.run(self._store(stack.databases["tasks"]))
        place = urlsplit(stack.addresses["tasks"])
        self._connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
        self._headers = {
            "Authorization": f"Bearer {access_token(stack.addresses['issuer'], 'office')}"
        }

    def ask(self, path: str, **query: Any) -> tuple[float, bytes]:
        """Ask once; return the seconds it took and the answer."""
        address = f"/v1{path}?{urlencode(query, doseq=True)}"
        began = time.perf_counter()
        self._connection.request("GET", address, headers=self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        if answer.status != http.client.OK:
            raise WrongFigures(f"{address}: {answer.status} {content[:300]!r}")
        return took, content

    def p95(self, path: str, queries: Sequence[dict[str, Any]]) -> float:
        """Ask in many ways, several times each; return the 95 % quantile in milliseconds."""
        for query in queries:
            self.ask(path, **query)  # connections, plans, pages
        times = [self.ask(path, **queries[n % len(queries)])[0] for n in range(ASKED)]
        return quantile(times, 0.95) * 1000

    async def _store(self, url: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                await _fill(connection)
            await connection.execute("VACUUM ANALYZE")
            rows = await connection.fetch("SELECT id FROM unit WHERE code LIKE 'L%' ORDER BY 1")
            self.units = [row["id"] for row in rows]
        finally:
            await connection.close()


@cache
def province_of(stack: Stack) -> Province:
    """Return what is stored in a stack: several parts measure beside the same."""
    return Province(stack)


async def _fill(connection: Any) -> None:
    await connection.execute("DELETE FROM number_series WHERE year = $1", YEAR)
    pick = random.Random(7)
    units = [
        (uuid4(), 1, f"L{n:03}", f"Phòng đo số {n}", "room", None, [], 1000 + n, True)
        for n in range(UNITS)
    ]
    names = [
        "id", "version", "code", "name", "kind", "parent_id", "aliases", "sort_order", "active",
    ]  # fmt: skip
    await connection.copy_records_to_table("unit", records=units, columns=names)
    people = [
        (uuid4(), 1, f"l{n}", f"Cán bộ {n}", f"can bo {n}", "Chuyên viên", f"l{n}@so.example",
         "unit_officer", units[n % UNITS][0], True)
        for n in range(2 * UNITS)
    ]  # fmt: skip
    names = [
        "id", "version", "employee_code", "name", "sort_key", "post", "email", "role", "unit_id",
        "active",
    ]  # fmt: skip
    await connection.copy_records_to_table("person", records=people, columns=names)
    plan = uuid4()
    await connection.execute(
        "INSERT INTO plan (id, version, year, title, closes_on, unit_id, status, legal_bases,"
        " targets, created_at)"
        " VALUES ($1, 1, $2, 'Kế hoạch đo', $3, $4, 'active', '[]', '[]', now())",
        plan, YEAR, date(YEAR, 12, 31), units[0][0],
    )  # fmt: skip
    tasks = [_task(pick, plan, n) for n in range(TASKS)]
    names = [
        "id", "plan_id", "position", "number", "section", "subject_matter", "content", "product",
        "lead_text", "coordinating_text", "deadline_text", "deadline_kind",
    ]  # fmt: skip
    await connection.copy_records_to_table("task", records=tasks, columns=names)
    found = list(_assignments(pick, plan, tasks, units, people))
    names = [
        "id", "version", "year", "sequence", "number", "plan_id", "task_id", "unit_id",
        "coordinating_unit_ids", "accountable_person_id", "occurrence", "deadline_kind",
        "due_on", "last_working_day", "status", "progress_percent", "submitted_on",
        "search_text", "overdue_announced_for", "reminded_for", "reminded_step", "created_at",
    ]  # fmt: skip
    await connection.copy_records_to_table("assignment", records=found, columns=names)
    await connection.execute(_HISTORY, plan, LINES)
    await connection.execute(_RESULTS, plan)
    await connection.execute(_URGED, plan)


_HISTORY = """
    INSERT INTO assignment_entry (id, assignment_id, version, at, kind, percent, note, difficulty)
    SELECT gen_random_uuid(), a.id, n, now() - make_interval(hours => (($2 - n) * 97)::int + 30),
      CASE WHEN n = 1 THEN 'created' ELSE 'progress' END, least(n * 10, 100), 'Làm thêm một phần',
      CASE WHEN n = 5 THEN 'Thiếu kinh phí, nhân lực' END
    FROM assignment a CROSS JOIN generate_series(1, $2::int) AS n WHERE a.plan_id = $1
    ORDER BY n, a.id
"""
_RESULTS = """
    INSERT INTO result (id, assignment_id, status, note, submitted_at, submitted_on)
    SELECT gen_random_uuid(), id, CASE WHEN status = 'done' THEN 'accepted' ELSE 'submitted' END,
      'Đã hoàn thành, có báo cáo kèm theo', submitted_on, submitted_on
    FROM assignment WHERE plan_id = $1 AND submitted_on IS NOT NULL
"""


_URGED = """
    WITH made AS (INSERT INTO urging (id, origin, reason, words, made_at, row_count)
      VALUES (gen_random_uuid(), 'ladder', 'ladder', '', now() - interval '3 days', 10000)
      RETURNING id)
    INSERT INTO urging_row (urging_id, assignment_id, told)
    SELECT made.id, a.id, '{person}' FROM made, assignment a
    WHERE a.plan_id = $1 AND a.sequence % 5 = 0
"""


def _task(pick: random.Random, plan: UUID, n: int) -> tuple[Any, ...]:
    words = (
        f"{pick.choice(VERBS)} {pick.choice(THINGS)} và {pick.choice(THINGS)} {pick.choice(WHERE)}"
    )
    section = f"Nội dung {n % 8 + 1}: {THINGS[n % 8]}"
    return (uuid4(), plan, n, str(n + 1), section, pick.choice(THINGS), f"{words}, việc {n}",
            "Báo cáo, kế hoạch", "Các đơn vị", "", "Hàng tháng", "recurring")  # fmt: skip


def _assignments(
    pick: random.Random, plan: UUID, tasks: list[Any], units: list[Any], people: list[Any]
) -> Iterator[tuple[Any, ...]]:
    created = datetime(YEAR, 1, 1, tzinfo=UTC)
    for n in range(ASSIGNMENTS):
        task, unit = tasks[n % TASKS], n * 7 % UNITS
        month = n // TASKS % 12 + 1
        due_on = date(YEAR, 1, 20) + timedelta(days=pick.randrange(400)) if n % 10 else None
        status = pick.choice(STATUSES)
        handed_in = due_on - timedelta(days=pick.randrange(-9, 30)) if due_on else None
        number, occurrence = f"ĐO-{YEAR}-{n + 1:05d}", f"Tháng {month}/{YEAR}"
        text = key(f"{number} {task[3]} {task[4]} {task[5]} {task[6]} {task[7]} {occurrence}")
        helping = [units[pick.randrange(UNITS)][0] for _ in range(n % 3)]
        yield (
            uuid4(), LINES, YEAR, 100_000 + n, number, plan, task[0], units[unit][0], helping,
            people[unit][0] if n % 4 else None, occurrence,
            "recurring" if due_on else "needs_person", due_on, due_on, status, pick.randrange(100),
            handed_in if status in ("submitted", "done") else None, text, due_on, due_on, 0,
            created,
        )  # fmt: skip


@dataclass
class File:
    """A list written to .xlsx by the product, and its cells written by the library alone."""

    ours: float
    bare: float
    rows: int
    grown_mb: float


def export(province: Province) -> File:
    """Take the whole list away as the widest sheet there is; hold it against the bare library."""
    usage = Usage(province.stack)
    before = usage.memory()[API]
    took, content = province.ask("/assignments.xlsx", columns="follow_up")
    grown = usage.memory()[API] - before
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ours.xlsx"
        path.write_bytes(content)
        cells = list(openpyxl.load_workbook(path, read_only=True).worksheets[0].values)
        began = time.perf_counter()
        bare_workbook(Path(folder) / "bare.xlsx", cells)
        return File(took, time.perf_counter() - began, len(cells) - 5, grown)


def bare_workbook(path: Path, cells: Sequence[Sequence[Any]]) -> None:
    """Write the same cells with the same library and nothing around it."""
    options = {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(path, options) as book:
        sheet, look = book.add_worksheet(), book.add_format({"text_wrap": True, "border": 1})
        for line, row in enumerate(cells):
            for place, value in enumerate(row):
                sheet.write(line, place, value, look)


def asked_for(province: Province) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """Return the kinds of lists, each asked for in several ways."""
    units = province.units
    filtered: list[dict[str, Any]] = [
        {"unit_id": [units[3]], "sort": "due_on"},
        {"unit_id": units[:20], "status": ["in_progress", "returned"]},
        {"due_from": f"{YEAR}-03-01", "due_to": f"{YEAR}-03-31", "sort": "-progress"},
        {"overdue": True, "sort": "due_on,-unit"},
        {"late": True, "deadline_kind": "recurring"},
        {"needs_person": True, "sort": "person"},
        {"no_evidence": True, "status": "done"},
    ]
    sorts = ("number", "-number", "due_on", "-due_on", "unit", "person", "-status", "progress",
             "content", "section", "due_on,-unit")  # fmt: skip
    words = (
        "khao sat",
        "thu tuc hanh chinh",
        "chu ky so viec 12",
        "bao cao",
        "2026 00123",
        "hai long",
    )
    searched: list[dict[str, Any]] = [{"q": one} for one in words]
    narrowed = [{name: value for name, value in one.items() if name != "sort"} for one in filtered]
    return {
        "list": ("/assignments", [{}, {"limit": 25}, {"limit": 200}]),
        "list, any order": ("/assignments", [{"sort": sort} for sort in sorts]),
        "list, filtered": ("/assignments", filtered),
        "list, words": ("/assignments", searched),
        "counts": ("/assignments/counts", [{}]),
        "counts, filtered": ("/assignments/counts", [*narrowed, *searched]),
        "one's own day": ("/me/work", [{}]),
    }
