"""Who is urged: the people named, once, past every digest, until they say that they know."""

import json
from datetime import date

import pytest
from tests.notifications import world as w
from tests.notifications.urgings import urged
from tests.notifications.world import envelope, id_of

from contracts import tasks
from notifications import handlers


async def said(world, of_type: str = "") -> list[dict]:
    rows = await world.rows("SELECT envelope FROM event_log ORDER BY seq")
    found = [json.loads(row.envelope) for row in rows]
    return [each for each in found if each["type"].endswith(f"{of_type}.v1")]


async def test_exactly_those_named_are_told_each_in_words_of_their_own(world):
    await world.happen(urged("officer_cchc"), urged("head_ldvl", unit="LDVL"), actor="office")
    told = await world.told()
    events = await said(world, "notice_sent")
    assert told == {"officer_cchc": ["urged"], "head_ldvl": ["urged"]}
    assert {each["data"]["notice"]["about_id"] for each in events} == {str(id_of("urging"))}
    assert len(events) == 2
    rows = await world.rows("SELECT facts FROM notification")
    assert {row.facts["words"] for row in rows} == {
        "Đề nghị officer_cchc làm ngay", "Đề nghị head_ldvl làm ngay",
    }  # fmt: skip


async def test_nobody_stands_in_who_is_not_named(world):
    away = {"absent_from": date(2020, 1, 1), "absent_until": date(2099, 1, 1),
            "substitute_id": id_of("colleague_cchc")}  # fmt: skip
    await world.happen(w.person_changed("officer_cchc", version=2, **away))
    await world.happen(urged("officer_cchc"))
    assert await world.told() == {"officer_cchc": ["urged"]}


async def test_delivered_twice_or_half_way_each_is_reached_once(world):
    travelling = envelope(urged("officer_cchc", "colleague_cchc", "head_cchc"))
    await world.rows(
        "ALTER TABLE event_log ADD CONSTRAINT killed CHECK (type NOT LIKE 'notifications.%')"
    )
    await world.consumer.apply([travelling])  # everything is stored but the last, and rolled back
    nobody = await world.told()
    await world.rows("ALTER TABLE event_log DROP CONSTRAINT killed")
    await try_again(world)
    await world.consumer.apply([travelling])
    assert nobody == {}
    assert await world.told() == {
        code: ["urged"] for code in ("officer_cchc", "colleague_cchc", "head_cchc")
    }
    assert len(await said(world, "notice_sent")) == 3


async def try_again(world) -> None:
    await world.rows("UPDATE inbox SET next_attempt_at = now() WHERE state = 'failed'")
    await world.consumer.retry_due()


async def test_urging_is_gathered_into_no_digest(world):
    await world.happen(*(w.created(number) for number in range(1, 9)))
    await world.happen(urged("officer_cchc"))
    rows = await world.rows(
        "SELECT digest_id FROM notification WHERE event_type LIKE '%unit_urged%'"
    )
    assert [row.digest_id for row in rows] == [None]


async def test_somebody_the_directory_does_not_know_yet_is_waited_for(world):
    await world.happen(urged("officer_cchc", "newcomer"))
    assert await world.told() == {}
    await world.happen(w.person_changed("newcomer"))
    await try_again(world)
    assert set(await world.told()) == {"officer_cchc", "newcomer"}


@pytest.mark.parametrize(
    ("origin", "count", "title"),
    [
        ("office", 2, "Bạn được đôn đốc 2 nhiệm vụ"),
        ("ladder", 1, "Nhiệm vụ NV-2026-0001 quá hạn 3 ngày làm việc"),
        ("ladder", 7, "7 nhiệm vụ quá hạn, lâu nhất 3 ngày làm việc"),
    ],
)
async def test_it_is_said_in_true_words(world, as_person, origin, count, title):
    await world.happen(urged("officer_cchc", origin=origin, count=count))
    client = await as_person("officer_cchc")
    [notice] = (await client.get("/v1/notifications")).json()["data"]
    assert notice["title"] == title
    assert (notice["subject_type"], notice["subject_id"]) == ("urging", str(id_of("urging")))


