"""Plans with their legal bases and targets."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    Distinct,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    distinct_by,
    paginate,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.calendar.moment import moment
from tasks.plans import actions
from tasks.plans.models import Plan
from tasks.plans.scope import visible
from tasks.plans.views import PlanView, plan_view

router = ServiceRouter(prefix="/v1/plans", tags=["plans"])
Line = Annotated[str, Field(min_length=1, max_length=1000)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=12, decimal_places=6)]
Year = Annotated[int, Field(ge=2000, le=2100)]


class BasisBody(RequestBody):
    """A decision the plan rests on."""

    title: Line
    number: str | None = Field(default=None, max_length=100)
    issued_on: Day | None = None


class TargetBody(RequestBody):
    """A published figure to reach; `value` in percent, null while nobody knows it."""

    index: Literal["satisfaction", "par"]
    comparison: Literal["over", "at_least"]
    value: Percent | None = None
    source: str = Field(default="", max_length=1000)


Targets = Annotated[list[TargetBody], Field(max_length=10), distinct_by("index")]
Signer = Annotated[str, Field(max_length=200)] | None


class ObjectiveBody(RequestBody):
    """An objective, e.g. of the province's plan. `id`: a new one may have none.

    `other_plan_id`: the objective is the completion of that plan.
    """

    id: UUID | None = None
    text: Line
    source: str = Field(default="", max_length=1000)
    other_plan_id: UUID | None = None


Recipients = Annotated[list[UUID], Field(max_length=500), Distinct]
Objectives = Annotated[list[ObjectiveBody], Field(max_length=50)]


class DocumentFacts(RequestBody):
    """What an issued document has; a draft may lack it.

    `signer_authority`: "KT. GIÁM ĐỐC", null where the head of the body signs. `signed_copy_id`: a
    file uploaded before. `recipient_unit_ids`: its "Nơi nhận".
    """

    number: str | None = Field(default=None, max_length=100)
    issued_on: Day | None = None
    signer_authority: Signer = None
    signer_post: Signer = None
    signer_name: Signer = None
    signed_copy_id: UUID | None = None
    recipient_unit_ids: Recipients = Field(default=[])
    objectives: Objectives = Field(default=[])


class PlanBody(DocumentFacts):
    """A plan to write. `closes_on`: the last allowed day of its reports."""

    year: Year
    title: Line
    closes_on: Day
    legal_bases: list[BasisBody] = Field(default=[], max_length=50)
    targets: Targets = Field(default=[])


class PlanChanges(DocumentFacts):
    """Facts of a plan to change; what is left out stays, lists are replaced whole.

    `reason`: needed once the plan is in force; its history shows it.
    """

    year: Year = 0
    title: Line = ""
    closes_on: Day = date.min
    legal_bases: list[BasisBody] = Field(default=[], max_length=50)
    targets: Targets = Field(default=[])
    reason: str | None = Field(default=None, max_length=2000)


@router.get("", policy="plan.read")
async def list_plans(
    session: Transaction, actor: CurrentActor, paging: PageParams, language: AskedLanguage
) -> Page[PlanView]:
    """List plans, the newest year first; drafts to the department's oversight only."""
    seen = select(Plan).where(visible(actor))
    rows, cursor = await paginate(session, seen, paging, Plan.year.desc(), Plan.id.desc())
    at = await moment(session)
    views = [plan_view(plan, actor, at, language) for plan in rows]
    return Page(data=views, next_cursor=cursor, allowed=RIGHTS.allowed(actor, "plan", ("create",)))


@router.post("", policy="plan.create", status_code=201)
async def create_plan(
    body: PlanBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> PlanView:
    """Write a draft plan."""
    plan = await actions.create(session, actor, given(body))
    created_at(response, f"/v1/plans/{plan.id}")
    set_etag(response, plan.version)
    return plan_view(plan, actor, await moment(session), language)


def given(body: RequestBody) -> dict[str, Any]:
    """Return the body's values, nested bodies as they are."""
    return {name: getattr(body, name) for name in type(body).model_fields}
