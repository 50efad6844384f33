"""A burst is one line per person: true counts, what asks first, and reading it reads it all."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.conftest import eventually
from tests.notifications import world as w
from tests.notifications.conftest import key
from tests.notifications.test_following import Statements

from chassis.clock import local_date
from chassis.database import Database
from notifications.ledger.models import DIGEST, MOST_HELD

TODAY = local_date(datetime.now(UTC))
# Two weeks are ten working days, whatever day it is.
LATE, SOON = TODAY - timedelta(days=14), TODAY + timedelta(days=9)


def late(numbers, **changed):
    return [w.overdue(number=n, due_on=LATE, **changed) for n in numbers]


async def bell(person) -> list[dict]:
    return (await person.get("/v1/notifications")).json()["data"]


async def unread(person) -> int:
    return (await person.get("/v1/notifications/unread_count")).json()["unread"]


async def test_a_plan_put_into_force_is_one_line_for_each_person_with_all_its_tasks(
    world, as_person
):
    head = await as_person("head_cchc")
    await world.happen(w.activated(), *[w.created(n) for n in range(1, 58)], actor="office")
    await world.happen(*late(range(1, 31)))
    digest, plan = await bell(head)
    assert plan["subject_type"] == "plan"
    assert digest["title"] == "30 nhiệm vụ đã quá hạn, 57 nhiệm vụ mới"
    assert (digest["severity"], digest["asks"]) == ("critical", True)
    assert await unread(head) == 2
    assert len(digest["items"]) == 87
    assert {item["subject_type"] for item in digest["items"]} == {"assignment"}
    assert len({item["subject_id"] for item in digest["items"]}) == 57
    assert all("quá hạn 10 ngày làm việc" in item["title"] for item in digest["items"][:30])


async def test_whoever_never_reads_gets_another_digest_once_one_is_full(world, as_person):
    await world.happen(*[w.created(n) for n in range(1, MOST_HELD + 20)])
    await world.happen(*[w.created(n) for n in range(1000, 1030)])
    await world.happen(*late(range(1000, 1010)))
    newest, full = await bell(await as_person("head_cchc"))
    assert (newest["title"], len(newest["items"])) == (
        "10 nhiệm vụ đã quá hạn, 30 nhiệm vụ mới",
        40,
    )
    assert full["title"] == f"{MOST_HELD + 19} nhiệm vụ mới"


async def test_reading_a_digest_reads_all_it_holds(world, as_person):
    await world.happen(*[w.created(n) for n in range(1, 12)])
    officer = await as_person("officer_cchc")
    (digest,) = await bell(officer)
    path = f"/v1/notifications/{digest['id']}/read"
    answer = await officer.post(path, json={}, headers=key())
    assert answer.json()["read_at"] is not None
    assert all(item["read_at"] for item in answer.json()["items"])
    assert await unread(officer) == 0
    left = await world.rows(
        "SELECT 1 FROM notification WHERE person_id = :p AND read_at IS NULL",
        p=w.id_of("officer_cchc"),
    )
    assert left == []


async def test_a_digest_counts_what_still_waits_and_is_settled_with_the_last_of_it(
    world, as_person
):
    await world.happen(*late(range(1, 7)))
    head = await as_person("head_cchc")
    for number in range(1, 6):
        await world.happen(
            w.tasks.ResultSubmitted(
                assignment=w.assignment(number, version=3, status="submitted"),
                result_id=w.id_of(f"result {number}"), evidence_count=1,
            ), actor="officer_cchc",
        )  # fmt: skip
    (digest,) = await bell(head)
    assert (digest["title"], digest["moot"]) == ("1 nhiệm vụ đã quá hạn", False)
    assert [item["moot"] for item in digest["items"]] == [False] + [True] * 5
    await world.happen(
        w.tasks.ResultSubmitted(
            assignment=w.assignment(6, version=3, status="submitted"),
            result_id=w.id_of("result 6"), evidence_count=1,
        ), actor="officer_cchc",
    )  # fmt: skip
    (digest,) = await bell(head)
    assert (digest["moot"], digest["allowed"]) == (True, [])
    assert await unread(head) == 0


async def test_reading_the_things_of_a_digest_one_by_one_reads_the_digest(world, as_person):
    await world.happen(*[w.created(n) for n in range(1, 6)])
    officer = await as_person("officer_cchc")
    (digest,) = await bell(officer)
    for item in digest["items"]:
        path = f"/v1/notifications/{item['id']}/read"
        assert (await officer.post(path, json={}, headers=key())).status_code == 200
    (digest,) = await bell(officer)
    assert digest["read_at"] is not None
    assert await unread(officer) == 0


async def test_a_few_things_are_told_one_by_one_and_a_digest_that_was_read_stays_read(
    world, as_person
):
    officer = await as_person("officer_cchc")
    await world.happen(*[w.created(n) for n in range(1, 5)])
    assert len(await bell(officer)) == 4
    await world.happen(w.created(5))
    (digest,) = await bell(officer)
    assert digest["title"] == "5 nhiệm vụ mới"
    await officer.post("/v1/notifications/read_all", json={}, headers=key())
    await world.happen(*[w.created(n) for n in range(6, 12)])
    newer, older = await bell(officer)
    assert (newer["title"], newer["read_at"]) == ("6 nhiệm vụ mới", None)
    assert older["id"] == digest["id"]
    assert older["read_at"] is not None


async def test_what_asks_for_an_act_stays_on_top_until_it_is_settled(world, as_person):
    await world.happen(w.submitted(), actor="officer_cchc")
    await world.happen(*[w.created(n, unit_id=w.id_of("VP")) for n in range(20, 30)])
    await world.happen(w.criteria_set_published())
    office = await as_person("office")
    asking, *rest = await bell(office)
    assert "chờ duyệt" in asking["title"]
    assert [one["asks"] for one in rest] == [False, False]
    first = (await office.get("/v1/notifications", params={"limit": 1})).json()
    more = {"limit": 2, "cursor": first["next_cursor"]}
    following = (await office.get("/v1/notifications", params=more)).json()["data"]
    assert [one["id"] for one in [*first["data"], *following]] == [
        one["id"] for one in [asking, *rest]
    ]
    await world.happen(w.accepted(), actor="office_2")
    assert (await bell(office))[-1]["moot"]


async def test_workers_that_tell_the_same_people_at_once_make_one_digest_each(world, as_person):
    other = Database(world.url)
    theirs = w.World(other, world.url)
    await asyncio.gather(
        world.happen(*[w.created(n) for n in range(1, 41)]),
        theirs.happen(*[w.created(n) for n in range(60, 20, -1)]),
    )
    await other.close()
    officer = await as_person("officer_cchc")
    (digest,) = await bell(officer)
    assert digest["title"] == "60 nhiệm vụ mới"
    assert await world.rows("SELECT 1 FROM inbox WHERE state <> 'done'") == []


async def reads_one(world, as_person, loose):
    officer = await as_person("officer_cchc")
    answer = await officer.post(f"/v1/notifications/{loose}/read", json={}, headers=key())
    assert answer.status_code == 200


async def tells_more(world, _as_person, _loose):
    await world.happen(*[w.created(n) for n in range(20, 24)])


async def loses_access(world, _as_person, _loose):
    await world.happen(w.person_changed("officer_cchc", version=2, unit_id=w.id_of("TTR")))


@pytest.mark.parametrize("act", [reads_one, tells_more, loses_access])
async def test_whoever_moves_what_a_digest_holds_waits_for_the_digest_first(world, as_person, act):
    """Somebody holds the digest and takes what it holds next, as reading it all does."""
    await world.happen(*[w.created(n) for n in range(1, 6)])
    (digest,) = await bell(await as_person("officer_cchc"))
    if act is tells_more:  # what it takes stands beside the digest of a burst long ago
        await world.rows("UPDATE notification SET created_at = created_at - interval '1 hour'")
    await world.happen(w.created(6))
    (later,) = await world.rows(
        "SELECT id FROM notification WHERE person_id = :p AND subject_id = :s",
        p=w.id_of("officer_cchc"), s=w.id_of("assignment 6"),
    )  # fmt: skip
    lock = text("SELECT id FROM notification WHERE id = :id FOR UPDATE NOWAIT")
    async with world.database.sessions.begin() as holder:
        await holder.execute(lock, {"id": digest["id"]})
        acting = asyncio.ensure_future(act(world, as_person, later.id))
        await eventually(lambda: _waiting(world))
        await holder.execute(lock, {"id": later.id})
    await acting


def handed_in(number):
    state = w.assignment(number, version=3, status="submitted")
    result_id = w.id_of(f"result {number}")
    return w.tasks.ResultSubmitted(assignment=state, result_id=result_id, evidence_count=1)


async def accepts_one(world):
    state = w.assignment(1, version=4, status="done")
    result_id = w.id_of("result 1")
    event = w.tasks.ResultAccepted(assignment=state, result_id=result_id, on_time=True)
    await world.happen(event, actor="office")


async def loses_one(world):
    await world.happen(w.person_changed("officer_cchc", version=2, active=False))


@pytest.mark.parametrize(("act", "settled"), [(accepts_one, "office"), (loses_one, "officer_cchc")])
async def test_what_is_settled_and_what_grows_with_it_is_locked_at_once(world, act, settled):
    """Somebody holds the head's digest, which grows, and takes the younger one that is settled."""
    await world.happen(*[w.created(n, accountable_person_id=None) for n in range(30, 36)])
    await world.happen(*[w.created(n) for n in range(20, 26)])
    await world.happen(*[handed_in(n) for n in range(1, 7)], actor="officer_cchc")
    older, younger = await digest_of(world, "head_cchc"), await digest_of(world, settled)
    assert older < younger
    lock = text("SELECT id FROM notification WHERE id = :id FOR UPDATE NOWAIT")
    async with world.database.sessions.begin() as holder:
        await holder.execute(lock, {"id": older})
        acting = asyncio.ensure_future(act(world))
        await eventually(lambda: _waiting(world))
        await holder.execute(lock, {"id": younger})
    await acting


