"""A plan and what its state and its days do to its assignments: read, corrected, given up."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.access import Actor
from chassis.bodies import Reason
from chassis.i18n import Language, say
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.calendar.moment import moment
from tasks.consequences import actions
from tasks.consequences.recalculation import resting_on_plan
from tasks.consequences.views import Consequences, consequences
from tasks.plans import actions as plans
from tasks.plans.actions import find
from tasks.plans.api import PlanChanges, given
from tasks.plans.models import Plan
from tasks.plans.views import PlanView, Warned, plan_view

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])


class CancelBody(RequestBody):
    """Why the plan is given up; its page shows it."""

    reason: Reason


async def _plan(id: UUID, session: Transaction) -> Plan:
    return await find(session, id, lock=True)


@router.get("/{id}", policy="plan.read")
async def read_plan(
    id: UUID,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanView:
    """Return a plan with its ETag. 404 `plan_not_found`, for a draft one may not see, too."""
    plan = await plans.find_visible(session, actor, id)
    set_etag(response, plan.version)
    return await _view(session, actor, plan, language)


@router.patch("/{id}", policy="plan.change")
async def change_plan(
    plan: Annotated[Plan, Depends(_plan)],
    expected: IfMatch,
    body: PlanChanges,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanView:
    """Correct a plan; of an active one others hear. 412 when changed meanwhile.

    Deadlines already given out do not move with its days: the warnings name those that rested on
    them. 409 `plan_closed`, 409 `plan_cancelled`, 422 `plan_year_fixed` once it is issued or has
    tasks.
    """
    named = {name: value for name, value in given(body).items() if name in body.model_fields_set}
    await plans.change(session, actor, plan, expected, named)
    set_etag(response, plan.version)
    return await _view(session, actor, plan, language)


async def _view(session: AsyncSession, actor: Actor, plan: Plan, language: Language) -> PlanView:
    """Return a plan; to those who may correct it with what its days no longer explain."""
    view = plan_view(plan, actor, await moment(session), language)
    if "change" in view.allowed:
        view.warnings += [
            Warned(code=each.code, message=say(each.sentence, language))
            for each in await resting_on_plan(session, plan)
        ]
    return view


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
