"""Issuing a plan."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response

from chassis.web import AskedLanguage, CurrentActor, ServiceRouter, Transaction, set_etag
from tasks.bodies import NothingBody
from tasks.calendar.moment import moment
from tasks.issuing import actions
from tasks.plans import actions as plans
from tasks.plans.models import Plan
from tasks.plans.views import PlanView, plan_view

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])


async def _plan(id: UUID, session: Transaction) -> Plan:
    return await plans.find(session, id, lock=True)


@router.post("/{id}/activate", policy="plan.activate")
async def activate_plan(
    plan: Annotated[Plan, Depends(_plan)],
    _: NothingBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanView:
    """Put a draft into force; until now units and outsiders neither saw nor heard of it.

    Everybody of its recipients is asked to take note. 409 `plan_active` when it already is, 422
    `plan_incomplete` without number, day, signer and signed copy, each named.
    """
    at = await moment(session)
    await actions.activate(session, actor, plan, at)
    set_etag(response, plan.version)
    return plan_view(plan, actor, at, language)
