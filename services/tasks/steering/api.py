"""Pausing, resuming, ending and handing over one assignment."""

from typing import Annotated
from uuid import UUID

from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import IfMatch, RequestBody, ServiceRouter
from tasks.assignments.change import AssignmentChange
from tasks.assignments.doors import answer, changing
from tasks.assignments.views import AssignmentView
from tasks.steering import actions
from tasks.steering.actions import Because

router = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])


class WhyBody(RequestBody):
    """Why; the history shows it."""

    reason: Reason


class EndBody(WhyBody):
    """Why it ends: it was `cancelled`, or is `no_longer_applicable`."""

    because: Because = "cancelled"


class HandOverBody(WhyBody):
    """Which unit leads from now on, and who of it is accountable."""

    unit_id: UUID
    accountable_person_id: UUID | None = None


@router.post("/{id}/pause", policy="assignment.pause")
async def pause_assignment(
    change: Annotated[AssignmentChange, changing("pause")],
    seen: IfMatch,
    body: WhyBody,
    response: Response,
) -> AssignmentView:
    """Let nobody owe it for now: no reminders, neither due nor overdue. 409 `assignment_paused`."""
    await actions.pause(change, seen, body.reason)
    return answer(change, response)


@router.post("/{id}/resume", policy="assignment.resume")
async def resume_assignment(
    change: Annotated[AssignmentChange, changing("resume")],
    seen: IfMatch,
    body: WhyBody,
    response: Response,
) -> AssignmentView:
    """Go on, by the deadline it has. 409 `assignment_not_paused`."""
    await actions.resume(change, seen, body.reason)
    return answer(change, response)


@router.post("/{id}/cancel", policy="assignment.cancel")
async def cancel_assignment(
    change: Annotated[AssignmentChange, changing("cancel")],
    seen: IfMatch,
    body: EndBody,
    response: Response,
) -> AssignmentView:
    """End it for good: it leaves the denominators of figures, its history stays."""
    await actions.cancel(change, seen, body.reason, body.because)
    return answer(change, response)


@router.post("/{id}/hand_over", policy="assignment.hand_over")
async def hand_over_assignment(
    change: Annotated[AssignmentChange, changing("hand_over")],
    seen: IfMatch,
    body: HandOverBody,
    response: Response,
) -> AssignmentView:
    """Let another unit lead it; the one before goes on seeing it. An open request is withdrawn."""
    await actions.hand_over(change, seen, body.reason, body.unit_id, body.accountable_person_id)
    return answer(change, response)
