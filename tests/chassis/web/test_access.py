"""Tokens: what is accepted, what is not, and what the refusal says. ASVS v5.0.0-9.1, 9.2."""

import base64
import hashlib
import hmac
import json
import time

import joserfc.jws
import pytest
from joserfc.jwk import RSAKey
from tests.chassis.web.conftest import ISSUER, Issuer, add_person, client_of

from chassis.access import TokenVerifier
from chassis.errors import Unauthenticated

pytestmark = pytest.mark.usefixtures("office")


def _part(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(issuer):
    return f"{_part({'alg': 'none', 'kid': 'one', 'typ': 'JWT'})}.{_part(issuer.claims())}."


def signed_with_the_public_key(issuer):
    """The classic: HS256 with the PEM everybody can read as its secret."""
    head = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{_part(issuer.claims())}"
    secret = issuer.key.as_pem(private=False)
    digest = hmac.digest(secret, head.encode(), hashlib.sha256)
    return f"{head}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def tampered(issuer):
    head, _, signature = issuer.token(sub="login-office").split(".")
    return f"{head}.{_part(issuer.claims(sub='login-director'))}.{signature}"


def of_a_stranger(issuer):
    return issuer.token(key=RSAKey.generate_key(2048, parameters={"kid": "one"}))


FORGED = {
    "alg none": (unsigned, "token_invalid"),
    "HS256 with the public key": (signed_with_the_public_key, "token_invalid"),
    "claims changed": (tampered, "token_invalid"),
    "another's key": (of_a_stranger, "token_invalid"),
    "unknown kid": (lambda i: i.token(header={"kid": "nine"}), "token_invalid"),
    "other issuer": (lambda i: i.token(iss="https://evil.test"), "token_invalid"),
    "issuer with a slash": (lambda i: i.token(iss="https://issuer.test/"), "token_invalid"),
    "other audience": (lambda i: i.token(aud="portal"), "token_audience"),
    "no audience": (lambda i: i.token(aud=None), "token_audience"),
    "expired": (lambda i: i.token(exp=int(time.time()) - 31), "token_expired"),
    "no expiry": (lambda i: i.token(exp=None), "token_invalid"),
    "not yet valid": (lambda i: i.token(nbf=int(time.time()) + 90), "token_invalid"),
    "ID token by nonce": (lambda i: i.token(nonce="n"), "token_invalid"),
    "ID token by typ": (lambda i: i.token(typ="ID"), "token_invalid"),
    "ID token by use": (lambda i: i.token(token_use="id"), "token_invalid"),
    "typ of something else": (lambda i: i.token(header={"typ": "logout+jwt"}), "token_invalid"),
    "not a token": (lambda _: "abc", "token_invalid"),
    "three dots": (lambda _: "...", "token_invalid"),
    "header is a list": (lambda _: f"{_part([])}.{_part({})}.x", "token_invalid"),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_or_foreign_token_is_refused(name, app, issuer):
    make, code = FORGED[name]
    async with client_of(app, make(issuer)) as client:
        answer = await client.get("/v1/me")

    assert (answer.status_code, answer.json().get("code")) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer ")


async def test_a_critical_header_is_refused(app, issuer):
    header = {"alg": "RS256", "kid": "one", "crit": ["b64"], "b64": True}
    payload = json.dumps(issuer.claims()).encode()
    token = joserfc.jws.serialize_compact(header, payload, issuer.key, algorithms=["RS256"])
    async with client_of(app, token) as client:
        answer = await client.get("/v1/me")

    assert answer.json()["code"] == "token_invalid"


async def test_no_token_says_so(nobody):
    answer = await nobody.get("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_missing")


@pytest.mark.parametrize("header", [{}, {"typ": "at+jwt"}, {"typ": "JWT"}])
async def test_good_tokens_of_both_kinds_of_key_are_accepted(app, issuer, office, header):
    for key, algorithm in ((issuer.key, "RS256"), (issuer.ec_key, "ES256")):
        token = issuer.token(key=key, header={"alg": algorithm, **header}, aud=["x", "cchc"])
        async with client_of(app, token) as client:
            answer = await client.get("/v1/me")
        assert answer.status_code == 200, answer.text
        assert answer.json()["id"] == str(office)


async def test_a_flood_of_unknown_key_ids_fetches_the_keys_once(app, issuer):
    for number in range(20):
        async with client_of(app, issuer.token(header={"kid": f"k{number}"})) as client:
            await client.get("/v1/me")

    assert issuer.fetches == 1


async def test_known_keys_serve_on_while_the_issuer_is_away(app, issuer, monkeypatch):
    async with client_of(app, issuer.token()) as client:
        assert (await client.get("/v1/me")).status_code == 200
        issuer.away = True
        monkeypatch.setattr("chassis.access.keys.FRESH_SECONDS", 0)
        assert (await client.get("/v1/me")).status_code == 200


async def test_an_issuer_that_was_never_reached_is_503(app, issuer):
    issuer.away = True
    async with client_of(app, issuer.token()) as client:
        answer = await client.get("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (503, "issuer_unavailable")


async def test_a_person_is_found_by_login_then_code_then_verified_email(app, issuer, database):
    by_login = await add_person(database, "a", login="l-a")
    by_code = await add_person(database, "b")
    by_email = await add_person(database, "c", email="C@khanhhoa.gov.vn")
    asked = [
        ({"sub": "l-a", "employee_code": "b"}, by_login),
        ({"sub": "new", "employee_code": "b"}, by_code),
        (
            {"sub": "n", "employee_code": None, "email": "c@KhanhHoa.gov.vn"}
            | {"email_verified": True},
            by_email,
        ),
        ({"sub": "n", "employee_code": None, "email": "c@khanhhoa.gov.vn"}, None),
        ({"sub": "other", "employee_code": "a"}, None),
    ]
    for claims, expected in asked:
        async with client_of(app, issuer.token(**claims)) as client:
            answer = await client.get("/v1/me")
        found = answer.json().get("id") if answer.status_code == 200 else None
        assert found == (str(expected) if expected else None), claims
        if expected is None:
            assert (answer.status_code, answer.json()["code"]) == (403, "person_unknown")


async def test_a_person_who_left_is_unknown(app, issuer, database):
    await add_person(database, "gone", login="l-gone", active=False)
    async with client_of(app, issuer.token(sub="l-gone")) as client:
        answer = await client.get("/v1/me")

    assert answer.json()["code"] == "person_unknown"


async def test_a_role_the_policy_never_lets_in_stops_at_the_door(app, issuer, database):
    await add_person(database, "director", role="director", login="login-director")
    director = issuer.token(sub="login-director", roles=["director"])
    async with client_of(app, director) as client:
        read = await client.get("/v1/notes")
        written = await client.post("/v1/notes", json={"title": "một"})
    async with client_of(app, issuer.token(roles=["king"])) as client:
        unknown = await client.get("/v1/notes")

    assert read.status_code == 200
    assert (written.status_code, written.json()["code"]) == (403, "not_allowed")
    assert (unknown.status_code, unknown.json()["code"]) == (403, "role_unknown")


async def test_inside_routes_take_services_and_nobody_else(app, issuer):
    service = issuer.token(sub="service:reporting", roles=["service"], employee_code=None)
    async with client_of(app, service) as client:
        inside = await client.get("/v1/inside")
        outside = await client.get("/v1/me")
    async with client_of(app, issuer.token()) as client:
        person = await client.get("/v1/inside")

    assert inside.json() == "reporting"
    assert outside.status_code == 403
    assert person.status_code == 403


async def test_a_token_once_verified_ends_with_its_time_and_with_its_key(monkeypatch):
    issuer = Issuer()
    verifier = TokenVerifier(ISSUER, keys=issuer.keys())
    token = issuer.token()

    assert await verifier.verify(token) == await verifier.verify(token)
    with monkeypatch.context() as later:
        now = time.time()
        later.setattr("chassis.access.tokens.time.time", lambda: now + 400)
        with pytest.raises(Unauthenticated) as ended:
            await verifier.verify(token)
    other = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig"})
    monkeypatch.setattr(verifier.keys, "_keys", {"one": other})
    with pytest.raises(Unauthenticated) as replaced:
        await verifier.verify(token)

    assert (ended.value.code, replaced.value.code) == ("token_expired", "token_invalid")
