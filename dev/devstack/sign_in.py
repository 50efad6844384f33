"""Sign in at the development issuer without a browser: the same code + PKCE way, by login hint."""

import base64
import hashlib
import secrets
from urllib.parse import parse_qs, urlsplit

import httpx

REDIRECT = "http://127.0.0.1/devstack"  # never visited: the code is read from the redirect


def access_token(issuer: str, employee_code: str) -> str:
    """Return an access token for a demo person.

    Raises LookupError when the issuer does not know the person, httpx.HTTPError when it is away.
    """
    verifier = secrets.token_urlsafe(48)
    digest = hashlib.sha256(verifier.encode()).digest()
    asked = {
        "client_id": "portal", "redirect_uri": REDIRECT, "response_type": "code",
        "scope": "openid", "login_hint": employee_code, "code_challenge_method": "S256",
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    }  # fmt: skip
    with httpx.Client(base_url=issuer, timeout=10) as client:
        back = client.get("/authorize", params=asked)
        found = parse_qs(urlsplit(back.headers.get("location", "")).query)
        if "code" not in found:
            raise LookupError(f"The issuer does not know '{employee_code}'.")
        proof = {
            "grant_type": "authorization_code", "client_id": "portal", "code": found["code"][0],
            "redirect_uri": REDIRECT, "code_verifier": verifier,
        }  # fmt: skip
        return str(client.post("/token", data=proof).raise_for_status().json()["access_token"])
