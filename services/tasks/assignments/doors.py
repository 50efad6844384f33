"""What every door of an assignment does: lock it for an act, and answer with what became of it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.web import CurrentActor, Transaction, set_etag
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import Act
from tasks.assignments.views import AssignmentPresenter, AssignmentView

Text = Annotated[str, Field(max_length=5000)]
Required = Annotated[str, Field(min_length=1, max_length=5000)]


def changing(act: Act) -> Any:
    """Lock the assignment of the path: 404 unless visible, then 403 unless the actor may act."""

    async def begin(id: UUID, session: Transaction, actor: CurrentActor) -> AssignmentChange:
        return await AssignmentChange.begin(session, actor, act, id)

    return Depends(begin)


def answer(change: AssignmentChange, response: Response) -> AssignmentView:
    """Return the changed assignment, with its new ETag."""
    set_etag(response, change.assignment.version)
    presenter = AssignmentPresenter(change.at, change.actor)
    return presenter.view(change.assignment, change.person_name)
