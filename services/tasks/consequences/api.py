"""Before a plan is issued or given up: what that does; and giving it up."""

from uuid import UUID

from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.calendar.moment import moment
from tasks.consequences import actions
from tasks.consequences.views import Consequences, consequences
from tasks.plans.actions import find
from tasks.plans.views import PlanView, plan_view

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])


class CancelBody(RequestBody):
    """Why the plan is given up; its page shows it."""

    reason: Reason


@router.get("/{id}/consequences", policy="plan.change")
async def read_consequences(id: UUID, session: Transaction, actor: CurrentActor) -> Consequences:
    """Count what issuing or cancelling the plan would touch, as of today."""
    plan = await find(session, id)
    return await consequences(session, actor, plan.id, (await moment(session)).today)


@router.post("/{id}/cancel", policy="plan.cancel")
async def cancel_plan(
    id: UUID,
    body: CancelBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanView:
    """Give a plan up for good, and with it what its units still owe. What is done stays done.

    409 `plan_cancelled`, 409 `plan_closed`.
    """
    at = await moment(session)
    plan = await actions.cancel(session, actor, id, body.reason, at)
    set_etag(response, plan.version)
    return plan_view(plan, actor, at, language)
