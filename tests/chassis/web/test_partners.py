"""Partners at the door of any service: how often they may ask, and from which pages."""

import httpx
import pytest
from tests.chassis.web.conftest import ISSUER, client_of
from tests.chassis.web.notebook import notebook
from tests.partner_tokens import Published, token, trusting

from chassis.access import Right, Rights, TokenVerifier
from chassis.web import create_app
from chassis.web.partners import PartnerLimits

RIGHTS = Rights({
    "note.read": Right(frozenset({"office"}), partners="figures"),
    "note.write": Right(frozenset({"office"})),
})  # fmt: skip
ORIGIN = "https://ban-do.example"


@pytest.fixture
def app(database, issuer):
    return create_app(
        "notebook", [notebook()], database, policies=RIGHTS, cursor_secret="of the tests",
        tokens=trusting(TokenVerifier(ISSUER, keys=issuer.keys())),
        origins=Published([ORIGIN]).origins,
    )  # fmt: skip


@pytest.fixture
async def partner(app):
    async with client_of(app, token("figures")) as client:
        yield client


async def test_every_answer_says_what_is_left_and_one_too_many_when_to_come_again(app, partner):
    app.state.partner_limits = PartnerLimits(limit=3)
    answers = [await partner.get("/v1/notes") for _ in range(2)]
    answers.append(await partner.post("/v1/notes", json={}))
    left = [answer.headers["ratelimit-remaining"] for answer in answers]
    refused = await partner.get("/v1/notes")

    assert left == ["2", "1", "0"]
    assert answers[2].status_code == 403
    assert answers[0].headers["ratelimit-limit"] == "3"
    assert (refused.status_code, refused.json()["code"]) == (429, "partner_too_fast")
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-remaining"] == "0"


async def test_one_partner_does_not_use_up_what_another_may(app, partner, client):
    app.state.partner_limits = PartnerLimits(limit=1)
    await partner.get("/v1/notes")
    async with client_of(app, token("figures", sub="partner:" + "9" * 32)) as another:
        assert (await another.get("/v1/notes")).status_code == 200
    assert (await partner.get("/v1/notes")).status_code == 429
    people = await client.get("/v1/notes")
    assert people.status_code == 200
    assert "ratelimit-limit" not in people.headers


async def test_after_the_window_a_partner_begins_anew(app, partner):
    app.state.partner_limits = PartnerLimits(limit=1, window=0.0)
    assert [(await partner.get("/v1/notes")).status_code for _ in range(3)] == [200] * 3


async def preflight(client: httpx.AsyncClient, origin: str, method: str = "GET", path="/v1/notes"):
    headers = {"Origin": origin, "Access-Control-Request-Method": method,
               "Access-Control-Request-Headers": "authorization"}  # fmt: skip
    return await client.options(path, headers=headers)


async def test_a_page_of_a_listed_origin_may_read_and_send_its_token(nobody, partner):
    asked = await preflight(nobody, ORIGIN)
    assert asked.status_code == 204
    assert asked.headers["access-control-allow-origin"] == ORIGIN
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    read = await partner.get("/v1/notes", headers={"Origin": ORIGIN})
    assert read.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in read.headers["vary"]
    assert "RateLimit-Remaining" in read.headers["access-control-expose-headers"]


async def test_a_refusal_can_be_read_by_the_page_too(app, partner, nobody):
    app.state.partner_limits = PartnerLimits(limit=0)
    for client, status in ((partner, 429), (nobody, 401)):
        answer = await client.get("/v1/notes", headers={"Origin": ORIGIN})
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize(
    ("origin", "method", "path"),
    [
        ("https://another.example", "GET", "/v1/notes"),
        (f"{ORIGIN}.evil.example", "GET", "/v1/notes"),
        ("null", "GET", "/v1/notes"),
        (ORIGIN, "POST", "/v1/notes"),
        (ORIGIN, "GET", "/health/live"),
    ],
)
async def test_no_other_page_no_other_method_and_no_other_address(nobody, origin, method, path):
    asked = await preflight(nobody, origin, method, path)
    assert "access-control-allow-origin" not in asked.headers


async def test_cookies_are_never_taken_from_another_origin(nobody, partner):
    answers = [
        await preflight(nobody, ORIGIN), await partner.get("/v1/notes", headers={"Origin": ORIGIN})
    ]  # fmt: skip
    assert all("access-control-allow-credentials" not in answer.headers for answer in answers)
    assert all(answer.headers["access-control-allow-origin"] != "*" for answer in answers)
