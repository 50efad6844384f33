"""One assignment, and what units and the Office do with it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.errors import NotFound
from chassis.files import Files
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    Distinct,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.assignments import actions
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import Act
from tasks.assignments.doors import Required, Text, answer, changing
from tasks.assignments.evidence import may_read
from tasks.assignments.history import assignment_detail, timeline
from tasks.assignments.views import AssignmentDetail, AssignmentView, Timeline

router = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])
files_router = ServiceRouter(prefix="/v1/files", tags=["files"])


class ProgressBody(RequestBody):
    """Progress in percent, and what stands in the way, if anything does."""

    percent: int = Field(ge=0, le=100)
    note: Text = ""
    difficulty: Text | None = None


class ResultBody(RequestBody):
    """A result to hand in: words, files uploaded before, or both."""

    note: Text = ""
    file_ids: Annotated[list[UUID], Distinct] = Field(default=[], max_length=20)


class AcceptBody(RequestBody):
    """An optional word with the acceptance."""

    note: Text | None = None


class ReturnBody(RequestBody):
    """Why the result is returned."""

    reason: Required


class ChangeBody(RequestBody):
    """What the Office sets; what is left out stays. `trigger_document`: what set off the count.

    `helper_ids`: all people of the lead unit who work on it beside the accountable one.
    """

    due_on: Day | None = None
    triggered_on: Day | None = None
    trigger_document: Annotated[str, Field(max_length=500)] | None = None
    accountable_person_id: UUID | None = None
    helper_ids: Annotated[list[UUID], Distinct] = Field(default=[], max_length=50)
    reason: Text | None = None


def _deciding(act: Act) -> Any:
    """Lock the assignment as `changing` does; the change is about the result of the path."""

    async def begin(
        id: UUID, result_id: UUID, session: Transaction, actor: CurrentActor
    ) -> AssignmentChange:
        return await AssignmentChange.begin(session, actor, act, id, result_id)

    return Depends(begin)


@router.get("/{id}", policy="assignment.read")
async def read_assignment(
    id: UUID,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> AssignmentDetail:
    """Return an assignment with its results and its ETag."""
    view = await assignment_detail(session, actor, id, language)
    set_etag(response, view.version)
    return view


@router.get("/{id}/timeline", policy="assignment.read_history")
async def read_timeline(id: UUID, session: Transaction, actor: CurrentActor) -> Timeline:
    """Return everything that happened to an assignment, the newest first."""
    return await timeline(session, actor, id)


@router.post("/{id}/progress", policy="assignment.report_progress")
async def report_progress(
    change: Annotated[AssignmentChange, changing("report_progress")],
    seen: IfMatch,
    body: ProgressBody,
    response: Response,
) -> AssignmentView:
    """Report progress of the own unit's assignment. 412 when others changed it meanwhile."""
    await actions.report_progress(change, seen, **body.model_dump())
    return answer(change, response)


@router.post("/{id}/results", policy="assignment.submit_result")
async def submit_result(
    change: Annotated[AssignmentChange, changing("submit_result")],
    seen: IfMatch,
    body: ResultBody,
    response: Response,
) -> AssignmentView:
    """Hand in a result for acceptance, with evidence."""
    await actions.submit_result(change, seen, **body.model_dump())
    return answer(change, response)


@router.post("/{id}/results/{result_id}/accept", policy="assignment.accept_result")
async def accept_result(
    change: Annotated[AssignmentChange, _deciding("accept_result")],
    result_id: UUID,
    body: AcceptBody,
    response: Response,
) -> AssignmentView:
    """Accept a result: the assignment is done. 409 when it was decided already."""
    await actions.accept_result(change, result_id, body.note)
    return answer(change, response)


@router.post("/{id}/results/{result_id}/return", policy="assignment.return_result")
async def return_result(
    change: Annotated[AssignmentChange, _deciding("return_result")],
    result_id: UUID,
    body: ReturnBody,
    response: Response,
) -> AssignmentView:
    """Return a result with a reason: the unit owes another."""
    await actions.return_result(change, result_id, body.reason)
    return answer(change, response)


@router.patch("/{id}", policy="assignment.change")
async def change_assignment(
    change: Annotated[AssignmentChange, changing("change")],
    seen: IfMatch,
    body: ChangeBody,
    response: Response,
) -> AssignmentView:
    """Set what the appendix left open. 409 `deadline_fixed` where it left nothing open."""
    facts = body.model_dump(exclude_unset=True, exclude={"reason"})
    await actions.set_open_facts(change, seen, facts, body.reason)
    return answer(change, response)


@files_router.get("/{id}", policy="file.read", response_class=Response)
async def download_file(
    id: UUID, session: Transaction, actor: CurrentActor, files: Files
) -> Response:
    """Return the content as an attachment. 404 for a file of an assignment not visible."""
    file = await files.find(session, id)
    if not await may_read(session, actor, file):
        raise NotFound("Không tìm thấy tệp này", code="file_not_found")
    return await files.download(file)
