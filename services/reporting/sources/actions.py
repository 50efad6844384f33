"""Keeps the newest version of plans, rounds and questionnaires, as events bring it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Received
from contracts.surveys import (
    QuestionnaireState,
    RoundChanged,
    RoundClosed,
    RoundOpened,
    RoundState,
)
from contracts.tasks import PlanState
from reporting.marks import CompletionOf, Mark, ParOf, SatisfactionOf
from reporting.sources.models import Plan, Questionnaire, SurveyRound


async def keep_plans(session: AsyncSession, states: Sequence[PlanState]) -> list[Mark]:
    """Store plans; return what moves when one takes effect or changes its targets."""
    await _keep_newest(session, Plan, [_row(s.plan_id, s) for s in states])
    years = {s.year for s in states}
    return [*map(ParOf, years), *(CompletionOf(s.plan_id) for s in states)]


async def keep_rounds(
    session: AsyncSession, received: Sequence[Received[RoundOpened | RoundChanged | RoundClosed]]
) -> list[Mark]:
    """Store rounds; return what moves: a closed one makes its survey's points official."""
    events = [each.event for each in received]
    rows = [{**_row(r.event.round.round_id, r.event.round), **_end(r)} for r in received]
    await _keep_newest(session, SurveyRound, rows)
    years = {event.round.year for event in events}
    return [*map(ParOf, years), *(SatisfactionOf(event.round.round_id) for event in events)]


def _end(received: Received[RoundOpened | RoundChanged | RoundClosed]) -> dict[str, Any]:
    """Return what a round's end says; of a round that goes on, nothing."""
    if not isinstance(received.event, RoundClosed):
        return {"ballots": None, "tickets": None, "closed_at": None}
    said = received.event.model_dump(mode="json", include={"ballots", "tickets"})
    return {**said, "closed_at": received.time}


async def keep_questionnaires(session: AsyncSession, states: Iterable[QuestionnaireState]) -> None:
    """Store published versions; they never change."""
    rows = [
        {"id": s.questionnaire_id, "version": s.version, "state": s.model_dump(mode="json")}
        for s in states
    ]
    if rows:
        await session.execute(insert(Questionnaire).on_conflict_do_nothing(), rows)


def _row(id_: Any, state: PlanState | RoundState) -> dict[str, Any]:
    return {
        "id": id_, "version": state.version, "year": state.year,
        "status": "cancelled" if state.cancelled else state.status,
        "state": state.model_dump(mode="json"),
    }  # fmt: skip


async def _keep_newest(
    session: AsyncSession, table: type[Plan | SurveyRound], rows: list[dict[str, Any]]
) -> None:
    newest = {row["id"]: row for row in sorted(rows, key=lambda row: row["version"])}
    if not newest:
        return
    statement = insert(table)
    given = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={name: given[name] for name in rows[0] if name != "id"},
            where=given.version > table.version,
        ),
        [newest[id_] for id_ in sorted(newest)],
    )
