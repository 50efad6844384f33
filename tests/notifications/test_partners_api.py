"""Administrators manage partners; what was revoked, or is over, ends at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from tests.notifications.partners import BODY, TOKEN, form, key
from tests.notifications.world import id_of

from chassis.access import Claims
from chassis.clock import database_now
from notifications.partners.callers import find_caller, scope_of, scope_of_partner

YESTERDAY = str(date.today() - timedelta(days=2))  # noqa: DTZ011 - over in every time zone
ORIGIN = "https://bando.skhcn.example"


async def expire(world, partner) -> None:
    async with world.database.sessions.begin() as session:
        statement = text("UPDATE partner SET expires_on = :day WHERE id = :id")
        day = date.fromisoformat(YESTERDAY)
        await session.execute(statement, {"day": day, "id": partner["id"]})


async def test_what_is_entered_is_what_is_read(office):
    made = await office.partner(
        event_types=["tasks.assignment_*", "reporting.index_changed.v1"],
        unit_ids=[str(id_of("CCHC"))], origins=[ORIGIN],
    )  # fmt: skip

    found = (await office.admin.get(f"/v1/partners/{made['id']}")).json()
    listed = (await office.admin.get("/v1/partners")).json()
    assert found == made == listed["data"][0]
    assert found["scopes"] == ["events", "figures"]
    assert found["state"] == "active"
    assert listed["allowed"] == ["create"]


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"event_types": ["tasks.*", "tasks.person_changed.v1"]}, "/event_types/1"),
        ({"event_types": ["survey.*"]}, "/event_types/0"),
        ({"origins": ["*"]}, "/origins/0"),
        ({"origins": ["http://skhcn.example"]}, "/origins/0"),
        ({"origins": [f"{ORIGIN}/page"]}, "/origins/0"),
        ({"origins": ["null"]}, "/origins/0"),
        ({"expires_on": YESTERDAY}, "/expires_on"),
        ({"unit_ids": [str(id_of("nowhere"))]}, "/unit_ids/0"),
        ({"unit_ids": []}, "/unit_ids"),
        ({"contact_email": "nobody"}, "/contact_email"),
    ],
)
async def test_what_cannot_be_given_is_refused_where_it_stands(office, facts, pointer):
    answer = await office.post("/v1/partners", {**BODY, **facts})
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_change_needs_the_version_and_the_same_subject_is_given_once(office):
    partner = await office.partner(subject="client-of-skhcn")
    changed = await office.change(partner, name="Trục mới", read_apis=[])
    assert changed.json()["version"] == 2
    assert changed.json()["scopes"] == ["events"]
    stale = await office.admin.patch(
        f"/v1/partners/{partner['id']}", json={"name": "x"}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    taken = await office.post("/v1/partners", {**BODY, "subject": "client-of-skhcn"})
    assert (taken.status_code, taken.json()["code"]) == (409, "partner_subject_taken")


async def test_a_revoked_partner_stays_so_and_gets_no_token(office, nobody):
    partner = await office.partner()
    credential = await office.credential(partner)
    revoked = await office.post(f"/v1/partners/{partner['id']}/revoke")

    assert revoked.json()["state"] == "revoked"
    assert revoked.json()["allowed"] == []
    assert (await nobody.post(TOKEN, data=form(credential))).status_code == 401
    again = await office.change(partner, name="x")
    assert (again.status_code, again.json()["code"]) == (409, "partner_revoked")
    more = await office.post(f"/v1/partners/{partner['id']}/credentials", {})
    assert (more.status_code, more.json()["code"]) == (409, "partner_revoked")


async def test_a_secret_is_shown_once_even_when_the_same_request_comes_again(office, world):
    partner = await office.partner()
    path, same = f"/v1/partners/{partner['id']}/credentials", key()

    first = await office.admin.post(path, json={}, headers=same)
    second = await office.admin.post(path, json={}, headers=same)

    secret = first.json()["client_secret"]
    assert second.json() == {**first.json(), "client_secret": None}
    assert await rows_with(world, secret) == []


async def rows_with(world, secret: str) -> list[str]:
    """Return the tables with a row in which the secret stands, whatever the column."""
    tables = (
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    async with world.database.sessions() as session:
        return [
            name
            for name in (await session.scalars(text(tables))).all()
            if await session.scalar(
                text(f"SELECT exists(SELECT FROM {name} t WHERE strpos(t::text, :s) > 0"
                     f" OR strpos(t::text, :hex) > 0)"),
                {"s": secret, "hex": secret.encode().hex()},
            )
        ]  # fmt: skip


async def test_the_secret_is_in_no_log(office, nobody, capfd):
    credential = await office.credential(await office.partner())
    token = (await nobody.post(TOKEN, data=form(credential))).json()["access_token"]
    await nobody.get("/v1/deliveries", headers={"Authorization": f"Bearer {token}"})

    said = "".join(capfd.readouterr())
    assert credential["client_secret"] not in said
    assert token not in said


async def test_a_partner_gets_the_events_of_its_scope_until_it_is_revoked_or_over(office, world):
    ours = await office.partner(event_types=["tasks.*"], unit_ids=[str(id_of("CCHC"))])
    over, gone = await office.partner(), await office.partner()
    await expire(world, over)
    await office.post(f"/v1/partners/{gone['id']}/revoke")

    async with world.database.sessions() as session:
        now = await database_now(session)
        scopes = [await scope_of_partner(session, p["id"], now) for p in (ours, over, gone)]
    assert scopes[1:] == [None, None]
    assert scopes[0].covers("tasks.assignment_created.v1", [id_of("CCHC"), id_of("VP")])
    assert not scopes[0].covers("tasks.assignment_created.v1", [id_of("VP")])
    assert not scopes[0].covers("tasks.plan_activated.v1", [])
    assert not scopes[0].covers("reporting.index_changed.v1", [id_of("CCHC")])


async def test_a_client_of_the_oidc_provider_is_the_partner_with_its_subject(office, world):
    subject = "client-of-skhcn"
    partner = await office.partner(subject=subject)
    claims = Claims(subject, ("external_system",), "external", None, None)
    async with world.database.sessions() as session:
        actor = await find_caller(session, claims)
        assert str(actor.reach.partner_id) == partner["id"]
        assert (await scope_of(session, actor)).types == ("tasks.*",)
    await expire(world, partner)
    async with world.database.sessions() as session:
        with pytest.raises(Exception, match="thu hồi hoặc hết hạn"):
            await find_caller(session, claims)
