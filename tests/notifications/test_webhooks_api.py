"""A webhook's secrets, examples, going back and deliveries, over HTTP as partners do it."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError
from tests.notifications import world as w
from tests.notifications.conftest import key
from tests.notifications.receivers import Receiver, receiving
from tests.notifications.test_webhooks import sending

PORT = 9


@pytest.fixture
async def receiver():
    async with receiving(Receiver()) as made:
        yield made


@pytest.fixture
def environment(environment, receiver):
    """The installation allows webhooks to the receiver's port of this machine, and port 9."""
    allowed = f"127.0.0.1:{receiver.port}, 127.0.0.1:{PORT}"
    return {**environment, "WEBHOOK_ALLOWED": allowed}


@pytest.fixture
async def partner(as_person):
    return await as_person("external")


async def made(client, url, **given):
    body = {"name": "Kho dữ liệu tỉnh", "transport": "webhook", "url": url, **given}
    answer = await client.post("/v1/subscriptions", json=body, headers=key())
    assert answer.status_code == 201, answer.text
    return f"/v1/subscriptions/{answer.json()['id']}"


async def secret_of(client, address):
    answer = await client.post(f"{address}/rotate_secret", headers=key())
    assert answer.status_code == 200, answer.text
    return answer.json()["secret"]


async def test_a_new_secret_is_shown_once_and_the_older_signs_for_24_hours_more(
    partner, world, receiver, eventually
):
    address = await made(partner, receiver.url)
    first = await secret_of(partner, address)
    answer = (await partner.post(f"{address}/rotate_secret", headers=key())).json()
    second = answer["secret"]
    until = datetime.fromisoformat(answer["older_until"]) - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < until <= timedelta(hours=24)
    assert first not in (await partner.get(address)).text
    async with sending(world):
        await world.happen(w.created())
        await eventually(lambda: receiver.requests)
        headers, body = receiver.requests[0]
        assert len(headers["webhook-signature"].split()) == 2
        for each in (first, second):
            Webhook(each).verify(body, headers)
        third = await secret_of(partner, address)
        await world.rows("UPDATE webhook_secret SET ends_at = now() WHERE ends_at > now()")
        await world.happen(w.created(2))
        await eventually(lambda: len(receiver.requests) == 2)
    headers, body = receiver.requests[1]
    Webhook(third).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(second).verify(body, headers)


async def test_a_secret_stands_in_no_log_no_audit_and_no_answer_again(
    partner, world, receiver, capsys
):
    address = await made(partner, receiver.url)
    secret = await secret_of(partner, address)
    found = await world.rows("SELECT to_jsonb(a)::text AS line FROM audit_entry a")
    assert any("rotate_secret" in row.line for row in found)
    assert not any(secret in row.line for row in found)
    assert secret not in capsys.readouterr().out


async def test_an_example_of_a_chosen_type_is_sent_signed_and_marked(
    partner, world, receiver, eventually
):
    address = await made(partner, receiver.url, types=["surveys.*"])
    receiver.secret = await secret_of(partner, address)
    given = {"type": "tasks.assignment_created.v1"}
    async with sending(world):
        answer = await partner.post(f"{address}/test", json=given, headers=key())
        assert answer.status_code == 202, answer.text
        assert answer.json()["is_example"]
        await eventually(lambda: receiver.requests)
    assert receiver.events[0]["type"] == given["type"]
    assert receiver.requests[0][0]["nhip-example"] == "1"


async def test_an_example_needs_a_known_type_a_secret_and_a_webhook(partner, receiver):
    address = await made(partner, receiver.url)
    known = {"type": "tasks.assignment_created.v1"}
    answer = await partner.post(f"{address}/test", json=known, headers=key())
    assert (answer.status_code, answer.json()["code"]) == (409, "webhook_secret_missing")
    await secret_of(partner, address)
    for type_ in ("tasks.nothing.v1", "tasks.unit_urged.v1", "tasks.*", ""):
        answer = await partner.post(f"{address}/test", json={"type": type_}, headers=key())
        assert (answer.status_code, answer.json()["code"]) == (422, "event_type_unknown"), type_
        assert answer.json()["errors"][0]["pointer"] == "/type"
    feed = await partner.post(
        "/v1/subscriptions", json={"name": "Đọc", "transport": "feed"}, headers=key()
    )
    other = f"/v1/subscriptions/{feed.json()['id']}"
    for act, body in (("test", known), ("rotate_secret", None)):
        answer = await partner.post(f"{other}/{act}", json=body, headers=key())
        assert (answer.status_code, answer.json()["code"]) == (409, "subscription_no_webhook")


