"""Databases that the code of commit b8c9d8a made and filled come to today's schema with their data.

`b8c9d8a/` holds them as plain SQL; its README says how they were made.
"""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from sqlalchemy import select
from tests.conftest import migrations_of
from tests.migrations.catalogue import catalogue, differences
from tests.migrations.declared import SERVICES, metadata_of, of_chassis

import contracts.catalogue  # noqa: F401 - declares every type
from chassis import migrations
from chassis.database import Database, driver_url
from chassis.messaging import feed
from contracts.events import declared, event_class

OLD = Path(__file__).parent / "b8c9d8a"
EVER = (datetime(2000, 1, 1, tzinfo=UTC), 0, datetime(2100, 1, 1, tzinfo=UTC))
# Nothing but its database is there.
SETTINGS = {
    "TASKS_URL": "http://127.0.0.1:9", "SURVEYS_URL": "http://127.0.0.1:9",
    "NOTIFICATIONS_URL": "http://127.0.0.1:9", "REPORTING_URL": "http://127.0.0.1:9",
    "OIDC_ISSUER": "http://127.0.0.1:9", "REPORTING_RABBITMQ_URL": "amqp://reporting@127.0.0.1:9",
    "PUBLIC_BASE_URL": "http://127.0.0.1:9", "SERVICE_CLIENT_SECRET": "x", "CURSOR_SECRET": "x",
    "FILES_URL": "file:///nowhere", "SMTP_URL": "smtp://127.0.0.1:9",
}  # fmt: skip
RECOUNTED = {"answer_count", "answer_cell"}
"""Counters and cells: a revision may count in others; their own tests say that they are right."""
_TABLES = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'
"""
NARROW = """
    INSERT INTO questionnaire (id, version, state) VALUES
      ('00000000-0000-4000-8000-000000000001', 1, '{"questions":
        [{"kind": "scale5"}, {"kind": "text"}, {"kind": "scale5"}]}');
    INSERT INTO survey_round (id, version, year, status, state) VALUES
      ('00000000-0000-4000-8000-000000000002', 1, 2025, 'open', '{"questionnaire_version": 1,
        "questionnaire_id": "00000000-0000-4000-8000-000000000001"}');
    INSERT INTO response_cell (round_id, unit_id, n) VALUES
      ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003', 7);
    INSERT INTO answer_cell (round_id, unit_id, question, n1, n4, n5, released_n5) VALUES
      ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003',
        2, 1, 2, 4, 3)
"""

POOL = """
    INSERT INTO response_fact (response_id, event_id, event_time, round_id, unit_id, lane, answers,
      choices)
    SELECT gen_random_uuid(), gen_random_uuid(), now() - make_interval(hours => n),
      '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003',
      'ticket', '{}', '{}'
    FROM generate_series(1, 20) AS n;
    INSERT INTO steering_pool (round_id, ballots)
    SELECT '00000000-0000-4000-8000-000000000002',
      array_agg(response_id ORDER BY event_time DESC) FROM response_fact
