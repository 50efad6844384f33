"""Sign-in sessions, in a real database made by the portal's own migration."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis import migrations
from chassis.clock import database_now
from chassis.database import Database
from portal.app import MIGRATIONS
from portal.sessions import Sessions, SignIn, Tokens

TOKENS = Tokens("access", "refresh", "identity", timedelta(minutes=5))
ME = {"name": "Văn phòng", "role": "office"}


@pytest.fixture
async def database(new_database: Callable[[], Awaitable[str]]) -> AsyncIterator[Database]:
    url = await new_database()
    await asyncio.to_thread(migrations.upgrade, MIGRATIONS, url)
    database = Database(url)
    yield database
    await database.close()


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return Sessions(database, "a secret long enough for a test")


async def found(sessions: Sessions, key: str) -> SignIn | None:
    async with sessions.database.sessions() as session:
        return await sessions.find(session, key)


async def test_a_session_is_found_by_the_key_in_the_cookie_and_by_no_other(
    sessions: Sessions,
) -> None:
    key = await sessions.open(TOKENS, ME)
    row = await found(sessions, key)
    assert row is not None
    assert row.person == ME
    assert await found(sessions, key + "x") is None


async def test_a_dump_of_the_table_holds_neither_the_cookies_key_nor_a_token(
    sessions: Sessions,
) -> None:
    key = await sessions.open(TOKENS, ME)
    async with sessions.database.sessions() as session:
        dump = str((await session.execute(text("SELECT * FROM sign_in"))).one())
    assert key not in dump
    assert "access" not in dump
    assert "refresh" not in dump


async def test_tokens_are_read_back_with_the_secret_and_lost_with_another(
    sessions: Sessions,
) -> None:
    row = await found(sessions, await sessions.open(TOKENS, ME))
    assert row is not None
    opened = sessions.tokens(row)
    assert opened is not None
    assert (opened.access, opened.refresh, opened.identity) == ("access", "refresh", "identity")
    assert Sessions(sessions.database, "another secret, as long").tokens(row) is None


async def test_renewed_tokens_replace_the_old_ones(sessions: Sessions) -> None:
    key = await sessions.open(TOKENS, ME)
    async with sessions.database.sessions.begin() as session:
        row = await sessions.find(session, key, lock=True)
        assert row is not None
        now = await database_now(session)
        sessions.renew(row, Tokens("new", "next", "identity", timedelta(minutes=5)), now)
    row = await found(sessions, key)
    assert row is not None
    opened = sessions.tokens(row)
    assert opened is not None
    assert (opened.access, opened.refresh) == ("new", "next")
    assert row.tokens_expire_at == now + timedelta(minutes=5)


async def test_a_closed_session_is_gone(sessions: Sessions) -> None:
    key = await sessions.open(TOKENS, ME)
    await sessions.close(key)
    assert await found(sessions, key) is None


async def test_an_ended_session_is_not_found_and_swept_out_at_the_next_sign_in(
    sessions: Sessions,
) -> None:
    key = await sessions.open(TOKENS, ME)
    async with sessions.database.sessions.begin() as session:
        await session.execute(text("UPDATE sign_in SET expires_at = now() - interval '1 second'"))
    assert await found(sessions, key) is None
    await sessions.open(TOKENS, ME)
    async with sessions.database.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM sign_in")) == 1
