"""Questions about assignments: asked by units, answered by the Office, to one or to all."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from chassis.web import CurrentActor, Page, PageParams, RequestBody, ServiceRouter, Transaction
from contracts.tasks import QuestionStatus
from tasks.assignments.doors import Required
from tasks.calendar.moment import moment
from tasks.questions import actions, views
from tasks.questions.actions import Asking
from tasks.questions.views import Asked, QuestionView

asking = ServiceRouter(prefix="/v1/assignments", tags=["questions"])
router = ServiceRouter(prefix="/v1/questions", tags=["questions"])


class QuestionBody(RequestBody):
    """What the unit wants to know."""

    words: Required


class AnswerBody(RequestBody):
    """The answer, with a file uploaded before, if any.

    `for_all`: everybody of the department may read question and answer beside the plan.
    """

    words: Required
    file_id: UUID | None = None
    for_all: bool = False


async def _asked(
    *,
    plan_id: UUID | None = None,
    assignment_id: UUID | None = None,
    status: QuestionStatus | None = None,
    for_all: bool = False,
) -> Asked:
    return Asked(plan_id, assignment_id, status, for_all)


async def _asking(id: UUID, session: Transaction, actor: CurrentActor) -> Asking:
    return await actions.begin(session, actor, id)


@asking.post("/{id}/questions", policy="assignment.ask_question", status_code=201)
async def ask_question(
    about: Annotated[Asking, Depends(_asking)],
    body: QuestionBody,
    session: Transaction,
    actor: CurrentActor,
) -> QuestionView:
    """Ask the Office about an assignment that the own unit leads or helps with."""
    at = await moment(session)
    question = await actions.ask(session, actor, about, body.words, at)
    return await views.one(session, actor, question.id, at)


@router.get("", policy="question.read")
async def list_questions(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    asked: Annotated[Asked, Depends(_asked)],
) -> Page[QuestionView]:
    """List what the caller may read: of assignments they see, and what all of a plan may read.

    `status=open`: not answered yet, what waits longest first; else the newest first.
    """
    at = await moment(session)
    found, cursor = await views.page(session, actor, asked, at, paging)
    return Page(data=found, next_cursor=cursor)


@router.get("/{id}", policy="question.read")
async def read_question(id: UUID, session: Transaction, actor: CurrentActor) -> QuestionView:
    """Return one question."""
    return await views.one(session, actor, id, await moment(session))


@router.post("/{id}/answer", policy="question.answer")
async def answer_question(
    id: UUID, body: AnswerBody, session: Transaction, actor: CurrentActor
) -> QuestionView:
    """Answer, once: the unit is told, or all units are. 409 `question_answered`."""
    at = await moment(session)
    files = [body.file_id] if body.file_id else []
    await actions.answer(session, actor, id, body.words, files, at, for_all=body.for_all)
    return await views.one(session, actor, id, at)
