"""The issuer's public keys: cached, renewed, and served stale while the issuer is away."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from chassis.errors import Unavailable

log = structlog.get_logger()
FRESH_SECONDS = 600.0
REFETCH_SECONDS = 60.0  # a flood of made-up key ids must not become a flood of requests

PublicKey = RSAKey | ECKey


class KeySource(Protocol):
    """Where the public keys of an issuer come from."""

    async def find(self, kid: str) -> PublicKey | None:
        """Return the key with this id, or None."""
        ...

    async def close(self) -> None:
        """Give back what they are fetched with."""
        ...


class PartnerSource(KeySource, Protocol):
    """Where the keys of partners' tokens come from, and the origins of partners' pages."""

    async def origins(self) -> frozenset[str]:
        """Return the origins that are listed now."""
        ...


class IssuerKeys:
    """Keys of one issuer by key id, found through its discovery document."""

    def __init__(self, issuer: str, http: httpx.AsyncClient | None = None) -> None:
        """`http`: another client, for tests and proxies."""
        self.issuer = issuer
        self._http = http or httpx.AsyncClient(timeout=5)
        self._keys: dict[str, PublicKey] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> PublicKey | None:
        """Return the key with this id, or None. Raises Unavailable when none were ever fetched."""
        if kid not in self._keys:
            await self._renew(kid)
        elif time.monotonic() - self._fetched > FRESH_SECONDS:
            self._renew_meanwhile(kid)
        if not self._keys:
            raise Unavailable(
                "Chưa kết nối được với hệ thống đăng nhập, hãy thử lại sau ít phút",
                code="issuer_unavailable",
            )
        return self._keys.get(kid)

    async def close(self) -> None:
        """Close the HTTP client."""
        if self._renewal is not None:
            self._renewal.cancel()
        await self._http.aclose()

    def _renew_meanwhile(self, kid: str) -> None:
        """Serve the stale key now: an issuer that hangs must not make everybody wait."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(kid))

    async def _renew(self, kid: str) -> None:
        async with self._lock:
            now = time.monotonic()
            fresh = now - self._fetched <= FRESH_SECONDS
            if fresh and kid in self._keys:
                return  # somebody else fetched while we waited
            pause = REFETCH_SECONDS if self._keys else 1.0
            if now - self._tried < pause:
                return
            self._tried = now
            try:
                self._keys = await self._fetch()
                self._fetched = time.monotonic()
            except (httpx.HTTPError, JoseError, ValueError, KeyError, TypeError) as error:
                log.warning("issuer_keys_not_fetched", issuer=self.issuer, error=repr(error))

    async def _fetch(self) -> dict[str, PublicKey]:
        base = self.issuer.rstrip("/")
        discovery = await self._json(f"{base}/.well-known/openid-configuration")
        if discovery["issuer"] != self.issuer:
            raise ValueError(f"discovery document of another issuer: {discovery['issuer']}")
        return by_kid(await self._json(discovery["jwks_uri"]))

    async def _json(self, url: str) -> Mapping[str, Any]:
        response = await self._http.get(url)
        response.raise_for_status()
        document: Mapping[str, Any] = response.json()
        return document


class PartnerKeys(IssuerKeys):
    """Keys of the tokens that notifications gives to partners, and the origins of their pages."""

    def __init__(self, issuer: str, http: httpx.AsyncClient | None = None) -> None:
        """`issuer`: the keys stand below it."""
        super().__init__(issuer, http)
        self._origins: frozenset[str] = frozenset()

    async def origins(self) -> frozenset[str]:
        """Return the origins that partners' pages may come from; renewed once a minute."""
        if self._fetched == float("-inf"):
            await self._renew("")
        elif time.monotonic() - self._fetched > REFETCH_SECONDS:
            self._renew_meanwhile("")
        return self._origins

    async def _fetch(self) -> dict[str, PublicKey]:
        document = await self._json(f"{self.issuer}/keys")
        keys, origins = by_kid(document), document.get("origins", [])
        self._origins = frozenset(map(str, origins))
        return keys


def by_kid(document: Mapping[str, Any]) -> dict[str, PublicKey]:
    """Return the signing keys of a JWKS document by their ids."""
    keys = KeySet.import_key_set({"keys": document["keys"]})
    return {
        key.kid: key
        for key in keys.keys
        if key.kid and isinstance(key, (RSAKey, ECKey)) and key.get("use", "sig") == "sig"
    }
