"""Extensions: the lead unit asks for a later deadline, the Office or the director decides."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.assignments.change import AssignmentChange
from tasks.assignments.doors import Text, changing
from tasks.assignments.proceedings import one_extension
from tasks.assignments.views import ExtensionView
from tasks.extensions import actions
from tasks.extensions.change import Decision

router = ServiceRouter(prefix="/v1/assignments", tags=["extensions"])
decisions = ServiceRouter(prefix="/v1/extensions", tags=["extensions"])


class RequestedBody(RequestBody):
    """The day asked for, and why."""

    due_on: Day
    reason: Reason


class ApprovalBody(RequestBody):
    """Another day than the one asked for, and a word; both may be left out."""

    due_on: Day | None = None
    note: Text | None = None


class RefusalBody(RequestBody):
    """Why the deadline stays."""

    reason: Reason


async def _decision(id: UUID, session: Transaction, actor: CurrentActor) -> Decision:
    return await Decision.begin(session, actor, id)


@router.post("/{id}/extensions", policy="assignment.request_extension", status_code=201)
async def request_extension(
    change: Annotated[AssignmentChange, changing("request_extension")],
    seen: IfMatch,
    body: RequestedBody,
    language: AskedLanguage,
    response: Response,
) -> ExtensionView:
    """Ask for a later deadline, before or after the day. `warnings` say what to look at.

    409 `extension_open`, 409 `deadline_missing`; 422 for a day not after the deadline, or past.
    """
    extension = await actions.request(change, seen, due_on=body.due_on, reason=body.reason)
    set_etag(response, change.assignment.version)
    return await one_extension(change, extension, language)


@decisions.post("/{id}/approve", policy="assignment.decide_extension")
async def approve_extension(
    decision: Annotated[Decision, Depends(_decision)],
    body: ApprovalBody,
    language: AskedLanguage,
    response: Response,
) -> ExtensionView:
    """Put the deadline off, to the day asked for or to another. 409 `extension_decided`."""
    await actions.approve(decision, due_on=body.due_on, note=body.note)
    set_etag(response, decision.change.assignment.version)
    return await one_extension(decision.change, decision.extension, language)


@decisions.post("/{id}/refuse", policy="assignment.decide_extension")
async def refuse_extension(
    decision: Annotated[Decision, Depends(_decision)],
    body: RefusalBody,
    language: AskedLanguage,
    response: Response,
) -> ExtensionView:
    """Leave the deadline as it is, saying why. 409 `extension_decided`."""
    await actions.refuse(decision, body.reason)
    set_etag(response, decision.change.assignment.version)
    return await one_extension(decision.change, decision.extension, language)
