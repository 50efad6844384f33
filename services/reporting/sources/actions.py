"""What reporting keeps of plans, rounds and questionnaires: the newest version of each."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from contracts.surveys import QuestionnaireState, RoundState
from contracts.tasks import PlanState
from reporting.models import plan, questionnaire, survey_round

_published: dict[tuple[UUID, int], QuestionnaireState] = {}


async def keep_plans(session: AsyncSession, states: Iterable[PlanState]) -> set[int]:
    """Store plans; return the years touched."""
    rows: list[dict[str, Any]] = [
        {"id": s.plan_id, "version": s.version, "year": s.year, "status": s.status,
         "state": s.model_dump(mode="json")}
        for s in states
    ]  # fmt: skip
    await _keep_newest(session, plan, rows)
    return {row["year"] for row in rows}


async def keep_rounds(session: AsyncSession, states: Iterable[RoundState]) -> set[int]:
    """Store rounds; return the years touched."""
    rows: list[dict[str, Any]] = [
        {"id": s.round_id, "version": s.version, "year": s.year, "status": s.status,
         "state": s.model_dump(mode="json")}
        for s in states
    ]  # fmt: skip
    await _keep_newest(session, survey_round, rows)
    return {row["year"] for row in rows}


async def keep_questionnaires(session: AsyncSession, states: Iterable[QuestionnaireState]) -> None:
    """Store published versions; they never change."""
    rows = [
        {"id": s.questionnaire_id, "version": s.version, "state": s.model_dump(mode="json")}
        for s in states
    ]
    if rows:
        await session.execute(insert(questionnaire).on_conflict_do_nothing(), rows)


async def plans_of(session: AsyncSession, year: int) -> list[PlanState]:
    """Return the plans in force in a year, oldest first."""
    rows = await session.execute(
        select(plan.c.state)
        .where(plan.c.year == year, plan.c.status != "draft")
        .order_by(plan.c.id)
    )
    return [PlanState.model_validate(state) for state in rows.scalars()]


async def plan_of(session: AsyncSession, plan_id: UUID) -> PlanState | None:
    """Return one plan."""
    state = (await session.execute(select(plan.c.state).where(plan.c.id == plan_id))).scalar()
    return PlanState.model_validate(state) if state else None


async def round_of(session: AsyncSession, round_id: UUID) -> RoundState | None:
    """Return one round."""
    query = select(survey_round.c.state).where(survey_round.c.id == round_id)
    state = (await session.execute(query)).scalar()
    return RoundState.model_validate(state) if state else None


async def newest_round(session: AsyncSession, year: int) -> RoundState | None:
    """Return the year's round that was made last: the one the year's index stands on."""
    rows = await session.execute(
        select(survey_round.c.state)
        .where(survey_round.c.year == year, survey_round.c.status != "draft")
        .order_by(survey_round.c.id.desc())
        .limit(1)
    )
    state = rows.scalar()
    return RoundState.model_validate(state) if state else None


async def questionnaire_of(session: AsyncSession, round_: RoundState) -> QuestionnaireState | None:
    """Return the questionnaire version a round asks."""
    return await published(session, round_.questionnaire_id, round_.questionnaire_version)


async def published(session: AsyncSession, id_: UUID, version: int) -> QuestionnaireState | None:
    """Return a questionnaire version, read once per process: it never changes."""
    if (id_, version) not in _published:
        rows = await session.execute(
            select(questionnaire.c.state).where(
                questionnaire.c.id == id_, questionnaire.c.version == version
            )
        )
        state = rows.scalar()
        if state is None:
            return None
        _published[id_, version] = QuestionnaireState.model_validate(state)
    return _published[id_, version]


async def _keep_newest(session: AsyncSession, table: Table, rows: list[dict[str, Any]]) -> None:
    newest = {row["id"]: row for row in sorted(rows, key=lambda row: row["version"])}
    if not newest:
        return
    statement = insert(table)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={c.name: statement.excluded[c.name] for c in table.columns if c.name != "id"},
            where=statement.excluded.version > table.c.version,
        ),
        [newest[id_] for id_ in sorted(newest)],
    )
