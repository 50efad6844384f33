"""What is asked of units and of the Office: contributions and questions, and what becomes of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.words import N_
from contracts import tasks
from contracts.inspections import InspectionEvent
from contracts.tasks import (
    ContributionDueSoon,
    ContributionEvent,
    InstructionIssued,
    MeasureEvent,
    QuestionAnswered,
    QuestionEvent,
    UnitReportEvent,
)
from notifications.rules.audiences import (
    ACCOUNTABLE,
    ASKER,
    CONTRIBUTOR,
    HEAD_IN_APP,
    OFFICE,
    OVER,
    UNIT_ASKED,
    UNIT_ASKED_IN_APP,
    UNITS,
)
from notifications.rules.inspections import occasion_of_inspection
from notifications.rules.measures import (
    MEASURES,
    occasion_of_instruction,
    occasion_of_measure,
)
from notifications.rules.model import Occasion, Rule
from notifications.rules.unit_reports import occasion_of_unit_report
from notifications.rules.wording import brief, day_text

_OWED = frozenset({"asked", "returned"})
_BY = N_("{subject_matter}. {unit} chủ trì. Hạn gửi đóng góp: {contribution_due}.")

REQUESTS = (
    Rule(
        tasks.ContributionAsked, category="contribution",
        title=N_("{unit} đề nghị {helper} phối hợp nhiệm vụ {number}"),
        body=_BY,
        audiences=(UNIT_ASKED,), asks=True, moot_at=OVER, while_contribution=_OWED,
    ),
    Rule(
        tasks.ContributionDueSoon, category="contribution", severity="warning",
        title=N_("Đóng góp phối hợp nhiệm vụ {number} sắp đến hạn"),
        body=_BY,
        audiences=(UNIT_ASKED,), asks=True, moot_at=OVER | {"paused"}, while_contribution=_OWED,
    ),
    Rule(
        tasks.ContributionGiven, category="contribution",
        title=N_("{helper} đã gửi đóng góp phối hợp nhiệm vụ {number}"),
        body=N_("{subject_matter}. Hãy xem và nhận, hoặc trả lại kèm lý do."),
        audiences=(ASKER, ACCOUNTABLE, HEAD_IN_APP), asks=True, moot_at=OVER,
        while_contribution=frozenset({"given"}),
    ),
    Rule(
        tasks.ContributionAccepted, category="contribution",
        title=N_("Đóng góp phối hợp nhiệm vụ {number} đã được nhận"),
        body=N_("{subject_matter}. {unit} chủ trì."),
        audiences=(CONTRIBUTOR, UNIT_ASKED_IN_APP), moot_at=frozenset({"cancelled"}),
    ),
    Rule(
        tasks.ContributionReturned, category="contribution", severity="warning",
        title=N_("Đóng góp phối hợp nhiệm vụ {number} bị trả lại"),
        body=N_("{subject_matter}. Hãy xem lý do và gửi lại. Hạn: {contribution_due}."),
        audiences=(CONTRIBUTOR, UNIT_ASKED), asks=True, moot_at=OVER, while_contribution=_OWED,
    ),
    Rule(
        tasks.ContributionWithdrawn, category="contribution",
        title=N_("{helper} không còn phải gửi đóng góp cho nhiệm vụ {number}"),
        body=N_("{subject_matter}. Lý do ở trang nhiệm vụ."),
        audiences=(UNIT_ASKED_IN_APP,), moot_at=OVER,
    ),
    Rule(
        tasks.QuestionAsked, category="question",
        title=N_("{asker_unit} hỏi về nhiệm vụ {number}"),
        body=N_("{subject_matter}. Hãy trả lời đơn vị, hoặc hướng dẫn chung cho tất cả."),
        audiences=(OFFICE,), asks=True, moot_at=frozenset({"answered"}),
    ),
    Rule(
        tasks.QuestionAnswered, category="question",
        title=N_("Văn phòng Sở đã trả lời câu hỏi về nhiệm vụ {number}"),
        body=N_("{subject_matter}. Mở để đọc câu trả lời."),
        audiences=(ASKER, UNIT_ASKED_IN_APP),
    ),
    Rule(
        tasks.QuestionAnswered, "for_all", category="question",
        title=N_("Hướng dẫn chung của Văn phòng Sở: {subject_matter}"),
        body=N_("Kế hoạch «{plan}». Câu hỏi của {asker_unit}; mở để đọc hướng dẫn."),
        audiences=(ASKER, UNITS),
    ),
    *MEASURES,
)  # fmt: skip


def about_contribution(
    occasion: Occasion, event: ContributionEvent, units: Mapping[UUID, str]
) -> Occasion:
    """Return what an event means for the unit that is asked to contribute and for who asked."""
    contribution = event.contribution
    facts = {
        "helper": units.get(contribution.unit_id, "—"),
        "contribution_due": day_text(contribution.due_on),
    }
    return replace(
        occasion,
        contribution_id=event.contribution_id,
        asked_unit_id=contribution.unit_id,
        asker_id=getattr(event, "asked_by_id", None),
        contributor_id=getattr(event, "given_by_id", None),
        facts={**occasion.facts, **facts},
    )


def contribution_step(event: ContributionEvent) -> str:
    """Name the obligation: the contribution, and which of several of its kind."""
    step = f"contribution {event.contribution_id}"
    if isinstance(event, ContributionDueSoon):
        return f"{step} {event.contribution.due_on}"
    return f"{step} v{event.version}"


def occasion_of_question(event: QuestionEvent, units: Mapping[UUID, str]) -> Occasion:
    """Return what a question or its answer means for people."""
    question = event.question
    answered = isinstance(event, QuestionAnswered)
    facts = {
        "number": question.assignment_number,
        "subject_matter": brief(question.subject_matter),
        "asker_unit": units.get(question.unit_id, "—"),
        "plan": brief(question.plan_title),
    }
    return Occasion(
        event_type=event.type,  # type: ignore[attr-defined]  # every QuestionEvent is an Event
        case="for_all" if answered and question.for_all else "",
        subject_type="question",
        subject_id=event.subject,
        version=event.version,
        step=f"v{event.version}",
        status=question.status,
        asked_unit_id=question.unit_id,
        asker_id=question.asked_by_id,
        scope_unit_ids=None if question.for_all else (),
        facts=facts,
    )


OCCASIONS: tuple[tuple[type, Callable[[Any, Mapping[UUID, str]], Occasion]], ...] = (
    (QuestionEvent, occasion_of_question),
    (MeasureEvent, occasion_of_measure),
    (InstructionIssued, occasion_of_instruction),
    (UnitReportEvent, occasion_of_unit_report),
    (InspectionEvent, occasion_of_inspection),
)
"""What passes between units, the Office and the leaders, and what each means for people."""
