"""Questions as they are shown: to who sees their assignment, and guidance to all of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.clock import local_date
from chassis.errors import NotFound
from chassis.tables import stored_file
from chassis.web import Paging, ResponseBody, paginate
from contracts.tasks import QuestionStatus
from tasks.access import RIGHTS
from tasks.assignments.asked import Question
from tasks.assignments.models import Assignment
from tasks.assignments.scope import visible
from tasks.assignments.views import FileView
from tasks.calendar.moment import Moment
from tasks.directory.models import Person
from tasks.plans.models import Plan, Task
from tasks.plans.scope import issued

_ASKED_BY, _ANSWERED_BY = aliased(Person), aliased(Person)


class QuestionView(ResponseBody):
    """What a unit asked about an assignment, and the answer.

    `assignment_id` null: guidance to all of the plan, about an assignment the caller does not see.
    `waiting_days`: working days since it was asked, while nobody has answered. `allowed`: what the
    caller may do with it now.
    """

    id: UUID
    assignment_id: UUID | None
    assignment_number: str
    assignment_content: str
    plan_id: UUID
    unit_id: UUID
    status: QuestionStatus
    words: str
    asked_at: datetime
    asked_by_name: str | None
    waiting_days: int | None
    answer: str | None
    answered_at: datetime | None
    answered_by_name: str | None
    for_all: bool
    file: FileView | None
    allowed: list[str]


@dataclass(frozen=True)
class Asked:
    """Which questions are asked for; what is left out narrows nothing."""

    plan_id: UUID | None = None
    assignment_id: UUID | None = None
    status: QuestionStatus | None = None
    for_all: bool = False


async def page(
    session: AsyncSession, actor: Actor, asked: Asked, at: Moment, paging: Paging
) -> tuple[list[QuestionView], str | None]:
    """Return questions, the newest first; of the unanswered ones the one that waits longest."""
    ids = select(Question.id).join(Assignment, Assignment.id == Question.assignment_id)
    ids = ids.join(Plan, Plan.id == Question.plan_id).where(_readable(actor), *_conditions(asked))
    keys: Sequence[Any] = (Question.asked_at.desc(), Question.id.desc())
    if asked.status == "open":
        keys = (Question.asked_at, Question.id)
    found, cursor = await paginate(session, ids, paging, *keys)
    views = await _views(session, actor, found, at)
    return [views[id_] for id_ in found], cursor


async def one(session: AsyncSession, actor: Actor, id_: UUID, at: Moment) -> QuestionView:
    """Return a question the actor may read. Raises NotFound."""
    found = await _views(session, actor, [id_], at)
    if id_ not in found:
        raise unknown()
    return found[id_]


def unknown() -> NotFound:
    """Return the refusal of a question that is not there for the caller."""
    return NotFound("Không tìm thấy câu hỏi này", code="question_not_found")


def _readable(actor: Actor) -> ColumnElement[bool]:
    """Of assignments the actor sees; answers to all, of every plan that was issued."""
    return or_(visible(actor), and_(Question.for_all, issued()))


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    given: list[tuple[Any, Any]] = [
        (asked.plan_id, Question.plan_id == asked.plan_id),
        (asked.assignment_id, Question.assignment_id == asked.assignment_id),
        (asked.status, Question.status == asked.status),
        (asked.for_all, Question.for_all),
    ]
    return [condition for value, condition in given if value]


async def _views(
    session: AsyncSession, actor: Actor, ids: Sequence[UUID], at: Moment
) -> dict[UUID, QuestionView]:
    if not ids:
        return {}
    statement = (
        select(
            Question, Assignment, Task.content, _ASKED_BY.name, _ANSWERED_BY.name,
            visible(actor).label("seen"),
        )
        .join(Assignment, Assignment.id == Question.assignment_id)
        .join(Plan, Plan.id == Question.plan_id)
        .join(Task, Task.id == Assignment.task_id)
        .outerjoin(_ASKED_BY, _ASKED_BY.id == Question.asked_by)
        .outerjoin(_ANSWERED_BY, _ANSWERED_BY.id == Question.answered_by)
        .where(Question.id.in_(ids), _readable(actor))
    )  # fmt: skip
    rows = (await session.execute(statement)).all()
    files = await _files(session, [row[0].file_id for row in rows if row[0].file_id])
    return {row[0].id: _view(row, actor, files, at) for row in rows}


async def _files(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, FileView]:
    if not ids:
        return {}
    rows = await session.execute(select(stored_file).where(stored_file.c.id.in_(ids)))
    return {row.id: FileView.model_validate(row) for row in rows}


def _view(row: Any, actor: Actor, files: dict[UUID, FileView], at: Moment) -> QuestionView:
    question, assignment, content, asked_by, answered_by, seen = row
    waits = question.status == "open"
    asked_on = local_date(question.asked_at)
    names = (
        "id", "plan_id", "unit_id", "status", "words", "asked_at", "answer", "answered_at",
        "for_all",
    )  # fmt: skip
    return QuestionView(
        **{name: getattr(question, name) for name in names},
        assignment_id=assignment.id if seen else None,
        assignment_number=assignment.number,
        assignment_content=content,
        asked_by_name=asked_by,
        waiting_days=at.calendar.working_days_between(asked_on, at.today) if waits else None,
        answered_by_name=answered_by,
        file=files.get(question.file_id) if question.file_id else None,
        allowed=RIGHTS.allowed(actor, "question", ["answer"], assignment.unit_id) if waits else [],
    )
