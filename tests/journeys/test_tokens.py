"""What the services refuse: tokens that are not good, other people's work, old versions."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from tests.journeys.people import Person

from devstack.issuer.keys import signing_key
from devstack.issuer.people import find_person
from devstack.issuer.tokens import Signer, person_claims
from devstack.run.folder import CHECKOUT
from devstack.run.readiness import QUESTIONS

OFFICE = find_person(CHECKOUT / "demo/people.yaml", "office")


@pytest.fixture(scope="module")
def signer(stack) -> Signer:
    """The development issuer's own key."""
    return Signer(signing_key(stack.folder.path / "issuer_key.json"), stack.addresses["issuer"])


def plain(signer: Signer, **changed: Any) -> dict[str, Any]:
    now = int(time.time())
    times = {"iss": signer.issuer, "iat": now, "nbf": now, "exp": now + 600, "aud": "cchc"}
    return {**times, **person_claims(OFFICE), **changed}


def signed(signer: Signer, **changed: Any) -> str:
    header = {"alg": "RS256", "typ": "at+jwt", "kid": signer.key.kid}
    return jwt.encode(header, plain(signer, **changed), signer.key, algorithms=["RS256"])


def of_a_stranger(signer: Signer) -> str:
    header = {"alg": "RS256", "typ": "at+jwt", "kid": signer.key.kid}
    return jwt.encode(header, plain(signer), RSAKey.generate_key(2048), algorithms=["RS256"])


def with_the_public_key_as_secret(signer: Signer) -> str:
    header = {"alg": "HS256", "typ": "at+jwt", "kid": signer.key.kid}
    said = b".".join(_part(json.dumps(each).encode()) for each in (header, plain(signer)))
    signature = hmac.digest(signer.key.as_pem(private=False), said, "sha256")
    return b".".join((said, _part(signature))).decode()


def _part(content: bytes) -> bytes:
    return base64.urlsafe_b64encode(content).rstrip(b"=")


def unsigned(signer: Signer) -> str:
    body = signed(signer).split(".")[1]
    return f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{body}."


def changed_after_signing(signer: Signer) -> str:
    head, _, signature = signed(signer).split(".")
    body = signed(signer, employee_code="director", roles=["director"]).split(".")[1]
    return f"{head}.{body}.{signature}"


TOKENS: dict[str, tuple[Callable[[Signer], str], str]] = {
    "none at all": (lambda _: "", "token_missing"),
    "no token": (lambda _: "not.a.token", "token_invalid"),
    "expired": (lambda signer: signed(signer, exp=int(time.time()) - 60), "token_expired"),
    "not valid yet": (lambda signer: signed(signer, nbf=int(time.time()) + 600), "token_invalid"),
    "for another audience": (lambda signer: signed(signer, aud="payroll"), "token_audience"),
    "of another issuer": (lambda signer: signed(signer, iss="http://evil"), "token_invalid"),
    "an ID token": (
        lambda signer: signer.identity(person_claims(OFFICE), "cchc", "n-1"), "token_invalid",
    ),
    "signed by a stranger": (of_a_stranger, "token_invalid"),
    "signed with the public key": (with_the_public_key_as_secret, "token_invalid"),
    "not signed": (unsigned, "token_invalid"),
    "changed after signing": (changed_after_signing, "token_invalid"),
}  # fmt: skip


@pytest.mark.parametrize("service", QUESTIONS)
@pytest.mark.parametrize("kind", TOKENS)
def test_a_token_that_is_not_good_is_refused_with_its_own_code(
    kind: str, service: str, stack, signer: Signer
) -> None:
    make, code = TOKENS[kind]
    token = make(signer)
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    answer = httpx.get(stack.addresses[service] + QUESTIONS[service], headers=headers)

    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == code
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("service", QUESTIONS)
def test_the_same_token_unharmed_is_good(service: str, stack, signer: Signer) -> None:
    headers = {"Authorization": f"Bearer {signed(signer)}"}

    assert httpx.get(stack.addresses[service] + QUESTIONS[service], headers=headers).is_success


def test_an_update_by_another_unit_finds_nothing_and_by_the_wrong_role_is_not_allowed(
    person, open_assignments
) -> None:
    assignment = open_assignments("TTr")[0]
    path, body = f"/assignments/{assignment['id']}/progress", {"percent": 10, "note": "thử"}
    version = assignment["version"]

    def code(who: str) -> tuple[int, str]:
        answer = person(who).ask("POST", "tasks", path, body, version=version)
        return answer.status_code, answer.json()["code"]

    assert code("unit_head_ldvl") == (404, "assignment_not_found")
    assert code("auditor") == (403, "not_allowed")
    assert code("external") == (403, "not_allowed")


def test_an_update_from_an_old_page_is_stale_and_one_without_a_version_is_asked_for_it(
    person, open_assignments
) -> None:
    assignment = open_assignments("XDCQ")[0]
    path, body = f"/assignments/{assignment['id']}/progress", {"percent": 10, "note": "thử"}
    head: Person = person("unit_head_xdcq")
    head.post("tasks", path, body, version=assignment["version"])

    stale = head.ask("POST", "tasks", path, body, version=assignment["version"])
    missing = head.ask("POST", "tasks", path, body)

    assert (stale.status_code, stale.json()["code"]) == (412, "version_stale")
    assert missing.status_code == 428
