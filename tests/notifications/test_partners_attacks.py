"""A partner tries for more than it was given: others' things, more scope, another life."""

import asyncio
from datetime import date
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import text
from tests.notifications import world as w
from tests.notifications.partners import TOKEN, form, key

from chassis.access import Reach, claims_of

FEED = {"name": "Của đối tác", "transport": "feed"}


class Program:
    """A partner's program: its credential, and a client that bears its token."""

    def __init__(self, office, nobody) -> None:
        self.office, self.nobody = office, nobody

    async def start(self, scope: str = "", **given) -> "Program":
        self.partner = await self.office.partner(**given)
        self.credential = await self.office.credential(self.partner)
        more = {"scope": scope} if scope else {}
        answer = await self.nobody.post(TOKEN, data=form(self.credential, **more))
        self.token = answer.json()["access_token"]
        return self

    async def get(self, path: str, **query) -> httpx.Response:
        return await self.nobody.get(path, params=query, headers=self.headers)

    async def post(self, path: str, body) -> httpx.Response:
        return await self.nobody.post(path, json=body, headers={**self.headers, **key()})

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def program(office, nobody):
    """Return a function that enters a partner and starts its program."""

    async def start(scope: str = "", **given) -> Program:
        return await Program(office, nobody).start(scope, **given)

    return start


async def refused(program: Program, path: str = "/v1/events") -> tuple[int, str]:
    answer = await program.get(path)
    return answer.status_code, answer.json().get("code", "")


async def test_a_token_ends_at_once_with_its_key_its_partner_and_its_last_day(
    program, office, world
):
    one, two, three = [await program() for _ in range(3)]
    assert (await one.get("/v1/events")).status_code == 200

    path = f"/v1/partners/{one.partner['id']}/credentials/{one.credential['id']}/revoke"
    await office.post(path)
    await office.post(f"/v1/partners/{two.partner['id']}/revoke")
    async with world.database.sessions.begin() as session:
        facts = {"id": three.partner["id"], "day": date(2020, 1, 1)}
        await session.execute(text("UPDATE partner SET expires_on = :day WHERE id = :id"), facts)

    assert [await refused(each) for each in (one, two, three)] == [(401, "partner_ended")] * 3


async def test_what_is_taken_away_is_gone_from_the_token_in_hand(program, office):
    one = await program(unit_ids=None)
    await office.change(one.partner, event_types=[])
    assert await refused(one) == (403, "scope_missing")
    narrow = await program("figures")
    assert await refused(narrow) == (403, "scope_missing")


@pytest.mark.parametrize(
    ("act", "answered"),
    [
        ("revoke_key", 401), ("revoke_partner", 401), ("take_events_away", 403), ("narrow", 200),
        ("pause", 409),
    ],
)  # fmt: skip
async def test_who_waits_for_an_event_gets_it_only_if_it_still_may(
    act, answered, program, office, world
):
    one = await program(event_types=["tasks.*"])
    made = (await one.post("/v1/subscriptions", FEED)).json()
    path, key_id = f"/v1/partners/{one.partner['id']}", one.credential["id"]
    acts = {
        "revoke_key": lambda: office.post(f"{path}/credentials/{key_id}/revoke"),
        "revoke_partner": lambda: office.post(f"{path}/revoke"),
        "take_events_away": lambda: office.change(one.partner, event_types=[]),
        "narrow": lambda: office.change(one.partner, event_types=["surveys.*"]),
        "pause": lambda: one.post(f"/v1/subscriptions/{made['id']}/pause", {}),
    }
    waiting = asyncio.create_task(one.get("/v1/events", subscription_id=made["id"], wait=3))
    await asyncio.sleep(0.5)  # why: it shall be waiting when something is taken away
    await acts[act]()
    await world.happen(w.created(1))
    answer = await waiting
    assert answer.status_code == answered
    assert answer.json().get("data", []) == []