async def test_an_inner_address_is_refused_when_it_is_entered_or_changed(partner, receiver, world):
    inner = "https://10.0.0.7/in"
    body = {"name": "Kho dữ liệu tỉnh", "transport": "webhook", "url": inner}
    address = await made(partner, receiver.url)
    found = await partner.get(address)
    answers = [
        await partner.post("/v1/subscriptions", json=body, headers=key()),
        await partner.patch(
            address, json={"url": inner}, headers={"If-Match": found.headers["etag"]}
        ),
    ]
    await world.rows("UPDATE subscription SET url = :url", url=inner)  # allowed once
    answers.append(await partner.post(f"{address}/rotate_secret", headers=key()))
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, "url_refused")
        assert "công khai" in answer.json()["detail"]
        assert answer.json()["errors"][0]["pointer"] == "/url"


async def test_a_repeated_request_shows_the_secret_no_second_time(partner, world, receiver):
    address = await made(partner, receiver.url)
    same = key()
    first = await partner.post(f"{address}/rotate_secret", headers=same)
    again = await partner.post(f"{address}/rotate_secret", headers=same)
    assert again.json() == {**first.json(), "secret": ""}
    kept = await world.rows("SELECT count(*) AS n FROM webhook_secret")
    assert kept[0].n == 1


async def test_deliveries_of_a_webhook_say_what_became_of_each_and_one_is_sent_again(
    partner, world, receiver, eventually
):
    receiver.statuses = [500]
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    id_ = address.rsplit("/", 1)[1]
    async with sending(world):
        [envelope] = await world.happen(w.created())

        async def failed():
            page = (await partner.get("/v1/deliveries", params={"subscription_id": id_})).json()
            return [each for each in page["data"] if each["status"] == 500]

        [row] = await eventually(failed)
        assert (row["event_id"], row["state"], row["error"], row["allowed"]) == (
            str(envelope.id), "pending", "HTTP 500", ["retry"],
        )  # fmt: skip
        receiver.statuses = [200]
        before = len(receiver.requests)
        answer = await partner.post(f"/v1/deliveries/{row['id']}/retry", headers=key())
        assert answer.status_code == 200, answer.text
        await eventually(lambda: len(receiver.requests) > before, within=10)
    assert set(receiver.ids) == {str(envelope.id)}


async def test_the_reason_somebody_gave_for_a_pause_is_never_translated(partner, receiver):
    address = await made(partner, receiver.url)
    reason = "không nhận được tin nào trong ba ngày"
    await partner.post(f"{address}/pause", json={"reason": reason}, headers=key())
    english = await partner.get(address, headers={"Accept-Language": "en"})
    assert english.json()["state_reason"] == reason


async def test_the_secrets_that_sign_are_listed_with_their_ends_and_without_themselves(
    partner, receiver
):
    address = await made(partner, receiver.url)
    assert (await partner.get(f"{address}/secrets")).json() == {"data": []}
    made_ones = [await secret_of(partner, address) for _ in range(3)]
    answer = await partner.get(f"{address}/secrets")
    newest, older = answer.json()["data"]
    assert (newest["ends_at"], older["ends_at"] is None) == (None, False)
    assert not any(secret in answer.text for secret in made_ones)


async def test_one_delivery_is_read_alone_by_those_who_may_list_it(
    partner, as_person, receiver, office, world
):
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    given = {"type": "tasks.assignment_created.v1"}
    made_one = (await partner.post(f"{address}/test", json=given, headers=key())).json()
    path = f"/v1/deliveries/{made_one['id']}"
    assert (await partner.get(path)).json() == made_one
    reader = await as_person("office")
    assert (await reader.get(path)).json() == {**made_one, "allowed": []}
    nothing = await reader.get(f"/v1/deliveries/{made_one['event_id']}")
    assert (nothing.status_code, nothing.json()["code"]) == (404, "delivery_not_found")
    other = (await office.partner())["id"]
    await world.rows("UPDATE subscription SET partner_id = CAST(:id AS uuid)", id=other)
    assert (await partner.get(path)).status_code == 404


async def test_what_may_be_done_with_a_subscription_follows_its_transport_and_the_reader(
    partner, as_person, receiver
):
    address = await made(partner, receiver.url)
    feed = await partner.post(
        "/v1/subscriptions", json={"name": "Đọc", "transport": "feed"}, headers=key()
    )
    everywhere = ["change", "pause", "recover", "delete"]
    assert feed.json()["allowed"] == everywhere
    assert (await partner.get(address)).json()["allowed"] == [*everywhere, "rotate_secret", "test"]
    assert (await (await as_person("office")).get(address)).json()["allowed"] == []