"""


@dataclass(frozen=True)
class Upgraded:
    """A database of then, now: its service, its address, and its rows per table before."""

    service: str
    url: str
    rows_before: dict[str, int]


async def restored(service: str, new_database) -> str:
    """Return a new database as b8c9d8a left it."""
    url = await new_database()
    await run(url, (OLD / f"{service}.sql").read_text())
    return url


async def run(url: str, script: str) -> None:
    connection = await asyncpg.connect(driver_url(url))
    await connection.execute(script)
    await connection.close()


async def rows_of(url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(driver_url(url))
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()


async def counts(url: str) -> dict[str, int]:
    """Return how many rows each table has."""
    names = [row["relname"] for row in await rows_of(url, _TABLES)]
    return {
        name: (await rows_of(url, f'SELECT count(*) AS n FROM "{name}"'))[0]["n"] for name in names
    }


def upgrade(service: str, url: str, revision: str) -> None:
    command.upgrade(migrations.configuration(migrations_of(service), url), revision)


@pytest.fixture(scope="module", params=SERVICES)
async def upgraded(request, lasting_database) -> Upgraded:
    url = await restored(request.param, lasting_database)
    before = await counts(url)
    await asyncio.to_thread(upgrade, request.param, url, "head")
    return Upgraded(request.param, url, before)


@pytest.fixture
async def database(upgraded):
    database = Database(upgraded.url)
    yield database
    await database.close()


@pytest.mark.parametrize("service", SERVICES)
async def test_the_revisions_of_then_still_make_the_schema_they_made(service, new_database):
    old, fresh = await restored(service, new_database), await new_database()
    [version] = await rows_of(old, "SELECT version_num FROM alembic_version")
    await asyncio.to_thread(upgrade, service, fresh, version["version_num"])

    assert differences(await catalogue(old), await catalogue(fresh)) == ""


async def test_an_upgraded_database_has_the_schema_of_a_fresh_one(upgraded, migrated):
    fresh = await catalogue(await migrated(upgraded.service))

    assert differences(fresh, await catalogue(upgraded.url)) == ""


async def test_an_upgraded_database_has_kept_every_row(upgraded):
    after = await counts(upgraded.url)

    assert sum(upgraded.rows_before.values()) > 0
    kept = {name: n for name, n in upgraded.rows_before.items() if name not in RECOUNTED}
    assert {name: after.get(name) for name in kept} == kept


@pytest.mark.parametrize("upgraded", ["surveys"], indirect=True)
async def test_the_counters_of_then_count_every_ballot_in_its_lane(upgraded):
    counted = await rows_of(
        upgraded.url, "SELECT unit_id, lane, counted, held, excluded FROM answer_count"
    )
    ballots = await rows_of(
        upgraded.url,
        "SELECT unit_id, lane, count(*) AS counted, 0 AS held, 0 AS excluded FROM response"
        " WHERE state = 'counted' GROUP BY 1, 2",
    )

    assert len(ballots) == 5
    assert {tuple(row) for row in counted} == {tuple(row) for row in ballots}


@pytest.mark.parametrize("upgraded", ["surveys"], indirect=True)
async def test_rounds_of_then_count_every_ballot_in_their_index(upgraded):
    [round_] = await rows_of(upgraded.url, "SELECT open_in_index FROM survey_round")

    assert round_["open_in_index"] is True


async def test_todays_models_read_every_row_of_then(upgraded, database):
    known = await counts(upgraded.url)
    own = metadata_of(upgraded.service).tables.values()
    async with database.sessions() as session:
        for table in (*own, *of_chassis(upgraded.service, set(known))):
            assert len((await session.execute(select(table))).all()) == known[table.name]


@pytest.mark.parametrize("upgraded", ["tasks", "surveys", "reporting"], indirect=True)
async def test_todays_contracts_understand_every_event_of_then(upgraded, database):
    async with database.sessions() as session:
        page = await feed.between(session, list(declared()), *EVER, limit=10_000)

    assert len(page.events) == upgraded.rows_before["event_log"]
    for envelope in page.events:
        assert event_class(envelope["type"]).model_validate(envelope["data"])


@pytest.mark.parametrize("upgraded", ["reporting"], indirect=True)
async def test_the_figures_of_then_are_what_today_computes_from_the_facts(upgraded):
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "reporting", "verify", "--own"],
        env={**os.environ, **SETTINGS, "REPORTING_DATABASE_URL": upgraded.url},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.stdout == "figures against own facts: drift 0\n", done.stderr


async def test_a_row_per_question_becomes_a_row_per_unit_with_five_counts_for_each_question(
    new_database,
):
    url = await new_database()
    await asyncio.to_thread(upgrade, "reporting", url, "0001")
    await run(url, NARROW)
    await asyncio.to_thread(upgrade, "reporting", url, "0002")

    [cell] = await rows_of(url, "SELECT n, counts, released FROM answer_cell")
    assert tuple(cell) == (7, [0] * 5 + [1, 0, 0, 2, 4], [0] * 9 + [3])


WIDE = """
    INSERT INTO questionnaire (id, version, state) VALUES
      ('00000000-0000-4000-8000-000000000001', 1, '{"questions":
        [{"kind": "scale5"}, {"kind": "scale5"}]}');
    INSERT INTO survey_round (id, version, year, status, state) VALUES
      ('00000000-0000-4000-8000-000000000002', 1, 2025, 'open', '{"questionnaire_version": 1,
        "questionnaire_id": "00000000-0000-4000-8000-000000000001"}');
    INSERT INTO answer_cell (round_id, unit_id, n, counts, released) VALUES
      ('00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003',
        3, '{1,0,0,0,2,0,0,0,2,0}', '{0,0,0,0,0,0,0,0,0,0}');
    INSERT INTO response_fact (response_id, event_id, event_time, round_id, unit_id, lane, answers,
      choices)
    SELECT gen_random_uuid(), gen_random_uuid(), now(), '00000000-0000-4000-8000-000000000002',
      '00000000-0000-4000-8000-000000000003', lane, answers, '{}'
    FROM (VALUES ('ticket', ARRAY[5, 4]::smallint[]), ('ticket', ARRAY[1, NULL]::smallint[]),
      ('open', ARRAY[5, 4]::smallint[])) AS given(lane, answers)