async def test_a_partner_reads_only_events_of_its_types_and_units(program, world):
    await world.happen(w.activated(), w.created())
    own, other = str(w.assignment().unit_id), str(w.id_of("SNV"))
    plan, task = "tasks.plan_activated.v1", "tasks.assignment_created.v1"
    for given, seen in (
        ({"event_types": ["*"]}, {plan, task}),
        ({"event_types": ["tasks.assignment_*"]}, {task}),
        ({"event_types": ["reporting.*"]}, set()),
        ({"event_types": ["*"], "unit_ids": [own]}, {task}),
        ({"event_types": ["*"], "unit_ids": [other]}, set()),
    ):
        answer = await (await program(**given)).get("/v1/events", types="tasks.*")
        assert {each["type"] for each in answer.json()["data"]} == seen


async def test_the_lag_of_a_subscription_says_nothing_of_events_that_are_not_the_partners(
    program, office, world
):
    """Whoever filtered by a field's values could else count what fits, and so read the field."""
    await world.happen(w.created(), w.index_changed())
    other = str(w.id_of("SNV"))
    fits = {"data.assignment.status": [w.assignment().status]}
    for given, wanted, waiting in (
        ({"event_types": ["*"]}, {"fields": fits}, 1),
        ({"event_types": ["*"], "unit_ids": [other]}, {"fields": fits}, 0),
        ({"event_types": ["reporting.*"]}, {"fields": fits}, 0),
        ({"event_types": ["tasks.*"]}, {"types": ["reporting.*"]}, 0),
        ({"event_types": ["tasks.*"]}, {}, 1),
    ):
        one = await program(**given)
        made = (await one.post("/v1/subscriptions", {**FEED, **wanted, "after": ""})).json()
        assert made["lag"]["events"] == waiting, (given, wanted)
        seen = (await office.admin.get(f"/v1/subscriptions/{made['id']}")).json()
        assert seen["lag"]["events"] == waiting, "nor does an administrator count more"


async def test_a_partner_sees_no_other_partner_and_manages_none(program, office):
    one, other = await program(), await program()
    path = f"/v1/partners/{other.partner['id']}"
    for place in ("/v1/partners", path, f"{path}/access", "/v1/deliveries", "/v1/notifications"):
        assert await refused(one, place) == (403, "not_allowed")
    for act in (f"{path}/revoke", f"{path}/credentials", "/v1/partners"):
        assert (await one.post(act, {})).status_code == 403


async def test_a_partner_takes_no_subscription_of_another(program):
    one, other = await program(), await program()
    made = (await other.post("/v1/subscriptions", FEED)).json()
    assert (await one.get(f"/v1/subscriptions/{made['id']}")).status_code == 404
    assert (await one.get("/v1/subscriptions")).json()["data"] == []
    answer = await one.post("/v1/subscriptions", {**FEED, "partner_id": other.partner["id"]})
    assert answer.status_code == 422


@pytest.mark.parametrize("who", ["nobody's", "another's"])
async def test_a_token_that_we_signed_for_a_key_that_is_not_the_partners_is_refused(
    program, world, who
):
    one, other = await program(), await program()
    async with world.database.sessions() as session:
        jwk = await session.scalar(text("SELECT jwk FROM partner_signing_key"))
    signer = ECKey.import_key(jwk)
    credential = str(UUID(int=5)) if who == "nobody's" else other.credential["id"]
    claims = jwt.decode(one.token, signer, algorithms=["ES256"]).claims
    reach = Reach(UUID(one.partner["id"]), frozenset({"events"}), None, credential)
    header = {"alg": "ES256", "kid": signer.kid}
    one.token = jwt.encode(header, {**claims, **claims_of(reach)}, signer, algorithms=["ES256"])
    assert await refused(one) == (401, "partner_ended")


async def test_what_was_read_is_counted_by_hour_and_route(program, office):
    one = await program()
    for _ in range(3):
        await one.get("/v1/event_types")
    seen = (await office.admin.get(f"/v1/partners/{one.partner['id']}/access")).json()["data"]
    assert [(line["route"], line["requests"]) for line in seen] == [("/v1/event_types", 3)]
    assert seen[0]["items"] > 3
