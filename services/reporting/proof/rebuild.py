"""Mends the cells of a round's unit from its facts, beside consuming.

What a cell lacks is added as a batch adds, and so takes its turn with batches; what releases showed
is not touched. Nobody waits while the facts are folded.
"""

from dataclasses import replace

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from reporting.marks import Mark, ParOf, SatisfactionOf, mark_acted
from reporting.proof.lacking import Piece, by_cell, facts, lacking
from reporting.satisfaction import cells
from reporting.satisfaction.actions import rounds_asked
from reporting.sources.models import SurveyRound

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('rebuild'), hashtext(:round))")


async def rebuild(session: AsyncSession, piece: Piece) -> tuple[int, int]:
    """Mend a piece's cells; return how many facts it has and how many cells were wrong."""
    await session.execute(_ONE_AT_A_TIME, {"round": str(piece.round_id)})
    known = await facts(session, piece)
    missing = await lacking(session, piece)
    if not missing:
        return known, 0
    asked = (await rounds_asked(session, [piece.round_id]))[piece.round_id]
    lacks = by_cell(piece, missing, len(asked.codes))
    await cells.add(session, lacks)
    await cells.release(session, {key: replace(cell, waiting=0) for key, cell in lacks.items()})
    await _mark(session, piece)
    return known, len(lacks)


async def _mark(session: AsyncSession, piece: Piece) -> None:
    year = await session.scalar(select(SurveyRound.year).where(SurveyRound.id == piece.round_id))
    moved: list[Mark] = [SatisfactionOf(piece.round_id)]
    if year is not None:
        moved.append(ParOf(year))
    await mark_acted(session, moved, await database_now(session))
