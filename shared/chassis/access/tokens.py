"""Access tokens (JWT) are verified here, locally, by fixed rules that no token can choose."""

import json
import math
import time
from dataclasses import dataclass
from typing import Any, TypeGuard

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from chassis.access.keys import IssuerKeys, KeySource, PublicKey
from chassis.access.partners import Reach, reach_of
from chassis.errors import Unauthenticated

ALGORITHMS = ["RS256", "ES256"]
AUDIENCE = "cchc"
LEEWAY_SECONDS = 30
MOST_REMEMBERED = 2_000  # tokens of a few kilobytes
_TYPES = {None, "JWT", "AT+JWT", "APPLICATION/AT+JWT"}
_OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")


@dataclass(frozen=True)
class Claims:
    """What a verified token says about its bearer."""

    subject: str
    roles: tuple[str, ...]
    employee_code: str | None
    email: str | None
    """Only when the issuer has verified it."""
    name: str | None
    reach: Reach | None = None
    """Only in tokens of partners, which we sign ourselves."""


def refused(code: str, detail: str) -> Unauthenticated:
    """Return the 401 of RFC 6750 with its own code per cause."""
    error = "" if code == "token_missing" else ' error="invalid_token",'
    challenge = f'Bearer realm="cchc",{error} error_description="{code}"'
    return Unauthenticated(detail, code=code, headers={"WWW-Authenticate": challenge})


def _invalid() -> Unauthenticated:
    return refused("token_invalid", "Phiên đăng nhập không hợp lệ, hãy đăng nhập lại")


class TokenVerifier:
    """Verifies tokens of one issuer for one audience."""

    def __init__(
        self, issuer: str, *, audience: str = AUDIENCE, keys: KeySource | None = None
    ) -> None:
        """`issuer`: exactly the string that tokens carry as `iss`."""
        self.issuer = issuer
        self.audience = audience
        self.keys = keys or IssuerKeys(issuer)
        self._signed: dict[str, tuple[PublicKey, dict[str, Any]]] = {}

    async def verify(self, token: str) -> Claims:
        """Return what the token says. Raises Unauthenticated, or Unavailable without any keys."""
        header = _header(token)
        key = await self.keys.find(str(header["kid"]))
        if key is None:
            raise _invalid()
        claims = self._claims(token, key)
        self._check(claims)
        return self._read(claims)

    async def close(self) -> None:
        """Give back what the keys are fetched with."""
        await self.keys.close()

    def _read(self, claims: dict[str, Any]) -> Claims:
        return _read(claims)

    def _claims(self, token: str, key: PublicKey) -> dict[str, Any]:
        """Return what the key has signed. Remembered: a signature holds as long as its key is."""
        signer, claims = self._signed.get(token, (None, {}))
        if signer is key:
            return claims
        try:
            claims = json.loads(jws.deserialize_compact(token, key, algorithms=ALGORITHMS).payload)
        except (JoseError, ValueError) as error:
            raise _invalid() from error
        if not isinstance(claims, dict):
            raise _invalid()
        if len(self._signed) >= MOST_REMEMBERED:
            self._signed.clear()
        self._signed[token] = key, claims
        return claims

    def _check(self, claims: dict[str, Any]) -> None:
        if claims.get("iss") != self.issuer or not isinstance(claims.get("sub"), str):
            raise _invalid()
        audience = claims.get("aud")
        if self.audience not in (audience if isinstance(audience, list) else [audience]):
            raise refused("token_audience", "Phiên đăng nhập này không dùng cho hệ thống này")
        _check_times(claims)
        id_token = str(claims.get("typ", "")).upper() == "ID" or claims.get("token_use") == "id"
        if id_token or any(claim in claims for claim in _OF_ID_TOKENS):
            raise _invalid()


class PartnerVerifier(TokenVerifier):
    """Verifies the tokens that we give to partners: external systems, whatever they claim."""

    def _read(self, claims: dict[str, Any]) -> Claims:
        try:
            reach = reach_of(claims)
        except (ValueError, TypeError) as error:
            raise _invalid() from error
        return Claims(claims["sub"], ("external_system",), None, None, None, reach)


@dataclass(frozen=True)
class TrustedIssuers:
    """The two issuers we trust, each for its own: the provider of people, and ours of partners."""

    people: TokenVerifier
    partners: PartnerVerifier

    async def verify(self, token: str) -> Claims:
        """Return what the token says, by the keys of the issuer that it names. Raises as both."""
        ours = _named_issuer(token) == self.partners.issuer
        return await (self.partners if ours else self.people).verify(token)

    async def close(self) -> None:
        """Close both."""
        await self.people.close()
        await self.partners.close()


Tokens = TokenVerifier | TrustedIssuers


def _named_issuer(token: str) -> object:
    """Return the unverified issuer: it only chooses whose keys must have signed the token."""
    parts = token.split(".")
    try:
        claims = json.loads(urlsafe_b64decode(parts[1].encode())) if len(parts) > 1 else None
    except ValueError:
        return None
    return claims.get("iss") if isinstance(claims, dict) else None


def _check_times(claims: dict[str, Any]) -> None:
    now = time.time()
    expires, not_before = claims.get("exp"), claims.get("nbf", 0)
    if not _is_instant(expires) or not _is_instant(not_before):
        raise _invalid()
    if expires <= now - LEEWAY_SECONDS:
        raise refused("token_expired", "Phiên đăng nhập đã hết hạn, hãy đăng nhập lại")
    if not_before > now + LEEWAY_SECONDS:
        raise _invalid()


def _header(token: str) -> dict[str, Any]:
    """Return the unverified header once it names nothing but what we take."""
    try:
        header = json.loads(urlsafe_b64decode(token.split(".", maxsplit=1)[0].encode()))
    except ValueError as error:
        raise _invalid() from error
    if not isinstance(header, dict) or "crit" in header or "b64" in header:
        raise _invalid()
    type_ = header.get("typ")
    known_type = type_ is None or str(type_).upper() in _TYPES
    if header.get("alg") not in ALGORITHMS or not known_type or not header.get("kid"):
        raise _invalid()
    return header


def _read(claims: dict[str, Any]) -> Claims:
    roles = claims.get("roles", [])
    email = claims.get("email") if claims.get("email_verified") is True else None
    return Claims(
        subject=claims["sub"],
        roles=tuple(str(role) for role in roles) if isinstance(roles, list) else (),
        employee_code=_text(claims.get("employee_code")),
        email=_text(email),
        name=_text(claims.get("name")),
    )


def _is_instant(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