def key(number: int) -> dict[str, str]:
    return {"Idempotency-Key": f"acknowledge-{number}"}


async def test_a_unit_that_has_not_reported_is_told_so(world, as_person):
    await world.happen(urged("head_ldvl", unit="LDVL", about="report"))
    client = await as_person("head_ldvl")
    asked = {"to_acknowledge": "true"}
    [notice] = (await client.get("/v1/notifications", params=asked)).json()["data"]
    assert notice["title"] == "Đơn vị của bạn được đôn đốc gửi báo cáo"
    assert notice["body"] == "Đề nghị head_ldvl làm ngay"


async def test_it_stands_on_every_page_until_the_person_says_that_they_know(world, as_person):
    await world.happen(urged("officer_cchc"), w.created(1))
    client = await as_person("officer_cchc")
    asked = {"to_acknowledge": "true"}
    [notice] = (await client.get("/v1/notifications", params=asked)).json()["data"]
    path = f"/v1/notifications/{notice['id']}"
    await client.post(f"{path}/read", headers=key(1))
    [still] = (await client.get("/v1/notifications", params=asked)).json()["data"]
    known = await client.post(f"{path}/acknowledge", headers=key(2))
    again = await client.post(f"{path}/acknowledge", headers=key(3))
    none = (await client.get("/v1/notifications", params=asked)).json()["data"]
    told = [each["type"].split(".")[1] for each in await said(world)]
    assert still["allowed"] == ["acknowledge"]
    assert (known.status_code, again.status_code) == (200, 200)
    assert known.json()["acknowledged_at"] == again.json()["acknowledged_at"]
    assert none == []
    assert told == ["notice_sent", "notice_seen", "obligation_acknowledged"]
    versions = [each["aggregateversion"] for each in await said(world)]
    assert versions == [1, 2, 3]


async def test_acknowledging_what_was_not_read_says_both(world, as_person):
    await world.happen(urged("officer_cchc"))
    client = await as_person("officer_cchc")
    [notice] = (await client.get("/v1/notifications")).json()["data"]
    await client.post(f"/v1/notifications/{notice['id']}/acknowledge", headers=key(4))
    last = (await said(world))[-1]["data"]["notice"]
    assert [each["aggregateversion"] for each in await said(world)] == [1, 2, 3]
    assert last["seen_at"]
    assert last["acknowledged_at"]


async def test_marking_all_as_read_says_that_it_was_seen(world, as_person):
    await world.happen(urged("officer_cchc"), w.created(1))
    client = await as_person("officer_cchc")
    await client.post("/v1/notifications/read_all", headers=key(5))
    assert len(await said(world, "notice_seen")) == 1


async def test_other_notices_ask_for_no_acknowledgement_and_are_nobody_elses(world, as_person):
    await world.happen(w.created(1), urged("head_ldvl", unit="LDVL"))
    client, other = await as_person("officer_cchc"), await as_person("head_ldvl")
    [notice] = (await client.get("/v1/notifications")).json()["data"]
    theirs = (await other.get("/v1/notifications", params={"to_acknowledge": "true"})).json()
    path = "/v1/notifications/{}/acknowledge"
    plain = await client.post(path.format(notice["id"]), headers=key(6))
    foreign = await client.post(path.format(theirs["data"][0]["id"]), headers=key(7))
    assert (plain.status_code, plain.json()["code"]) == (
        409, "notification_needs_no_acknowledgement",
    )  # fmt: skip
    assert foreign.status_code == 404
    assert all(each["type"].endswith("notice_sent.v1") for each in await said(world))


def test_other_systems_hear_nothing_of_it():
    assert tasks.UnitUrged.audience == "internal"
    assert tasks.UnitUrged not in handlers.PUBLIC
