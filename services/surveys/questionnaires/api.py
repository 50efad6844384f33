"""Questionnaires: what is asked."""

from typing import Any
from uuid import UUID

from fastapi import Query
from starlette.responses import Response

from chassis.bodies import Nothing
from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
)
from surveys.access import RIGHTS
from surveys.questionnaires import actions
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.views import (
    QuestionnaireView,
    WholeQuestionnaireView,
    current,
    shown,
    shown_whole,
)

router = ServiceRouter(prefix="/v1/questionnaires", tags=["questionnaires"])


@router.get("", policy="questionnaire.read")
async def list_questionnaires(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[QuestionnaireView]:
    """List questionnaires, newest first: of each the published version, and a draft after it."""
    keys = (Questionnaire.created_at.desc(), Questionnaire.id.desc())
    rows, cursor = await paginate(session, current(), paging, *keys)
    return Page(
        data=[shown(row, actor) for row in rows],
        next_cursor=cursor,
        allowed=RIGHTS.allowed(actor, "questionnaire", ["create"]),
    )


@router.post("", policy="questionnaire.create", status_code=201)
async def write_questionnaire(
    body: dict[str, Any], session: Transaction, actor: CurrentActor, response: Response
) -> WholeQuestionnaireView:
    """Write a draft, structured as `demo/questionnaire.yaml`.

    A code that exists gets its next version, or its draft replaced. 422 `questionnaire_invalid`
    names each fault.
    """
    written = await actions.write(session, actor, body)
    created_at(response, f"/v1/questionnaires/{written.id}")
    return shown_whole(written, actor)


@router.get("/{id}", policy="questionnaire.read")
async def read_questionnaire(
    id: UUID,
    session: Transaction,
    actor: CurrentActor,
    version: int | None = Query(default=None, ge=1),
) -> WholeQuestionnaireView:
    """Return a version, the newest by default. 404 `questionnaire_not_found`."""
    return shown_whole(await actions.find(session, id, version=version), actor)


@router.post("/{id}/publish", policy="questionnaire.publish")
async def publish_questionnaire(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor
) -> WholeQuestionnaireView:
    """Publish the draft; it never changes again. 409 `questionnaire_published`."""
    return shown_whole(await actions.publish(session, actor, id), actor)
