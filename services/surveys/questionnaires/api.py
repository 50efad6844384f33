"""Questionnaires: what is asked."""

from typing import Any
from uuid import UUID

from fastapi import Query

from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
)
from surveys.answers.parts import Nothing
from surveys.questionnaires import actions as questionnaires
from surveys.questionnaires.domain import Status
from surveys.tables import Questionnaire

router = ServiceRouter(prefix="/v1/questionnaires", tags=["questionnaires"])


class QuestionnaireView(ResponseBody):
    """A version. `composed`: its wording is ours, not an official form's."""

    id: UUID
    version: int
    code: str
    title: str
    status: Status
    composed: bool


class QuestionView(ResponseBody):
    """A question. `factor`: of a scaled question of a factor; `general`: shown, never counted."""

    code: str
    kind: str
    text: str
    factor: str | None
    general: bool
    options: list[str]


class WholeQuestionnaireView(QuestionnaireView):
    """A version with its questions. `body`: as it was written, to start the next version from."""

    factors: dict[str, str]
    questions: list[QuestionView]
    body: dict[str, Any]


@router.get("", policy="questionnaire.read")
async def list_questionnaires(session: Transaction, paging: PageParams) -> Page[QuestionnaireView]:
    """List questionnaires, newest first: of each the published version, and a draft after it."""
    keys = (Questionnaire.created_at.desc(), Questionnaire.id.desc())
    rows, cursor = await paginate(session, questionnaires.current(), paging, *keys)
    return Page(data=[QuestionnaireView.model_validate(row) for row in rows], next_cursor=cursor)


@router.post("", policy="questionnaire.write", status_code=201)
async def write_questionnaire(
    body: dict[str, Any], session: Transaction, actor: CurrentActor
) -> WholeQuestionnaireView:
    """Write a draft, structured as `demo/questionnaire.yaml`.

    A code that exists gets its next version, or its draft replaced. 422 `questionnaire_invalid`
    names each fault.
    """
    return _whole(await questionnaires.write(session, actor, body))


@router.get("/{id}", policy="questionnaire.read")
async def read_questionnaire(
    id: UUID, session: Transaction, version: int | None = Query(default=None, ge=1)
) -> WholeQuestionnaireView:
    """Return a version, the newest by default. 404 `questionnaire_not_found`."""
    return _whole(await questionnaires.find(session, id, version=version))


@router.post("/{id}/publish", policy="questionnaire.write")
async def publish_questionnaire(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor
) -> WholeQuestionnaireView:
    """Publish the draft; it never changes again. 409 `questionnaire_published`."""
    return _whole(await questionnaires.publish(session, actor, id))


def _whole(stored: Questionnaire) -> WholeQuestionnaireView:
    state = questionnaires.state_of(stored)
    return WholeQuestionnaireView(
        id=stored.id,
        version=stored.version,
        code=stored.code,
        title=stored.title,
        status=stored.status,
        composed=stored.composed,
        factors=state.factors,
        questions=[QuestionView.model_validate(question) for question in state.questions],
        body=stored.body,
    )
