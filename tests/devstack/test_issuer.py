"""The development issuer: its tokens verify, its doors are narrow, and it stays in development."""

import base64
import hashlib
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from chassis.access.keys import IssuerKeys
from chassis.access.tokens import TokenVerifier
from chassis.errors import ServiceError
from devstack.issuer.app import Issuer
from devstack.issuer.settings import IssuerSettings

ISSUER = "http://127.0.0.1:8005"
BACK = "http://127.0.0.1:8080/callback"
VERIFIER = "a-verifier-of-enough-letters-to-be-one-0123456789"
PEOPLE = """
- {employee_code: office, name: Văn phòng, post: Chánh Văn phòng, email: office@demo.invalid,
   role: office, unit: VP}
"""


@pytest.fixture
def settings(tmp_path: Path) -> IssuerSettings:
    people = tmp_path / "people.yaml"
    people.write_text(PEOPLE)
    given: dict[str, Any] = {
        "NHIP_ENVIRONMENT": "development", "OIDC_ISSUER": ISSUER, "SERVICE_CLIENT_SECRET": "s3cret",
        "ISSUER_KEY_FILE": tmp_path / "key.json", "ISSUER_PEOPLE_FILE": people,
    }  # fmt: skip
    return IssuerSettings(**given)


@pytest.fixture
def client(settings: IssuerSettings) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Issuer(settings).app())
    return httpx.AsyncClient(transport=transport, base_url=ISSUER)


def request_for(hint: str = "office", **changed: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    asked = {
        "client_id": "portal", "redirect_uri": BACK, "response_type": "code", "state": "st",
        "nonce": "n-1", "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256", "login_hint": hint,
    }  # fmt: skip
    return {name: value for name, value in {**asked, **changed}.items() if value}


async def code_for(client: httpx.AsyncClient, **changed: str) -> str:
    back = await client.get("/authorize", params=request_for(**changed))
    assert back.headers["location"].startswith(BACK)
    found = parse_qs(urlsplit(back.headers["location"]).query)
    assert found["state"] == ["st"]
    return found["code"][0]


async def exchange(client: httpx.AsyncClient, code: str, **changed: str) -> httpx.Response:
    proof = {
        "grant_type": "authorization_code", "client_id": "portal", "code": code,
        "redirect_uri": BACK, "code_verifier": VERIFIER,
    }  # fmt: skip
    return await client.post("/token", data={**proof, **changed})


def verifier(client: httpx.AsyncClient) -> TokenVerifier:
    """Return the services' own verifier, fetching keys from this issuer."""
    return TokenVerifier(ISSUER, keys=IssuerKeys(ISSUER, http=client))


async def test_a_signed_in_persons_token_verifies_against_the_published_keys(
    client: httpx.AsyncClient,
) -> None:
    tokens = (await exchange(client, await code_for(client))).json()
    claims = await verifier(client).verify(tokens["access_token"])
    assert (claims.employee_code, claims.roles) == ("office", ("office",))
    assert claims.email == "office@demo.invalid"
    said = await client.get(
        "/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert said.json()["sub"] == claims.subject


async def test_an_id_token_or_a_refresh_token_is_no_access_token(client: httpx.AsyncClient) -> None:
    tokens = (await exchange(client, await code_for(client))).json()
    for kind in ("id_token", "refresh_token"):
        with pytest.raises(ServiceError):
            await verifier(client).verify(tokens[kind])


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": "another-verifier-of-enough-letters-0123456789ab"},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:8080/elsewhere"},
    ],
)
async def test_a_code_is_refused_to_who_did_not_ask_for_it(
    client: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    refused = await exchange(client, await code_for(client), **changed)
    assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})


async def test_a_code_works_once(client: httpx.AsyncClient) -> None:
    code = await code_for(client)
    assert (await exchange(client, code)).is_success
    assert (await exchange(client, code)).status_code == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://elsewhere.example/callback"},
        {"redirect_uri": "http://127.0.0.1@elsewhere.example/"},
        {"client_id": "somebody"},
    ],
)
async def test_a_browser_is_never_sent_to_an_address_that_is_not_ours(
    client: httpx.AsyncClient, changed: dict[str, str]
) -> None:
    answer = await client.get("/authorize", params=request_for(**changed))
    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_a_request_without_pkce_goes_back_with_an_error(client: httpx.AsyncClient) -> None:
    answer = await client.get("/authorize", params=request_for(code_challenge=""))
    assert "error=invalid_request" in answer.headers["location"]


async def test_the_sign_in_page_lists_the_posts_and_needs_no_script(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/authorize", params=request_for(hint=""))
    assert 'lang="vi"' in page.text
    assert "Chánh Văn phòng" in page.text
    assert 'name="login_hint" value="office"' in page.text
    assert "<script" not in page.text


async def test_a_refresh_token_gives_a_new_access_token_to_the_same_client_only(
    client: httpx.AsyncClient,
) -> None:
    tokens = (await exchange(client, await code_for(client))).json()
    asked = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    again = await client.post("/token", data={**asked, "client_id": "portal"})
    assert (await verifier(client).verify(again.json()["access_token"])).employee_code == "office"
    assert (await client.post("/token", data={**asked, "client_id": "tasks"})).status_code == 401


async def test_a_service_gets_a_service_token_for_its_secret_and_nothing_for_a_wrong_one(
    client: httpx.AsyncClient,
) -> None:
    asked = {"grant_type": "client_credentials", "client_id": "reporting"}
    good = await client.post("/token", data={**asked, "client_secret": "s3cret"})
    claims = await verifier(client).verify(good.json()["access_token"])
    assert (claims.subject, claims.roles) == ("service:reporting", ("service",))
    bad = await client.post("/token", data={**asked, "client_secret": "guess"})
    assert (bad.status_code, bad.json()) == (401, {"error": "invalid_client"})


async def test_the_key_is_made_once_and_only_its_owner_reads_it(settings: IssuerSettings) -> None:
    first, second = Issuer(settings), Issuer(settings)
    assert first.signer.key.kid == second.signer.key.kid
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    published = first.signer.key.as_dict(private=False)
    assert not {"d", "p", "q"} & published.keys()


@pytest.mark.parametrize("environment", ["production", None])
def test_outside_development_it_refuses_to_start_with_one_clear_message(
    environment: str | None,
) -> None:
    variables = {**os.environ, "SERVICE_CLIENT_SECRET": "s3cret"}
    variables.pop("NHIP_ENVIRONMENT", None)
    if environment:
        variables["NHIP_ENVIRONMENT"] = environment
    done = subprocess.run(
        [sys.executable, "-m", "devstack.issuer"], env=variables, capture_output=True, text=True,
        check=False, timeout=30,
    )  # fmt: skip
    assert done.returncode == 1
    assert "NHIP_ENVIRONMENT=development" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
