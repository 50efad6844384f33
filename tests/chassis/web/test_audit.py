"""The audit can be added to and nothing else, and shows when somebody with more rights did more."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.chassis.web.conftest import count

from chassis import audit
from chassis.clock import database_now
from chassis.ids import new_id

COPY_AN_ENTRY = """
    INSERT INTO audit_entry (tx, action, subject_id, recorded_at)
    SELECT tx, 'x', subject_id, recorded_at FROM audit_entry WHERE id = 2
"""


async def note(database, action="assignment.accept", **more) -> None:
    async with database.sessions.begin() as session:
        await audit.record(
            session, actor_id=new_id(), action=action, subject_id=new_id(),
            before={"status": "submitted"}, after={"status": "done", "by": new_id()},
            reason="đủ minh chứng", now=await database_now(session), **more,
        )  # fmt: skip


async def sealed(database) -> int:
    async with database.sessions.begin() as session:
        return await audit.seal(session, await database_now(session))


async def broken(database) -> int | None:
    async with database.sessions() as session:
        return await audit.first_broken_seal(session)


async def as_owner(database, statement: str) -> None:
    """Do what the trigger forbids, as somebody could who owns the server."""
    async with database.sessions.begin() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM audit_seal",
        "TRUNCATE audit_seal",
    ],
)
async def test_entries_and_seals_cannot_be_changed_or_removed(database, statement):
    await note(database)
    await sealed(database)
    with pytest.raises(DBAPIError, match="insert-only"):
        async with database.sessions.begin() as session:
            await session.execute(text(statement))

    assert await count(database, "audit_entry") == 1


async def test_each_entry_is_sealed_once(database):
    await note(database)
    await note(database)
    assert [await sealed(database), await sealed(database)] == [2, 0]
    await note(database)
    assert await sealed(database) == 1
    assert await broken(database) is None


async def test_an_entry_of_a_transaction_still_running_waits_for_the_next_seal(database):
    async with database.sessions() as slow:
        await audit.record(
            slow, actor_id=None, action="slow", subject_id=new_id(), before=None, after=None,
            reason=None, now=await database_now(slow),
        )  # fmt: skip
        await note(database)
        assert await sealed(database) == 0
        await slow.commit()
    assert await sealed(database) == 2
    assert await broken(database) is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_entry SET after = '{}' WHERE id = 2",
        "DELETE FROM audit_entry WHERE id = 2",
        COPY_AN_ENTRY,
        "UPDATE audit_seal SET hash = repeat('a', 64) WHERE id = 2",
    ],
)
async def test_tampering_breaks_the_seal_it_touches(database, tampering):
    for _ in range(3):
        await note(database)
        await sealed(database)
    assert await broken(database) is None
    await as_owner(database, tampering)

    assert await broken(database) == 2


async def test_removing_a_seal_breaks_the_next(database):
    for _ in range(3):
        await note(database)
        await sealed(database)
    await as_owner(database, "DELETE FROM audit_seal WHERE id = 2")

    assert await broken(database) == 3


async def test_two_sealers_at_once_seal_nothing_twice(database):
    for _ in range(5):
        await note(database)
    results = await asyncio.gather(*(sealed(database) for _ in range(4)))

    assert sum(results) == 5
    assert await broken(database) is None
