"""The tokens the issuer gives: access (JWT for our services), id, refresh."""

import time
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from devstack.issuer.keys import ALGORITHM
from devstack.issuer.people import DemoPerson

AUDIENCE = "cchc"
ACCESS_SECONDS, REFRESH_SECONDS = 3600, 12 * 3600
REFRESH_AUDIENCE = "development-issuer"


@dataclass(frozen=True)
class Signer:
    """Signs with one key under one issuer name."""

    key: RSAKey
    issuer: str

    def access(self, claims: dict[str, Any], seconds: int = ACCESS_SECONDS) -> str:
        """Return an access token for our services."""
        return self._sign("at+jwt", {**claims, "aud": AUDIENCE, "token_use": "access"}, seconds)

    def identity(self, claims: dict[str, Any], client_id: str, nonce: str | None) -> str:
        """Return an ID token for the client that asked."""
        more = {"aud": client_id, "token_use": "id", **({"nonce": nonce} if nonce else {})}
        return self._sign("JWT", {**claims, **more}, ACCESS_SECONDS)

    def refresh(self, employee_code: str, client_id: str) -> str:
        """Return a refresh token: good for this issuer and this client only."""
        claims = {"sub": employee_code, "aud": REFRESH_AUDIENCE, "client_id": client_id}
        return self._sign("JWT", claims, REFRESH_SECONDS)

    def read(self, token: str, audience: str) -> dict[str, Any] | None:
        """Return the claims of one of our own tokens; None when it is not, or is expired."""
        try:
            claims = jwt.decode(token, self.key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError):
            return None
        ours = claims.get("iss") == self.issuer and claims.get("aud") == audience
        return claims if ours and claims.get("exp", 0) > time.time() else None

    def _sign(self, type_: str, claims: dict[str, Any], seconds: int) -> str:
        now = int(time.time())
        times = {"iss": self.issuer, "iat": now, "nbf": now, "exp": now + seconds}
        header = {"alg": ALGORITHM, "typ": type_, "kid": self.key.kid}
        return jwt.encode(header, {**times, **claims}, self.key, algorithms=[ALGORITHM])


def person_claims(person: DemoPerson) -> dict[str, Any]:
    """Return what a token says about a person; their unit stands in our own directory, not here."""
    return {
        "sub": person.subject,
        "employee_code": person.employee_code,
        "email": person.email,
        "email_verified": True,
        "name": person.name,
        "roles": [person.role],
    }


def service_claims(client_id: str) -> dict[str, Any]:
    """Return what a token says about one of our services."""
    return {"sub": f"service:{client_id}", "client_id": client_id, "roles": ["service"]}
