"""How questionnaires are shown."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.bodies import ResponseBody
from surveys.access import RIGHTS
from surveys.questionnaires.actions import state_of
from surveys.questionnaires.domain import ACTS, Status
from surveys.questionnaires.models import Questionnaire


class QuestionnaireView(ResponseBody):
    """A version. `composed`: its wording is ours, not an official form's.

    `allowed`: what the caller may do with it now.
    """

    id: UUID
    version: int
    code: str
    title: str
    status: Status
    composed: bool
    allowed: list[str]


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


def current() -> Select[Questionnaire]:
    """Select of each questionnaire the newest published version and the draft after it."""
    newer = aliased(Questionnaire)
    replaced = exists().where(
        newer.id == Questionnaire.id,
        newer.version > Questionnaire.version,
        newer.status == "published",
    )
    return select(Questionnaire).where(~replaced)


def shown(stored: Questionnaire, actor: Actor) -> QuestionnaireView:
    """Return a version as a list shows it."""
    return QuestionnaireView(**_facts(stored, actor))


def shown_whole(stored: Questionnaire, actor: Actor) -> WholeQuestionnaireView:
    """Return a version with its questions."""
    state = state_of(stored)
    return WholeQuestionnaireView(
        **_facts(stored, actor),
        factors=state.factors,
        questions=[QuestionView.model_validate(question) for question in state.questions],
        body=stored.body,
    )


def _facts(stored: Questionnaire, actor: Actor) -> dict[str, Any]:
    own = QuestionnaireView.model_fields.keys() - {"allowed"}
    allowed = RIGHTS.allowed(actor, "questionnaire", ACTS[stored.status])
    return {**{name: getattr(stored, name) for name in own}, "allowed": allowed}
