"""What is new for many subscriptions: what it costs, and that nothing is skipped or doubled."""

import asyncio
import contextlib
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from tests.notifications import world as w
from tests.notifications.receivers import Receiver
from tests.notifications.test_webhooks import subscribe

from chassis.messaging.decoding import received
from contracts import tasks
from contracts.samples import example
from notifications.subscribers.feed import following
from notifications.subscribers.feed.keeping import keep, written
from notifications.subscribers.subscriptions.positions import BEGINNING
from notifications.subscribers.webhooks.claims import Claim, Places, claim
from notifications.subscribers.webhooks.retrying import Answer
from notifications.subscribers.webhooks.settling import Outcome, settle
from notifications.subscribers.webhooks.spreading import Spreading

RECEIVER = Receiver(port=9)
ELSEWHERE = ["reporting.*"]  # types of which nothing happens here


@dataclass
class Statements:
    """How many statements went to the database."""

    count: int = 0

    @contextlib.contextmanager
    def counted(self, world):
        def note(*_):
            self.count += 1

        engine = world.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield self
        finally:
            event.remove(engine, "before_cursor_execute", note)


async def deliveries(world) -> list[tuple[str, str]]:
    rows = await world.rows(
        "SELECT subscription_id, event_id FROM webhook_delivery ORDER BY created_at, id"
    )
    return [(str(row.subscription_id), str(row.event_id)) for row in rows]


async def places(world) -> dict[str, tuple[str, int]]:
    rows = await world.rows("SELECT id, cursor_tx::text AS tx, cursor_seq FROM subscription")
    return {str(row.id): (row.tx, row.cursor_seq) for row in rows}


async def spread(world, spreading: Spreading) -> None:
    done = await spreading.step(world.database)
    if done.more:
        await asyncio.sleep(0.02)  # why: an older writer ends meanwhile
        await spread(world, spreading)


async def statements_to_spread(world) -> int:
    await world.happen(w.created(1))
    with Statements().counted(world) as statements:
        assert (await Spreading().step(world.database)).stored
    return statements.count


async def test_spreading_asks_as_much_for_sixty_receivers_as_for_three(world):
    for _ in range(3):
        await subscribe(world, RECEIVER)
    few = await statements_to_spread(world)
    for number in range(60):
        await subscribe(world, RECEIVER, types=ELSEWHERE if number % 2 else [])
    await world.rows("UPDATE subscription SET cursor_tx = '0', cursor_seq = 0")
    await world.rows("DELETE FROM webhook_delivery")
    assert await statements_to_spread(world) == few == 3


async def test_a_page_is_read_by_the_index_however_much_is_behind_it(world):
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
    for setting in ("work_mem = '64kB'", "temp_file_limit = 0"):  # what sorts a page fails
        await world.rows(f'ALTER DATABASE "{name}" SET {setting}')
    await world.database.engine.dispose()
    first = await following.read_behind(world.database, BEGINNING)
    second = await following.read_behind(world.database, first.end)
    found = [event.position for event in (*first.events, *second.events)]
    assert len(found) == 2 * following.PAGE
    assert found == sorted(set(found))


async def test_claiming_and_settling_ask_as_much_for_sixty_receivers_as_for_three(world):
    async def asked(number: int) -> tuple[int, int]:
        for _ in range(number):
            await subscribe(world, RECEIVER)
        await spread(world, Spreading())
        with Statements().counted(world) as claiming:
            claims = await claim(world.database, {}, 400)
        assert len(claims) >= number
        answers = [Answer(200), Answer(500, "HTTP 500")]
        with Statements().counted(world) as settling:
            await settle(world.database, [Outcome(c, answers[n % 2]) for n, c in enumerate(claims)])
        return claiming.count, settling.count

    await world.happen(w.created(1))
    few = await asked(3)
    assert await asked(60) == few == (1, 4)


async def test_a_subscription_that_takes_nothing_is_not_written_each_time(world, monkeypatch):
    takes, passes = await subscribe(world, RECEIVER), await subscribe(world, RECEIVER)
    await world.rows("UPDATE subscription SET types = :types WHERE id = :id", types=ELSEWHERE,
                     id=passes)  # fmt: skip
    spreading = Spreading()
    for number in range(1, 4):
        await world.happen(w.created(number))
        await spread(world, spreading)
    found = await places(world)
    assert found[str(passes)] == ("0", 0)
    assert found[str(takes)] > ("0", 0)
    monkeypatch.setattr(following, "WRITE_AFTER", -1.0)
    await spread(world, spreading)
    found = await places(world)
    assert found[str(passes)] == found[str(takes)], "it is written a little later"


async def test_a_process_that_forgets_how_far_it_was_skips_and_doubles_nothing(world):
    id_ = await subscribe(world, RECEIVER, types=["tasks.assignment_created.v1"])
    sent = []
    for number in range(1, 6):
        [envelope] = await world.happen(w.created(number))
        sent.append((str(id_), str(envelope.id)))
        await spread(world, Spreading())
        await world.happen(w.index_changed(number))
        await spread(world, Spreading())
    assert await deliveries(world) == sent


async def test_those_who_stand_at_many_places_read_the_same_events_once(world):
    ids = [await subscribe(world, RECEIVER) for _ in range(5)]
    sent = [(await world.happen(w.created(number)))[0] for number in range(1, 6)]
    for place, id_ in enumerate(ids):
        await world.rows(
            "UPDATE subscription SET (cursor_tx, cursor_seq) = (SELECT tx, seq FROM public_event"
            " WHERE id = :event) WHERE id = :id", event=sent[place].id, id=id_,
        )  # fmt: skip
    with Statements().counted(world) as statements:
        await Spreading().step(world.database)
    assert statements.count == 3
    found = await deliveries(world)
    assert [[id_ for id_, _ in found].count(str(id_)) for id_ in ids] == [4, 3, 2, 1, 0]


