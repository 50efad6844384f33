"""What is said of measures against lost points, and of instructions of the department's leaders."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.words import N_
from contracts import tasks
from contracts.tasks import InstructionIssued, MeasureEvent
from notifications.rules.audiences import (
    ASKER,
    DIRECTOR_IN_APP,
    OFFICE,
    OFFICE_IN_APP,
    UNITS,
    UNITS_BY_MAIL,
)
from notifications.rules.model import Occasion, Rule
from notifications.rules.wording import brief

MEASURES = (
    Rule(
        tasks.MeasureProposed, category="measure",
        title=N_("{unit} đề xuất giải pháp khắc phục tiêu chí {code} mất điểm năm {year}"),
        body=N_("{criterion}. Hãy chấp nhận để thành nhiệm vụ, hoặc trả lại kèm lý do."),
        audiences=(OFFICE,), asks=True, moot_at=frozenset({"accepted", "returned"}),
    ),
    Rule(
        tasks.MeasureReturned, category="measure", severity="warning",
        title=N_("Giải pháp khắc phục tiêu chí {code} bị trả lại"),
        body=N_("{criterion}. Hãy xem lý do và đề xuất giải pháp khác. {unit} chủ trì."),
        audiences=(ASKER, UNITS),
    ),
    Rule(
        tasks.MeasureAccepted, category="measure",
        title=N_("Giải pháp khắc phục tiêu chí {code} được chấp nhận, thành nhiệm vụ {number}"),
        body=N_("{criterion}. {unit} chủ trì."),
        audiences=(ASKER, UNITS, DIRECTOR_IN_APP),
    ),
    Rule(
        tasks.InstructionIssued, category="instruction", severity="warning",
        title=N_("Ý kiến chỉ đạo giao {unit}, thành nhiệm vụ {number}"),
        body=N_("Thời hạn: {deadline}. Mở để đọc toàn văn và văn bản chỉ đạo."),
        audiences=(UNITS_BY_MAIL, OFFICE_IN_APP, DIRECTOR_IN_APP),
    ),
)  # fmt: skip


def occasion_of_measure(event: MeasureEvent, units: Mapping[UUID, str]) -> Occasion:
    """Return what a step of a measure means for the Office, who proposed it and its unit."""
    measure = event.measure
    return Occasion(
        event_type=event.type,  # type: ignore[attr-defined]  # every MeasureEvent is an Event
        case="",
        subject_type="measure",
        subject_id=event.subject,
        version=event.version,
        step=f"v{event.version}",
        status=measure.status,
        lead_unit_id=measure.unit_id,
        asker_id=measure.proposed_by_id,
        scope_unit_ids=(measure.unit_id,),
        facts={
            "unit": units.get(measure.unit_id, "—"),
            "code": measure.code,
            "year": str(measure.year),
            "criterion": brief(measure.criterion),
            "number": _number(measure.assignment_number, measure.assignment_ids),
        },
    )


def _number(first: str | None, every: Sequence[UUID]) -> str:
    """Return the number of what it became; of several, the first and how many more there are."""
    more = f" (+{len(every) - 1})" if len(every) > 1 else ""
    return f"{first or '—'}{more}"


def occasion_of_instruction(event: InstructionIssued, units: Mapping[UUID, str]) -> Occasion:
    """Return what an instruction means for its unit, the Office and the leaders."""
    instruction = event.instruction
    return Occasion(
        event_type=event.type,
        case="",
        subject_type="instruction",
        subject_id=event.subject,
        version=event.version,
        step=f"v{event.version}",
        status="issued",
        lead_unit_id=instruction.unit_id,
        scope_unit_ids=(instruction.unit_id,),
        facts={
            "unit": units.get(instruction.unit_id, "—"),
            "number": _number(instruction.assignment_number, instruction.assignment_ids),
            "deadline": brief(instruction.deadline_text),
        },
    )
