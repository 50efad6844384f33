"""An act leaves its line in the audit and its events together, or nothing."""

from uuid import uuid4

from sqlalchemy import text

from chassis import audit, traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.ids import new_id


async def test_of_a_change_only_what_differs_is_kept(database):
    actor = Actor(new_id(), new_id(), "office", "Lan", "CB-1")
    subject = uuid4()
    async with database.sessions.begin() as session:
        await traces.leave(
            session, actor, "note.change", subject, now=await database_now(session),
            before={"title": "a", "place": 1}, after={"title": "b", "place": 1}, reason="nhầm",
        )  # fmt: skip
    async with database.sessions() as session:
        row = (await session.execute(text("SELECT * FROM audit_entry"))).one()

    assert (row.actor_id, row.subject_id, row.action) == (actor.person_id, subject, "note.change")
    assert (row.before, row.after, row.reason) == ({"title": "a"}, {"title": "b"}, "nhầm")


def test_everything_is_kept_when_there_was_nothing_before():
    assert traces.difference(None, {"a": 1}) == (None, {"a": 1})
    assert traces.difference({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ({"b": 2}, {"b": 3})
    assert traces.difference({}, {"a": 1}) == ({"a": None}, {"a": 1})


async def test_what_the_clock_did_names_no_person(database):
    async with database.sessions.begin() as session:
        now = await database_now(session)
        await traces.leave(session, None, "note.close", uuid4(), now=now, after={"open": False})
        assert await audit.seal(session, now) == 0  # its transaction is not over yet
    async with database.sessions() as session:
        assert await session.scalar(text("SELECT actor_id FROM audit_entry")) is None
