"""One attempt: a POST to an address that was checked, within 15 seconds, whatever comes back.

The connection is made to the address that was looked up and checked, while name, SNI and
certificate stay the receiver's: a name that points elsewhere a moment later leads nowhere else.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpcore

from notifications.subscribers.webhooks.guard import Allowed, Refused, chosen
from notifications.subscribers.webhooks.retrying import Answer

PATIENCE = 15.0  # seconds for an attempt from the first look-up to the last byte
MOST_READ = 64 * 1024  # bytes of an answer; it is neither kept nor shown
_LOOKUPS = 32  # at once: a name server that hangs holds up its own names only
_IDLE = 30.0  # seconds a connection is kept
_IDLE_EACH = 4  # connections kept to one receiver
_MOST_KEPT = 250  # receivers to whom connections are kept
_TIDY_EVERY = 1.0  # seconds

_OURS = (
    ("Content-Type", "application/cloudevents+json"),
    ("User-Agent", "nhip-cchc/1"),
    ("Accept", "*/*"),
)
Resolve = Callable[[str, int], Awaitable[list[str]]]


class Resolver:
    """Looks names up in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="webhook-lookup")

    async def __call__(self, host: str, port: int) -> list[str]:
        """Return all addresses of a host. Raises OSError."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _addresses, host, port)
        return list(dict.fromkeys(found))


class Checked(httpcore.AsyncNetworkBackend):
    """Connects to addresses the guard lets through."""

    def __init__(self, allowed: Allowed, resolve: Resolve) -> None:
        self.allowed, self.resolve = allowed, resolve
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Look the name up once, check every address, connect to the first. Raises Refused."""
        found = await self.resolve(host, port)
        address = chosen(host, port, found, self.allowed)
        return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)


@dataclass
class _Kept:
    """Connections to one receiver, how many use them now, and when one last did."""

    pool: httpcore.AsyncConnectionPool
    users: int = 0
    used: float = 0.0


class Connections:
    """Connections to each receiver, apart from those to others.

    A pool of httpcore looks through all it has at each request, and through all of them again for
    each that is idle: what one receiver gets would cost by how many others there are.
    """

    def __init__(self, backend: Checked, trusted: ssl.SSLContext | None) -> None:
        self._backend, self._trusted = backend, trusted
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._tidied = 0.0

    @asynccontextmanager
    async def to(self, url: str) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """Lend the connections to a receiver, known by scheme, name and port of its address."""
        name = urlsplit(url)[:2]
        if (kept := self._kept.get(name)) is None:
            kept = self._kept[name] = _Kept(self._new(secure=name[0] == "https"))
        kept.users += 1
        try:
            yield kept.pool
        finally:
            kept.users, kept.used = kept.users - 1, monotonic()
            await self._tidy()

    @property
    def names(self) -> Collection[tuple[str, str]]:
        """Return whose connections these are."""
        return self._kept.keys()

    async def close(self) -> None:
        """Close every connection."""
        for kept in self._kept.values():
            await kept.pool.aclose()

    async def _tidy(self) -> None:
        """Now and then close what was not used for long, and what is too much."""
        now = monotonic()
        if now - self._tidied < _TIDY_EVERY:
            return
        self._tidied = now
        free = sorted((k.used, name) for name, k in self._kept.items() if not k.users)
        too_many = len(self._kept) - _MOST_KEPT
        for place, (used, name) in enumerate(free):
            if place < too_many or now - used > _IDLE:
                await self._kept.pop(name).pool.aclose()

    def _new(self, *, secure: bool) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=(self._trusted or _trusted_here()) if secure else None,
            max_connections=None,
            max_keepalive_connections=_IDLE_EACH,
            keepalive_expiry=_IDLE,
            network_backend=self._backend,
        )


class Post:
    """Posts bodies."""

    def __init__(
        self,
        allowed: Allowed,
        *,
        resolve: Resolve | None = None,
        trusted: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
    ) -> None:
        """`trusted`: whose certificates count; else those the machine trusts."""
        self.patience = patience
        self._connections = Connections(Checked(allowed, resolve or Resolver()), trusted)

    async def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Return what came of it; raises nothing but a cancellation."""
        began = monotonic()
        try:
            async with asyncio.timeout(self.patience):
                status, retry_after = await self._post(url, body, headers)
        except TimeoutError:
            return Answer(None, "timeout", milliseconds=_since(began))
        except Refused as error:
            return Answer(None, f"refused: {error}", milliseconds=_since(began))
        except Exception as error:  # noqa: BLE001 - whatever a stranger's server does is an answer
            return Answer(None, _said(error), milliseconds=_since(began))
        said = Answer(status, f"HTTP {status}", retry_after, _since(began))
        return replace(said, error=None) if said.taken else said

    async def _post(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str | None]:
        given: list[tuple[bytes | str, bytes | str]] = [*_OURS, *headers.items()]
        async with (
            self._connections.to(url) as pool,
            pool.stream("POST", url, headers=given, content=body) as response,
        ):
            left = MOST_READ
            async for chunk in response.aiter_stream():
                left -= len(chunk)
                if left < 0:
                    break
            names = {name.lower(): value for name, value in response.headers}
            said = names.get(b"retry-after")
            return response.status, said.decode("latin-1")[:100] if said else None

    @property
    def kept(self) -> Collection[tuple[str, str]]:
        """The receivers to whom there are connections: scheme, and name with port."""
        return self._connections.names

    async def close(self) -> None:
        """Close every connection."""
        await self._connections.close()


@lru_cache(maxsize=1)
def _trusted_here() -> ssl.SSLContext:
    """Read certificates once: httpcore would for every connection, tens of milliseconds each."""
    return httpcore.default_ssl_context()


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(each[4][0]) for each in found]


def _since(began: float) -> int:
    return int((monotonic() - began) * 1000)


def _said(error: Exception) -> str:
    """Name the kind of failure; its text may hold what a stranger wrote."""
    if isinstance(error, (httpcore.ConnectTimeout, httpcore.ReadTimeout)):
        return "timeout"
    cause = error.__cause__ or error.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "certificate: " + cause.verify_message
    if isinstance(error, socket.gaierror):
        return "the name cannot be looked up"
    return type(error).__name__
