"""Partners' access tokens, by OAuth 2.0 client credentials (RFC 6749)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote_plus

from joserfc import jwt
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import AUDIENCE, Reach, claims_of
from chassis.clock import local_date
from notifications.partners.callers import reach_of
from notifications.partners.credentials import signed_in
from notifications.partners.domain import counts
from notifications.partners.keys import ALGORITHM, signing_key
from notifications.partners.models import Partner

LIFETIME = timedelta(minutes=10)  # for so long a revoked partner may read in the other services
GRANT = "client_credentials"


class TokenRefused(Exception):
    """An OAuth error: its code and what is right (RFC 6749, 5.2)."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(code)
        self.code, self.description = code, description


@dataclass(frozen=True)
class Asked:
    """A request for a token. `scopes`: fewer than all; empty: all that the partner has."""

    client_id: str
    secret: str
    scopes: frozenset[str]


def read_request(form: Mapping[str, str], authorization: str) -> Asked:
    """Return what a client asks: itself named in the form or by HTTP Basic. Raises TokenRefused."""
    if not form.get("grant_type"):
        raise TokenRefused("invalid_request", "grant_type is missing; send client_credentials")
    if form["grant_type"] != GRANT:
        raise TokenRefused("unsupported_grant_type", "only client_credentials is taken here")
    basic = _basic(authorization)
    if basic and "client_secret" in form:
        raise TokenRefused("invalid_request", "send the secret once: in the form or by HTTP Basic")
    client_id, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    return Asked(client_id, secret, frozenset(form.get("scope", "").split()))


async def issue(session: AsyncSession, issuer: str, asked: Asked, now: datetime) -> dict[str, Any]:
    """Return an access token with what it is good for. Raises TokenRefused."""
    found = await signed_in(session, asked.client_id, asked.secret, now)
    if found is None:
        raise TokenRefused("invalid_client", "unknown client, wrong or revoked secret")
    partner, credential = found
    if not counts(partner, local_date(now)):
        raise TokenRefused("invalid_client", "this partner is revoked or has expired")
    reach = _narrowed(partner, asked.scopes, str(credential.id))
    key = await signing_key(session, now)
    return {
        "access_token": jwt.encode(
            {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}, _claims(issuer, reach, now), key,
            algorithms=[ALGORITHM],
        ),
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "scope": " ".join(sorted(reach.scopes)),
    }  # fmt: skip


def _narrowed(partner: Partner, wanted: frozenset[str], credential: str) -> Reach:
    whole = reach_of(partner, credential)
    if not wanted <= whole.scopes:
        given = " ".join(sorted(whole.scopes)) or "nothing"
        raise TokenRefused("invalid_scope", f"this partner was given: {given}")
    return Reach(whole.partner_id, wanted or whole.scopes, whole.units, credential)


def _claims(issuer: str, reach: Reach, now: datetime) -> dict[str, Any]:
    at = int(now.timestamp())
    times = {"iat": at, "nbf": at, "exp": at + int(LIFETIME.total_seconds())}
    return {"iss": issuer, "aud": AUDIENCE, **times, **claims_of(reach)}


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenRefused("invalid_client", "HTTP Basic cannot be read") from error
    return unquote_plus(name), unquote_plus(secret)
