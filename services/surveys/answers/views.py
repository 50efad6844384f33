"""How many answers a round has, told so that no unit's ballots can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from contracts.surveys import Lane
from surveys.answers.models import NO_UNIT, AnswerCount
from surveys.answers.tens import counts_in_index, of_department, tens, tickets
from surveys.codes.actions import count_issued, count_unused
from surveys.rounds.models import SurveyRound


class LaneView(ResponseBody):
    """Counted answers of a lane; in tens those without a ticket while the round is open."""

    lane: Lane
    counted: int


class UnitCount(ResponseBody):
    """Answers about a unit in the index, in tens; `unit_id` null: nobody said which unit."""

    unit_id: UUID | None
    counted: int


class AnswersCount(ResponseBody):
    """Answers in the index, tickets issued and not spent: live, and in tens of fewer than 3 units.

    `counted`, `held`, `excluded` are of the lanes that count in the round's index by now: while it
    is open, of answers with a ticket.
    """

    counted: int
    held: int
    excluded: int
    tickets_issued: int
    tickets_unused: int
    lanes: list[LaneView]
    units: list[UnitCount]


@dataclass(frozen=True)
class Cell:
    """The ballots of a unit (NO_UNIT: not said) in a lane."""

    unit_id: UUID
    lane: Lane
    counted: int
    held: int
    excluded: int


async def count(session: AsyncSession, actor: Actor, about: SurveyRound) -> AnswersCount:
    """Return the counts: the department's live, units' in tens, to units only their own."""
    cells = await _cells(session, about.id)
    units = len(about.unit_ids)
    issued, unused = await count_tickets(session, about)
    indexed = [cell for cell in cells if _in_index(about, cell.lane)]
    return AnswersCount(
        counted=of_department(sum(cell.counted for cell in indexed), units),
        held=of_department(sum(cell.held for cell in indexed), units),
        excluded=of_department(sum(cell.excluded for cell in indexed), units),
        tickets_issued=issued,
        tickets_unused=unused,
        lanes=[_lane(about, lane, cells) for lane in get_args(Lane)],
        units=_units(actor, about, indexed),
    )


async def count_tickets(session: AsyncSession, about: SurveyRound) -> tuple[int, int]:
    """Return how many tickets are told as issued and as unused."""
    valid, live = await count_issued(session, about.id)
    unused = about.tickets_unused
    if unused is None:
        unused = await count_unused(session, about.id)
    return tickets(live, valid - unused, len(about.unit_ids))


def _in_index(about: SurveyRound, lane: Lane) -> bool:
    ended = about.status in ("closed", "cancelled")
    return counts_in_index(lane, open_in_index=about.open_in_index, ended=ended)


def _lane(about: SurveyRound, lane: Lane, cells: Sequence[Cell]) -> LaneView:
    counted = sum(cell.counted for cell in cells if cell.lane == lane)
    exact = about.status == "closed" or _in_index(about, lane)
    told = of_department(counted, len(about.unit_ids)) if exact else tens(counted)
    return LaneView(lane=lane, counted=told)


def _units(actor: Actor, about: SurveyRound, cells: Sequence[Cell]) -> list[UnitCount]:
    counted = dict.fromkeys(about.unit_ids, 0)
    for cell in cells:
        counted[cell.unit_id] = counted.get(cell.unit_id, 0) + cell.counted
    return [
        UnitCount(unit_id=None if id_ == NO_UNIT else id_, counted=tens(number))
        for id_, number in counted.items()
        if actor.is_department_wide or id_ == actor.unit_id
    ]


async def _cells(session: AsyncSession, round_id: UUID) -> list[Cell]:
    columns = AnswerCount.counted, AnswerCount.held, AnswerCount.excluded
    key = AnswerCount.unit_id, AnswerCount.lane
    statement = (
        select(*key, *(func.sum(column) for column in columns))
        .where(AnswerCount.round_id == round_id)
        .group_by(*key)
        .order_by(*key)
    )
    rows = (await session.execute(statement)).all()
    return [Cell(row[0], row[1], *map(int, row[2:])) for row in rows]
