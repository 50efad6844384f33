"""When a run is ready: every process says so, and every service knows the people."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

import httpx
import psutil

from devstack.sign_in import access_token
from devstack.supervisor import Supervisor

READY = "ready"
Tell = Callable[[str], None]
EVERY = 0.2  # seconds between two looks
# A route of each service that anybody in the directory may read.
QUESTIONS = {
    "tasks": "/v1/me",
    "surveys": "/v1/rounds?limit=1",
    "notifications": "/v1/notifications/unread_count",
    "reporting": "/v1/criteria_sets?limit=1",
}
ASKED_AS = ("office", "unit_officer")


class NotReady(Exception):
    """Something did not become ready in time; the text says what, and what it answered."""


async def wait_ready(
    bases: Mapping[str, str], on_ready: Tell, supervisor: Supervisor, within: float = 120
) -> None:
    """Wait until /health/ready of every child answers 200, and it is the child that answers.

    Args:
        bases: URL by the child's name.
        on_ready: told each name as soon as it is ready.
        supervisor: whose children they are.
        within: seconds; then NotReady with what the missing ones answered.
    """
    async with httpx.AsyncClient(timeout=5) as client:

        async def ask(name: str) -> str:
            supervisor.check()
            answer = await _health(client, bases[name])
            if answer == READY and not _listens(supervisor.pid(name), urlsplit(bases[name]).port):
                return "another program answers on its port"
            return answer

        await _until_none_is_missing(list(bases), ask, on_ready, within)


async def wait_directory(addresses: Mapping[str, str], on_ready: Tell, within: float = 60) -> None:
    """Wait until every service answers people of the demo, which needs the directory's events."""
    tokens = [await asyncio.to_thread(access_token, addresses["issuer"], p) for p in ASKED_AS]
    async with httpx.AsyncClient(timeout=10) as client:

        async def ask(name: str) -> str:
            url = f"{addresses[name]}{QUESTIONS[name]}"
            known = [await _knows(client, url, token) for token in tokens]
            return READY if all(known) else "does not know the people yet"

        await _until_none_is_missing(list(QUESTIONS), ask, on_ready, within)


async def _until_none_is_missing(
    missing: list[str], ask: Callable[[str], Awaitable[str]], on_ready: Tell, within: float
) -> None:
    deadline = time.monotonic() + within
    while True:
        answers = dict(zip(missing, await asyncio.gather(*map(ask, missing)), strict=True))
        for name in [name for name, answer in answers.items() if answer == READY]:
            missing.remove(name)
            on_ready(name)
        if not missing:
            return
        if time.monotonic() > deadline:
            waited = "; ".join(f"{name}: {answers[name]}" for name in missing)
            raise NotReady(f"Not ready after {within:.0f} s: {waited}")
        await asyncio.sleep(EVERY)


def _listens(pid: int | None, port: int | None) -> bool:
    try:
        sockets = psutil.Process(pid).net_connections("tcp") if pid else []
    except psutil.Error:
        return False
    listening = {each.laddr.port for each in sockets if each.status == psutil.CONN_LISTEN}
    return port in listening


async def _health(client: httpx.AsyncClient, base: str) -> str:
    try:
        answer = await client.get(f"{base}/health/ready")
    except httpx.HTTPError:
        return "does not answer"
    return READY if answer.is_success else answer.text[:300]


async def _knows(client: httpx.AsyncClient, url: str, token: str) -> bool:
    try:
        answer = await client.get(url, headers={"Authorization": f"Bearer {token}"})
    except httpx.HTTPError:
        return False
    unknown = answer.status_code == httpx.codes.FORBIDDEN and "person_unknown" in answer.text
    return not (unknown or answer.status_code == httpx.codes.UNAUTHORIZED or answer.is_server_error)
