"""C: many people at once, each with an open stream, who look at pages of all kinds.

Pages leave at fixed times whatever the portal does, and count from the moment they should have
left: a portal that falls behind shows it.
"""

import asyncio
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

import httpx

from benchmarks.figures import WrongFigures, quantile
from benchmarks.lists import YEAR, Province
from benchmarks.stack import Stack
from devstack.demo.loading import people

PATIENCE = 60.0  # seconds
OPENING = 25  # streams opened at a time


@dataclass
class Seen:
    """What a crowd met. `late`: seconds until a page was whole, from when it should have left."""

    late: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)

    def ms(self, share: float) -> float:
        """Return a quantile in milliseconds."""
        return quantile(self.late, share) * 1000


class Crowd:
    """People of the demo, signed in as a browser does; many windows share a session."""

    def __init__(self, stack: Stack, province: Province) -> None:
        self._portal = stack.addresses["portal"]
        self._people = [p["employee_code"] for p in people() if p["role"] != "external_system"]
        self._sessions = [signed_in(self._portal, code) for code in self._people]
        self._pages = pages_of(province)

    def run(self, streams: int, rate: float, seconds: float) -> Seen:
        """Open the streams, then ask for pages at a rate."""
        return asyncio.run(self._run(streams, rate, seconds))

    async def _run(self, streams: int, rate: float, seconds: float) -> Seen:
        # A client each: one looks through all its connections for each request.
        async with _client(self._portal) as windows, _client(self._portal) as pages:
            opened = await self._open(windows, streams)
            seen = await self._look(pages, rate, seconds)
            died = sum(window.done() for window in opened)
            for window in opened:
                window.cancel()
            await asyncio.gather(*opened, return_exceptions=True)
        if died:
            raise WrongFigures(f"{died} of {streams} streams ended")
        return seen

    async def _open(self, client: httpx.AsyncClient, streams: int) -> list["asyncio.Task[None]"]:
        """Open some streams at a time, each until its first words."""
        opened: list[asyncio.Task[None]] = []
        for first in range(0, streams, OPENING):
            heard = [asyncio.Event() for _ in range(first, min(first + OPENING, streams))]
            opened += [
                asyncio.create_task(self._window(client, first + place, event))
                for place, event in enumerate(heard)
            ]
            async with asyncio.timeout(PATIENCE):
                for event in heard:
                    await event.wait()
        return opened

    async def _window(self, client: httpx.AsyncClient, number: int, heard: asyncio.Event) -> None:
        """Hold a stream open as a page does; what comes is read and thrown away."""
        cookies = self._sessions[number % len(self._sessions)]
        request = client.build_request("GET", "/live", headers={"Cookie": cookies}, timeout=None)
        answer = await client.send(request, stream=True)
        answer.raise_for_status()
        async for _ in answer.aiter_raw():
            heard.set()

    async def _look(self, client: httpx.AsyncClient, rate: float, seconds: float) -> Seen:
        seen, began, looks = Seen(), time.perf_counter(), []
        for number in range(int(rate * seconds)):
            due = began + number / rate
            with suppress(ValueError):  # it is late already
                await asyncio.sleep(max(0.0, due - time.perf_counter()))  # why: the rate
            looks.append(asyncio.create_task(self._look_once(client, number, due, seen)))
        await asyncio.gather(*looks)
        return seen

    async def _look_once(
        self, client: httpx.AsyncClient, number: int, due: float, seen: Seen
    ) -> None:
        page = self._pages[number % len(self._pages)]
        who = number // len(self._pages) % len(self._sessions)
        answer = await client.get(page, headers={"Cookie": self._sessions[who]})
        took = time.perf_counter() - due
        if answer.status_code != httpx.codes.OK:
            seen.failed[f"{self._people[who]} {page}: {answer.status_code}"] += 1
        seen.late.append(took)


def _client(address: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=address, limits=limits, timeout=PATIENCE)


def pages_of(province: Province) -> list[str]:
    """Return addresses of all kinds of pages that everybody may open, with what is stored."""
    unit = province.units[3]
    return [
        "/", "/assignments", f"/assignments?unit_id={unit}&sort=due_on", "/notifications",
        "/assignments?q=thu+tuc", "/assignments/board", f"/assignments/timeline?unit_id={unit}",
        "/assignments/calendar", "/plans", f"/figures?year={YEAR}", "/questions", "/calendar",
    ]  # fmt: skip


def signed_in(portal: str, code: str) -> str:
    """Sign in by the issuer's login hint; return the cookie of the session."""
    with httpx.Client(timeout=PATIENCE) as browser:
        asked = browser.get(f"{portal}/sign_in/start").headers["location"]
        back = browser.get(f"{asked}&login_hint={code}").headers["location"]
        browser.get(back)
        found = [f"{one.name}={one.value}" for one in browser.cookies.jar if one.value]
    if not found:
        raise WrongFigures(f"{code} could not sign in")
    return "; ".join(found)
