"""Tokens of partners as notifications signs them, and an application that takes them."""

import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.access import PartnerVerifier, Reach, TokenVerifier, TrustedIssuers, by_kid, claims_of

ISSUER = "http://notifications.test/v1/partners"
PARTNER = UUID(int=77)
_KEY = ECKey.generate_key("P-256", parameters={"kid": "partners", "use": "sig"})


class Published:
    """The public keys and the origins, as if they had been fetched."""

    def __init__(self, origins: Iterable[str] = ()) -> None:
        self.listed = frozenset(origins)
        self.keys = by_kid({"keys": [_KEY.as_dict(private=False)]})

    async def find(self, kid: str) -> Any:
        return self.keys.get(kid)

    async def origins(self) -> frozenset[str]:
        return self.listed

    async def close(self) -> None:
        """Nothing to close."""


def token(
    *scopes: str, units: Iterable[UUID | str] | None = None, key: ECKey = _KEY, **changed: Any
) -> str:
    """Return a partner's token; `changed` claims stand as they are given."""
    within = None if units is None else frozenset(UUID(str(unit)) for unit in units)
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": "cchc", "iat": now, "nbf": now, "exp": now + 600,
        **claims_of(Reach(PARTNER, frozenset(scopes), within, str(uuid4()))), **changed,
    }  # fmt: skip
    given = {name: value for name, value in claims.items() if value is not ...}
    header = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, given, key, algorithms=["ES256"])


def trusting(people: TokenVerifier) -> TrustedIssuers:
    """Return what takes tokens of people and of partners."""
    return TrustedIssuers(people, PartnerVerifier(ISSUER, keys=Published()))


def partner_at(app: FastAPI, *scopes: str, **more: Any) -> httpx.AsyncClient:
    """Return a partner's client of an application, which takes its tokens from now on."""
    if isinstance(app.state.tokens, TokenVerifier):
        app.state.tokens = trusting(app.state.tokens)
    headers = {"Authorization": f"Bearer {token(*scopes, **more)}", "Idempotency-Key": "one"}
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)
