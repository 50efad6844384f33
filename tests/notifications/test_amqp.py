"""Partners' queues: made, filled behind a cursor, overflowed, recovered, taken down."""

import asyncio

import aio_pika
import pytest
from aiormq.tools import Countdown
from tests.notifications.queues import SECRET
from tests.notifications.test_following import Statements
from tests.notifications.world import (
    activated,
    assignment,
    created,
    envelope,
    id_of,
    progress,
)

from chassis.errors import ServiceError
from chassis.ids import new_id
from chassis.messaging.decoding import received
from contracts import tasks
from notifications.subscribers.amqp import actions, exporter
from notifications.subscribers.feed.keeping import keep
from notifications.subscribers.subscriptions.positions import Position, cursor_of, position_of

AMQP_ERRORS = (aio_pika.exceptions.AMQPError, ConnectionError)


def changed(number: int, version: int = 2, **facts) -> tasks.AssignmentChanged:
    return tasks.AssignmentChanged(assignment=assignment(number, version=version, **facts))


async def ids(queues, id_) -> list[str]:
    return [message.message_id for message in await queues.read(id_)]


async def test_a_partner_gets_every_public_event_byte_for_byte_and_nothing_internal(world, queues):
    id_ = await queues.subscribe()
    sent = await world.happen(activated(), created(1), progress(difficulty=True))
    await queues.export()
    got = await queues.read(id_)
    kept = await world.rows("SELECT id, envelope FROM public_event")
    assert {m.message_id: m.body.decode() for m in got} == {str(r.id): r.envelope for r in kept}
    assert {m.message_id for m in got} == {str(envelope.id) for envelope in sent}
    assert {m.type for m in got} == {envelope.type for envelope in sent}
    assert await ids(queues, id_) == []


async def test_the_filter_is_the_subscriptions(world, queues):
    done = '{"data.assignment.status": ["done"]}'
    by_type = await queues.subscribe(types=["tasks.plan_activated.v1"])
    by_unit = await queues.subscribe(units=[id_of("TTR")])
    by_field = await queues.subscribe(fields=done)
    other_unit = changed(2, unit_id=id_of("TTR"), coordinating_unit_ids=[])
    sent = await world.happen(activated(), other_unit, changed(3, status="done"))
    await queues.export()
    plan, unit, field = (str(envelope.id) for envelope in sent)
    assert await ids(queues, by_type) == [plan]
    assert await ids(queues, by_unit) == [unit]
    assert await ids(queues, by_field) == [field]


async def test_the_cursor_of_a_message_is_where_it_stands_and_the_subscription_follows(
    world, queues
):
    id_ = await queues.subscribe()
    await world.happen(created(1), created(2))
    await queues.export()
    last = (await queues.read(id_))[-1]
    (row,) = await world.rows("SELECT cursor_tx::text AS tx, cursor_seq FROM subscription")
    at = position_of(str(last.headers["cursor"]), SECRET)
    assert (at.tx, at.seq) == (int(row.tx), row.cursor_seq)


async def test_a_queue_that_is_gone_keeps_its_cursor_and_holds_back_no_other(
    world, queues, eventually
):
    gone, other = await queues.subscribe(), await queues.subscribe()
    name = (await queues.queue(gone)).name
    await queues.admin.delete("queues", queues.broker.vhost, name)
    (sent,) = await world.happen(created(1))
    await queues.export()
    assert await ids(queues, other) == [str(sent.id)]
    (row,) = await world.rows("SELECT last_error, cursor_seq FROM subscription WHERE id = :id",
                              id=gone)  # fmt: skip
    assert row.last_error
    assert row.cursor_seq == 0
    await queues.keep(all_of_it=True)
    await queues.export()
    assert await ids(queues, gone) == [str(sent.id)]
    assert (await queues.queue(gone)).overflowed_at, "it had lost what it held: that is said"


async def test_a_full_queue_keeps_the_newest_says_so_and_recovering_brings_the_rest(
    world, queues, eventually
):
    id_ = await queues.subscribe(most=3)
    sent = [(await world.happen(created(number)))[0] for number in range(1, 6)]

    async def exported():
        await queues.export()
        return (await queues.queue(id_)).dropped == 2

    await eventually(exported, within=20, every=0.2)
    queue = await queues.queue(id_)
    assert queue.overflowed_at is not None
    assert await ids(queues, id_) == [str(each.id) for each in sent[2:]]

    (first,) = await world.rows("SELECT seq FROM public_event WHERE id = :id", id=sent[0].id)
    assert queue.lost_seq == first.seq
    await world.rows("UPDATE subscription SET cursor_tx = '0', cursor_seq = 0")
    await world.rows("UPDATE public_event SET kept_at = kept_at - interval '1 hour'")
    read = []

    async def caught_up():
        await queues.keep()
        await queues.export()
        read.extend(await ids(queues, id_))
        return set(read) >= {str(each.id) for each in sent}

    await eventually(caught_up, within=40, every=0.5)
    assert (await queues.queue(id_)).dropped == 2, "catching up pushes nothing out"
    assert (await queues.queue(id_)).overflowed_at is None


