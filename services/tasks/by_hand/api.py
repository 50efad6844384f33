"""A row by hand: read first, then written."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints
from starlette.responses import Response

from chassis.i18n import say
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    Day,
    Distinct,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    created_at,
)
from contracts.tasks import DeadlineKind
from tasks.assignments.views import AssignmentPresenter, AssignmentView
from tasks.by_hand.actions import enter
from tasks.by_hand.domain import Row, Source
from tasks.plans.models import KpiGroup
from tasks.plans.views import Warned

router = ServiceRouter(prefix="/v1/assignments", tags=["assignments"])
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


@router.post("", policy="assignment.create", status_code=201)
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
    source = Source(**body.source.model_dump()) if body.source else Source()
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
    remarks = [(one.code, say(one.sentence, language)) for one in deadline.warnings]
    return EntryView(
        preview=body.preview,
        deadline_kind=deadline.kind,
        reading=say(deadline.reading, language),
        warnings=[Warned(code=code, message=message) for code, message in remarks],
        assignments=made,
    )
