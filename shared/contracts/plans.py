"""Events of the tasks service about plans; `contracts.tasks` has them by the same names."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

from pydantic import Field

from contracts.events import Event, Payload


class PlanTarget(Payload):
    """A published figure to reach. `value` None: unknown, the Office enters it."""

    index: Literal["satisfaction", "par"]
    comparison: Literal["over", "at_least"]
    value: Decimal | None
    source: str


class PlanObjective(Payload):
    """What a plan is to reach, e.g. an objective of the province's plan, and the tasks serving it.

    `other_plan_id`: the objective is that plan's completion.
    """

    objective_id: UUID
    text: str
    source: str
    task_ids: list[UUID]
    other_plan_id: UUID | None


class PlanState(Payload):
    """A yearly plan. `closes_on` is the last allowed day of its reports.

    `cancelled`: it is closed because it was given up; nothing of it counts any more. `signer_*`: as
    above the document's signature, "KT. GIÁM ĐỐC" and "PHÓ GIÁM ĐỐC". `recipient_unit_ids`: its
    "Nơi nhận". `closed_on`: when it was closed, not cancelled. `successor_id`: the plan that took
    its place in mid-year; `rolled_into_id`: the later year's plan that took over the rest.
    """

    plan_id: UUID
    version: int
    year: int
    title: str
    unit_id: UUID
    status: Literal["draft", "active", "closed"]
    closes_on: date
    targets: list[PlanTarget]
    cancelled: bool = False
    number: str | None = None
    issued_on: date | None = None
    signer_authority: str | None = None
    signer_post: str | None = None
    recipient_unit_ids: list[UUID] = Field(default=[])
    objectives: list[PlanObjective] = Field(default=[])
    closed_on: date | None = None
    successor_id: UUID | None = None
    rolled_into_id: UUID | None = None


class PlanActivated(Event, type="tasks.plan_activated.v1", aggregate="plan"):
    """A plan took effect: its assignments count from now on."""

    plan: PlanState

    @property
    def subject(self) -> UUID:
        return self.plan.plan_id

    @property
    def version(self) -> int:
        return self.plan.version


class PlanChanged(Event, type="tasks.plan_changed.v1", aggregate="plan"):
    """A fact of a plan changed, or it was cancelled, closed, or rolled over into a later year."""

    plan: PlanState

    @property
    def subject(self) -> UUID:
        return self.plan.plan_id

    @property
    def version(self) -> int:
        return self.plan.version


class PlanReplaced(Event, type="tasks.plan_replaced.v1", aggregate="plan"):
    """A plan in force gave way to another, `plan.successor_id`; `carried` assignments went along.

    Each of these says where it went (`carried_to_id`); the rest stays as it was, and owed.
    """

    plan: PlanState
    carried: int

    @property
    def subject(self) -> UUID:
        return self.plan.plan_id

    @property
    def version(self) -> int:
        return self.plan.version


class AcknowledgementState(Payload):
    """A person of a unit on a plan's "Nơi nhận" has taken note of the plan ("đã quán triệt")."""

    acknowledgement_id: UUID
    version: int
    plan_id: UUID
    unit_id: UUID
    person_id: UUID
    acknowledged_at: datetime


class PlanAcknowledged(
    Event, type="tasks.plan_acknowledged.v1", aggregate="acknowledgement", audience="internal"
):
    """Somebody has taken note of a plan, which had asked for it when it was issued."""

    acknowledgement: AcknowledgementState

    @property
    def subject(self) -> UUID:
        return self.acknowledgement.acknowledgement_id

    @property
    def version(self) -> int:
        return self.acknowledgement.version