async def test_catching_up_fills_a_queue_only_as_far_as_it_has_room_and_drops_nothing(
    world, queues, monkeypatch
):
    monkeypatch.setattr("notifications.subscribers.feed.following.PAGE", 4)
    sent = [str((await world.happen(created(number)))[0].id) for number in range(1, 21)]
    id_ = await queues.subscribe(most=5)
    read = []
    for _ in range(12):
        while await queues.export():
            pass
        read += await ids(queues, id_)
        await queues.world.rows(
            "UPDATE partner_queue SET measured_at = clock_timestamp(), messages = 0"
        )
    assert read == sent
    assert (await queues.queue(id_)).dropped == 0


async def test_a_partner_who_takes_everything_and_acknowledges_nothing_gets_no_more_by_catching_up(
    world, queues, eventually, monkeypatch
):
    monkeypatch.setattr("notifications.subscribers.feed.following.PAGE", 4)
    for number in range(1, 21):
        await world.happen(created(number))
    id_ = await queues.subscribe(most=5)
    while await queues.export():
        pass
    connection = await aio_pika.connect(await queues.url(id_))
    async with connection:
        channel = await connection.channel()  # no prefetch: all of it is handed out
        queue = await channel.get_queue((await queues.queue(id_)).name, ensure=False)
        taken = []

        async def take(message):
            taken.append(message)

        await queue.consume(take, no_ack=False)
        await eventually(lambda: len(taken) == 4, within=10)

        async def measured():
            await queues.keep()
            return (await queues.queue(id_)).messages == 4

        await eventually(measured, within=30, every=1)
        await queues.export()
        await queues.export()
        assert len(taken) == 4


async def test_a_paused_subscription_waits_and_goes_on_where_it_stopped(world, queues):
    id_ = await queues.subscribe()
    await world.rows("UPDATE subscription SET state = 'paused'")
    (sent,) = await world.happen(created(1))
    await queues.export()
    assert await ids(queues, id_) == []
    await world.rows("UPDATE subscription SET state = 'active'")
    await queues.export()
    assert await ids(queues, id_) == [str(sent.id)]


async def test_a_disabled_subscription_lets_nobody_in_and_its_queue_stays(world, queues):
    id_ = await queues.subscribe()
    await world.happen(created(1))
    await queues.export()
    await world.rows("UPDATE subscription SET state = 'disabled'")
    await queues.keep(all_of_it=True)
    with pytest.raises(AMQP_ERRORS):
        await queues.read(id_)
    await world.rows("UPDATE subscription SET state = 'active'")
    await queues.keep(all_of_it=True)
    assert len(await queues.read(id_)) == 1


async def test_a_partners_scope_holds_whatever_its_subscription_wants(world, queues):
    partner = await queues.partner(types=["tasks.assignment_*"], units=[id_of("TTR")])
    id_ = await queues.subscribe(partner=partner)
    other_unit = changed(2, unit_id=id_of("TTR"), coordinating_unit_ids=[])
    _, _, theirs = await world.happen(activated(), created(1), other_unit)
    await queues.export()
    assert await ids(queues, id_) == [str(theirs.id)]


@pytest.mark.parametrize(
    "end", ["revoked_at = now()", "expires_on = current_date - 2"], ids=["revoked", "expired"]
)
async def test_a_partner_that_was_revoked_or_has_expired_is_cut_off_at_once(world, queues, end):
    id_ = await queues.subscribe()
    await world.happen(created(1))
    await queues.export()
    connection = await aio_pika.connect(await queues.url(id_))
    await world.rows(f"UPDATE partner SET {end}")
    await queues.keep()
    with pytest.raises((*AMQP_ERRORS, RuntimeError)):
        await connection.channel()
    with pytest.raises(AMQP_ERRORS):
        await queues.read(id_)
    await world.happen(created(2))
    await queues.export()
    await world.rows("UPDATE partner SET revoked_at = NULL, expires_on = current_date + 1")
    await queues.keep()
    assert len(await queues.read(id_)) == 1, "what came meanwhile waits for its cursor"


async def test_a_queue_goes_with_its_subscription(world, queues):
    id_ = await queues.subscribe()
    name = (await queues.queue(id_)).name
    await world.rows("DELETE FROM subscription")
    await queues.keep()
    assert await queues.admin.get("users", name) is None
    assert await queues.admin.get("queues", queues.broker.vhost, name) is None
    assert await world.rows("SELECT 1 FROM partner_queue") == []


async def test_a_new_password_ends_the_old_one(world, queues):
    id_ = await queues.subscribe()
    old = await queues.url(id_)
    async with world.database.sessions.begin() as session:
        queues.passwords[id_] = (await actions.rotate(session, id_)).password
    await queues.keep()
    assert await queues.read(id_) == []
    with pytest.raises(AMQP_ERRORS):
        await aio_pika.connect(old)


