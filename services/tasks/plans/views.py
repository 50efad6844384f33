"""A plan as the API shows it, with what looks wrong about it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from tasks.access import RIGHTS
from tasks.calendar.moment import Moment
from tasks.plans.domain import LegalBasis, PlanStatus, acts_open_in, legal_basis_warnings
from tasks.plans.models import Plan
from tasks.remarks import Remark


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


class ObjectiveView(ResponseBody):
    """An objective, the tasks that serve it, or the plan whose completion it is."""

    id: UUID
    text: str
    source: str
    other_plan_id: UUID | None
    task_ids: list[UUID]


class ClosedCounts(ResponseBody):
    """How a plan's assignments stood when it was closed; what is open stays owed unless carried.

    `late`: done after their day. `open`: no result handed in, `overdue` of them past their day.
    `waiting`: handed in, not yet decided. `carried`: taken over by another plan.
    """

    all: int
    done: int
    late: int
    open: int
    overdue: int
    waiting: int
    carried: int


class PlanView(ResponseBody):
    """A plan, and what looks wrong about it. `cancelled_because`: why it was given up.

    `signer_*`: as above the document's signature. `recipient_unit_ids`: its "Nơi nhận".
    `closed_*`: since when it is over, why, and how it stood then. `successor_id`: the plan that
    took its place; `rolled_into_id`: the later year's plan that took over what was open.
    """

    id: UUID
    version: int
    year: int
    title: str
    number: str | None
    issued_on: date | None
    closes_on: date
    unit_id: UUID
    status: PlanStatus
    cancelled_because: str | None
    legal_bases: list[BasisView]
    targets: list[TargetView]
    signer_authority: str | None
    signer_post: str | None
    signer_name: str | None
    signed_copy_id: UUID | None
    recipient_unit_ids: list[UUID]
    objectives: list[ObjectiveView]
    closed_on: date | None
    closed_because: str | None
    closed_counts: ClosedCounts | None
    successor_id: UUID | None
    rolled_into_id: UUID | None
    warnings: list[Warned] = Field(default=[])
    allowed: list[str] = Field(default_factory=list)


def plan_view(plan: Plan, actor: Actor, at: Moment, language: Language) -> PlanView:
    """Return a plan with its warnings, and what the actor may do with it now."""
    view = PlanView.model_validate(plan)
    remarks = [*_basis_warnings(view), *_calendar_warnings(plan, at)]
    view.warnings = [Warned(code=r.code, message=say(r.sentence, language)) for r in remarks]
    carried = bool(plan.successor_id or plan.rolled_into_id)
    view.allowed = RIGHTS.allowed(actor, "plan", acts_open_in(plan.status, carried=carried))
    if actor.reach is not None:  # a partner is told nothing about people, and reads no file
        view.signer_name = view.signed_copy_id = None
    return view


def _basis_warnings(view: PlanView) -> list[Remark]:
    bases = [LegalBasis(b.number or b.title, b.issued_on) for b in view.legal_bases]
    return legal_basis_warnings(bases, view.issued_on, view.closes_on)


def _calendar_warnings(plan: Plan, at: Moment) -> list[Remark]:
    if at.calendar.knows(plan.year):
        return []
    template = N_("Chưa nhập lịch làm việc năm {year}: ngày nghỉ lễ chưa được tính vào thời hạn.")
    return [Remark("calendar_missing", Sentence(template, {"year": plan.year}))]
