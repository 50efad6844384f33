"""Subscriptions: a partner's own; what they want, how far they are behind, who may touch them."""

import pytest
from sqlalchemy import text
from tests.notifications import world as w
from tests.notifications.conftest import key
from tests.notifications.test_events_feed import hold

from chassis.ids import new_id
from contracts.catalogue import declared
from contracts.samples import example
from notifications.subscribers.feed.keeping import written
from notifications.subscribers.subscriptions.choice import PUBLIC
from notifications.subscribers.subscriptions.matching import Filter, takes, units_of, within
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position, cursor_of
from notifications.subscribers.subscriptions.standing import wanted_by

PATH = "/v1/subscriptions"
FEED = {"name": "Trục liên thông của tỉnh", "transport": "feed"}


@pytest.fixture
async def partner(as_person):
    """A client of another system."""
    return await as_person("external")


@pytest.fixture
async def admin(as_person):
    return await as_person("admin")


async def subscribe(client, status=201, **body):
    answer = await client.post(PATH, json={**FEED, **body}, headers=key())
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_partner_makes_reads_changes_and_ends_its_own(partner):
    made = await subscribe(partner, types=["tasks.*"], unit_ids=[str(w.id_of("CCHC"))])
    path = f"{PATH}/{made['id']}"
    assert (made["state"], made["version"]) == ("active", 1)
    assert made["allowed"] == ["change", "pause", "recover", "delete"]
    assert [each["id"] for each in (await partner.get(PATH)).json()["data"]] == [made["id"]]
    changes = {"name": "Tên khác", "types": []}
    changed = await partner.patch(path, json=changes, headers={"If-Match": '"1"'})
    assert changed.json() | changes | {"version": 2} == changed.json()
    assert changed.json()["unit_ids"] == made["unit_ids"]
    stale = await partner.patch(path, json=changes, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await partner.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert (await partner.get(path)).status_code == 404


async def test_a_partner_neither_sees_nor_touches_anothers(partner, admin, office):
    others = await subscribe(admin, partner_id=(await office.partner())["id"])
    path = f"{PATH}/{others['id']}"
    assert (await partner.get(PATH)).json()["data"] == []
    for method, headers in (("GET", {}), ("PATCH", {"If-Match": '"1"'}),
                            ("DELETE", {"If-Match": '"1"'})):  # fmt: skip
        body = {"json": {"name": "Của tôi"}} if method == "PATCH" else {}
        answer = await partner.request(method, path, headers=headers, **body)
        assert (answer.status_code, answer.json()["code"]) == (404, "subscription_not_found")
    for act in ("pause", "resume"):
        answer = await partner.post(f"{path}/{act}", json={}, headers=key())
        assert answer.status_code == 404
    read = await partner.get("/v1/events", params={"subscription_id": others["id"]})
    assert read.status_code == 404
    refused = await subscribe(partner, 422, partner_id=others["partner_id"])
    assert refused["code"] == "partner_wrong"


async def test_the_office_reads_all_and_changes_none(partner, as_person):
    made = await subscribe(partner)
    office = await as_person("office")
    (seen,) = (await office.get(PATH)).json()["data"]
    assert (seen["id"], seen["allowed"]) == (made["id"], [])
    assert (await office.post(PATH, json=FEED, headers=key())).status_code == 403
    assert (await (await as_person("officer_cchc")).get(PATH)).status_code == 403


async def test_an_administrator_says_for_which_partner(admin):
    for body in ({}, {"partner_id": str(new_id())}):
        refused = await subscribe(admin, 422, **body)
        assert refused["errors"][0]["pointer"] == "/partner_id"


@pytest.mark.parametrize(
    ("body", "code", "pointer", "named"),
    [
        ({"types": ["tasks.*", "tasks.viec.v1"]}, "event_type_unknown", "/types/1", "viec.v1"),
        ({"types": ["tasks.unit_changed.v1"]}, "event_type_unknown", "/types/0", "unit_changed"),
        ({"unit_ids": ["11111111-1111-4111-8111-111111111111"]}, "unit_unknown", "/unit_ids/0",
         "11111111"),
        ({"fields": {"data.assignment.trang_thai": ["done"]}}, "subscription_field_unknown",
         "/fields/data.assignment.trang_thai", "trang_thai"),
        ({"types": ["surveys.*"], "fields": {"data.assignment.status": ["done"]}},
         "subscription_field_unknown", "/fields/data.assignment.status", "assignment.status"),
        ({"fields": {"actorid": ["x"]}}, "subscription_field_unknown", "/fields/actorid", "actor"),
        ({"fields": {"data.assignment.status": [{"is": "done"}]}}, "subscription_field_unknown",
         "/fields/data.assignment.status", "assignment.status"),
        ({"fields": {"data.assignment.status": ["x" * 201]}}, "subscription_field_unknown",
         "/fields/data.assignment.status", "200"),
        ({"fields": {"data.assignment.status": [10**30]}}, "subscription_field_unknown",
         "/fields/data.assignment.status", "assignment.status"),
        ({"fields": {"data.assignment.status": []}}, "input_invalid",
         "/fields/data.assignment.status", "1"),
        ({"url": "https://a.example/"}, "url_misplaced", "/url", "webhook"),
        ({"transport": "webhook"}, "url_misplaced", "/url", "https"),
        ({"transport": "fax"}, "input_invalid", "/transport", "amqp"),
        ({"after": "hôm qua"}, "cursor_invalid", "/after", "hôm qua"),
        ({"unit_ids": []}, "input_invalid", "/unit_ids", "1"),
    ],
)  # fmt: skip
async def test_what_cannot_be_subscribed_to_is_named(partner, body, code, pointer, named):
    refused = await subscribe(partner, 422, **body)
    (error,) = refused["errors"]
    assert (refused["code"], error["pointer"]) == (code, pointer)
    assert named in error["message"]
    assert "source" not in error


async def test_a_partner_has_at_most_a_hundred_and_ends_one_for_another(partner, world, admin):
    (first,) = [await subscribe(partner)]
    async with world.database.sessions.begin() as session:
        copies = text("""
            INSERT INTO subscription (id, partner_id, name, transport, types, fields, cursor_tx,
              cursor_seq, created_at)
            SELECT gen_random_uuid(), partner_id, name, transport, types, fields, cursor_tx,
              cursor_seq, created_at FROM subscription, generate_series(2, 100)
        """)
        await session.execute(copies)
    refused = await subscribe(partner, 409)
    assert refused["code"] == "subscriptions_too_many"
    await subscribe(admin, 409, partner_id=first["partner_id"])
    await partner.delete(f"{PATH}/{first['id']}", headers={"If-Match": '"1"'})
    await subscribe(partner)


async def test_nothing_is_subscribed_to_for_a_partner_that_was_revoked(admin, office):
    theirs = await office.partner()
    await office.post(f"/v1/partners/{theirs['id']}/revoke")
    refused = await subscribe(admin, 409, partner_id=theirs["id"])
    assert refused["code"] == "partner_revoked"


async def test_lag_counts_what_is_wanted_and_since_when_it_waits(world, partner):
    done = {"types": ["tasks.*"], "fields": {"data.assignment.status": ["done"]}}
    all_, some = await subscribe(partner), await subscribe(partner, **done)
    await world.happen(w.created(1), w.activated(), w.index_changed())
    await world.happen(w.accepted())
    await world.rows("UPDATE public_event SET kept_at = kept_at - interval '90 seconds'")
    await world.happen(w.created(2))
    lags = {each["id"]: each["lag"] for each in (await partner.get(PATH)).json()["data"]}
    assert (lags[all_["id"]]["events"], lags[some["id"]]["events"]) == (5, 1)
    for lag in lags.values():
        assert 90 <= lag["seconds"] < 150
        assert not lag["more"]
    asked = {"subscription_id": some["id"]}
    page = (await partner.get("/v1/events", params=asked)).json()
    assert [event["type"] for event in page["data"]] == ["tasks.result_accepted.v1"]
    await partner.get("/v1/events", params={**asked, "after": page["next"]})
    caught_up = (await partner.get(f"{PATH}/{some['id']}")).json()
    assert caught_up["lag"] == {"events": 0, "seconds": 0.0, "more": False}
    assert caught_up["cursor"] == page["next"]


async def test_a_list_of_many_that_are_far_behind_counts_fewer_of_each(world, partner):
    """A hundred by fields at the beginning had a hundred thousand events brought and read."""
    first = await subscribe(partner, fields={"data.assignment.status": ["not_started"]}, after="")
    async with world.database.sessions.begin() as session:
        await session.execute(text("""
            INSERT INTO subscription (id, partner_id, name, transport, types, fields, cursor_tx,
              cursor_seq, created_at)
            SELECT gen_random_uuid(), partner_id, name, transport, types, fields, cursor_tx,
              cursor_seq, created_at FROM subscription, generate_series(2, 50)
        """))  # fmt: skip
    sample = w.envelope(w.created(1))
    await world.rows(
        "INSERT INTO public_event (id, type, subject, version, unit_ids, occurred_at, envelope)"
        " SELECT gen_random_uuid(), :type, gen_random_uuid(), 1, '{}', now(), :envelope"
        " FROM generate_series(1, 150)",
        type=sample.type, envelope=written(sample),
    )  # fmt: skip
    listed = (await partner.get(PATH, params={"limit": 200}, timeout=30)).json()["data"]
    assert {(each["lag"]["events"], each["lag"]["more"]) for each in listed} == {(100, True)}
    alone = (await partner.get(f"{PATH}/{first['id']}")).json()
    assert (alone["lag"]["events"], alone["lag"]["more"]) == (150, False)


async def test_a_subscription_begins_now_or_at_the_beginning_or_where_another_stands(
    world, partner
):
    await world.happen(w.created(1))
    first = (await partner.get("/v1/events")).json()["next"]
    await world.happen(w.created(2))
    for after, waiting in ((None, 0), ("", 2), (first, 1), ("now", 0)):
        made = await subscribe(partner, **({} if after is None else {"after": after}))
        assert made["lag"]["events"] == waiting


@pytest.mark.parametrize("transport", ["feed", "amqp"])
async def test_none_is_put_where_nobody_can_have_come_before_the_database_was_put_back(
    world, partner, transport
):
    """It would hand nothing over until the numbers of transactions had come so far again."""
    await world.happen(w.created(1))
    ahead = cursor_of(Position(10**12, 7), b"of the tests")
    refused = await subscribe(partner, 409, transport=transport, after=ahead)
    assert refused["code"] == "cursor_ahead"
    made = await subscribe(partner, transport=transport)
    path = f"{PATH}/{made['id']}"
    answer = await partner.post(f"{path}/recover", json={"after": ahead}, headers=key())
    assert (answer.status_code, answer.json()["code"]) == (409, "cursor_ahead")
    assert (await partner.get(path)).json()["cursor"] == made["cursor"]


async def test_going_back_to_a_time_skips_nothing_an_older_writer_still_holds(world, partner):
    made = await subscribe(partner)
    before = (await world.rows("SELECT now() AS at"))[0].at.isoformat()
    older, first = await hold(world, w.created(1))
    late, second = await hold(world, w.created(2))
    await late.commit()
    answer = await partner.post(
        f"{PATH}/{made['id']}/recover", json={"since": before}, headers=key()
    )
    assert answer.status_code == 200, answer.text
    await older.commit()
    await older.close()
    await late.close()
    page = (await partner.get("/v1/events", params={"subscription_id": made["id"]})).json()
    assert [event["id"] for event in page["data"]] == [str(each.id) for each in (*first, *second)]


async def test_a_filter_that_hardly_anything_fits_is_looked_through_in_a_few_requests(
    world, partner
):
    """Each is short, however long it may wait and however few events it asks for."""
    done = {"types": ["tasks.*"], "fields": {"data.assignment.status": ["done"]}, "after": ""}
    made = await subscribe(partner, **done)
    sample = w.envelope(w.created(1))
    await world.rows(
        "INSERT INTO public_event (id, type, subject, version, unit_ids, occurred_at, envelope)"
        " SELECT gen_random_uuid(), :type, gen_random_uuid(), 1, '{}', now(), :envelope"
        " FROM generate_series(1, 2500)",
        type=sample.type, envelope=written(sample),
    )  # fmt: skip
    wanted = await world.happen(w.accepted())
    asked = {"subscription_id": made["id"], "limit": 1, "wait": 4}
    pages = [(await partner.get("/v1/events", params=asked)).json()]
    while not pages[-1]["data"]:
        assert not pages[-1]["complete"]
        more = {**asked, "after": pages[-1]["next"]}
        pages.append((await partner.get("/v1/events", params=more)).json())
    assert [event["id"] for event in pages[-1]["data"]] == [str(each.id) for each in wanted]
    assert len(pages) == 3


async def test_of_a_page_with_more_that_fits_than_was_asked_for_the_rest_comes_next(world, partner):
    some = {"fields": {"data.assignment.status": ["not_started"]}, "after": ""}
    made = await subscribe(partner, **some)
    happened = [await world.happen(w.created(number)) for number in range(1, 5)]
    found, asked = [], {"subscription_id": made["id"], "limit": 2}
    while True:
        page = (await partner.get("/v1/events", params=asked)).json()
        found += [event["id"] for event in page["data"]]
        if page["complete"]:
            break
        assert len(page["data"]) == 2
        asked["after"] = page["next"]
    assert found == [str(each.id) for [each] in happened]


async def test_a_paused_one_hands_nothing_over_and_loses_nothing(world, partner):
    made = await subscribe(partner)
    path, asked = f"{PATH}/{made['id']}", {"subscription_id": made["id"]}
    paused = await partner.post(f"{path}/pause", json={"reason": "Bảo trì"}, headers=key())
    assert (paused.json()["state"], paused.json()["state_reason"]) == ("paused", "Bảo trì")
    assert paused.json()["allowed"] == ["change", "resume", "recover", "delete"]
    assert (await partner.post(f"{path}/pause", json={}, headers=key())).status_code == 409
    (envelope,) = await world.happen(w.created(1))
    refused = await partner.get("/v1/events", params=asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "subscription_not_active")
    assert (await partner.post(f"{path}/resume", headers=key())).json()["state"] == "active"
    again = await partner.post(f"{path}/resume", headers=key())
    assert (again.status_code, again.json()["code"]) == (409, "subscription_active")
    page = (await partner.get("/v1/events", params=asked)).json()
    assert [event["id"] for event in page["data"]] == [str(envelope.id)]


async def test_a_subscription_and_a_filter_of_ones_own_do_not_go_together(partner):
    made = await subscribe(partner)
    asked = {"subscription_id": made["id"], "types": "tasks.*"}
    refused = await partner.get("/v1/events", params=asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "filter_twice")


async def test_reading_for_a_webhook_does_not_move_its_place(world, partner):
    made = await subscribe(partner, transport="webhook", url="https://a.example/")
    await world.happen(w.created(1))
    asked = {"subscription_id": made["id"]}
    page = (await partner.get("/v1/events", params=asked)).json()
    await partner.get("/v1/events", params={**asked, "after": page["next"]})
    assert (await partner.get(f"{PATH}/{made['id']}")).json()["cursor"] == made["cursor"]


async def test_what_is_done_to_a_subscription_stands_in_the_audit(world, partner):
    made = await subscribe(partner)
    await partner.post(f"{PATH}/{made['id']}/pause", json={"reason": "Bảo trì"}, headers=key())
    found = await world.rows("SELECT action, reason FROM audit_entry ORDER BY id")
    assert [tuple(row) for row in found] == [
        ("subscription.create", None), ("subscription.pause", "Bảo trì"),
    ]  # fmt: skip


def envelope(event) -> dict:
    return w.envelope(event).model_dump(mode="json")


def test_fields_must_all_fit_and_compare_as_json_does():
    progress = envelope(w.progress(difficulty=True))
    fits = [
        {"data.assignment.status": ["done", "in_progress"]},
        {"data.has_difficulty": [True]},
        {"data.assignment.progress_percent": [40]},
        {"data.assignment.accepted_at": [None]},
        {"data.assignment.coordinating_unit_ids": [str(w.id_of("LDVL"))]},
    ]
    fits_not = [
        {"data.assignment.status": ["done"]},
        {"data.has_difficulty": [1]},
        {"data.assignment.progress_percent": ["40"]},
        {"data.has_difficulty": [True], "data.assignment.status": ["done"]},
        {"data.evidence_count": [0]},
    ]
    assert all(takes(Filter(fields=fields), progress) for fields in fits)
    assert not any(takes(Filter(fields=fields), progress) for fields in fits_not)


def test_nothing_chosen_is_not_everything():
    created = envelope(w.created(1))
    assert takes(Filter(), created)
    assert not takes(Filter(types=frozenset()), created)
    assert not takes(Filter(unit_ids=frozenset()), created)
    tasks, surveys = (
        Filter(types=frozenset(name for name in PUBLIC if name.startswith(service)))
        for service in ("tasks", "surveys")
    )
    assert not takes(within(tasks, surveys), created)
    assert takes(within(tasks, Filter()), created)


def test_an_event_is_about_the_units_its_state_names():
    assert units_of(envelope(w.created(1))["data"]) == {w.id_of("CCHC"), w.id_of("LDVL")}
    assert units_of(envelope(w.index_changed())["data"]) == set()
    of_plan = envelope(w.activated())["data"]
    assert units_of(of_plan) == {w.id_of("VP")}
    for name, event in declared().items():
        units_of(example(event).data), name


def test_a_subscription_of_types_that_are_gone_takes_nothing():
    gone = Subscription(types=["tasks.gone.v1"], unit_ids=None, fields={})
    assert wanted_by(gone).types == frozenset()
    everything = Subscription(types=[], unit_ids=None, fields={})
    assert wanted_by(everything).types == frozenset(PUBLIC)
