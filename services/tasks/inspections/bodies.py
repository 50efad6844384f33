"""What is said to the doors of inspections."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.bodies import Reason
from chassis.web import Day, Distinct, RequestBody
from contracts.tasks import FindingKind, InspectionBody, InspectionMethod
from tasks.assignments.doors import Required, Text
from tasks.bodies import CriterionCode

Short = Annotated[str, StringConstraints(max_length=300)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=300)]
People = Annotated[list[UUID], Field(max_length=50), Distinct]
TEAM = {"head_id", "member_ids", "substitute_ids"}


class RecordBody(RequestBody):
    """A record the unit is asked for; when that was, by when it is needed, and when it came."""

    what: Name
    asked_on: Day | None = None
    due_on: Day | None = None
    received_on: Day | None = None


Records = Annotated[list[RecordBody], Field(max_length=200)]


class InspectionFacts(RequestBody):
    """An inspection to plan. Nobody of the inspected unit may be in the team."""

    body: InspectionBody
    method: InspectionMethod
    unit_id: UUID
    starts_on: Day
    ends_on: Day
    subject: Required
    head_id: UUID
    member_ids: People = Field(default=[])
    substitute_ids: People = Field(default=[])
    records: Records = Field(default=[])


class InspectionChanges(RequestBody):
    """What is to change; what is left out stays, lists are replaced whole."""

    body: InspectionBody = "government"
    method: InspectionMethod = "planned"
    unit_id: UUID = UUID(int=0)
    starts_on: Day = date.min
    ends_on: Day = date.min
    subject: Required = ""
    head_id: UUID = UUID(int=0)
    member_ids: People = Field(default=[])
    substitute_ids: People = Field(default=[])
    records: Records = Field(default=[])


class AnnouncementBody(RequestBody):
    """The document that announces it to the unit. `announced_on`: today where it is left out."""

    number: Short | None = None
    announced_on: Day | None = None


class AbsenceBody(RequestBody):
    """Somebody of the team who is away, who comes instead, and why."""

    person_id: UUID
    substitute_id: UUID
    reason: Reason


class VisitBody(RequestBody):
    """The day the team came, or began to read, and who stood in for whom."""

    visited_on: Day
    absent: Annotated[list[AbsenceBody], Field(max_length=50)] = Field(default=[])


class FindingBody(RequestBody):
    """A finding in words. `criterion_code`: as the criteria set has it, to be known again."""

    kind: FindingKind
    text: Required
    criterion_code: CriterionCode | None = None
    evidence: Text = ""


class RemediationBody(RequestBody):
    """What is to be done about a finding, and the unit that leads it.

    `what` becomes an assignment, which partners may read: name the work, not the weakness.
    """

    finding_id: UUID
    lead_unit_id: UUID
    what: Required


class ConclusionBody(RequestBody):
    """The conclusion notice, and what follows from each finding.

    `plan_id`: the plan that takes up the remediations; needed where there are findings.
    """

    number: Name
    issued_on: Day
    text: Required
    plan_id: UUID | None = None
    signer_authority: Short | None = None
    signer_post: Short | None = None
    signer_name: Short | None = None
    remediations: Annotated[list[RemediationBody], Field(max_length=200)] = Field(default=[])


class WhyBody(RequestBody):
    """Why it does not take place, or is closed."""

    reason: Reason