async def test_another_partners_webhook_is_not_there(partner, as_person, office, world, receiver):
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    other = (await office.partner())["id"]
    await world.rows("UPDATE subscription SET partner_id = CAST(:id AS uuid)", id=other)
    id_ = address.rsplit("/", 1)[1]
    answers = [
        await partner.post(f"{address}/rotate_secret", headers=key()),
        await partner.post(f"{address}/recover", json={"after": ""}, headers=key()),
        await partner.post(f"{address}/test", json={"type": "x"}, headers=key()),
        await partner.get("/v1/deliveries", params={"subscription_id": id_}),
        await partner.get(f"{address}/secrets"),
        await partner.get(f"/v1/deliveries/{id_}"),
        await partner.post(f"/v1/deliveries/{id_}/retry", headers=key()),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert (await partner.get("/v1/deliveries")).status_code == 403  # mails
    admin = await as_person("admin")
    assert (await admin.get("/v1/deliveries", params={"subscription_id": id_})).is_success


async def test_everything_since_a_time_or_behind_a_cursor_comes_again_under_the_same_ids(
    partner, world, receiver, eventually
):
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    async with sending(world):
        await world.happen(w.created(1))
        moment = datetime.now(UTC)
        [second] = await world.happen(w.created(2))
        await eventually(lambda: len(receiver.requests) == 2)

        async def settled():
            rows = await world.rows("SELECT 1 FROM webhook_delivery WHERE state = 'delivered'")
            return len(rows) == 2

        await eventually(settled)
        given = {"since": moment.isoformat()}
        answer = await partner.post(f"{address}/recover", json=given, headers=key())
        assert answer.status_code == 200, answer.text
        await eventually(lambda: len(receiver.requests) == 3)
        assert receiver.ids[2] == str(second.id)
        await eventually(settled)
        feed = (await partner.get("/v1/events", params={"limit": 1})).json()
        answer = await partner.post(
            f"{address}/recover", json={"after": feed["next"]}, headers=key()
        )
        assert answer.status_code == 200, answer.text
        await eventually(lambda: len(receiver.requests) == 4)
        assert receiver.ids[3] == str(second.id)


async def waiting(world, count):
    rows = await world.rows("SELECT attempts FROM webhook_delivery WHERE state = 'pending'")
    return len(rows) == count and any(row.attempts for row in rows)


async def test_what_stands_in_the_line_of_a_receiver_waits_and_its_cursor_is_before_it(
    partner, world, receiver, eventually
):
    receiver.statuses = [500]
    await world.happen(w.created(1))
    address = await made(partner, receiver.url)
    begun = (await partner.get(address)).json()["cursor"]
    await secret_of(partner, address)
    sent = await world.happen(w.created(2), w.created(3))
    async with sending(world):
        await eventually(lambda: waiting(world, 2))
    await world.rows("UPDATE public_event SET kept_at = kept_at - interval '90 seconds'")
    seen = (await partner.get(address)).json()
    assert seen["lag"]["events"] == 2, "neither was taken"
    assert 90 <= seen["lag"]["seconds"] < 150
    asked = {"subscription_id": seen["id"]}
    for query in (asked, {"after": seen["cursor"]}, {"after": begun}):
        page = (await partner.get("/v1/events", params=query)).json()
        assert sorted(event["id"] for event in page["data"]) == sorted(str(e.id) for e in sent)
    receiver.statuses = [200]
    await partner.post(f"{address}/recover", json={"after": begun}, headers=key())
    assert (await partner.get(address)).json()["lag"]["events"] == 2, "none is counted twice"
    async with sending(world):
        await eventually(lambda: len(set(receiver.ids)) == 2)

        async def nothing_waits():
            return (await partner.get(address)).json()["lag"]["events"] == 0

        await eventually(nothing_waits)


async def test_going_on_from_now_leaves_out_what_stands_in_the_line(
    partner, world, receiver, eventually
):
    receiver.statuses = [500]
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    async with sending(world):
        await world.happen(w.created(1), w.created(2))
        await eventually(lambda: waiting(world, 2))
        answer = await partner.post(f"{address}/recover", json={"after": "now"}, headers=key())
        assert answer.json()["lag"]["events"] == 0
        receiver.statuses = [200]
        before = len(receiver.requests)
        later = await world.happen(w.created(3))
        await eventually(lambda: len(receiver.requests) > before)
    assert set(receiver.ids[before:]) == {str(each.id) for each in later}
    rows = await world.rows("SELECT error FROM webhook_delivery WHERE state = 'failed'")
    assert [row.error for row in rows] == ["not sent: the subscription was put behind it"] * 2


@pytest.mark.parametrize("act", ["retry", "recover", "move", "pause and resume"])
async def test_who_acts_does_not_wait_until_the_hour_the_receiver_named_before(
    partner, world, receiver, eventually, act
):
    receiver.statuses, receiver.headers = [503], {"retry-after": "3600"}
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    asked = {"subscription_id": address.rsplit("/", 1)[1]}
    async with sending(world):
        await world.happen(w.created(1))

        async def held():
            return await world.rows("SELECT 1 FROM webhook_target WHERE hold_until > now()")

        await eventually(held)
        receiver.statuses, receiver.headers = [200], {}
        if act == "retry":
            [row] = (await partner.get("/v1/deliveries", params=asked)).json()["data"]
            answer = await partner.post(f"/v1/deliveries/{row['id']}/retry", headers=key())
        elif act == "recover":
            answer = await partner.post(f"{address}/recover", json={"after": ""}, headers=key())
        elif act == "move":
            etag = (await partner.get(address)).headers["etag"]
            moved = {"url": f"{receiver.url}/moved"}
            answer = await partner.patch(address, json=moved, headers={"If-Match": etag})
        else:
            await partner.post(f"{address}/pause", json={}, headers=key())
            answer = await partner.post(f"{address}/resume", headers=key())
        assert answer.is_success, answer.text
        await eventually(lambda: len(receiver.requests) == 2)


@pytest.mark.parametrize("body", [{}, {"since": "2025-11-03T08:00:00Z", "after": "x"}])
async def test_going_back_needs_exactly_one_of_time_and_cursor(partner, receiver, body):
    address = await made(partner, receiver.url)
    answer = await partner.post(f"{address}/recover", json=body, headers=key())
    assert (answer.status_code, answer.json()["code"]) == (422, "recover_from")


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_going_back_to_a_time_beyond_the_calendar_is_refused_by_name(
    partner, receiver, since
):
    address = await made(partner, receiver.url)
    answer = await partner.post(f"{address}/recover", json={"since": since}, headers=key())
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/since"


async def test_going_back_takes_the_words_a_new_subscription_takes(world, partner, receiver):
    await world.happen(w.created(1))
    address = await made(partner, receiver.url)
    for after, waiting in (("", 1), ("now", 0)):
        answer = await partner.post(f"{address}/recover", json={"after": after}, headers=key())
        assert answer.status_code == 200, answer.text
        assert answer.json()["lag"]["events"] == waiting


async def test_no_example_goes_to_a_partner_that_was_revoked(partner, office, receiver):
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    owner = (await partner.get(address)).json()["partner_id"]
    await office.post(f"/v1/partners/{owner}/revoke")
    body = {"type": "tasks.assignment_created.v1"}
    answer = await office.post(f"{address}/test", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "partner_revoked")


async def test_a_disabled_webhook_goes_on_by_a_named_act_and_loses_nothing(
    partner, as_person, world, receiver, eventually
):
    receiver.statuses = [410]
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    async with sending(world):
        await world.happen(w.created(1))

        async def disabled():
            return (await partner.get(address)).json()["state"] == "disabled"

        await eventually(disabled)
        said = [
            (await partner.get(address, headers={"Accept-Language": language})).json()
            for language in ("vi", "en")
        ]
        assert [each["state_reason"] for each in said] == [
            "bên nhận trả lời 410: không nhận tin nữa",
            "the receiver answered 410: it takes no more events",
        ]
        listed = (await (await as_person("office")).get("/v1/deliveries")).json()["data"]
        assert "external@snv.example" in {each["address"] for each in listed}
        await world.happen(w.created(2))
        receiver.statuses = [200]
        answer = await partner.post(f"{address}/resume", headers=key())
        assert answer.status_code == 200, answer.text
        await eventually(lambda: len(set(receiver.ids)) == 2)


async def test_a_partners_copy_equals_the_feed_after_late_twice_wrong_and_a_deleted_database(
    partner, world, receiver, eventually
):
    """The receiver answers late, wrong and then right; what it kept is deleted; it recovers."""
    receiver.statuses = [500, 200, 503, 200]
    address = await made(partner, receiver.url)
    await secret_of(partner, address)
    async with sending(world):
        for number in range(1, 8):
            await world.happen(w.created(number), w.submitted(number + 10, f"r{number}"))
        expected = {each["subject"]: each for each in await _newest(partner)}
        await eventually(lambda: receiver.copy() == expected, within=20)
        receiver.requests.clear()  # its database is gone
        answer = await partner.post(
            f"{address}/recover", json={"since": "2020-01-01T00:00:00Z"}, headers=key()
        )
        assert answer.is_success
        await eventually(lambda: receiver.copy() == expected, within=20)


async def _newest(client):
    newest: dict[str, dict] = {}
    page = (await client.get("/v1/events", params={"limit": 200})).json()
    for event in page["data"] if "data" in page else page["events"]:
        known = newest.get(event["subject"])
        if known is None or known["aggregateversion"] < event["aggregateversion"]:
            newest[event["subject"]] = event
    return newest.values()
