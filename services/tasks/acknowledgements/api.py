"""Taking note of a plan, and how far it has been taken note of."""

from uuid import UUID

from chassis.web import CurrentActor, ServiceRouter, Transaction
from tasks.acknowledgements import actions
from tasks.acknowledgements.views import Coverage, coverage
from tasks.bodies import NothingBody
from tasks.plans.actions import find_visible

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])


@router.get("/{id}/acknowledgements", policy="plan.read_coverage")
async def read_coverage(id: UUID, session: Transaction, actor: CurrentActor) -> Coverage:
    """Count by unit who was asked to take note of the plan, and who has."""
    plan = await find_visible(session, actor, id)
    return await coverage(session, actor, plan)


@router.post("/{id}/acknowledge", policy="plan.acknowledge")
async def acknowledge_plan(
    id: UUID, _: NothingBody, session: Transaction, actor: CurrentActor
) -> Coverage:
    """Take note of a plan in force that goes to one's unit; once, whatever the number of clicks.

    409 `plan_not_addressed`, 409 `plan_not_in_force`.
    """
    plan = await find_visible(session, actor, id)
    await actions.acknowledge(session, actor, plan)
    return await coverage(session, actor, plan)
