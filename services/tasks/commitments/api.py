"""Written commitments: entered by the lead unit, shown to whoever sees the assignment."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from starlette.responses import Response

from chassis.web import Day, RequestBody, ServiceRouter, set_etag
from tasks.assignments.change import AssignmentChange
from tasks.assignments.doors import Text, changing
from tasks.assignments.proceedings import one_commitment
from tasks.assignments.views import CommitmentView
from tasks.commitments import actions
from tasks.commitments.actions import Promise

router = ServiceRouter(prefix="/v1/assignments", tags=["commitments"])


class CommitmentBody(RequestBody):
    """The document (văn bản cam kết tiến độ): its number and day, the day it promises, its file."""

    document_number: Annotated[str, Field(min_length=1, max_length=200)]
    document_date: Day
    promised_on: Day
    note: Text = ""
    file_id: UUID | None = None


@router.post("/{id}/commitments", policy="assignment.commit", status_code=201)
async def make_commitment(
    change: Annotated[AssignmentChange, changing("commit")],
    body: CommitmentBody,
    response: Response,
) -> CommitmentView:
    """Commit to a day, being late; the deadline stays. 409 `assignment_not_late`."""
    made = await actions.enter(change, Promise(**body.model_dump()))
    set_etag(response, change.assignment.version)
    return await one_commitment(change.session, made)
