"""Sign-in at the OIDC issuer: authorization code with PKCE, refresh, end of session."""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.problems import ServiceDown, SignInNeeded
from portal.sessions import Tokens

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256"]  # fixed: an issuer may not talk us into another
LEEWAY = 60  # seconds the issuer's clock may differ
CACHE_SECONDS = 600.0  # for the issuer's metadata and keys


@dataclass(frozen=True)
class Attempt:
    """One sign-in that has begun; it waits in a signed cookie until the issuer answers.

    `next`: the page to go on with. `kept`: finds the form that could not be sent before.
    """

    state: str
    nonce: str
    verifier: str
    next: str
    kept: str = ""


class Issuer:
    """The OIDC provider. Raises ServiceDown when away, SignInNeeded when it refuses."""

    def __init__(self, issuer: str, client_id: str, secret: str | None, callback: str) -> None:
        """Take the client's registration; metadata is read with the first sign-in."""
        self.issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._secret = secret
        self._callback = callback
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = float("-inf")

    def new_attempt(self, next_page: str, kept: str = "") -> Attempt:
        """Return a fresh attempt that will end at a page of ours."""
        return Attempt(
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
            next_page,
            kept,
        )

    async def authorization_address(self, attempt: Attempt) -> str:
        """Where to send the browser."""
        await self._read_metadata()
        url: str = prepare_grant_uri(
            self._metadata["authorization_endpoint"],
            self._client_id,
            "code",
            redirect_uri=self._callback,
            scope=SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=create_s256_code_challenge(attempt.verifier),
            code_challenge_method="S256",
        )
        return url

    async def redeem(self, attempt: Attempt, code: str) -> Tokens:
        """Exchange the code; the identity token must be the issuer's answer to this attempt."""
        token = await self._fetch(
            "authorization_code",
            code=code,
            redirect_uri=self._callback,
            code_verifier=attempt.verifier,
        )
        self._check_identity(token, attempt.nonce)
        return _tokens(token)

    async def refresh(self, tokens: Tokens) -> Tokens:
        """Get a new access token."""
        token = await self._fetch("refresh_token", refresh_token=tokens.refresh)
        before = {"refresh_token": tokens.refresh, "id_token": tokens.identity}
        return _tokens({**before, **token})

    async def end_session_address(self, identity: str, back_to: str) -> str:
        """Where to send the browser so that the issuer forgets it too."""
        await self._read_metadata()
        end = self._metadata.get("end_session_endpoint")
        if not end:
            return back_to
        query = {"id_token_hint": identity, "post_logout_redirect_uri": back_to}
        return f"{end}?{urlencode(query)}"

    async def _fetch(self, grant_type: str, **grant: str) -> dict[str, Any]:
        await self._read_metadata()
        body = prepare_token_request(grant_type, client_id=self._client_id, **grant)
        auth = httpx.BasicAuth(self._client_id, self._secret) if self._secret else None
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        try:
            async with httpx.AsyncClient(timeout=10, auth=auth) as client:
                answer = await client.post(
                    self._metadata["token_endpoint"], content=body, headers=headers
                )
        except httpx.HTTPError as error:
            raise ServiceDown("issuer") from error
        if answer.is_client_error:
            raise SignInNeeded
        if not answer.is_success:
            raise ServiceDown("issuer")
        return cast("dict[str, Any]", answer.json())

    async def _read_metadata(self) -> None:
        if time.monotonic() - self._read_at < CACHE_SECONDS:
            return
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                known = await client.get(f"{self.issuer}/.well-known/openid-configuration")
                metadata = cast("dict[str, Any]", known.raise_for_status().json())
                keys = (await client.get(metadata["jwks_uri"])).raise_for_status().json()
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise ServiceDown("issuer") from error
        self._metadata, self._keys = metadata, KeySet.import_key_set(keys)
        self._read_at = time.monotonic()

    def _check_identity(self, token: dict[str, Any], nonce: str) -> None:
        registry = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._metadata["issuer"]},
            aud={"essential": True, "value": self._client_id},
            nonce={"essential": True, "value": nonce},
            exp={"essential": True},
        )
        try:
            identity = jwt.decode(token["id_token"], cast("KeySet", self._keys), ALGORITHMS)
            registry.validate(identity.claims)
        except (JoseError, ValueError, KeyError) as error:
            self._read_at = float("-inf")  # perhaps the keys were rotated: read them again
            raise SignInNeeded from error


def _tokens(token: dict[str, Any]) -> Tokens:
    return Tokens(
        str(token["access_token"]),
        str(token.get("refresh_token", "")),
        str(token.get("id_token", "")),
        timedelta(seconds=int(token.get("expires_in", 300))),
    )
