"""The broker's management API, as an administrator asks it: users, rights, queues."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx


class RightsProblem(Exception):
    """What stands at the broker could not be made, or allows more than it should. Says what."""


@dataclass(frozen=True)
class Management:
    """An administrator's conversation with the broker.

    Every method raises RightsProblem when the broker refuses or does not answer.

    Attributes:
        user: the administrator's name.
        setting: where an operator gave the address; errors name it.
    """

    client: httpx.AsyncClient
    user: str
    setting: str

    async def put(self, *path: str, **body: object) -> None:
        """Make something, or give it exactly these properties; harmless when it stands so."""
        await self._ask("PUT", path, body)

    async def post(self, *path: str, **body: object) -> None:
        """Add something."""
        await self._ask("POST", path, body)

    async def delete(self, *path: str) -> None:
        """Remove something; harmless when it is not there."""
        await self._ask("DELETE", path, None, absent=True)

    async def get(self, *path: str, **query: str) -> Any:
        """Return what is there; None when it is not."""
        answer = await self._ask("GET", path, None, absent=True, query=query)
        return None if answer.status_code == httpx.codes.NOT_FOUND else answer.json()

    async def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        body: object,
        *,
        absent: bool = False,
        query: dict[str, str] | None = None,
    ) -> httpx.Response:
        at = "/".join(quote(part, safe="") for part in path)
        try:
            answer = await self.client.request(method, f"/api/{at}", json=body, params=query)
        except httpx.HTTPError as error:
            raise RightsProblem(f"{self.setting} does not answer: {error!r}") from error
        if answer.is_error and not (absent and answer.status_code == httpx.codes.NOT_FOUND):
            said = f"{answer.status_code} {answer.text[:300]}"
            raise RightsProblem(f"{self.setting}: {method} {at}: {said}")
        return answer


@asynccontextmanager
async def administrator(url: str, setting: str = "RABBITMQ_ADMIN_URL") -> AsyncIterator[Management]:
    """Talk to https://user:password@host:port, which came from `setting`."""
    user = unquote(urlsplit(url).username or "guest")
    async with httpx.AsyncClient(base_url=url.rstrip("/"), timeout=30) as client:
        yield Management(client, user, setting)
