"""One attempt: a POST to an address that was checked, within 15 seconds, whatever comes back.

The connection is made to the address that was looked up and checked, while name, SNI and
certificate stay the receiver's: a name that points elsewhere a moment later leads nowhere else.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic
from typing import Any

import httpcore

from notifications.subscribers.webhooks.guard import Allowed, Refused, chosen
from notifications.subscribers.webhooks.retrying import Answer

PATIENCE = 15.0  # seconds for an attempt from the first look-up to the last byte
MOST_READ = 64 * 1024  # bytes of an answer; it is neither kept nor shown
_LOOKUPS = 32  # at once: a name server that hangs holds up its own names only
_IDLE = 30.0  # seconds a connection is kept
MOST = 500  # connections

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


class Post:
    """Posts bodies. Connections are kept per receiver, by its name."""

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
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted,
            max_connections=MOST,
            max_keepalive_connections=MOST // 2,
            keepalive_expiry=_IDLE,
            network_backend=Checked(allowed, resolve or Resolver()),
        )

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
        async with self._pool.stream("POST", url, headers=given, content=body) as response:
            left = MOST_READ
            async for chunk in response.aiter_stream():
                left -= len(chunk)
                if left < 0:
                    break
            names = {name.lower(): value for name, value in response.headers}
            said = names.get(b"retry-after")
            return response.status, said.decode("latin-1")[:100] if said else None

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()


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
