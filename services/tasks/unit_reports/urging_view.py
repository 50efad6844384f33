"""Who is told to hand in their unit's report, and which units are left out and why."""

from datetime import date
from uuid import UUID

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from contracts.tasks import UrgedAs
from tasks.assignments.urged import Urging
from tasks.plans.models import Plan
from tasks.unit_reports.urging import Chosen, Left, Told


class ToldToReport(ResponseBody):
    """A person who is, or would be, told to hand in the report of a unit, in which words."""

    person_id: UUID
    name: str
    post: str
    unit_id: UUID
    unit_name: str
    urged_as: UrgedAs
    late_days: int
    words: str


class UnitLeftOut(ResponseBody):
    """A unit that is not urged, and why."""

    unit_id: UUID
    unit_name: str
    code: str
    message: str


class ReportUrging(ResponseBody):
    """Who is told, who is left out and why. `urging_id` null: a preview, which keeps nothing.

    `text`: the template. `digest` names who is told what: sent back, nothing else is sent.
    """

    urging_id: UUID | None
    digest: str
    plan_id: UUID
    plan_title: str
    closes_on: date
    text: str
    people: list[ToldToReport]
    left_out: list[UnitLeftOut]


def urging_answer(
    plan: Plan, words: str, chosen: Chosen, language: Language, urging: Urging | None = None
) -> ReportUrging:
    """Return what would be done, or was."""
    return ReportUrging(
        urging_id=urging.id if urging else None,
        digest=chosen.digest,
        plan_id=plan.id,
        plan_title=plan.title,
        closes_on=plan.closes_on,
        text=words,
        people=[_told(each) for each in chosen.told],
        left_out=[_left_out(each, language) for each in chosen.left_out],
    )


def _told(each: Told) -> ToldToReport:
    person, line = each.person, each.line
    return ToldToReport(
        person_id=person.id, name=person.name, post=person.post, unit_id=line.unit_id,
        unit_name=line.unit_name, urged_as=each.urged_as, late_days=line.late_days,
        words=each.words,
    )  # fmt: skip


def _left_out(each: Left, language: Language) -> UnitLeftOut:
    return UnitLeftOut(
        unit_id=each.unit_id, unit_name=each.unit_name, code=each.code,
        message=say(each.sentence, language),
    )  # fmt: skip
