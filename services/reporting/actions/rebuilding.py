"""Mends the cells of a round from its facts, beside consuming.

A batch commits its facts and what they add to the cells together. One statement sees one moment,
so what the cells lack then is exactly the error, whatever is under way; it is added as a batch
adds, and so takes its turn with them. Nobody waits while the facts are folded.
"""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from reporting.actions import announcing
from reporting.actions.satisfaction import ADD_RESPONSES, ADD_TO_CELL
from reporting.domain.shown import STEP
from reporting.models import ANSWERS, survey_round

PATIENCE = "1h"  # for millions of facts; every other statement has 30 s
_LACKING = {n: f"coalesce(f.{n}, 0) - coalesce(c.{n}, 0)" for n in ANSWERS}

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('rebuild'), hashtext(:round_id))")
_FACTS = text("SELECT count(*) FROM response_fact WHERE round_id = CAST(:round_id AS uuid)")
_CELLS = text(f"""
    WITH f AS (
      SELECT unit_id, a.question,
        {", ".join(f"count(*) FILTER (WHERE a.answer = {n[1:]}) AS {n}" for n in ANSWERS)}
      FROM response_fact, unnest(answers) WITH ORDINALITY AS a(answer, question)
      WHERE round_id = CAST(:round_id AS uuid) AND a.answer IS NOT NULL GROUP BY 1, 2
    ), c AS (
      SELECT * FROM answer_cell WHERE round_id = CAST(:round_id AS uuid)
    ), lacking AS (
      SELECT unit_id, question, {", ".join(f"{lack} AS {n}" for n, lack in _LACKING.items())}
      FROM f FULL JOIN c USING (unit_id, question)
    )
    INSERT INTO answer_cell AS cell (round_id, unit_id, question, {", ".join(ANSWERS)},
      {", ".join(f"released_{n}" for n in ANSWERS)})
    SELECT CAST(:round_id AS uuid), unit_id, question, {", ".join(ANSWERS)},
      {", ".join(f"CASE WHEN {' + '.join(ANSWERS)} >= {STEP} THEN {n} ELSE 0 END" for n in ANSWERS)}
    FROM lacking WHERE {" OR ".join(f"{n} <> 0" for n in ANSWERS)} ORDER BY unit_id, question
    {ADD_TO_CELL}
""")  # noqa: S608 - column names of ours
_RESPONSES = text(f"""
    WITH f AS (
      SELECT unit_id, count(*) AS n FROM response_fact
      WHERE round_id = CAST(:round_id AS uuid) GROUP BY 1
    ), c AS (
      SELECT unit_id, n FROM response_cell WHERE round_id = CAST(:round_id AS uuid)
    )
    INSERT INTO response_cell AS cell (round_id, unit_id, n)
    SELECT CAST(:round_id AS uuid), unit_id, coalesce(f.n, 0) - coalesce(c.n, 0)
    FROM f FULL JOIN c USING (unit_id) WHERE f.n IS DISTINCT FROM c.n ORDER BY unit_id
    {ADD_RESPONSES}
""")  # noqa: S608 - a constant of ours


async def rounds(session: AsyncSession) -> list[UUID]:
    """Return every round, oldest first."""
    return list(await session.scalars(select(survey_round.c.id).order_by(survey_round.c.id)))


async def rebuild(session: AsyncSession, round_id: UUID) -> tuple[int, int]:
    """Mend one round's cells; return how many facts it has and how many cells were wrong."""
    given = {"round_id": str(round_id)}
    await session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    await session.execute(_ONE_AT_A_TIME, given)
    facts = (await session.execute(_FACTS, given)).scalar_one()
    mended = 0
    for statement in (_CELLS, _RESPONSES):
        # An INSERT's result is a CursorResult, which `execute` does not say in its type.
        mended += (await session.execute(statement, given)).rowcount  # type: ignore[attr-defined]
    await session.execute(text("SET LOCAL statement_timeout = '30s'"))
    if mended:
        await _announce(session, round_id)
    return facts, mended


async def _announce(session: AsyncSession, round_id: UUID) -> None:
    year = await session.scalar(select(survey_round.c.year).where(survey_round.c.id == round_id))
    touches = [("satisfaction", str(round_id)), ("par", str(year))]
    await announcing.touch(session, touches, await database_now(session))
