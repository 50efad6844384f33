"""One's own notifications over HTTP, and live; nobody else's."""

import json

from tests.notifications import world as w
from tests.notifications.conftest import key

FIELDS = {
    "id", "category", "severity", "asks", "title", "body", "reason", "reason_text", "subject_type",
    "subject_id", "created_at", "read_at", "moot", "must_acknowledge", "acknowledged_at",
}  # fmt: skip
LISTED = FIELDS | {
    "items",
    "allowed",
}  # the stream grants nothing: it carries what the list says beside


async def test_the_list_is_ones_own_newest_first_and_says_why(world, as_person):
    await world.happen(w.created(1))
    await world.happen(w.created(2))
    officer = await as_person("officer_cchc")
    first = (await officer.get("/v1/notifications", params={"limit": 1})).json()
    second = (
        await officer.get("/v1/notifications", params={"limit": 1, "cursor": first["next_cursor"]})
    ).json()
    (newer,), (older,) = first["data"], second["data"]
    assert newer["title"] == "Nhiệm vụ mới NV-2025-0002: Mức độ hoàn thành kế hoạch"
    assert older["subject_id"] == str(w.id_of("assignment 1"))
    assert second["next_cursor"] is None
    assert newer.keys() == LISTED
    assert (newer["reason"], newer["subject_type"], newer["severity"], newer["read_at"]) == (
        "accountable", "assignment", "info", None,
    )  # fmt: skip
    assert newer["reason_text"] == "Bạn là người chịu trách nhiệm nhiệm vụ này"


async def test_english_by_switch(world, as_person):
    await world.happen(w.missed())
    director = await as_person("director")
    answer = await director.get("/v1/notifications", headers={"Accept-Language": "en"})
    (shown,) = answer.json()["data"]
    assert shown["title"] == "Satisfaction index 2025 misses its target: 89,99 %"
    assert shown["reason_text"] == "You direct this as the head of the department"


