"""Other systems read public events behind a cursor: none skipped, none changed, none private."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.conftest import eventually
from tests.notifications import world as w
from tests.notifications.conftest import key, serving, token

from chassis.messaging import decoding, outbox
from chassis.web import end_streams
from contracts import surveys, tasks
from contracts.catalogue import declared
from contracts.samples import example
from notifications import handlers
from notifications.subscribers.feed.keeping import keep, keep_months, written
from notifications.subscribers.subscriptions.positions import Position, cursor_of


@pytest.fixture
async def partner(as_person):
    """A client of another system."""
    return await as_person("external")


async def read(client, **query):
    answer = await client.get("/v1/events", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read_all(client, **query):
    """Return every event behind a cursor, page by page, and the cursor behind them."""
    events, page = [], {"next": query.pop("after", ""), "complete": False}
    while not page["complete"]:
        page = await read(client, after=page["next"], **query)
        events += page["data"]
    return events, page["next"]


def ids(events) -> list[str]:
    return [str(event["id"]) for event in events]


def of(envelopes) -> list[str]:
    return [str(envelope.id) for envelope in envelopes]


async def hold(world, *events):
    """Open a transaction that keeps events; return it, and how to end it."""
    session = world.database.sessions()
    await session.begin()
    envelopes = [w.envelope(event) for event in events]
    await keep(session, [received(each) for each in envelopes])
    return session, envelopes


def received(envelope):
    return decoding.received(envelope, replay=False)


async def test_what_happened_is_read_from_the_beginning_in_pages_and_goes_on_behind_the_cursor(
    world, partner
):
    first = await world.happen(w.activated(), w.created(1))
    second = await world.happen(w.progress(difficulty=True))
    page = await read(partner, limit=2)
    assert sorted(ids(page["data"])) == sorted(of(first))
    assert not page["complete"]
    rest = await read(partner, after=page["next"], limit=2)
    assert (ids(rest["data"]), rest["complete"]) == (of(second), True)
    assert (await read(partner, after=rest["next"]))["data"] == []
    third = await world.happen(w.accepted())
    assert ids((await read(partner, after=rest["next"]))["data"]) == of(third)


async def test_the_link_of_a_page_leads_on_by_the_same_filters_and_out_of_the_snapshots(
    world, partner
):
    await world.happen(w.activated(), w.created(1), w.created(2))
    created = "tasks.assignment_created.v1"
    first = await partner.get(f"/v1/events?types={created}&limit=1")
    query = first.links["next"]["url"]
    second = await partner.get(f"/v1/events{query}")
    newest = await partner.get("/v1/events?snapshots=true")
    meanwhile = await world.happen(w.accepted())
    rest = await partner.get(f"/v1/events{newest.links['next']['url']}")

    found = [*first.json()["data"], *second.json()["data"]]
    assert [event["type"] for event in found] == [created] * 2
    assert len({event["id"] for event in found}) == 2
    assert newest.json()["complete"]
    assert ids(rest.json()["data"]) == of(meanwhile)


async def test_a_page_costs_what_it_holds_however_much_is_behind_it(world, partner):
    """Of one large transaction the planner believes that hardly anything is left."""
    sample = example(tasks.ProgressReported)
    await world.rows(
        "INSERT INTO public_event (id, type, subject, version, unit_ids, occurred_at, envelope)"
        " SELECT gen_random_uuid(), :type, gen_random_uuid(), 1, '{}', now(), :envelope"
        " FROM generate_series(1, 8000)",
        type=sample.type, envelope=written(sample),
    )  # fmt: skip
    await world.rows("ANALYZE public_event")
    name = world.url.rsplit("/", 1)[1]
    await world.rows(f'ALTER DATABASE "{name}" SET temp_file_limit = 0')  # what is sorted on disk
    await world.database.engine.dispose()
    first = await read(partner, limit=100)
    second = await read(partner, after=first["next"], limit=5000)
    assert (len(second["data"]), second["complete"]) == (5000, False)


async def test_a_newcomer_may_begin_now(world, partner):
    await world.happen(w.created(1))
    now = await read(partner, after="now")
    assert (now["data"], now["complete"]) == ([], True)
    later = await world.happen(w.created(2))
    assert ids((await read(partner, after=now["next"]))["data"]) == of(later)


async def test_an_envelope_leaves_byte_for_byte_as_it_was_written_but_for_who_it_was(
    world, partner
):
    state = w.assignment(4, content='Rà soát "tiến độ" ⚑ \\ \u2028', due_on=None)
    now = datetime(2025, 3, 31, 23, 59, 59, 1000, tzinfo=UTC)
    columns = outbox.columns(
        [w.tasks.AssignmentChanged(assignment=state), w.index_changed()], now=now,
        actor_id=w.id_of("office"),
    )  # fmt: skip
    body = f"[{','.join(columns['event_envelopes'])}]".encode()
    await world.consumer.apply(decoding.decode(body, handlers.router))
    answer = await partner.get("/v1/events")
    for envelope in columns["event_envelopes"]:
        actor, person = (f'"actorid":"{w.id_of("office")}",', f'"{w.id_of("officer_cchc")}"')
        assert actor in envelope
        assert envelope.replace(actor, "").replace(person, "null") in answer.text


@pytest.mark.parametrize("type_", sorted(declared()))
def test_every_kind_of_envelope_is_written_again_as_it_was_read(type_):
    envelope = example(declared()[type_])
    assert written(type(envelope).model_validate_json(written(envelope))) == written(envelope)


async def test_nothing_is_skipped_when_the_older_of_two_writers_commits_last(world, partner):
    early, first = await hold(world, w.created(1))
    late, second = await hold(world, w.created(2))
    await late.commit()
    page = await read(partner)
    assert page["data"] == [], "the older one may still commit in front of it"
    await early.commit()
    await asyncio.gather(early.close(), late.close())
    after = await read(partner, after=page["next"])
    assert ids(after["data"]) == of([*first, *second])


async def test_a_reader_under_writers_in_any_order_reads_each_event_once(world, partner):
    expected = []

    async def write(number: int):
        session, envelopes = await hold(world, w.created(number))
        await asyncio.sleep((number * 7 % 5) / 50)  # why: the writers commit in another order
        await session.commit()
        await session.close()
        expected.extend(of(envelopes))

    writers = asyncio.gather(*(write(number) for number in range(1, 9)))
    seen, cursor = [], ""
    while not writers.done() or len(seen) < len(expected):
        page = await read(partner, after=cursor, wait=1)
        seen, cursor = seen + ids(page["data"]), page["next"]
    assert sorted(seen) == sorted(expected)


async def test_whoever_waits_is_woken_within_a_second(world, partner):
    start = (await read(partner, after="now"))["next"]
    waiting = asyncio.create_task(read(partner, after=start, wait=4))
    await asyncio.sleep(0.3)  # why: it shall be waiting when the event comes
    began = time.monotonic()
    happened = await world.happen(w.created(1))
    page = await waiting
    assert ids(page["data"]) == of(happened)
    assert time.monotonic() - began < 1


async def test_whoever_waits_is_told_of_what_an_older_writer_holds_up_once_that_one_ends(
    world, partner
):
    start = (await read(partner, after="now"))["next"]
    older, _ = await hold(world, w.created(1))
    waiting = asyncio.create_task(
        read(partner, after=start, wait=4, types="tasks.plan_activated.v1")
    )
    happened = await world.happen(w.activated())
    await asyncio.sleep(0.3)  # why: the event is there, but may not be shown yet
    assert not waiting.done()
    began = time.monotonic()
    await older.rollback()
    await older.close()
    assert ids((await waiting)["data"]) == of(happened)
    assert time.monotonic() - began < 1


async def test_many_who_wait_hold_no_connection_of_the_database(world, as_person):
    people = [await as_person(code) for code in ("external", "admin", "office", "auditor")]
    start = (await read(people[0], after="now"))["next"]
    waits = [
        asyncio.create_task(read(person, after=start, wait=4))
        for person in people
        for _ in range(6)
    ]
    await asyncio.sleep(0.5)  # why: all of them shall be waiting
    listed = await people[1].get("/v1/notifications")
    assert listed.status_code == 200
    happened = await world.happen(w.created(1))
    assert [ids(page["data"]) for page in await asyncio.gather(*waits)] == [of(happened)] * 24


async def test_who_waits_for_another_kind_goes_on_waiting(world, partner):
    start = (await read(partner, after="now"))["next"]
    waiting = asyncio.create_task(
        read(partner, after=start, types="tasks.result_accepted.v1", wait=4)
    )
    await world.happen(w.created(1))
    accepted = await world.happen(w.accepted())
    assert ids((await waiting)["data"]) == of(accepted)


async def test_an_unchanged_answer_is_not_sent_again(world, partner):
    await world.happen(w.created(1))
    first = await partner.get("/v1/events")
    again = {"If-None-Match": first.headers["ETag"]}
    assert (await partner.get("/v1/events", headers=again)).status_code == 304
    await world.happen(w.created(2))
    assert (await partner.get("/v1/events", headers=again)).status_code == 200


async def test_types_and_units_narrow_what_is_read(world, partner):
    await world.happen(w.activated(), w.index_changed())
    other = {"unit_id": w.id_of("TTR"), "coordinating_unit_ids": []}
    (mine,) = await world.happen(w.created(1))
    (others,) = await world.happen(w.created(2, **other))
    (opened,) = await world.happen(surveys.RoundOpened(round=w.survey_round()))
    of_tasks, _ = await read_all(partner, types="tasks.assignment_created.v1, surveys.*")
    assert ids(of_tasks) == of([mine, others, opened])
    helped, _ = await read_all(partner, units=str(w.id_of("LDVL")))
    assert ids(helped) == of([mine])
    asked, _ = await read_all(partner, units=f"{w.id_of('TTR')},{w.id_of('CCHC')}")
    assert ids(asked) == of([mine, others, opened])


@pytest.mark.parametrize(
    ("query", "code", "named"),
    [
        ({"types": "tasks.nhiem_vu_moi.v1"}, "event_type_unknown", "tasks.nhiem_vu_moi.v1"),
        ({"types": "tasks.*,luong.*"}, "event_type_unknown", "luong.*"),
        ({"types": "tasks.person_changed.v1"}, "event_type_unknown", "tasks.person_changed.v1"),
        ({"types": "tasks"}, "event_type_unknown", "tasks"),
        ({"after": "12.7"}, "cursor_invalid", "12.7"),
        ({"after": "hôm qua"}, "cursor_invalid", "hôm qua"),
        ({"units": "VP"}, "unit_unknown", "VP"),
        ({"units": "11111111-1111-4111-8111-111111111111"}, "unit_unknown", "11111111"),
        ({"wait": "31"}, "input_invalid", "30"),
    ],
)
async def test_what_cannot_be_asked_for_is_named(partner, query, code, named):
    answer = await partner.get("/v1/events", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    (error,) = answer.json()["errors"]
    assert (error["source"], error["pointer"].split("/")[1]) == ("query", next(iter(query)))
    assert named in error["message"]


async def test_a_cursor_made_up_or_changed_is_refused(world, partner):
    await world.happen(w.created(1))
    good = (await read(partner))["next"]
    for place in (0, len(good) // 2, len(good) - 1):
        other = "A" if good[place] != "A" else "B"
        forged = good[:place] + other + good[place + 1 :]
        answer = await partner.get("/v1/events", params={"after": forged})
        assert answer.status_code == 422 or (await read(partner, after=forged))["data"] == []


async def test_a_cursor_from_before_the_database_was_put_back_is_refused_not_waited_with(partner):
    from_later = cursor_of(Position(10**12, 7), b"of the tests")
    answer = await partner.get("/v1/events", params={"after": from_later})
    assert (answer.status_code, answer.json()["code"]) == (409, "cursor_ahead")
    assert "snapshots=true" in answer.json()["detail"]


async def test_only_public_events_are_kept_whatever_comes(world, partner):
    """Attacked: internal events reach the service in every way there is."""
    await world.happen(w.person_changed("officer_cchc", version=2, name="Tên riêng"))
    await world.happen(w.unit_changed("TTR", version=2))
    await world.happen(w.days_off())
    (public,) = await world.happen(w.created(1))
    everything, _ = await read_all(partner)
    assert ids(everything) == of([public])
    kept = await world.rows("SELECT DISTINCT type FROM public_event")
    internal = {name for name, event in declared().items() if event.audience == "internal"}
    assert not internal & {row.type for row in kept}


async def test_an_internal_event_that_is_in_the_table_all_the_same_does_not_leave(world, partner):
    forged = example(declared()["tasks.person_changed.v1"])
    async with world.database.sessions.begin() as session:
        await keep(session, [received(forged)])
    await world.happen(w.created(1))
    for query in ({}, {"units": str(w.id_of("CCHC"))}, {"snapshots": "true"}):
        events, _ = await read_all(partner, **query)
        assert {event["type"] for event in events} == {"tasks.assignment_created.v1"}


def test_the_service_keeps_every_public_type_and_no_other():
    public = {name for name, event in declared().items() if event.audience == "public"}
    assert {event.type for event in handlers.PUBLIC} == public == handlers.copies.routes.keys()


async def test_copies_of_an_event_are_kept_once(world, partner):
    (envelope,) = await world.happen(w.created(1))
    async with world.database.sessions.begin() as session:
        await keep(session, [received(envelope)])
    await world.rows("DELETE FROM inbox")
    await world.consumer.apply([envelope])
    assert ids((await read_all(partner))[0]) == of([envelope])


async def test_snapshots_hold_the_newest_of_every_subject_and_lead_on_without_a_gap(world, partner):
    await world.happen(*(w.created(number) for number in range(1, 8)))
    (newest,) = await world.happen(w.progress(difficulty=False))
    page = await read(partner, snapshots=True, limit=3)
    found = page["data"]
    meanwhile = await world.happen(w.submitted())  # of the first, which was changed before, too
    while not page["complete"]:
        page = await read(partner, snapshots=True, limit=3, after=page["next"])
        found += page["data"]
    assert len(found) == len({event["subject"] for event in found}) == 7
    versions = {event["subject"]: event["aggregateversion"] for event in found}
    assert versions[str(newest.subject)] == 2
    assert ids((await read_all(partner, after=page["next"]))[0]) == of(meanwhile)


async def test_an_older_version_that_came_later_is_not_the_snapshot(world, partner):
    (newest,) = await world.happen(w.accepted())
    await world.happen(w.created(1))
    page = await read(partner, snapshots=True)
    assert ids(page["data"]) == of([newest])


async def test_two_years_are_kept_and_what_is_older_goes(world, partner):
    now = datetime.now(UTC)
    old = [w.envelope(w.created(number), time=now - timedelta(days=days))
           for number, days in ((1, 800), (2, 720), (3, 1))]  # fmt: skip
    await world.consumer.apply(old)
    async with world.database.sessions.begin() as session:
        await keep_months(session, now)
        await keep_months(session, now)
    assert ids((await read_all(partner))[0]) == of(old[1:])
    async with world.database.sessions.begin() as session:
        await keep_months(session, now + timedelta(days=31 * 26))
    assert (await read_all(partner))[0] == []


async def test_a_month_later_there_is_a_partition_for_what_happens_then(world, partner):
    later = datetime.now(UTC) + timedelta(days=150)
    async with world.database.sessions.begin() as session:
        await keep_months(session, later)
    await world.consumer.apply([w.envelope(w.created(1), time=later)])
    held = await world.rows("SELECT tableoid::regclass::text AS held FROM public_event")
    assert [row.held for row in held] == [f"public_event_{later:%Y_%m}"]


async def test_people_without_a_part_in_it_may_not_read_the_feed(as_person):
    for code, status in (("officer_cchc", 403), ("head_cchc", 403), ("auditor", 200)):
        assert (await (await as_person(code)).get("/v1/events")).status_code == status


async def test_a_subscription_remembers_what_its_reader_has_acknowledged(world, partner):
    body = {"name": "Trục liên thông", "transport": "feed", "types": ["tasks.*"], "after": ""}
    made = await partner.post("/v1/subscriptions", json=body, headers=key())
    assert made.status_code == 201, made.text
    subscription = {"subscription_id": made.json()["id"]}
    first = await world.happen(w.created(1))
    second = await world.happen(w.created(2))
    page = await read(partner, limit=1, **subscription)
    assert ids(page["data"]) == of(first)
    assert ids((await read(partner, limit=1, **subscription))["data"]) == of(first)
    assert ids((await read(partner, after=page["next"], **subscription))["data"]) == of(second)
    assert ids((await read(partner, **subscription))["data"]) == of(second), "it goes on there"
    assert len((await read(partner, after="", **subscription))["data"]) == 2
    assert ids((await read(partner, **subscription))["data"]) == of(second), "and never backwards"


async def test_a_wait_ends_when_the_process_is_told_to_stop(service, world, issuer):
    app = service.http(world.database)
    async with serving(app) as address:
        headers = {"Authorization": f"Bearer {token(issuer, 'external')}"}
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=40) as client:
            waiting = asyncio.create_task(client.get("/v1/events", params={"wait": 30}))
            await eventually(lambda: bool(app.state.live._seats))
            began = time.monotonic()
            end_streams(app)
            assert (await waiting).json()["data"] == []
            assert time.monotonic() - began < 2
