"""How many answers a round has. A unit's figure is stepped, so that one answer does not show."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from surveys.answers.models import NO_UNIT, AnswerCount
from surveys.codes.actions import count_issued, count_unused
from surveys.rounds.models import SurveyRound

STEP = 5  # answers that a unit's figure moves at a time


class UnitCount(ResponseBody):
    """Answers about a unit, in steps of 5; `unit_id` null: nobody said which unit."""

    unit_id: UUID | None
    counted: int


class AnswersCount(ResponseBody):
    """Answers by lane, the department's live; tickets issued and not spent."""

    counted: int
    held: int
    excluded: int
    tickets_issued: int
    tickets_unused: int
    units: list[UnitCount]


async def count(session: AsyncSession, actor: Actor, about: SurveyRound) -> AnswersCount:
    """Return the counts: the department's live, units' in steps, to units only their own."""
    cells = await _cells(session, about.id)
    unused = about.tickets_unused
    if unused is None:
        unused = await count_unused(session, about.id)
    counted = {cell.unit_id: int(cell.counted) for cell in cells}
    units = [*about.unit_ids, *(id_ for id_ in counted if id_ not in about.unit_ids)]
    return AnswersCount(
        counted=sum(counted.values()),
        held=sum(int(cell.held) for cell in cells),
        excluded=sum(int(cell.excluded) for cell in cells),
        tickets_issued=await count_issued(session, about.id),
        tickets_unused=unused,
        units=[
            _unit_count(id_, counted.get(id_, 0))
            for id_ in units
            if actor.is_department_wide or id_ == actor.unit_id
        ],
    )


def _unit_count(unit_id: UUID, counted: int) -> UnitCount:
    unit = None if unit_id == NO_UNIT else unit_id
    return UnitCount(unit_id=unit, counted=counted // STEP * STEP)


async def _cells(session: AsyncSession, round_id: UUID) -> Sequence[Row[UUID, int, int, int]]:
    cell = AnswerCount
    statement = (
        select(
            cell.unit_id,
            func.sum(cell.counted).label("counted"),
            func.sum(cell.held).label("held"),
            func.sum(cell.excluded).label("excluded"),
        )
        .where(cell.round_id == round_id)
        .group_by(cell.unit_id)
        .order_by(cell.unit_id)
    )
    return (await session.execute(statement)).all()
