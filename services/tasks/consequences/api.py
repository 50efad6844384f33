"""A plan and what its state and its days do to its assignments: read, corrected, ended."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Distinct,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.acknowledgements.actions import follow_recipients
from tasks.calendar.moment import moment
from tasks.consequences import actions
from tasks.consequences.detail import (
    PlanDetail,
    PlanHistory,
    PlanTasks,
    history,
    plan_detail,
    tasks_of,
)
from tasks.consequences.views import Consequences, consequences
from tasks.plans import actions as plans
from tasks.plans.actions import find
from tasks.plans.api import PlanChanges, given
from tasks.plans.models import Plan
from tasks.plans.views import PlanView, plan_view

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])


class CancelBody(RequestBody):
    """Why the plan is given up; its page shows it."""

    reason: Reason


class CloseBody(RequestBody):
    """Why the plan is closed; its page shows it."""

    reason: Reason


class ServingBody(RequestBody):
    """All tasks that serve the objective."""

    task_ids: Annotated[list[UUID], Field(max_length=5000), Distinct]


async def _plan(id: UUID, session: Transaction) -> Plan:
    return await find(session, id, lock=True)


Locked = Annotated[Plan, Depends(_plan)]


@router.get("/{id}", policy="plan.read")
async def read_plan(
    id: UUID,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanDetail:
    """Return a plan with its ETag. 404 `plan_not_found`, for a draft one may not see, too."""
    plan = await plans.find_visible(session, actor, id)
    set_etag(response, plan.version)
    return await plan_detail(session, actor, plan, await moment(session), language)


@router.patch("/{id}", policy="plan.change")
async def change_plan(
    plan: Locked,
    body: PlanChanges,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanDetail:
    """Change the facts the body names; in force with a reason. Announced once it is in force.

    Deadlines given out do not move with its days: the warnings name those that rested on
    them. 409 `plan_closed`, 409 `plan_cancelled`, 422 `plan_year_fixed` once it is issued or has
    tasks, 422 `plan_in_force` without a reason or for what is emptied.
    """
    named = {name: value for name, value in given(body).items() if name in body.model_fields_set}
    reason = named.pop("reason", None)
    await plans.change(session, actor, plan, expected, named, reason)
    await follow_recipients(session, plan)
    set_etag(response, plan.version)
    return await plan_detail(session, actor, plan, await moment(session), language)


@router.get("/{id}/history", policy="plan.read_history")
async def read_history(id: UUID, session: Transaction, actor: CurrentActor) -> PlanHistory:
    """Return what was done with a plan, by whom and why, the newest first."""
    return await history(session, await plans.find_visible(session, actor, id))


@router.get("/{id}/tasks", policy="plan.change")
async def list_tasks(id: UUID, session: Transaction) -> PlanTasks:
    """List the plan's tasks with the objective that each serves."""
    return await tasks_of(session, await find(session, id))


@router.put("/{id}/objectives/{objective_id}/tasks", policy="plan.change")
async def put_serving(
    plan: Locked,
    objective_id: UUID,
    body: ServingBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanDetail:
    """Say which tasks serve an objective; a task serves one, so that another loses it.

    409 `plan_closed`, 422 `objective_unknown`.
    """
    await plans.set_serving(session, actor, plan, expected, objective_id, body.task_ids)
    set_etag(response, plan.version)
    return await plan_detail(session, actor, plan, await moment(session), language)


@router.get("/{id}/consequences", policy="plan.change")
async def read_consequences(
    id: UUID, session: Transaction, actor: CurrentActor, language: AskedLanguage
) -> Consequences:
    """Count what issuing, closing or cancelling the plan would touch, as of today."""
    plan = await find(session, id)
    return await consequences(session, actor, plan, await moment(session), language)


@router.post("/{id}/close", policy="plan.close")
async def close_plan(
    plan: Locked,
    body: CloseBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanView:
    """Close a plan in force. What is open stays owed, without reminders; its figures stay.

    409 `plan_draft`, 409 `plan_closed`, 409 `plan_cancelled`.
    """
    at = await moment(session)
    await actions.close(session, actor, plan, expected, body.reason, at)
    set_etag(response, plan.version)
    return plan_view(plan, actor, at, language)


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
