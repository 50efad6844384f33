"""Plans with their legal bases and targets."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
    set_etag,
)
from tasks.calendar.moment import Moment, moment
from tasks.directory.me import NothingBody
from tasks.plans import actions as plans
from tasks.plans.domain import LegalBasis, legal_basis_warnings
from tasks.plans.models import Plan, PlanStatus

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])
Line = Annotated[str, Field(min_length=1, max_length=1000)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class BasisBody(RequestBody):
    """A decision the plan rests on."""

    title: Line
    number: str | None = Field(default=None, max_length=100)
    issued_on: date | None = None


class TargetBody(RequestBody):
    """A published figure to reach; `value` in percent, null while nobody knows it."""

    index: Literal["satisfaction", "par"]
    comparison: Literal["over", "at_least"]
    value: Decimal | None = Field(default=None, ge=0, le=100, max_digits=12, decimal_places=6)
    source: str = Field(default="", max_length=1000)


class PlanBody(RequestBody):
    """A plan to write. `closes_on`: the last allowed day of its reports."""

    year: Year
    title: Line
    number: str | None = Field(default=None, max_length=100)
    issued_on: date | None = None
    closes_on: date
    legal_bases: list[BasisBody] = Field(default=[], max_length=50)
    targets: list[TargetBody] = Field(default=[], max_length=10)


class PlanChanges(RequestBody):
    """Facts of a plan to change; what is left out stays, lists are replaced whole."""

    title: Line = ""
    number: str | None = Field(default=None, max_length=100)
    issued_on: date | None = None
    closes_on: date = date.min
    legal_bases: list[BasisBody] = Field(default=[], max_length=50)
    targets: list[TargetBody] = Field(default=[], max_length=10)


class Warned(ResponseBody):
    """Something a person should look at; nothing is refused because of it."""

    code: str
    message: str


class BasisView(ResponseBody):
    """A legal basis."""

    title: str
    number: str | None
    issued_on: date | None


class TargetView(ResponseBody):
    """A target; `value` null: not known yet."""

    index: str
    comparison: str
    value: Decimal | None
    source: str


class PlanView(ResponseBody):
    """A plan, and what looks wrong about it."""

    id: UUID
    version: int
    year: int
    title: str
    number: str | None
    issued_on: date | None
    closes_on: date
    unit_id: UUID
    status: PlanStatus
    legal_bases: list[BasisView]
    targets: list[TargetView]
    warnings: list[Warned] = Field(default=[])


async def _plan(id: UUID, session: Transaction) -> Plan:
    return await plans.find(session, id, lock=True)


Locked = Annotated[Plan, Depends(_plan)]


@router.get("", policy="plan.read")
async def list_plans(session: Transaction, paging: PageParams) -> Page[PlanView]:
    """List plans, the newest year first."""
    rows, cursor = await paginate(session, select(Plan), paging, Plan.year.desc(), Plan.id.desc())
    at = await moment(session)
    return Page(data=[shown(plan, at) for plan in rows], next_cursor=cursor)


@router.post("", policy="plan.change", status_code=201)
async def create_plan(
    body: PlanBody, session: Transaction, actor: CurrentActor, response: Response
) -> PlanView:
    """Write a draft plan."""
    plan = await plans.create(session, actor, _given(body))
    set_etag(response, plan.version)
    return shown(plan, await moment(session))


@router.get("/{id}", policy="plan.read")
async def read_plan(id: UUID, session: Transaction, response: Response) -> PlanView:
    """Return a plan with its ETag."""
    plan = await plans.find(session, id)
    set_etag(response, plan.version)
    return shown(plan, await moment(session))


@router.patch("/{id}", policy="plan.change")
async def change_plan(
    plan: Locked,
    expected: IfMatch,
    body: PlanChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> PlanView:
    """Correct a plan; of an active one others hear. 412 when changed meanwhile."""
    given = {name: value for name, value in _given(body).items() if name in body.model_fields_set}
    await plans.change(session, actor, plan, expected, given)
    set_etag(response, plan.version)
    return shown(plan, await moment(session))


@router.post("/{id}/activate", policy="plan.change")
async def activate_plan(
    plan: Locked, _: NothingBody, session: Transaction, actor: CurrentActor, response: Response
) -> PlanView:
    """Put a draft into force. 409 `plan_active` when it already is."""
    await plans.activate(session, actor, plan)
    set_etag(response, plan.version)
    return shown(plan, await moment(session))


def shown(plan: Plan, at: Moment) -> PlanView:
    """Return a plan with its warnings."""
    view = PlanView.model_validate(plan)
    view.warnings = [*_basis_warnings(view), *_calendar_warnings(plan, at)]
    return view


def _basis_warnings(view: PlanView) -> list[Warned]:
    bases = [LegalBasis(b.title, b.number or b.title, b.issued_on) for b in view.legal_bases]
    messages = legal_basis_warnings(bases, view.issued_on, view.closes_on)
    return [Warned(code="legal_basis_after_plan", message=message) for message in messages]


def _calendar_warnings(plan: Plan, at: Moment) -> list[Warned]:
    if at.calendar.knows(plan.year):
        return []
    message = f"Chưa nhập lịch làm việc năm {plan.year}: ngày nghỉ lễ chưa được tính vào thời hạn."
    return [Warned(code="calendar_missing", message=message)]


def _given(body: RequestBody) -> dict[str, Any]:
    """Return the body's values, nested bodies as they are."""
    return {name: getattr(body, name) for name in type(body).model_fields}
