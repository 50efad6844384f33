"""Takes one protection out of a process of the rig: RIG_WITHOUT names it. Nowhere else on a path.

Python imports `sitecustomize` at start; only the rig puts this folder on PYTHONPATH.
"""

import os


def ack_before_commit() -> None:
    """Acknowledge a message when it arrives, before its batch is committed."""
    import asyncio

    from chassis.messaging.consuming import Batcher

    async def take(self, delivery):
        self._waiting.append(delivery)
        self._arrived.set()
        await asyncio.sleep(0)
        return True

    Batcher.take = take


def inbox() -> None:
    """Take every event for new."""
    from chassis.messaging import inbox as real

    async def admit(session, envelopes):
        return {envelope.id for envelope in envelopes}

    real.admit = admit


def confirm() -> None:
    """Delete the pointer before the broker has confirmed."""
    from chassis.messaging import relay

    once = relay.relay_once

    async def mark_first(engine, outlet, behind=0):
        events = await relay.unsent(engine, behind)
        if events:
            async with engine.begin() as connection:
                await connection.execute(relay._SENT, {"seqs": [e.seq for e in events]})
        unsent, relay.unsent = relay.unsent, _returning(events)
        try:
            return await once(engine, outlet, behind)
        finally:
            relay.unsent = unsent

    relay.relay_once = mark_first


def outbox() -> None:
    """Commit the state first, its events in a transaction of their own afterwards."""
    from contextvars import ContextVar

    from sqlalchemy.ext.asyncio import AsyncSession

    from chassis.messaging import outbox as real
    from surveys.answers import group_commit

    columns, commit, store = real.columns, AsyncSession.commit, group_commit._store
    waiting = ContextVar("waiting", default=())

    def nothing_yet(events, **facts):
        waiting.set((*waiting.get(), (events, facts)))
        return columns([], now=facts["now"])

    async def tell(connection, later):
        _failpoint_again()
        for events, facts in later:
            await connection.execute(real._ADD, columns(events, **facts))

    async def commit_twice(session):
        later = waiting.get()
        waiting.set(())
        await commit(session)
        if later:
            await tell(session, later)
            await commit(session)

    async def store_then_tell(connection, *what):
        taken = await store(connection, *what)
        [(events, facts)] = waiting.get() or [((), {})]
        waiting.set(())
        new = [n for n, event in enumerate(events) if event.response_id in taken]
        if new:
            ids = [facts["event_ids"][n] for n in new]
            await tell(connection, [([events[n] for n in new], {**facts, "event_ids": ids})])
        return taken

    real.columns, AsyncSession.commit, group_commit._store = (
        nothing_yet,
        commit_twice,
        store_then_tell,
    )


def idempotency() -> None:
    """Forget what was answered to a key, and what version a client saw."""
    from chassis.web import idempotency as real

    async def once(request, session, caller, route, endpoint):
        return await endpoint(request)

    real.once = once
    from tasks.assignments import staleness

    staleness.check_version = lambda current, expected: None


def claim() -> None:
    """Write down that a mail was sent before it is."""
    from notifications.channels.mail import sender
    from notifications.channels.mail.sender import Sender

    async def send(self, database, claim, client):
        await self._settle(database, claim, "sent", "250 ok")
        sender.failpoints.hit("notify.after_send_before_mark")
        await self._hand_over(claim, client)

    Sender._send = send


def patience() -> None:
    """Await the broker's confirm without a timeout of our own."""
    from chassis.messaging import relay

    relay.PUBLISH_TIMEOUT = 3600.0


def mandatory() -> None:
    """Publish without asking whether anybody is bound."""
    from chassis.messaging import relay

    async def publish(outlet, group):
        message = relay.message_of(group, outlet.user)
        await outlet.exchange.publish(message, routing_key=group[0].type, mandatory=False)

    relay.publish = publish


def binding() -> None:
    """Bind when starting, never again."""
    import asyncio

    from chassis.messaging.worker import Worker

    async def never(self, connection):
        await asyncio.Event().wait()

    Worker._assert_bindings = never


def handler_limit() -> None:
    """Wait for a handler for as long as it likes."""
    from chassis.messaging import consuming

    consuming.HANDLER_SECONDS = 3600.0


def waiting_for_the_database() -> None:
    """Take a database that is away for the event's fault."""
    from chassis.database import is_away
    from chassis.messaging.consuming import Consumer

    batch = Consumer._batch

    async def blame(self, envelopes, *, replay):
        try:
            await batch(self, envelopes, replay=replay)
        except Exception as error:
            raise (RuntimeError(str(error)) if is_away(error) else error) from None

    Consumer._batch = blame


def one_by_one() -> None:
    """Redo a failed batch as a whole, never one event at a time."""
    from chassis.messaging.consuming import Consumer

    async def apply(self, envelopes, *, replay=False):
        while envelopes:
            try:
                return await self._batch(list(envelopes), replay=replay)
            except Exception:  # whatever it is: the row shows what comes of trying it all again
                import asyncio

                await asyncio.sleep(1)

    Consumer.apply = apply


def storable() -> None:
    """Take an event for readable whether it can be written down or not."""
    from chassis.messaging import inbox as real

    real.can_keep = lambda envelope: True


def snapshot() -> None:
    """Read the log by its sequence alone."""
    from sqlalchemy import text

    from chassis.messaging import feed

    guard = "AND tx < pg_snapshot_xmin(pg_current_snapshot())"
    for name in ("_AFTER", "_DIGEST"):
        setattr(feed, name, text(getattr(feed, name).text.replace(guard, "")))


def _returning(events):
    async def unsent(engine, behind=0):
        return events

    return unsent


def _failpoint_again() -> None:
    from chassis import failpoints

    failpoints.hit("api.after_commit")


if without := os.environ.get("RIG_WITHOUT"):
    for name in without.split(","):
        globals()[name]()