"""


async def test_a_row_per_unit_becomes_a_row_per_unit_and_lane_of_which_nothing_is_released(
    new_database,
):
    url = await new_database()
    await asyncio.to_thread(upgrade, "reporting", url, "0002")
    await run(url, WIDE)
    await asyncio.to_thread(upgrade, "reporting", url, "0003")

    cells = await rows_of(
        url,
        "SELECT lane, ballots, n, waiting, released_n, counts, released FROM answer_cell"
        " ORDER BY lane",
    )
    assert [tuple(cell) for cell in cells] == [
        ("open", 1, 1, 1, 0, [0, 0, 0, 0, 1, 0, 0, 0, 1, 0], [0] * 10),
        ("ticket", 2, 2, 2, 0, [1, 0, 0, 0, 1, 0, 0, 0, 1, 0], [0] * 10),
    ]
    [mark] = await rows_of(url, "SELECT kind, since IS NOT NULL AS waits FROM touched")
    assert tuple(mark) == ("satisfaction", True), "the clock looks at it"


ENDED = """
    INSERT INTO survey_round (id, version, year, status, state) VALUES
      ('00000000-0000-4000-8000-000000000011', 3, 2025, 'closed', '{}'),
      ('00000000-0000-4000-8000-000000000012', 2, 2025, 'open', '{}');
    INSERT INTO publication (round_id, release, body) VALUES
      ('00000000-0000-4000-8000-000000000011', 1, '{"at": "2025-10-01T02:00:00Z"}'),
      ('00000000-0000-4000-8000-000000000011', 2,
        '{"at": "2025-11-30T09:00:00Z", "closed_in": 2}'),
      ('00000000-0000-4000-8000-000000000011', 3,
        '{"at": "2025-12-20T09:00:00Z", "closed_in": 2}'),
      ('00000000-0000-4000-8000-000000000012', 1, '{"at": "2025-12-01T02:00:00Z"}')
"""


async def test_a_round_that_has_ended_ended_with_the_release_that_closed_it(new_database):
    url = await new_database()
    await asyncio.to_thread(upgrade, "reporting", url, "0003")
    await run(url, ENDED)
    await asyncio.to_thread(upgrade, "reporting", url, "0004")

    ended = await rows_of(url, "SELECT status, closed_at FROM survey_round ORDER BY id")
    assert [tuple(row) for row in ended] == [
        ("closed", datetime(2025, 11, 30, 9, tzinfo=UTC)), ("open", None),
    ]  # fmt: skip


async def test_a_pool_of_before_knows_the_hours_of_its_ballots_in_their_order(new_database):
    url = await new_database()
    await asyncio.to_thread(upgrade, "reporting", url, "0019")
    await run(url, POOL)
    await asyncio.to_thread(upgrade, "reporting", url, "0020")

    [pool] = await rows_of(url, "SELECT held, hours FROM steering_pool")
    ballots = await rows_of(url, "SELECT response_id, event_time FROM response_fact ORDER BY 2")
    assert list(zip(*pool, strict=True)) == [tuple(row) for row in reversed(ballots)]
