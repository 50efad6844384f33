"""Mends the cells of a round from its facts, beside consuming.

A batch commits its facts and what they add to the cells together, a release the numbers it writes
on ballots and what they move; what releases showed is not touched. One statement sees one moment,
so what the cells lack then is exactly the error, whatever is under way; it is added as a batch
adds, and so takes its turn with them. Nobody waits while the facts are folded.
"""

from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from reporting.marks import Mark, ParOf, SatisfactionOf, mark_acted
from reporting.satisfaction import cells
from reporting.satisfaction.actions import rounds_asked
from reporting.satisfaction.cells import Cell
from reporting.satisfaction.domain import LEVELS
from reporting.sources.models import SurveyRound

PATIENCE = "1h"  # for millions of facts; every other statement has 30 s
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('rebuild'), hashtext(:round_id))")
_FACTS = text("SELECT count(*) FROM response_fact WHERE round_id = CAST(:round_id AS uuid)")
# What the facts say of a cell, less what it holds: numbers by name, counts by place from 1.
_BALLOTS = """
    UNION ALL SELECT unit_id, lane, '{name}', 0, count(*) FROM response_fact
    WHERE round_id = CAST(:round_id AS uuid) AND {which} GROUP BY 1, 2
    UNION ALL SELECT unit_id, lane, '{name}', 0, -{name} FROM answer_cell
    WHERE round_id = CAST(:round_id AS uuid)
"""
_ANSWERS = """
    UNION ALL SELECT unit_id, lane, '{name}', {levels} * (a.question - 1) + a.answer, count(*)
    FROM response_fact, unnest(answers) WITH ORDINALITY AS a(answer, question)
    WHERE round_id = CAST(:round_id AS uuid) AND a.answer IS NOT NULL AND {which} GROUP BY 1, 2, 4
    UNION ALL SELECT unit_id, lane, '{name}', place, -c.n
    FROM answer_cell, unnest({name}) WITH ORDINALITY AS c(n, place)
    WHERE round_id = CAST(:round_id AS uuid)
"""
_SHOWN = "released_in IS NOT NULL AND left_in IS NULL"
_NUMBERS = {
    "ballots": "true", "n": "NOT excluded", "waiting": "released_in IS NULL",
    "released_n": _SHOWN,
}  # fmt: skip
_COUNTS = {"counts": "true", "released": _SHOWN}
_PARTS = [
    *(_BALLOTS.format(name=name, which=which) for name, which in _NUMBERS.items()),
    *(_ANSWERS.format(name=n, which=which, levels=LEVELS) for n, which in _COUNTS.items()),
]
_LACKING = text(f"""
    SELECT unit_id, lane, name, place, CAST(sum(n) AS int) AS n FROM (
      {"".join(_PARTS).strip().removeprefix("UNION ALL")}
    ) AS facts_less_cells(unit_id, lane, name, place, n) GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
""")  # noqa: S608 - constants of ours


async def rounds(session: AsyncSession) -> list[UUID]:
    """Return every round, oldest first."""
    return list(await session.scalars(select(SurveyRound.id).order_by(SurveyRound.id)))


async def rebuild_round(session: AsyncSession, round_id: UUID) -> tuple[int, int]:
    """Mend one round's cells; return how many facts it has and how many cells were wrong."""
    given = {"round_id": str(round_id)}
    await session.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE}'"))
    await session.execute(_ONE_AT_A_TIME, given)
    facts = (await session.execute(_FACTS, given)).scalar_one()
    lacking = await _lacking(session, round_id)
    await session.execute(text("SET LOCAL statement_timeout = '30s'"))
    if lacking:
        await cells.add(session, lacking)
        shown = {key: replace(cell, waiting=0) for key, cell in lacking.items()}
        await cells.release(session, shown)
        await _mark(session, round_id)
    return facts, len(lacking)


async def _lacking(session: AsyncSession, round_id: UUID) -> dict[cells.Key, Cell]:
    rows = (await session.execute(_LACKING, {"round_id": str(round_id)})).all()
    if not rows:
        return {}
    asked = (await rounds_asked(session, [round_id]))[round_id]
    lacking: dict[cells.Key, Cell] = {}
    for row in rows:
        key = (round_id, row.unit_id, row.lane)
        cell = lacking.setdefault(key, Cell.none(len(asked.codes)))
        if row.place:
            getattr(cell, row.name)[row.place - 1] = row.n
        else:
            setattr(cell, row.name, row.n)
    return lacking


async def _mark(session: AsyncSession, round_id: UUID) -> None:
    year = await session.scalar(select(SurveyRound.year).where(SurveyRound.id == round_id))
    moved: list[Mark] = [SatisfactionOf(round_id)]
    if year is not None:
        moved.append(ParOf(year))
    await mark_acted(session, moved, await database_now(session))