async def test_several_processes_store_each_delivery_once(world):
    for number in range(6):
        await subscribe(world, RECEIVER, types=ELSEWHERE if number % 3 == 0 else [])
    processes = [Spreading() for _ in range(3)]
    sent = []
    for number in range(1, 8):
        sent += await world.happen(w.created(number), w.created(number + 100))
        await asyncio.gather(*(spread(world, each) for each in processes))
    found = await deliveries(world)
    assert len(found) == len(set(found)) == 4 * len(sent)
    [delivered] = await world.rows("SELECT max(attempts) AS most FROM webhook_delivery")
    assert delivered.most == 0


async def change(world, id_, **facts) -> None:
    set_ = ", ".join(f"{name} = :{name}" for name in facts)
    await world.rows(
        f"UPDATE subscription SET {set_}, version = version + 1 WHERE id = :id", id=id_, **facts
    )


async def test_another_filter_does_not_bring_back_what_was_passed_over_unless_that_is_asked_for(
    world,
):
    id_ = await subscribe(world, RECEIVER, types=ELSEWHERE)
    spreading = Spreading()
    [passed] = await world.happen(w.created(1))
    await spread(world, spreading)
    await change(world, id_, types=["tasks.*"])
    [taken] = await world.happen(w.created(2))
    await spread(world, spreading)
    assert await deliveries(world) == [(str(id_), str(taken.id))]
    await change(world, id_, cursor_tx=0, cursor_seq=0)
    await spread(world, spreading)
    assert {event for _, event in await deliveries(world)} == {str(passed.id), str(taken.id)}


async def test_another_filter_and_going_back_at_once_bring_all_that_it_takes(world):
    """Back to the very place that is written: nothing but two changes tells it."""
    id_ = await subscribe(world, RECEIVER, types=ELSEWHERE)
    spreading = Spreading()
    [passed] = await world.happen(w.created(1))
    await spread(world, spreading)
    await change(world, id_, types=["tasks.*"])
    await change(world, id_, cursor_tx=0, cursor_seq=0)
    await spread(world, spreading)
    assert await deliveries(world) == [(str(id_), str(passed.id))]


async def test_a_receiver_put_back_meanwhile_stays_there(world, monkeypatch):
    id_ = await subscribe(world, RECEIVER)
    await world.happen(w.created(1))
    spreading = Spreading()
    await spread(world, spreading)
    at_the_first = (await places(world))[str(id_)]
    await world.happen(w.created(2))
    read = following.read_behind

    async def put_back_meanwhile(database, start):
        page = await read(database, start)
        await world.rows("UPDATE subscription SET cursor_tx = '0', cursor_seq = 0")
        return page

    monkeypatch.setattr(following, "read_behind", put_back_meanwhile)
    await spreading.step(world.database)
    assert (await places(world))[str(id_)] == ("0", 0) < at_the_first
    assert len(await deliveries(world)) == 1


async def test_an_event_that_was_withdrawn_holds_up_no_other(world):
    id_ = await subscribe(world, RECEIVER)
    gone, kept = await world.happen(w.created(1), w.created(2))
    await world.rows(
        "UPDATE public_event SET type = 'discarded', envelope = '' WHERE id = :id", id=gone.id
    )
    await spread(world, Spreading())
    assert await deliveries(world) == [(str(id_), str(kept.id))]


async def test_a_delivery_of_what_was_withdrawn_since_is_not_sent(world):
    await subscribe(world, RECEIVER)
    [gone] = await world.happen(w.created(1))
    await spread(world, Spreading())
    await world.rows("UPDATE public_event SET type = 'discarded', envelope = ''")
    [claimed] = await claim(world.database, {}, 10)
    assert isinstance(claimed, Claim)
    assert (claimed.event_id, claimed.body) == (gone.id, None)


async def test_what_an_older_writer_holds_up_is_known_to_come_in_a_moment(world):
    await subscribe(world, RECEIVER)
    async with world.database.sessions() as slow:
        await keep(slow, [received(w.envelope(w.created(1)), replay=False)])
        await world.happen(w.created(2))
        spreading = Spreading()
        assert await spreading.step(world.database) == (False, True)
        await slow.commit()
    assert (await spreading.step(world.database)).stored
    assert len(await deliveries(world)) == 2


async def test_one_that_was_never_heard_of_gets_one_place_and_one_with_places_as_many(world):
    unknown, known = await subscribe(world, RECEIVER), await subscribe(world, RECEIVER)
    await world.happen(*(w.created(number) for number in range(1, 8)))
    await spread(world, Spreading())
    claims = await claim(world.database, {known: Places(1, 4)}, 400)
    found = [each.subscription_id for each in claims]
    assert (found.count(unknown), found.count(known)) == (1, 3)


@pytest.mark.parametrize("most", [3, 5])
async def test_no_more_is_claimed_than_there_is_room_for(world, most):
    for _ in range(8):
        await subscribe(world, RECEIVER)
    await world.happen(w.created(1))
    await spread(world, Spreading())
    assert len(await claim(world.database, {}, most)) == most


async def test_without_a_webhook_no_event_wakes_the_sender(world):
    spreading = Spreading()
    await spread(world, spreading)
    nobody = spreading.anybody
    await subscribe(world, RECEIVER)
    await spread(world, spreading)

    assert (nobody, spreading.anybody) == (False, True)
