"""What it costs to store a ballot does not grow with the ballots that are stored."""

import json
from typing import Any

import asyncpg
from sqlalchemy import event
from tests.reporting.ballots import begin, count, some

BATCH, STORED = 30, 60_000
OLDER = f"""
    INSERT INTO response_fact (response_id, event_id, event_time, round_id, unit_id, lane, answers,
      choices)
    SELECT gen_random_uuid(), gen_random_uuid(), event_time - make_interval(hours => 1 + n % 300),
      round_id, unit_id, lane, answers, choices
    FROM (SELECT * FROM response_fact LIMIT 1) AS one, generate_series(1, {STORED}) AS n
"""
EXPLAINED = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "


async def test_a_ballot_is_written_into_no_more_pages_with_many_stored_than_with_few(
    consumer, database, survey
):
    """Not as if each met a page of its own: ids are random, an index of them alone is met so."""
    round_ = await begin(consumer, survey)
    stored: list[tuple[str, Any]] = []
    event.listen(
        database.engine.sync_engine, "before_cursor_execute",
        lambda _c, _cursor, statement, given, *_: stored.append((statement, given)),
    )  # fmt: skip
    batches = [some(round_, *[BATCH // 3] * 3) for _ in range(3)]
    await count(consumer, batches[0])
    ((statement, given),) = [each for each in stored if "INSERT INTO response_fact" in each[0]]

    connection = await asyncpg.connect(database.url)
    try:
        few = await pages_written(connection, statement, given, batches[1])
        await connection.execute(OLDER)
        many = await pages_written(connection, statement, given, batches[2])
    finally:
        await connection.close()
    assert many < few + BATCH / 3


async def pages_written(connection, statement: str, given: Any, ballots: list[Any]) -> int:
    """Return how many pages a batch makes dirty, all being clean before."""
    ids = [each.response_id for each in ballots]
    await connection.execute("VACUUM ANALYZE response_fact")
    await connection.execute("CHECKPOINT")
    ((told,),) = await connection.fetch(EXPLAINED + statement, ids, *given[1:])
    return json.loads(told)[0]["Plan"]["Shared Dirtied Blocks"]
