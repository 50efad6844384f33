"""Reads a round's released ballots from the cells."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import QuestionnaireState, RoundState
from reporting.satisfaction.ballots import Ballots, Tally, lanes_of
from reporting.satisfaction.domain import scaled
from reporting.satisfaction.models import AnswerCell


async def released_tally(
    session: AsyncSession, round_: RoundState, questionnaire: QuestionnaireState
) -> Tally:
    """Return a round's released ballots."""
    cell, questions = AnswerCell, scaled(questionnaire)
    columns = (cell.unit_id, cell.lane, cell.released_n, cell.released)
    rows = await session.execute(select(*columns).where(cell.round_id == round_.round_id))
    units: dict[UUID, list[Ballots]] = {}
    beside: dict[str, list[Ballots]] = {}
    for unit_id, lane, n, numbers in rows:
        ballots = Ballots(n, numbers)
        if lane in lanes_of(round_):
            units.setdefault(unit_id, []).append(ballots)
        else:
            beside.setdefault(lane, []).append(ballots)
    by_unit = {unit: Ballots.of_all(parts) for unit, parts in units.items()}
    by_lane = {lane: Ballots.of_all(parts) for lane, parts in beside.items()}
    return Tally(round_, questionnaire, questions, by_unit, by_lane)