async def test_an_accepted_result_is_told_in_few_statements_whatever_digests_it_moves(world):
    """Admitted and kept, 2; who is told, 3; locked, settled, 3; told, 4; shown, 3."""
    await world.happen(*[w.created(n) for n in range(20, 26)])
    await world.happen(*[handed_in(n) for n in range(1, 7)], actor="officer_cchc")
    with Statements().counted(world) as statements:
        await accepts_one(world)
    assert statements.count == 15


async def digest_of(world, person):
    (row,) = await world.rows(
        f"SELECT id FROM notification WHERE person_id = :p AND event_type = '{DIGEST}'",
        p=w.id_of(person),
    )
    return row.id


async def _waiting(world) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    return bool(await world.rows(f"{query} AND wait_event_type = 'Lock'"))


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_digest_speaks_the_readers_language(world, as_person, language):
    await world.happen(*late(range(1, 8)))
    head = await as_person("head_cchc")
    answer = await head.get("/v1/notifications", headers={"Accept-Language": language})
    (digest,) = answer.json()["data"]
    title = {"vi": "7 nhiệm vụ đã quá hạn", "en": "7 overdue assignment(s)"}
    assert digest["title"] == title[language]
    assert ("overdue by 10 working day(s)" in digest["items"][0]["title"]) == (language == "en")
