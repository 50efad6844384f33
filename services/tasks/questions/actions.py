"""A unit asks about an assignment; the Office answers, to it alone or to all of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.ids import new_id
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import QuestionAnswered, QuestionAsked, QuestionState
from tasks.access import RIGHTS
from tasks.assignments.actions import check_files
from tasks.assignments.asked import Question
from tasks.assignments.change import find
from tasks.assignments.domain import check_not_carried, status_after
from tasks.assignments.models import Assignment
from tasks.assignments.scope import visible
from tasks.calendar.moment import Moment
from tasks.plans.models import Plan
from tasks.questions.views import unknown

ANSWERED = Sentence(N_("Câu hỏi này đã được trả lời"))


@dataclass(frozen=True)
class Asking:
    """An assignment that the actor may ask about, and the unit that asks."""

    assignment: Assignment
    unit_id: UUID


async def begin(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Asking:
    """Find an assignment to ask about. Raises NotFound, NotAllowed."""
    assignment = await find(session, actor, assignment_id)
    concerned = {assignment.unit_id, *assignment.coordinating_unit_ids}
    of_unit = actor.unit_id if actor.unit_id in concerned else assignment.unit_id
    RIGHTS.check(actor, "assignment.ask_question", of_unit)
    return Asking(assignment, of_unit)


async def ask(
    session: AsyncSession, actor: Actor, asking: Asking, words: str, at: Moment
) -> Question:
    """Ask the Office how something is to be done. Raises RuleBroken.

    Whoever leads the assignment or coordinates may ask until it is over, while it is paused too.
    """
    assignment, of_unit = asking.assignment, asking.unit_id
    check_not_carried(carried=assignment.carried_to_id is not None)
    paused = assignment.paused_on is not None
    status_after("ask_question", assignment.status, paused=paused)
    question = Question(
        id=new_id(), version=1, assignment_id=assignment.id, plan_id=assignment.plan_id,
        unit_id=of_unit, words=words, status="open", asked_at=at.now, asked_by=actor.person_id,
        answer=None, answered_at=None, answered_by=None, file_id=None, for_all=False,
    )  # fmt: skip
    session.add(question)
    event = QuestionAsked(question=await _state(session, question, assignment))
    await traces.leave(session, actor, "question.ask", question.id, event, now=at.now)
    return question


async def answer(
    session: AsyncSession,
    actor: Actor,
    question_id: UUID,
    words: str,
    file_ids: Sequence[UUID],
    at: Moment,
    *,
    for_all: bool,
) -> Question:
    """Answer once, in words and perhaps with a file. `for_all`: all units of the plan may read it.

    Raises NotFound unless its assignment is seen, NotAllowed, RuleBroken `question_answered`.
    """
    statement = (
        select(Question, Assignment)
        .join(Assignment, Assignment.id == Question.assignment_id)
        .where(Question.id == question_id, visible(actor))
        .with_for_update(of=Question)
    )
    row = (await session.execute(statement)).first()
    if row is None:
        raise unknown()
    question, assignment = row
    RIGHTS.check(actor, "question.answer", assignment.unit_id)
    if question.status == "answered":
        raise RuleBroken("question_answered", ANSWERED)
    await check_files(session, actor, assignment, file_ids, named="/file_id")
    question.version, question.status, question.answer = 2, "answered", words
    question.answered_at, question.answered_by = at.now, actor.person_id
    question.file_id, question.for_all = next(iter(file_ids), None), for_all
    event = QuestionAnswered(question=await _state(session, question, assignment))
    after = {"for_all": for_all, "file_id": str(question.file_id) if file_ids else None}
    await traces.leave(
        session, actor, "question.answer", question.id, event, now=at.now, after=after
    )
    return question


async def _state(
    session: AsyncSession, question: Question, assignment: Assignment
) -> QuestionState:
    plan_title = await session.scalar(select(Plan.title).where(Plan.id == question.plan_id))
    task = assignment.task
    return QuestionState(
        question_id=question.id,
        version=question.version,
        assignment_id=assignment.id,
        assignment_number=assignment.number,
        subject_matter=task.subject_matter or task.content,
        plan_id=question.plan_id,
        plan_title=plan_title or "",
        unit_id=question.unit_id,
        lead_unit_id=assignment.unit_id,
        asked_by_id=question.asked_by,
        asked_at=question.asked_at,
        status=question.status,
        answered_at=question.answered_at,
        for_all=question.for_all,
    )
