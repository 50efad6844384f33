"""Authorization codes: for one use, for a minute, bound to client, address and PKCE challenge."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field

SECONDS = 60


@dataclass(frozen=True)
class Grant:
    """What a code stands for."""

    employee_code: str
    client_id: str
    redirect_uri: str
    challenge: str
    nonce: str | None
    expires: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def allows(self, client_id: str, redirect_uri: str, verifier: str) -> bool:
        """Say whether who brings the code is who asked for it."""
        same = (self.client_id, self.redirect_uri) == (client_id, redirect_uri)
        digest = hashlib.sha256(verifier.encode()).digest()
        expected = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        in_time = time.monotonic() < self.expires
        return same and in_time and hmac.compare_digest(expected, self.challenge)


class Codes:
    """The codes given and not yet used; kept in memory."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}

    def give(self, grant: Grant) -> str:
        """Return a new code for `grant`."""
        now = time.monotonic()
        self._grants = {c: g for c, g in self._grants.items() if g.expires > now}
        code = secrets.token_urlsafe(24)
        self._grants[code] = grant
        return code

    def take(self, code: str) -> Grant | None:
        """Return what `code` stands for and forget it; None when unknown or used."""
        return self._grants.pop(code, None)
