"""Rows 34: reporting killed around a lock and amid a ranking: whole or not at all, told once."""

import asyncio
import hashlib
import json
import random
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any
from uuid import uuid4

import httpx
import pytest
from tests.faults.load import OPEN
from tests.faults.rig import Rig
from tests.reporting.sheets import SET

from devstack.sign_in import access_token

pytestmark = [pytest.mark.timeout(600), pytest.mark.faults]
YEAR = 2031  # in which nothing else is scored
PATH = f"/v1/score_sheets/{YEAR}"
BODIES, KILLS = 200, 4
PEOPLE = ("office", "director", "appraiser", "unit_head")
ROWS = ({"points": "44"}, {"done": 3, "due": 7}, {"points": "16"})


@dataclass
class Desk:
    """People at reporting's API, who repeat what got no answer under the same key."""

    rig: Rig
    tokens: dict[str, str] = field(default_factory=dict)

    def sign_in(self) -> None:
        """Get everybody a token."""
        self.tokens = {who: access_token(self.rig.addresses["issuer"], who) for who in PEOPLE}

    async def once(
        self, who: str, path: str, body: Any = None, *, key: str = "", version: int = 0
    ) -> httpx.Response:
        """Send once. Raises httpx.HTTPError when there is no answer."""
        headers = {
            "Authorization": f"Bearer {self.tokens[who]}",
            "Idempotency-Key": key or str(uuid4()),
            **({"If-Match": f'"{version}"'} if version else {}),
        }
        async with httpx.AsyncClient(base_url=self.rig.addresses["reporting"], timeout=60) as http:
            return await http.post(path, json=body, headers=headers)

    async def until_answered(self, who: str, path: str, body: Any = None, **more: Any) -> Any:
        """Send until the answer is definite; it must be good."""
        more["key"] = more.get("key") or str(uuid4())
        async with asyncio.timeout(120):
            while True:
                try:
                    answer = await self.once(who, path, body, **more)
                except httpx.HTTPError:
                    answer = None
                if answer is not None and answer.status_code not in OPEN:
                    assert answer.is_success, answer.text
                    return answer.json()
                await asyncio.sleep(0.2)

    async def get(self, who: str, path: str, **query: str) -> Any:
        """Return what is there."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        async with httpx.AsyncClient(base_url=self.rig.addresses["reporting"], timeout=60) as http:
            return (await http.get(path, params=query, headers=headers)).raise_for_status().json()


@pytest.fixture(scope="module")
async def desk(rig, world) -> Desk:
    """People signed in, and a small criteria set in force."""
    desk = Desk(rig)
    await asyncio.to_thread(desk.sign_in)
    made = await desk.until_answered("office", "/v1/criteria_sets", {**SET, "year": YEAR})
    await desk.until_answered("office", f"/v1/criteria_sets/{made['id']}/publish")
    return desk


async def block_of(desk: Desk, bodies: int) -> tuple[str, list[str]]:
    """Make a block of so many bodies, and open their sheets."""
    rows = await desk.rig.query("reporting", "SELECT id, employee_code FROM person")
    named = {row["employee_code"]: str(row["id"]) for row in rows}
    code = f"F{uuid4().hex[:6]}"
    block = {"code": code, "name": f"Khối {code}", "kind": "departments",
             "appraisers": [named["appraiser"]]}  # fmt: skip
    block_id = (await desk.until_answered("office", "/v1/blocks", block))["id"]
    ids = [
        (await desk.until_answered("office", "/v1/bodies", {
            "code": f"{code}{n}", "name": f"Sở {n}", "block_id": block_id,
            "people": [named["unit_head"]],
        }))["id"]
        for n in range(bodies)
    ]  # fmt: skip
    day = {"block_id": block_id, "closes_on": f"{YEAR}-11-30"}
    await desk.until_answered("office", f"{PATH}/rounds", day)
    return block_id, ids


async def events(rig: Rig, kind: str, subjects: list[Any]) -> list[Any]:
    """Return the ids of the events of a type that the log has about some things."""
    rows = await rig.query(
        "reporting", "SELECT id FROM event_log WHERE type = $1 AND subject = ANY($2::uuid[])",
        f"reporting.{kind}.v1", subjects,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def taken(rig: Rig, ids: list[Any]) -> int:
    """Return how many of these events notifications has handled."""
    (row,) = await rig.query(
        "notifications",
        "SELECT count(*) AS n FROM inbox WHERE id = ANY($1) AND state = 'done'", ids,
    )  # fmt: skip
    return int(row["n"])


@pytest.mark.broker
async def test_a_lock_whose_api_and_relay_die_behind_its_commit_is_one_lock_and_told_once(
    rig, row, desk, eventually
):
    _, (body,) = await block_of(desk, 1)
    path = f"{PATH}/bodies/{body}"
    for n, given in enumerate(ROWS, 1):
        await desk.until_answered("unit_head", f"{path}/rows/1.1.{n}/self_scores",
                                  {**given, "note": "Sổ"}, version=1)  # fmt: skip
    sheet = await desk.get("unit_head", path)
    async with row("34 lock", "reporting killed between a lock's commit and its event") as fault:
        await rig["reporting relay"].restart(failpoint="relay.after_claim")
        await rig["reporting api"].restart(failpoint="api.after_commit")
        key = str(uuid4())
        sent = asyncio.create_task(
            desk.until_answered("unit_head", f"{path}/lock", key=key, version=sheet["version"])
        )
        assert await rig["reporting api"].ended(60) == -9
        (stored,) = await rig.query("reporting", "SELECT * FROM sheet WHERE body_id = $1", body)
        assert stored["state"] == "locked", "it is committed, and nobody was told"
        assert await rig["reporting relay"].ended(60) == -9
        rig["reporting api"].start()
        answer = await sent
        again = await desk.until_answered(
            "unit_head", f"{path}/lock", key=key, version=sheet["version"]
        )
        rig["reporting relay"].start()
        fault.over()
        assert answer == again
        assert [each["state"] for each in answer["steps"]].count("locked") == 1
        (told,) = await events(rig, "score_sheet_locked", [stored["id"]])
        await eventually(lambda: _all_taken(rig, [told]), within=60, every=0.5)
    rows = await rig.query(
        "notifications", "SELECT person_id, count(*) AS n FROM notification WHERE event_id = $1"
        " GROUP BY 1", told,
    )  # fmt: skip
    assert rows
    assert {each["n"] for each in rows} == {1}


async def _all_taken(rig: Rig, ids: list[Any]) -> bool:
    return await taken(rig, ids) == len(ids)


async def test_a_ranking_of_200_sheets_killed_anywhere_is_published_whole_or_not_and_once(
    rig, row, desk, eventually
):
    block, bodies = await block_of(desk, BODIES)
    await _approve(rig, bodies)
    publication = f"/v1/rankings/{YEAR}/publish", {"block": block}
    key = str(uuid4())
    what = f"reporting killed amid publishing a ranking of {BODIES} sheets"
    async with row("34 ranking", what, officers=2) as fault:
        for failpoint in [*[""] * KILLS, "api.before_commit", "api.after_commit"]:
            await rig["reporting api"].restart(failpoint=failpoint)
            await _until_live(rig)
            sent = asyncio.create_task(desk.once("director", *publication, key=key))
            if failpoint:
                assert await rig["reporting api"].ended(60) == -9, failpoint
            else:
                await asyncio.sleep(random.uniform(0.05, 1))  # why: anywhere within the act
                await rig["reporting api"].kill()
            await asyncio.gather(sent, return_exceptions=True)
            whole = await _published(rig, block)
        assert whole, "what died behind its commit is done"
        rig["reporting api"].start()
        first = await desk.until_answered("director", *publication, key=key)
        again = await desk.until_answered("director", *publication, key=key)
        fault.over()
        assert (first["number"], first["sha256"]) == (again["number"], again["sha256"])
        assert first["sha256"] == _fingerprint(first["document"])
        anew = await desk.once("director", *publication)
        assert (anew.status_code, anew.json()["code"]) == (409, "ranking_unchanged")
        (ranking,) = await rig.query(
            "reporting", "SELECT id FROM ranking WHERE block_id = $1", block
        )
        sheets = await rig.query("reporting", "SELECT id FROM sheet WHERE block_id = $1", block)
        told = await events(rig, "ranking_published", [ranking["id"]])
        published = await events(rig, "score_sheet_published", [each["id"] for each in sheets])
        assert (len(told), len(published)) == (1, BODIES)
        await eventually(lambda: _all_taken(rig, [*told, *published]), within=60, every=0.5)


async def _approve(rig: Rig, bodies: list[str]) -> None:
    """Let the database say that each sheet is approved, each with an index of its own."""
    for place, body in enumerate(bodies):
        index = Fraction(50) + Fraction(place, 7)
        share = [(code, index * most / 100, most) for code, most in
                 (("1.1.1", 44), ("1.1.2", 40), ("1.1.3", 16))]  # fmt: skip
        final = {
            "points": f"{float(index):.6f}", "applicable_points": "100", "bonus": "0",
            "penalty": "0", "index": str(index),
            "rows": [[code, f"{float(points):.6f}", str(most), True]
                     for code, points, most in share],
        }  # fmt: skip
        await rig.query(
            "reporting", "UPDATE sheet SET state = 'approved', final = $1::jsonb"
            " WHERE body_id = $2", json.dumps(final), body,
        )  # fmt: skip


async def _published(rig: Rig, block: str) -> bool:
    """Tell whether the ranking is published: its version, and every sheet with it, or none."""
    rows = await rig.query(
        "reporting", "SELECT state, count(*) AS n FROM sheet WHERE block_id = $1 GROUP BY 1", block
    )
    states = {row["state"]: row["n"] for row in rows}
    assert states in ({"approved": BODIES}, {"published": BODIES})
    (row,) = await rig.query(
        "reporting", "SELECT count(*) AS n FROM ranking_version v JOIN ranking r"
        " ON r.id = v.ranking_id WHERE r.block_id = $1", block,
    )  # fmt: skip
    assert row["n"] == (1 if "published" in states else 0)
    return "published" in states


async def _until_live(rig: Rig) -> None:
    async with asyncio.timeout(90), httpx.AsyncClient(timeout=5) as client:
        while True:
            try:
                if (await client.get(f"{rig.addresses['reporting']}/health/live")).is_success:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(0.1)


def _fingerprint(document: dict[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
