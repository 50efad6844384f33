"""POST /token: a code, a refresh token or a service's own secret for an access token."""

import base64
import binascii
import hmac
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from devstack.issuer.authorize import PUBLIC_CLIENTS
from devstack.issuer.codes import Codes
from devstack.issuer.people import DemoPerson, find_person
from devstack.issuer.settings import IssuerSettings
from devstack.issuer.tokens import (
    ACCESS_SECONDS,
    REFRESH_AUDIENCE,
    Signer,
    person_claims,
    service_claims,
)

SERVICES = {"tasks", "surveys", "notifications", "reporting", "demo"}
NO_STORE = {"Cache-Control": "no-store"}


class Refused(Exception):
    """An OAuth error; the text is its code (RFC 6749, 5.2)."""


class TokenEndpoint:
    """Answers one grant type per method."""

    def __init__(self, settings: IssuerSettings, signer: Signer, codes: Codes) -> None:
        self.settings, self.signer, self.codes = settings, signer, codes

    async def answer(self, request: Request) -> JSONResponse:
        """Give tokens, or say in OAuth's words why not."""
        values = {name: str(value) for name, value in (await request.form()).items()}
        _add_basic(values, request.headers.get("authorization", ""))
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            "client_credentials": self._by_secret,
        }
        try:
            grant = grants.get(values.get("grant_type", ""), self._unsupported)
            return JSONResponse(grant(values), headers=NO_STORE)
        except Refused as refused:
            status = 401 if str(refused) == "invalid_client" else 400
            return JSONResponse({"error": str(refused)}, status, NO_STORE)

    def _unsupported(self, _: dict[str, str]) -> dict[str, Any]:
        raise Refused("unsupported_grant_type")

    def _by_code(self, values: dict[str, str]) -> dict[str, Any]:
        client_id = _public_client(values)
        grant = self.codes.take(values.get("code", ""))
        redirect_uri, verifier = values.get("redirect_uri", ""), values.get("code_verifier", "")
        if grant is None or not grant.allows(client_id, redirect_uri, verifier):
            raise Refused("invalid_grant")
        return self._for_person(self._person(grant.employee_code), client_id, grant.nonce)

    def _by_refresh(self, values: dict[str, str]) -> dict[str, Any]:
        client_id = _public_client(values)
        claims = self.signer.read(values.get("refresh_token", ""), REFRESH_AUDIENCE)
        if claims is None or claims.get("client_id") != client_id:
            raise Refused("invalid_grant")
        return self._for_person(self._person(claims["sub"]), client_id, None)

    def _by_secret(self, values: dict[str, str]) -> dict[str, Any]:
        client_id, given = values.get("client_id", ""), values.get("client_secret", "")
        expected = self.settings.secret_of(client_id)
        right = bool(expected) and hmac.compare_digest(given.encode(), expected.encode())
        if client_id not in SERVICES or not right:
            raise Refused("invalid_client")
        token = self.signer.access(service_claims(client_id))
        return {"access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS}

    def _person(self, employee_code: str) -> DemoPerson:
        person = find_person(self.settings.people_file, employee_code)
        if person is None:
            raise Refused("invalid_grant")
        return person

    def _for_person(self, person: DemoPerson, client_id: str, nonce: str | None) -> dict[str, Any]:
        claims = person_claims(person)
        return {
            "access_token": self.signer.access(claims),
            "id_token": self.signer.identity(claims, client_id, nonce),
            "refresh_token": self.signer.refresh(person.employee_code, client_id),
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "scope": "openid profile email offline_access",
        }


def _public_client(values: dict[str, str]) -> str:
    client_id = values.get("client_id", "")
    if client_id not in PUBLIC_CLIENTS:
        raise Refused("invalid_client")
    return client_id


def _add_basic(values: dict[str, str], header: str) -> None:
    """Take client id and secret from HTTP Basic when they are not in the form."""
    if not header.startswith("Basic "):
        return
    try:
        name, _, secret = base64.b64decode(header[6:], validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return
    values.setdefault("client_id", name)
    values.setdefault("client_secret", secret)
