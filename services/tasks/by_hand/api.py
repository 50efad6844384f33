"""A row by hand: read first, then written."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from chassis.i18n import say
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    Distinct,
    IfMatch,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    created_at,
    set_etag,
)
from contracts.tasks import DeadlineKind
from tasks.access import RIGHTS
from tasks.assignments.change import check_open_to, find
from tasks.assignments.history import assignment_detail
from tasks.assignments.models import Assignment
from tasks.assignments.views import AssignmentDetail, AssignmentPresenter, AssignmentView
from tasks.by_hand.actions import enter
from tasks.by_hand.domain import Row, Source
from tasks.by_hand.origins import Origin, set_origin
from tasks.by_hand.views import DeadlineReading, reading_of, warned
from tasks.plans import actions as plans
from tasks.plans.models import KpiGroup
from tasks.plans.views import Warned

router = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])
readings = ServiceRouter(prefix="/v1/plans", tags=["plans"])
Words = Annotated[str, StringConstraints(max_length=10_000)]
Needed = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Short = Annotated[str, StringConstraints(max_length=300)]
Units = Annotated[list[UUID], Field(max_length=200), Distinct]
People = Annotated[list[UUID], Field(max_length=50), Distinct]


class SourceBody(RequestBody):
    """The document that gave the task, where it is not the plan itself."""

    number: Short | None = None
    issued_on: Day | None = None
    title: Short | None = None


class EntryBody(RequestBody):
    """A row of a plan, as its appendix would have it, and what an appendix has no column for.

    `deadline_text`: in an appendix's words ("Trước ngày 30/6", "Hằng quý"), read as there. Each
    lead unit gets assignments of its own; the accountable person and the helpers are of lead units.
    `preview`: how it would be read; nothing is kept.
    """

    plan_id: UUID
    content: Needed
    lead_unit_ids: Annotated[list[UUID], Field(min_length=1, max_length=200), Distinct]
    deadline_text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    number: Short = ""
    section: Words = ""
    subject_matter: Words = ""
    product: Words = ""
    coordinating_unit_ids: Units = Field(default=[])
    accountable_person_id: UUID | None = None
    helper_ids: People = Field(default=[])
    source: SourceBody | None = None
    kpi_group: KpiGroup | None = None
    kpi_code: Short | None = None
    preview: bool = False


class EntryView(ResponseBody):
    """What a row became, or would become: how its deadline was understood, and its assignments.

    Of a preview ids and numbers are only for the moment.
    """

    preview: bool
    deadline_kind: DeadlineKind
    reading: str
    warnings: list[Warned]
    assignments: list[AssignmentView]


class OriginBody(RequestBody):
    """All of it, of one row: what is left out is taken away. `reason`: why it is changed."""

    source: SourceBody | None = None
    kpi_group: KpiGroup | None = None
    kpi_code: Short | None = None
    reason: Short | None = None


async def _may_enter(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "assignment.create")


async def _asked(id: UUID, session: Transaction, actor: CurrentActor) -> Assignment:
    """Find the assignment of the path: 404 unless visible, then 403 unless the actor may change."""
    found = await find(session, actor, id)
    check_open_to(actor, "change", found)
    return found


@router.post("", policy="assignment.create", status_code=201, dependencies=[Depends(_may_enter)])
async def create_assignment(
    body: EntryBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> EntryView:
    """Add a row to a plan by hand. In a plan that is in force its units and people are told.

    404 for a plan that is not there, 409 `plan_closed` where nothing can be added.
    """
    written = body.model_dump(exclude={"plan_id", "preview", "source"})
    source = _source(body.source)
    entered = await enter(
        session, actor, body.plan_id, Row(**written, source=source), preview=body.preview
    )
    presenter = AssignmentPresenter(entered.at, actor)
    made = [
        presenter.view(each, entered.names.get(each.accountable_person_id or UUID(int=0)))
        for each in entered.assignments
    ]
    if body.preview:
        response.status_code = 200
    else:
        created_at(response, f"/v1/assignments/{made[0].id}")
    deadline = entered.deadline
    return EntryView(
        preview=body.preview,
        deadline_kind=deadline.kind,
        reading=say(deadline.reading, language),
        warnings=warned(deadline, language),
        assignments=made,
    )


@readings.get("/{id}/deadline_reading", policy="deadline.read")
async def read_deadline_in_words(
    id: UUID,
    words: Annotated[str, Query(min_length=1, max_length=500, examples=["30/6"])],
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
) -> DeadlineReading:
    """Say how a deadline in words would be read in a plan, as of a row of its appendix.

    Before a row is added by hand, a measure is accepted or an instruction issued. 404 for a plan
    the caller does not see.
    """
    plan = await plans.find_visible(session, actor, id)
    return await reading_of(session, plan, words, language)


@router.put("/{id}/origin", policy="assignment.change")
async def set_origin_of_row(
    asked: Annotated[Assignment, Depends(_asked)],
    seen: IfMatch,
    body: OriginBody,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> AssignmentDetail:
    """Write down the document that gave a row and its KPI, for all assignments of that row.

    412 when somebody wrote the same about this assignment meanwhile.
    """
    origin = Origin(_source(body.source), body.kpi_group, body.kpi_code)
    await set_origin(session, actor, asked, seen, origin, body.reason)
    view = await assignment_detail(session, actor, asked.id, language)
    set_etag(response, view.version)
    return view


def _source(body: SourceBody | None) -> Source:
    return Source(**body.model_dump()) if body else Source()