async def test_no_password_is_kept_or_logged(world, queues, caplog, capsys):
    id_ = await queues.subscribe()
    rows = await world.rows("SELECT row_to_json(q)::text AS row FROM partner_queue q")
    said = caplog.text + capsys.readouterr().out + repr(await queues.queue(id_))
    assert queues.passwords[id_] not in said + rows[0].row


async def test_what_waits_is_measured_and_the_overflow_foretold(world, queues, eventually):
    id_ = await queues.subscribe()
    await world.happen(created(1), created(2))
    await queues.export()

    async def measured():
        await queues.keep()
        row = await queues.queue(id_)
        return row.messages == 2 and row.bytes > 0 and row.earlier_messages == 0

    await eventually(measured, within=30, every=1)


async def test_events_that_commit_in_another_order_than_they_began_are_all_sent_once(world, queues):
    """The first transaction is still open while the second one is exported."""
    id_ = await queues.subscribe()
    async with world.database.sessions() as slow:
        await slow.begin()
        first = envelope(created(1))
        await keep(slow, [received(first, replay=False)])
        (second,) = await world.happen(created(2))
        await queues.export()
        assert await ids(queues, id_) == [], "nothing may pass what can still come before it"
        await slow.commit()
    await queues.export()
    assert sorted(await ids(queues, id_)) == sorted([str(first.id), str(second.id)])
    await queues.export()
    assert await ids(queues, id_) == []


async def statements_to_export(world, queues) -> int:
    await world.happen(created(1))
    with Statements().counted(world) as statements:
        await queues.exporter.step(world.database, queues.out)
    return statements.count


async def enter_queue(world, queues, partner) -> None:
    """Enter a queue that takes nothing of what happens here: there is none at the broker."""
    id_ = new_id()
    await world.rows(
        "INSERT INTO subscription (id, partner_id, name, transport, types, fields, cursor_tx,"
        " cursor_seq, created_at) SELECT :id, :partner, 'x', 'amqp', '{reporting.*}', '{}',"
        " cursor_tx, cursor_seq, now() FROM subscription LIMIT 1", id=id_, partner=partner,
    )  # fmt: skip
    await queues.ask_for(id_)
    await world.rows("UPDATE partner_queue SET made_at = now() WHERE made_at IS NULL")


async def test_exporting_asks_as_much_beside_thirty_queues_that_take_nothing_as_alone(
    world, queues
):
    id_ = await queues.subscribe()
    alone = await statements_to_export(world, queues)
    for _ in range(30):
        await enter_queue(world, queues, await queues.partner())
    before = await world.rows("SELECT id, xmin::text FROM subscription WHERE id <> :id", id=id_)
    assert await statements_to_export(world, queues) == alone == 3
    after = await world.rows("SELECT id, xmin::text FROM subscription WHERE id <> :id", id=id_)
    assert sorted(before) == sorted(after), "they are not written"
    assert len(await queues.read(id_)) == 2


async def test_an_event_that_was_withdrawn_holds_up_no_queue(world, queues):
    id_ = await queues.subscribe()
    gone, kept = await world.happen(created(1), created(2))
    await world.rows("UPDATE public_event SET envelope = '' WHERE id = :id", id=gone.id)
    await queues.export()
    assert await ids(queues, id_) == [str(kept.id)]


async def test_what_an_older_writer_holds_up_fills_a_queue_once_that_one_ends(
    world, queues, eventually, monkeypatch
):
    """Nothing but knowing that something is held up makes it look again so soon."""
    monkeypatch.setattr(exporter, "IDLE_POLL", 600.0)
    id_ = await queues.subscribe()
    task = asyncio.create_task(queues.exporter.run(world.database))
    try:
        async with world.database.sessions() as slow:
            await keep(slow, [received(envelope(created(1)), replay=False)])
            await world.happen(created(2))
            await asyncio.sleep(0.5)  # why: it has looked, and may show nothing yet
            await slow.rollback()  # which tells nobody
        (kept,) = await world.rows("SELECT id FROM public_event")

        async def filled():
            return await ids(queues, id_) == [str(kept.id)]

        await eventually(filled, within=60, every=0.5)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_one_told_to_end_as_the_broker_answers_ends(queues, monkeypatch):
    waits = Countdown.__call__

    async def ended_meanwhile(countdown, coming):
        answer = asyncio.ensure_future(coming)
        answer.add_done_callback(lambda _: task.cancel())
        return await waits(countdown, answer)

    async def look():
        while True:
            await queues.out.dropped()

    monkeypatch.setattr(Countdown, "__call__", ended_meanwhile)
    task = asyncio.create_task(look())
    done, _ = await asyncio.wait({task}, timeout=5)
    monkeypatch.undo()
    task.cancel()

    assert done == {task}


def test_the_cursor_of_another_secret_is_refused():
    cursor = cursor_of(Position(1, 2), b"another")
    with pytest.raises(ServiceError):
        position_of(cursor, SECRET)
