"""Load over HTTP: officers who report progress, citizens who answer; patient clients both."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.faults.rig import Rig

from devstack.demo.loading import Demo, people
from devstack.demo.office import Office
from devstack.sign_in import access_token

UNITS = ("VP", "CCHC", "LĐVL", "NCC")
PATIENCE = 10.0  # seconds a client waits for an answer
HANG_UPS = 3
GIVE_UP = 120.0  # seconds after which a client no longer repeats itself
# While the outcome is open the client repeats itself with the same key.
OPEN = {409, 429, 500, 502, 503, 504}


@dataclass
class World:
    """What the load works on."""

    assignments: list[dict[str, Any]] = field(default_factory=list)
    heads: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    round_id: str = ""
    told: int = 0
    """How many people are told of each difficulty."""


async def make_world(rig: Rig) -> World:
    """Fill the empty system through its APIs."""
    return await asyncio.to_thread(_make_world, rig)


def _make_world(rig: Rig) -> World:
    office = Office(rig.addresses)
    demo = Demo(office)
    for step in (demo.directory, demo.calendar, demo.plan, demo.appendix, demo.survey):
        step()
    heads = {p["unit"]: p["employee_code"] for p in people() if p["role"] == "unit_head"}
    codes = {unit_id: code for code, unit_id in demo.units.items()}
    rows = demo._all("office", "tasks", "/assignments")
    usable = [a for a in rows if codes[a["unit_id"]] in heads and a["status"] == "not_started"]
    round_ = office.get("office", "surveys", f"/rounds/{demo.round_id}")
    form = office.get("office", "surveys", f"/questionnaires/{round_['questionnaire_id']}")
    links = [
        office.post(
            "office", "surveys", f"/rounds/{demo.round_id}/links",
            {"unit_id": demo.units[unit], "label": f"Quầy {unit}"},
        )["code"]
        for unit in UNITS
    ]  # fmt: skip
    return World(
        assignments=usable,
        heads={a["id"]: heads[codes[a["unit_id"]]] for a in usable},
        links=links,
        questions=[q["code"] for q in form["questions"] if q["kind"] == "scale5"],
        round_id=demo.round_id,
        told=sum(p["role"] == "office" for p in people()),
    )


def sign_in(rig: Rig, world: World) -> None:
    """Give the people of a world new tokens."""
    for name in {*world.heads.values(), "office"}:
        world.tokens[name] = access_token(rig.addresses["issuer"], name)


class Load:
    """Clients at work until told to stop; every one of them finishes what it began."""

    def __init__(self, rig: Rig, world: World, seed: str) -> None:
        self.rig, self.world, self.chance = rig, world, random.Random(seed)
        self.stopping = asyncio.Event()
        self.slowest = 0.0
        self._tasks: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def running(
        self, *, officers: int = 6, citizens: int = 4, pause: float = 0.25, impatient: float = 0
    ) -> AsyncIterator["Load"]:
        """Run the clients for as long as the context lasts, and until each has its answer.

        `impatient`: every client hangs up three times within so many seconds, then waits.
        """
        self.impatient = impatient
        # No connection is used twice: a retry never meets the process that is going away.
        self._client = httpx.AsyncClient(
            timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0), trust_env=False
        )
        chosen = self.chance.sample(self.world.assignments, officers)
        self._tasks = [asyncio.create_task(self._officer(a, pause)) for a in chosen]
        self._tasks += [asyncio.create_task(self._citizen(pause)) for _ in range(citizens)]
        try:
            yield self
        finally:
            self.stopping.set()
            await asyncio.gather(*self._tasks)
            await self._client.aclose()

    async def acked(self, count: int, within: float = 120) -> None:
        """Wait until so many operations of this row were acknowledged."""
        async with asyncio.timeout(within):
            while sum(o.acked for o in self.rig.ledger.operations(row=self.rig.ledger.row)) < count:
                await asyncio.sleep(0.05)

    async def _officer(self, assignment: dict[str, Any], pause: float) -> None:
        who = self.world.heads[assignment["id"]]
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            version = await self._report(assignment, who, loud=turn % 3 == 0)
            # Nobody else reports here, so a refusal means that a fault made a version of its own.
            assignment["version"] = version or await self._version(assignment, who)
            await self._rest(pause)

    async def _version(self, assignment: dict[str, Any], who: str) -> int:
        url = f"{self.rig.addresses['tasks']}/v1/assignments/{assignment['id']}"
        headers = {"Authorization": f"Bearer {self.world.tokens[who]}"}
        try:
            return int((await self._client.get(url, headers=headers)).json()["version"])
        except (httpx.HTTPError, KeyError, ValueError):
            return int(assignment["version"])

    async def _report(self, assignment: dict[str, Any], who: str, *, loud: bool) -> int | None:
        id_ = str(uuid4())
        body = {
            "percent": self.chance.randint(1, 90), "note": id_,
            "difficulty": "Thiếu số liệu" if loud else None,
        }  # fmt: skip
        headers = {
            "Authorization": f"Bearer {self.world.tokens[who]}",
            "Idempotency-Key": id_,
            "If-Match": f'"{assignment["version"]}"',
        }
        self.rig.ledger.attempt(id_, "progress", assignment["id"], loud=loud)
        url = f"{self.rig.addresses['tasks']}/v1/assignments/{assignment['id']}/progress"
        answer = await self._until_definite(id_, url, headers, body)
        version = answer.json()["version"] if answer is not None and answer.is_success else None
        self.rig.ledger.answered(id_, answer.status_code if answer is not None else 0, version)
        return version

    async def _citizen(self, pause: float) -> None:
        while not self.stopping.is_set():
            response_id = str(UUID(int=self.chance.getrandbits(128), version=4))
            answers = {code: self.chance.randint(1, 5) for code in self.world.questions}
            body = {"response_id": response_id, "answers": answers, "choices": {}, "text": {}}
            self.rig.ledger.attempt(response_id, "response", response_id)
            code = self.chance.choice(self.world.links)
            url = f"{self.rig.addresses['surveys']}/v1/public/{code}/responses"
            answer = await self._until_definite(response_id, url, {}, body)
            status = answer.status_code if answer is not None else 0
            self.rig.ledger.answered(response_id, status, 1)
            await self._rest(pause)

    async def _until_definite(
        self, id_: str, url: str, headers: dict[str, str], body: dict[str, Any]
    ) -> httpx.Response | None:
        """Send until the answer is definite, each try on a connection of its own."""
        until = time.monotonic() + GIVE_UP
        tries = 0
        while time.monotonic() < until:
            failure, answer, began, tries = "", None, time.monotonic(), tries + 1
            short = self.impatient and tries <= HANG_UPS
            patience = self.chance.uniform(0, self.impatient) if short else PATIENCE
            try:
                async with asyncio.timeout(patience):
                    answer = await self._client.post(url, headers=headers, json=body)
            except (httpx.HTTPError, TimeoutError) as error:
                failure = type(error).__name__
            self.slowest = max(self.slowest, time.monotonic() - began)
            if answer is not None and answer.status_code in OPEN:
                failure = str(answer.status_code)
            self.rig.ledger.tried(id_, failure)
            if not failure:
                return answer
            await asyncio.sleep(0.2)
        return None

    async def _rest(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause * self.chance.uniform(0.5, 1.5)):
                await self.stopping.wait()
        except TimeoutError:
            pass