async def test_reading_counts_down_and_reading_again_changes_nothing(world, as_person):
    await world.happen(w.created(1), w.created(2), w.created(3))
    officer = await as_person("officer_cchc")
    listed = (await officer.get("/v1/notifications")).json()["data"]
    answers = [
        await officer.post(f"/v1/notifications/{listed[0]['id']}/read", json={}, headers=key())
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["read_at"] == answers[1].json()["read_at"] is not None
    assert (await officer.get("/v1/notifications/unread_count")).json() == {"unread": 2}
    unread = (await officer.get("/v1/notifications", params={"unread": "true"})).json()["data"]
    assert listed[0]["id"] not in {one["id"] for one in unread}
    every = await officer.post("/v1/notifications/read_all", json={}, headers=key())
    assert every.json() == {"unread": 0}
    assert (await officer.get("/v1/notifications/unread_count")).json() == {"unread": 0}
    read = (await officer.get("/v1/notifications", params={"unread": "false"})).json()["data"]
    assert len(read) == 3


async def test_somebody_elses_notification_does_not_exist(world, as_person):
    await world.happen(w.created())
    officer = await as_person("officer_cchc")
    (mine,) = (await officer.get("/v1/notifications")).json()["data"]
    for code in ("colleague_cchc", "head_cchc", "director", "admin"):
        other = await as_person(code)
        refused = await other.post(f"/v1/notifications/{mine['id']}/read", headers=key())
        assert (refused.status_code, refused.json()["code"]) == (404, "notification_not_found")
        listed = (await other.get("/v1/notifications")).json()["data"]
        assert mine["id"] not in {one["id"] for one in listed}
    assert (await officer.get("/v1/notifications/unread_count")).json() == {"unread": 1}


async def test_what_was_overtaken_is_kept_but_not_counted(world, as_person):
    await world.happen(w.overdue())
    await world.happen(w.accepted(), actor="office")
    officer = await as_person("officer_cchc")
    assert (await officer.get("/v1/notifications/unread_count")).json() == {"unread": 1}
    listed = (await officer.get("/v1/notifications")).json()["data"]
    assert {one["category"]: one["moot"] for one in listed} == {"deadline": True, "result": False}


async def test_an_external_system_is_not_let_in(as_person):
    external = await as_person("external")
    for method, path in (
        ("GET", "/v1/notifications"),
        ("GET", "/v1/notifications/unread_count"),
        ("POST", "/v1/notifications/read_all"),
        ("GET", "/v1/live"),
        ("GET", "/v1/deliveries"),
    ):
        refused = await external.request(method, path, headers=key())
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed"), path


async def test_mails_are_seen_by_administrators_and_the_office_and_retried_by_the_first(as_person):
    for code in ("office", "director", "auditor", "head_cchc"):
        person = await as_person(code)
        seen = (await person.get("/v1/deliveries")).status_code
        assert seen == (200 if code == "office" else 403)
        retried = await person.post(f"/v1/deliveries/{w.id_of('any')}/retry", headers=key())
        assert retried.status_code == 403


async def test_a_filter_that_does_not_exist_is_refused(as_person):
    officer = await as_person("officer_cchc")
    assert (await officer.get("/v1/notifications", params={"person_id": "x"})).status_code == 400


class Screen:
    """An open stream, read event by event."""

    def __init__(self, answer):
        self.lines = answer.aiter_lines()

    async def opened(self) -> "Screen":
        """Wait for the first line: from here on nothing is missed."""
        assert await anext(self.lines)
        return self

    async def next(self) -> dict:
        event: dict = {}
        async for line in self.lines:
            field, _, value = line.partition(":")
            if not line and "data" in event:
                event["data"] = json.loads(event["data"])
                return event
            if field in {"id", "event", "data"}:
                event[field] = value.removeprefix(" ")
        raise AssertionError("the stream ended")


async def test_a_notification_appears_live_and_after_a_break_nothing_is_missing(world, as_person):
    officer = await as_person("officer_cchc")
    async with officer.stream("GET", "/v1/live") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        screen = await Screen(answer).opened()
        await world.happen(w.created(1), actor="office")
        first = await screen.next()
    assert first["event"] == "notification"
    assert first["data"]["unread"] == 1
    assert first["data"]["notification"].keys() == FIELDS
    assert first["data"]["notification"]["title"].startswith("Nhiệm vụ mới NV-2025-0001")
    await world.happen(w.created(2))
    await world.happen(w.created(3))
    headers = {"Last-Event-ID": first["id"]}
    async with officer.stream("GET", "/v1/live", headers=headers) as answer:
        screen = await Screen(answer).opened()
        missed = [await screen.next(), await screen.next()]
    assert [one["data"]["unread"] for one in missed] == [2, 3]


async def test_of_a_burst_the_screen_shows_the_newest_and_the_count(world, as_person):
    officer = await as_person("officer_cchc")
    async with officer.stream("GET", "/v1/live") as answer:
        screen = await Screen(answer).opened()
        await world.happen(*[w.created(n) for n in range(1, 51)])
        shown = await screen.next()
        assert shown["data"]["unread"] == 1
        assert shown["data"]["notification"]["title"] == "50 nhiệm vụ mới"
        await officer.post("/v1/notifications/read_all", json={}, headers=key())
        after = await screen.next()
    assert (after["event"], after["data"]) == ("unread", {"unread": 0})


async def test_nobody_sees_another_persons_stream(world, as_person):
    colleague = await as_person("colleague_cchc")
    async with colleague.stream("GET", "/v1/live") as answer:
        screen = await Screen(answer).opened()
        await world.happen(w.created(1))
        await world.happen(w.created(2, accountable_person_id=w.id_of("colleague_cchc")))
        first = await screen.next()
    assert first["data"]["notification"]["title"].startswith("Nhiệm vụ mới NV-2025-0002")
    assert first["data"]["unread"] == 1
