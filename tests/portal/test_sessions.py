"""Sign-in sessions, in a real database made by the portal's own migration."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from chassis import migrations
from chassis.database import Database
from portal.app import MIGRATIONS
from portal.sessions import Sessions, SignIn, Tokens

TOKENS = Tokens("access", "refresh", "identity", timedelta(minutes=5))
ME = {"person_id": "1", "name": "Văn phòng", "role": "office"}


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
        living = await sessions.find(session, key)
        return living and living[0]


async def test_a_session_is_found_by_the_key_in_the_cookie_and_by_no_other(
    sessions: Sessions,
) -> None:
    key = await sessions.open(TOKENS, ME)
    row = await found(sessions, key)
    assert row is not None
    assert row.person == ME
    assert await found(sessions, key + "x") is None


async def test_what_is_put_off_is_put_off_until_the_next_sign_in(sessions: Sessions) -> None:
    key, other = await sessions.open(TOKENS, ME), await sessions.open(TOKENS, ME)
    await sessions.postpone(key, None)
    put_off, untouched = await found(sessions, key), await found(sessions, other)
    again = await found(sessions, await sessions.open(TOKENS, ME))
    assert put_off is not None
    assert put_off.postponed_at is not None
    assert untouched is not None
    assert again is not None
    assert (untouched.postponed_at, again.postponed_at) == (None, None)


async def test_what_came_unseen_since_the_page_was_shown_is_not_put_off(sessions: Sessions) -> None:
    key = await sessions.open(TOKENS, ME)
    shown = datetime(2025, 3, 4, 1, 2, 3, 456789, tzinfo=UTC)
    await sessions.postpone(key, shown)
    put_off = await found(sessions, key)
    await sessions.postpone(key, datetime(2999, 1, 1, tzinfo=UTC))
    later = await found(sessions, key)
    assert put_off is not None
    assert put_off.postponed_at == shown
    assert later is not None
    assert later.postponed_at is not None
    assert later.postponed_at < datetime(2999, 1, 1, tzinfo=UTC)


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
        living = await sessions.find(session, key, lock=True)
        assert living is not None
        row, now = living
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


AGO = {"now": timedelta(seconds=1), "20 hours": timedelta(hours=20), "a day": timedelta(hours=25)}


async def end(sessions: Sessions, ago: str) -> None:
    async with sessions.database.sessions.begin() as session:
        await session.execute(
            text("UPDATE sign_in SET expires_at = now() - CAST(:ago AS interval)"),
            {"ago": AGO[ago]},
        )


async def pass_hours(sessions: Sessions, hours: int) -> None:
    """Make every session as old as it will be then."""
    async with sessions.database.sessions.begin() as session:
        await session.execute(
            text("UPDATE sign_in SET expires_at = expires_at - CAST(:ago AS interval)"),
            {"ago": timedelta(hours=hours)},
        )


@pytest.mark.parametrize(("ago", "left"), [("now", 2), ("a day", 1)])
async def test_an_ended_session_is_not_found_and_swept_out_a_day_later(
    sessions: Sessions, ago: str, left: int
) -> None:
    key = await sessions.open(TOKENS, ME)
    await end(sessions, ago)
    assert await found(sessions, key) is None
    await sessions.open(TOKENS, ME)
    async with sessions.database.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM sign_in")) == left


FORM = {"action": "/plans", "fields": [["title", "Kế hoạch"]], "files": []}


async def kept_of(sessions: Sessions, key: str) -> object:
    row = await found(sessions, key)
    return sessions.opened(row.kept) if row is not None and row.kept else None


async def token_of(sessions: Sessions, key: str) -> str:
    row = await found(sessions, key)
    assert row is not None
    return row.csrf_token


async def test_what_was_sent_too_late_comes_back_to_the_same_person(sessions: Sessions) -> None:
    old = await sessions.open(TOKENS, ME)
    token = await token_of(sessions, old)
    await end(sessions, "now")

    place = await sessions.keep(token, FORM)
    new = await sessions.open(TOKENS, ME)

    assert place is not None
    assert await sessions.hand_over(place, new)
    assert await kept_of(sessions, new) == FORM
    assert not await sessions.hand_over(place, new), "once"


async def test_what_was_sent_long_after_the_end_is_there_for_a_day_from_then(
    sessions: Sessions,
) -> None:
    old = await sessions.open(TOKENS, ME)
    token = await token_of(sessions, old)
    await end(sessions, "20 hours")
    place = await sessions.keep(token, FORM)
    assert await found(sessions, old) is None, "it stays ended"

    await pass_hours(sessions, 23)
    new = await sessions.open(TOKENS, ME)

    assert place is not None
    assert await sessions.hand_over(place, new)
    await pass_hours(sessions, 2)
    await sessions.open(TOKENS, ME)
    assert not await sessions.is_of(token, "1"), "swept then"


async def test_keeping_a_form_ends_no_session_that_lives(sessions: Sessions) -> None:
    key = await sessions.open(TOKENS, ME)
    before = await found(sessions, key)
    await sessions.keep(await token_of(sessions, key), FORM)
    after = await found(sessions, key)
    assert before is not None
    assert after is not None
    assert after.expires_at == before.expires_at


async def test_the_next_person_at_the_same_computer_gets_nothing_and_it_is_gone(
    sessions: Sessions,
) -> None:
    old = await sessions.open(TOKENS, ME)
    place = await sessions.keep(await token_of(sessions, old), FORM)
    await sessions.close(old)
    other = await sessions.open(TOKENS, {**ME, "person_id": "2"})

    assert place is not None
    assert not await sessions.hand_over(place, other)
    assert await kept_of(sessions, other) is None
    again = await sessions.open(TOKENS, ME)
    assert not await sessions.hand_over(place, again)


async def test_nothing_is_kept_for_a_token_that_is_none_of_ours(sessions: Sessions) -> None:
    await sessions.open(TOKENS, ME)
    assert await sessions.keep("made up", FORM) is None


async def test_a_dump_of_the_table_does_not_hold_what_was_typed(sessions: Sessions) -> None:
    key = await sessions.open(TOKENS, ME)
    await sessions.keep(await token_of(sessions, key), FORM)
    async with sessions.database.sessions() as session:
        dump = str((await session.execute(text("SELECT * FROM sign_in"))).one())
    assert "Kế hoạch" not in dump


async def test_a_form_of_an_earlier_session_is_told_from_one_of_somebody_else(
    sessions: Sessions,
) -> None:
    token = await token_of(sessions, await sessions.open(TOKENS, ME))
    assert await sessions.is_of(token, "1")
    assert not await sessions.is_of(token, "2")
    assert not await sessions.is_of("made up", "1")
