"""Sign-in at the OIDC issuer: authorization code with PKCE, refresh, end of session."""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.problems import ServiceDown, SignInNeeded
from portal.sessions import Tokens

SCOPE = "openid profile email"
ALGORITHMS = ["RS256", "PS256", "ES256"]  # fixed: an issuer may not talk us into another
LEEWAY = 60  # seconds the issuer's clock may differ
CACHED_FOR = 600.0  # seconds the issuer's metadata and keys are kept


@dataclass(frozen=True)
class Attempt:
    """One sign-in on its way; kept in a signed cookie until the issuer answers."""

    state: str
    nonce: str
    verifier: str
    next: str


class Issuer:
    """The OIDC provider. Raises ServiceDown when away, SignInNeeded when it refuses."""

    def __init__(self, issuer: str, client_id: str, secret: str | None, callback: str) -> None:
        """Remember who we are there; metadata is read when first needed."""
        self.issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._secret = secret
        self._callback = callback
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = float("-inf")

    def attempt(self, next_page: str) -> Attempt:
        """Return a fresh attempt that will end at a page of ours."""
        return Attempt(
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(24),
            secrets.token_urlsafe(48),
            next_page,
        )

    async def address(self, attempt: Attempt) -> str:
        """Where to send the browser."""
        await self._read_metadata()
        async with self._client() as client:
            url, _ = client.create_authorization_url(
                self._metadata["authorization_endpoint"],
                state=attempt.state,
                nonce=attempt.nonce,
                code_verifier=attempt.verifier,
            )
        return str(url)

    async def redeem(self, attempt: Attempt, code: str) -> Tokens:
        """Exchange the code; the identity token must be the issuer's answer to this attempt."""
        token = await self._fetch(
            grant_type="authorization_code", code=code, code_verifier=attempt.verifier
        )
        self._check_identity(token, attempt.nonce)
        return _tokens(token)

    async def refresh(self, tokens: Tokens) -> Tokens:
        """Get a new access token."""
        token = await self._fetch(grant_type="refresh_token", refresh_token=tokens.refresh)
        kept = {"refresh_token": tokens.refresh, "id_token": tokens.identity}
        return _tokens({**kept, **token})

    async def farewell(self, identity: str, back_to: str) -> str:
        """Where to send the browser so that the issuer forgets it too."""
        await self._read_metadata()
        end = self._metadata.get("end_session_endpoint")
        if not end:
            return back_to
        query = {"id_token_hint": identity, "post_logout_redirect_uri": back_to}
        return f"{end}?{urlencode(query)}"

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._client_id,
            self._secret,
            scope=SCOPE,
            redirect_uri=self._callback,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if self._secret else "none",
            timeout=10,
        )

    async def _fetch(self, **grant: str) -> dict[str, Any]:
        await self._read_metadata()
        try:
            async with self._client() as client:
                return dict(await client.fetch_token(self._metadata["token_endpoint"], **grant))
        except OAuthError as error:
            raise SignInNeeded from error
        except httpx.HTTPError as error:
            raise ServiceDown("issuer") from error

    async def _read_metadata(self) -> None:
        if time.monotonic() - self._read_at < CACHED_FOR:
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
