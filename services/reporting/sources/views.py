"""What the other nouns read of plans, rounds and questionnaires."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import LaneCount, QuestionnaireState, RoundState, TicketCount
from contracts.tasks import PlanState
from reporting.sources.models import Plan, Questionnaire, SurveyRound

_published: dict[tuple[UUID, int], QuestionnaireState] = {}


IN_FORCE = ("active", "closed")
"""Plans that make a year: what is done of one that has ended stays done. A draft is not issued yet,
and one that was taken back never counts."""


async def plans_of(session: AsyncSession, year: int) -> list[PlanState]:
    """Return the plans that make a year, oldest first: the one rule on which plans count in it."""
    rows = await session.execute(
        select(Plan.state).where(Plan.year == year, Plan.status.in_(IN_FORCE)).order_by(Plan.id)
    )
    return [PlanState.model_validate(state) for state in rows.scalars()]


def plan_ids_of(year: int) -> Select[UUID]:
    """Return the query for the ids of the plans that make a year."""
    return select(Plan.id).where(Plan.year == year, Plan.status.in_(IN_FORCE))


async def plans_beside(session: AsyncSession, year: int) -> list[UUID]:
    """Return the plans in force, but a year's, of which something may be due in it, or late."""
    wanted = select(Plan.id).where(Plan.year <= year + 1, Plan.year != year)
    return list(await session.scalars(wanted.where(Plan.status.in_(IN_FORCE)).order_by(Plan.id)))


async def plan_of(session: AsyncSession, plan_id: UUID) -> PlanState | None:
    """Return one plan."""
    state = await session.scalar(select(Plan.state).where(Plan.id == plan_id))
    return PlanState.model_validate(state) if state else None


async def is_in_force(session: AsyncSession, plan_id: UUID) -> bool:
    """Tell whether a plan was issued and not taken back."""
    wanted = select(Plan.id).where(Plan.id == plan_id, Plan.status.in_(IN_FORCE))
    return await session.scalar(wanted) is not None


async def round_of(session: AsyncSession, round_id: UUID) -> RoundState | None:
    """Return one round."""
    state = await session.scalar(select(SurveyRound.state).where(SurveyRound.id == round_id))
    return RoundState.model_validate(state) if state else None


async def rounds_of(session: AsyncSession, year: int) -> list[tuple[RoundState, datetime | None]]:
    """Return the opened rounds of a year that were not given up, each with its end, if known."""
    rows = await session.execute(
        select(SurveyRound.state, SurveyRound.closed_at).where(
            SurveyRound.year == year, SurveyRound.status.not_in(("draft", "cancelled"))
        )
    )
    return [(RoundState.model_validate(row.state), row.closed_at) for row in rows]


@dataclass(frozen=True)
class Ended:
    """What a round's end said it holds; None: it did not say, or has not ended."""

    ballots: list[LaneCount] | None = None
    tickets: TicketCount | None = None


async def end_of(session: AsyncSession, round_id: UUID) -> Ended:
    """Return what a round's end said."""
    wanted = select(SurveyRound.ballots, SurveyRound.tickets).where(SurveyRound.id == round_id)
    row = (await session.execute(wanted)).one_or_none()
    if row is None:
        return Ended()
    ballots = row.ballots and [LaneCount.model_validate(each) for each in row.ballots]
    return Ended(ballots, row.tickets and TicketCount.model_validate(row.tickets))


async def questionnaire_of(session: AsyncSession, round_: RoundState) -> QuestionnaireState | None:
    """Return the questionnaire version a round asks."""
    return await published(session, round_.questionnaire_id, round_.questionnaire_version)


async def published(session: AsyncSession, id_: UUID, version: int) -> QuestionnaireState | None:
    """Return a questionnaire version, read once per process: it never changes."""
    if (id_, version) not in _published:
        state = await session.scalar(
            select(Questionnaire.state).where(
                Questionnaire.id == id_, Questionnaire.version == version
            )
        )
        if state is None:
            return None
        _published[id_, version] = QuestionnaireState.model_validate(state)
    return _published[id_, version]
