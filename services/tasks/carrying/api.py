"""Replacing a plan in mid-year and rolling it over into a later year."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from chassis.access import Actor
from chassis.bodies import Reason
from chassis.i18n import Language
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    distinct_by,
    set_etag,
)
from tasks.calendar.moment import moment
from tasks.carrying import actions
from tasks.carrying.actions import Order
from tasks.carrying.domain import How
from tasks.carrying.views import CarriedView, CarryList, carry_list
from tasks.plans.actions import find
from tasks.plans.views import plan_view

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])


class RowBody(RequestBody):
    """An assignment to carry. `due_on`: its last allowed day there, if another than now."""

    assignment_id: UUID
    due_on: Day | None = None


Rows = Annotated[list[RowBody], Field(max_length=5000), distinct_by("assignment_id")]


class CarryBody(RequestBody):
    """The plan that takes over, what is carried to it, and why."""

    successor_id: UUID
    rows: Rows
    reason: Reason


@router.get("/{id}/carrying", policy="plan.replace")
async def list_carrying(
    id: UUID, session: Transaction, language: AskedLanguage, successor_id: UUID | None = None
) -> CarryList:
    """List what is open in a plan, for review, and the plans that may take over."""
    at = await moment(session)
    return await carry_list(session, await find(session, id), successor_id, at, language)


@router.post("/{id}/replace", policy="plan.replace")
async def replace_plan(
    id: UUID,
    body: CarryBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> CarriedView:
    """Replace a plan in force by another of its year, which is issued unless it is in force.

    Rows that are named go along and are cancelled here, each saying where it went; the rest stays
    as it is. 409 `plan_closed`, `plan_cancelled`, `plan_draft`, `carry_outdated` for rows that are
    open no more; 422 `successor_refused`, `plan_incomplete` of a draft that cannot be issued yet.
    """
    return await _carry("replace", id, body, expected, session, actor, language, response)


@router.post("/{id}/roll_over", policy="plan.roll_over")
async def roll_over_plan(
    id: UUID,
    body: CarryBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> CarriedView:
    """Roll a plan over into one of a later year; it is closed by that unless it is closed already.

    Rows that are named go along; here they keep their state, so that the year's figures stay.
    Refused as `replace`, and 409 `plan_carried` the second time.
    """
    return await _carry("roll_over", id, body, expected, session, actor, language, response)


async def _carry(
    how: How,
    id_: UUID,
    body: CarryBody,
    expected: int,
    session: AsyncSession,
    actor: Actor,
    language: Language,
    response: Response,
) -> CarriedView:
    plan = await actions.find_two(session, id_, body.successor_id)
    rows = {row.assignment_id: row.due_on for row in body.rows}
    at = await moment(session)
    order = Order(how, body.successor_id, rows, body.reason)
    carried = await actions.carry(session, actor, plan, expected, order, at)
    set_etag(response, plan.version)
    view = plan_view(plan, actor, at, language)
    return CarriedView(**view.model_dump(), carried=carried)
