"""R: figures, sheets and rankings, with a province's bodies scored: 200 × 83 sub-criteria.

Bodies, their rows and their approved sheets are written by SQL: no event tells of them. Everything
else is the product over HTTP, one client. Without FULL=1 a tenth of the bodies.
"""

import asyncio
import http.client
import json
import random
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

import asyncpg

from benchmarks.figures import WrongFigures, quantile
from benchmarks.stack import Stack
from devstack.sign_in import access_token

BODIES, FEW = 200, 20
ASKED = 60  # times each
YEAR = 2025
OPENED = datetime(YEAR, 9, 1, tzinfo=UTC)


class Scored:
    """A block whose sheets are approved, and how it is asked for."""

    def __init__(self, stack: Stack, bodies: int) -> None:
        """Store it, once, and publish its ranking."""
        self.block, self.bodies = uuid4(), [uuid4() for _ in range(bodies)]
        self._database = stack.databases["reporting"]
        asyncio.run(self._store(self._database))
        place = urlsplit(stack.addresses["reporting"])
        self._connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=120)
        token = access_token(stack.addresses["issuer"], "director")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = {"block": str(self.block)}
        self.published_s, _ = self.ask("POST", f"/v1/rankings/{YEAR}/publish", body)

    def ask(
        self, method: str, address: str, body: dict[str, Any] | None = None
    ) -> tuple[float, bytes]:
        """Ask once; return the seconds it took and the answer."""
        headers = {**self._headers, **({"Idempotency-Key": str(uuid4())} if body else {})}
        began = time.perf_counter()
        self._connection.request(method, address, json.dumps(body) if body else None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        if answer.status >= http.client.BAD_REQUEST:
            raise WrongFigures(f"{address}: {answer.status} {content[:300]!r}")
        return took, content

    def p95(self, addresses: Sequence[str]) -> float:
        """Ask for several things in turn; return the 95 % quantile in milliseconds."""
        for address in addresses:
            self.ask("GET", address)  # connections, plans, pages
        times = [self.ask("GET", addresses[n % len(addresses)])[0] for n in range(ASKED)]
        return quantile(times, 0.95) * 1000

    def check(self) -> None:
        """Hold the published ranks against the stored indices. Raises WrongFigures."""
        _, content = self.ask("GET", f"/v1/rankings/{YEAR}?{urlencode({'block': self.block})}")
        lines = json.loads(content)["published"]["table"]["bodies"]
        ranks = [line["rank"] for line in lines]
        expected = [1 + sum(o > i for o in self.indices) for i in sorted(self.indices)[::-1]]
        if ranks != expected:
            raise WrongFigures(f"ranks {ranks[:10]} for {expected[:10]}")

    def take_back(self) -> list[str]:
        """Let all sheets be under appraisal again; return the address of the ranking so far."""
        asyncio.run(self._take_back())
        return [f"/v1/rankings/{YEAR}?{urlencode({'block': self.block})}"]

    async def _take_back(self) -> None:
        connection = await asyncpg.connect(self._database)
        try:
            await connection.execute(
                "UPDATE sheet SET state = 'locked', final = NULL WHERE block_id = $1", self.block
            )
        finally:
            await connection.close()

    async def _store(self, url: str) -> None:
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                await self._fill(connection)
            await connection.execute("VACUUM ANALYZE")
        finally:
            await connection.close()

    async def _fill(self, connection: Any) -> None:
        set_id, rows = await _criteria(connection)
        pick = random.Random(7)
        await connection.execute(
            "INSERT INTO block (id, code, name, kind) VALUES ($1, $2, 'Khối đo', 'communes')",
            self.block, f"DO{self.block.hex[:8]}",
        )  # fmt: skip
        await connection.execute(
            "INSERT INTO sheet_round (year, block_id, criteria_set_id, closes_on, opened_by,"
            " opened_at) VALUES ($1, $2, $3, $4, $5, $6)",
            YEAR, self.block, set_id, date(YEAR, 11, 30), uuid4(), OPENED,
        )  # fmt: skip
        records = [
            (id_, f"DO{id_.hex[:10]}", f"Cơ quan đo số {n}", self.block)
            for n, id_ in enumerate(self.bodies)
        ]
        names = ["id", "code", "name", "block_id"]
        await connection.copy_records_to_table("body", records=records, columns=names)
        finals = [_final(pick, rows) for _ in self.bodies]
        self.indices = [Fraction(each["index"]) for each in finals]
        sheets = [
            (uuid4(), YEAR, id_, self.block, set_id, "approved", "[]", json.dumps(final))
            for id_, final in zip(self.bodies, finals, strict=True)
        ]
        names = ["id", "year", "body_id", "block_id", "criteria_set_id", "state", "steps", "final"]
        await connection.copy_records_to_table("sheet", records=sheets, columns=names)
        entered = [
            (YEAR, id_, row[0], Decimal(row[1]), Decimal(row[1]))
            for id_, final in zip(self.bodies, finals, strict=True)
            for row in final["rows"]
        ]
        names = ["year", "body_id", "code", "self_score", "appraised_2"]
        await connection.copy_records_to_table("score_row", records=entered, columns=names)


async def _criteria(connection: Any) -> tuple[UUID, list[tuple[str, Decimal]]]:
    """Return the year's published set with the maximum of each sub-criterion."""
    found = await connection.fetchrow(
        "SELECT id, body FROM criteria_set WHERE year = $1 AND status = 'published'"
        " ORDER BY published_at DESC LIMIT 1",
        YEAR,
    )
    body = json.loads(found["body"])
    return found["id"], [
        (sub["code"], Decimal(str(sub["max_points"])))
        for area in body["areas"]
        for criterion in area["criteria"]
        for sub in criterion["sub_criteria"]
    ]


def _final(pick: random.Random, rows: Sequence[tuple[str, Decimal]]) -> dict[str, Any]:
    """Return what an approved sheet came to, as the product stores it."""
    scored = [(code, most * pick.randrange(40, 101) / 100, most) for code, most in rows]
    points = sum((each[1] for each in scored), Decimal(0))
    most = sum((each[2] for each in scored), Decimal(0))
    return {
        "points": str(points), "applicable_points": str(most), "bonus": "0", "penalty": "0",
        "index": str(100 * Fraction(points) / Fraction(most)),
        "rows": [[code, str(won), str(of), True] for code, won, of in scored],
    }  # fmt: skip


def asked_for(scored: Scored, unit: str) -> dict[str, tuple[float, list[str]]]:
    """Return what is asked for, with the most milliseconds it may take at p95."""
    year, block = f"year={YEAR}", f"block={scored.block}"
    sheets = [f"/v1/score_sheets/{YEAR}/bodies/{id_}" for id_ in scored.bodies[:20]]
    return {
        "overview": (50, [f"/v1/overview?{year}"]),
        "PAR index": (50, [f"/v1/indices/par/{YEAR}"]),
        "completion of a year": (50, [f"/v1/indices/completion?{year}"]),
        "what to act on first": (50, [f"/v1/priorities?{year}"]),
        "head of a unit": (50, [f"/v1/units/{unit}/responsibility?{year}"]),
        "ranking, live and published": (100, [f"/v1/rankings/{YEAR}?{block}"]),
        "a published version": (100, [f"/v1/rankings/{YEAR}/versions/1?{block}"]),
        "sheet of a body": (200, sheets),
    }
