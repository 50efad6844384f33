"""Where files stand, as far as somebody may see."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, Uuid, any_, cast, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.tables import stored_file
from tasks.assignments.asked import Contribution, Question
from tasks.assignments.models import Assignment, Commitment, Result, ResultFile
from tasks.assignments.scope import visible
from tasks.evidence.views import PlaceView
from tasks.plans import scope as plans
from tasks.plans.models import Plan, Task


async def places_of(
    session: AsyncSession, actor: Actor, file_ids: Collection[UUID]
) -> dict[UUID, list[PlaceView]]:
    """Return the places of files that the actor may see, the oldest first."""
    found: dict[UUID, list[PlaceView]] = defaultdict(list)
    if not file_ids:
        return found
    every = union_all(
        *(of(actor, file_ids) for of in (_results, _commitments, _contributions, _answers, _plans))
    ).subquery()
    statement = select(every).order_by(every.c.at.asc().nulls_last(), every.c.id)
    for row in (await session.execute(statement)).all():
        found[row.file_id].append(PlaceView.model_validate(row))
    return found


def files_of_assignment(id_: UUID) -> Select[Any]:
    """Return the ids of the files of an assignment's results and of what was asked and promised."""
    results = (
        select(ResultFile.file_id)
        .join(Result, Result.id == ResultFile.result_id)
        .where(Result.assignment_id == id_)
    )
    committed = select(Commitment.file_id).where(
        Commitment.assignment_id == id_, Commitment.file_id.is_not(None)
    )
    contributed = select(func.unnest(Contribution.file_ids)).where(
        Contribution.assignment_id == id_
    )
    answered = select(Question.file_id).where(
        Question.assignment_id == id_, Question.file_id.is_not(None)
    )
    return select(union_all(results, committed, contributed, answered).subquery())


def _results(actor: Actor, file_ids: Collection[UUID]) -> Select[Any]:
    return (
        select(*_columns(ResultFile.file_id, "result", Result.submitted_at))
        .select_from(ResultFile)
        .join(Result, Result.id == ResultFile.result_id)
        .join(Assignment, Assignment.id == Result.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(ResultFile.file_id.in_(file_ids), visible(actor))
    )


def _commitments(actor: Actor, file_ids: Collection[UUID]) -> Select[Any]:
    return (
        select(*_columns(Commitment.file_id, "commitment", Commitment.made_at))
        .select_from(Commitment)
        .join(Assignment, Assignment.id == Commitment.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Commitment.file_id.in_(file_ids), visible(actor))
    )


def _contributions(actor: Actor, file_ids: Collection[UUID]) -> Select[Any]:
    return (
        select(*_columns(stored_file.c.id, "contribution", Contribution.given_at))
        .select_from(Contribution)
        .join(stored_file, stored_file.c.id == any_(Contribution.file_ids))
        .join(Assignment, Assignment.id == Contribution.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(
            Contribution.file_ids.overlap(list(file_ids)),
            stored_file.c.id.in_(file_ids),
            visible(actor),
        )
    )


def _answers(actor: Actor, file_ids: Collection[UUID]) -> Select[Any]:
    return (
        select(*_columns(Question.file_id, "answer", Question.answered_at))
        .select_from(Question)
        .join(Assignment, Assignment.id == Question.assignment_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Question.file_id.in_(file_ids), visible(actor))
    )


def _columns(file_id: Any, kind: str, at: Any) -> tuple[Any, ...]:
    return (
        file_id.label("file_id"),
        literal(kind).label("kind"),
        Assignment.id.label("id"),
        Assignment.number.label("number"),
        Task.content.label("title"),
        Assignment.unit_id.label("unit_id"),
        at.label("at"),
    )


def _plans(actor: Actor, file_ids: Collection[UUID]) -> Select[Any]:
    return select(
        Plan.signed_copy_id.label("file_id"),
        literal("plan").label("kind"),
        Plan.id.label("id"),
        func.coalesce(Plan.number, "").label("number"),
        Plan.title.label("title"),
        cast(null(), Uuid).label("unit_id"),
        cast(null(), DateTime(timezone=True)).label("at"),
    ).where(Plan.signed_copy_id.in_(file_ids), plans.visible(actor))
