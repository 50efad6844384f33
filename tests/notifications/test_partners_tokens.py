"""A partner's program gets a token for its credential, as every OAuth client does."""

import asyncio
import time

import httpx
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.jwk import KeySet
from tests.notifications.conftest import serving
from tests.notifications.partners import TOKEN, form
from tests.notifications.world import id_of

from chassis.clock import database_now
from notifications.partners.keys import OwnKeys, signing_key


async def ask(client, data, **more) -> tuple[int, str]:
    answer = await client.post(TOKEN, data=data, **more)
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.json().get("error", "")


async def test_an_oauth_client_of_others_gets_a_token_of_ten_minutes(api, credential):
    async with AsyncOAuth2Client(credential["client_id"], credential["client_secret"]) as client:
        token = await client.fetch_token(f"{api}{TOKEN}", grant_type="client_credentials")

    assert token["token_type"] == "Bearer"
    assert token["expires_in"] == 600
    assert token["scope"] == "events figures"


async def test_the_token_says_who_it_is_and_is_signed_by_a_published_key(nobody, office):
    unit = str(id_of("CCHC"))
    credential = await office.credential(await office.partner(unit_ids=[unit]))
    token = (await nobody.post(TOKEN, data=form(credential))).json()["access_token"]
    keys = (await nobody.get("/v1/partners/keys")).json()

    assert all("d" not in one for one in keys["keys"])
    claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims
    assert claims["roles"] == ["external_system"]
    assert claims["aud"] == "cchc"
    assert claims["sub"].startswith("partner:")
    assert claims["units"] == [unit]
    assert claims["scope"] == "events figures"
    assert claims["exp"] - time.time() <= 600


async def test_fewer_scopes_may_be_asked_for_and_none_that_was_not_given(nobody, credential):
    fewer = await nobody.post(TOKEN, data=form(credential, scope="figures"))
    assert fewer.json()["scope"] == "figures"
    assert await ask(nobody, form(credential, scope="figures assignments")) == (
        400,
        "invalid_scope",
    )


async def test_http_basic_is_taken_as_well_as_the_form(nobody, credential):
    auth = (credential["client_id"], credential["client_secret"])
    assert (await ask(nobody, {"grant_type": "client_credentials"}, auth=auth))[0] == 200
    assert await ask(nobody, form(credential), auth=auth) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": ""}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
async def test_a_refusal_is_in_the_words_of_the_standard(
    nobody, credential, changed, status, error
):
    assert await ask(nobody, {**form(credential), **changed}) == (status, error)


async def test_what_is_no_form_is_refused_in_the_words_of_the_standard(nobody, credential):
    answer = await nobody.post(TOKEN, json=form(credential))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    twice = await nobody.post(
        TOKEN, content="grant_type=client_credentials&scope=a&scope=b",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")


async def test_two_credentials_live_side_by_side_and_no_third(nobody, office):
    partner = await office.partner()
    old, new = await office.credential(partner), await office.credential(partner)
    path = f"/v1/partners/{partner['id']}/credentials"

    third = await office.post(path, {})
    assert (third.status_code, third.json()["code"]) == (409, "credentials_two_live")
    assert [(await ask(nobody, form(each)))[0] for each in (old, new)] == [200, 200]

    await office.post(f"{path}/{old['id']}/revoke")
    assert [(await ask(nobody, form(each)))[0] for each in (old, new)] == [401, 200]
    assert (await office.post(path, {})).status_code == 201


async def test_guessing_secrets_is_held_back_and_who_has_one_is_not(service, world, credential):
    async with (
        serving(service.front(service.http(world.database))) as address,
        httpx.AsyncClient(base_url=address, timeout=40) as client,
    ):
        wrong = {**form(credential), "client_secret": "nhip_guess"}
        for _ in range(10):
            assert (await client.post(TOKEN, data=wrong)).status_code == 401
        began = time.monotonic()
        assert (await client.post(TOKEN, data=wrong)).status_code == 401
        assert time.monotonic() - began > 0.4
        began = time.monotonic()
        assert (await client.post(TOKEN, data=form(credential))).status_code == 200
        assert time.monotonic() - began < 0.4


async def test_a_key_made_a_moment_after_the_keys_were_read_is_known_to_all_who_come_at_once(
    world,
):
    keys = OwnKeys(world.database)
    assert await keys.origins() == frozenset()
    async with world.database.sessions.begin() as session:
        made = await signing_key(session, await database_now(session))

    found = await asyncio.gather(*(keys.find(str(made.kid)) for _ in range(5)))

    assert None not in found
    assert await keys.find("made up") is None
