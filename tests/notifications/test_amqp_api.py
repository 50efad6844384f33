"""The queue of a subscription over HTTP: its password once, what waits, what was dropped."""

import pytest
from tests.notifications.partners import key
from tests.notifications.world import created

BODY = {"name": "Bản sao", "transport": "amqp", "types": ["tasks.*"], "after": ""}


@pytest.fixture
def environment(environment, queues) -> dict[str, str]:
    """The installation offers queues."""
    return environment | queues.settings


@pytest.fixture
async def external(as_person):
    """A partner's client."""
    return await as_person("external")


async def subscribed(client, **changed) -> str:
    answer = await client.post("/v1/subscriptions", json=BODY | changed, headers=key())
    assert answer.status_code == 201, answer.text
    return f"/v1/subscriptions/{answer.json()['id']}"


async def credentials(client, at: str, headers=None):
    return await client.post(f"{at}/credentials", headers=headers or key())


async def test_the_password_is_shown_once_and_a_repetition_does_not_show_it(external, world):
    at = await subscribed(external)
    headers = key()
    first, again = [await credentials(external, at, headers) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    password = first.json()["password"]
    assert len(password) > 30
    assert again.json() == first.json() | {"password": None}
    tables = await world.rows("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        rows = await world.rows(f'SELECT t::text AS row FROM "{table.name}" t')
        assert all(password not in row.row for row in rows), table.name


async def test_asking_again_gives_a_new_password_for_the_same_user(external):
    at = await subscribed(external)
    first, second = [(await credentials(external, at)).json() for _ in range(2)]
    assert first["user"] == second["user"]
    assert first["password"] != second["password"]


async def test_what_waits_and_what_was_dropped_is_said_with_the_cursor_to_recover_from(
    external, queues, world, eventually
):
    at = await subscribed(external)
    assert (await external.get(f"{at}/queue")).json()["code"] == "queue_not_asked_for"
    await credentials(external, at)
    assert (await external.get(f"{at}/queue")).json()["state"] == "making"
    await queues.keep()
    for number in range(1, 26):
        await world.happen(created(number))

    async def overflowed():
        await queues.export()
        await queues.keep()
        view = (await external.get(f"{at}/queue")).json()
        return view if view["dropped"] == 5 and view["messages"] == 20 else None

    view = await eventually(overflowed, within=40, every=1)
    assert view["state"] == "ready"
    assert view["overflowed_at"]
    assert view["full_at"] == view["measured_at"]
    assert view["most_messages"] == 20
    kept = await external.get(
        "/v1/events", params={"after": view["recover_from"], "limit": 100, "types": "tasks.*"}
    )
    assert kept.status_code == 200, kept.text
    assert len(kept.json()["data"]) == 25, "the oldest that was dropped comes first"


@pytest.mark.parametrize(("lost", "after"), [("all of it", ""), ("the oldest", "now")])
async def test_an_overflow_is_over_for_who_goes_on_from_a_place_that_misses_nothing_of_it(
    external, queues, world, eventually, lost, after
):
    """Of a queue lost as a whole no cursor is known; who took the snapshots goes on behind them."""
    at = await subscribed(external)
    await credentials(external, at)
    await queues.keep()
    for number in range(1, 26):
        await world.happen(created(number))
    if lost == "all of it":
        name = (await external.get(f"{at}/queue")).json()["queue"]
        await queues.admin.delete("queues", queues.broker.vhost, name)

    async def overflowed():
        await queues.export()
        await queues.keep(all_of_it=True)
        return (await external.get(f"{at}/queue")).json()["overflowed_at"]

    await eventually(overflowed, within=40, every=1)
    given = {"after": after}
    answer = await external.post(f"{at}/recover", json=given, headers=key())
    assert answer.status_code == 200, answer.text
    queue = (await external.get(f"{at}/queue")).json()
    assert (queue["overflowed_at"], queue["recover_from"]) == (None, None)


async def test_only_a_subscription_by_amqp_has_a_queue(external):
    at = await subscribed(external, transport="feed")
    assert (await external.get(f"{at}/queue")).json()["code"] == "subscription_not_amqp"
    refused = await credentials(external, at)
    assert (refused.status_code, refused.json()["code"]) == (409, "subscription_not_amqp")


async def test_the_office_sees_the_queue_and_gets_no_password(external, as_person):
    at = await subscribed(external)
    await credentials(external, at)
    reader = await as_person("office")
    assert (await reader.get(f"{at}/queue")).status_code == 200
    assert (await credentials(reader, at)).status_code == 403


async def test_another_partners_queue_is_not_there(external, office, api):
    theirs = await office.partner(name="Hệ thống khác")
    answer = await office.post("/v1/subscriptions", BODY | {"partner_id": theirs["id"]})
    at = f"/v1/subscriptions/{answer.json()['id']}"
    assert (await external.get(f"{at}/queue")).status_code == 404
    assert (await credentials(external, at)).status_code == 404
