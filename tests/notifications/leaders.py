"""Measures and instructions, as tasks says that they happened; CCHC leads them."""

from datetime import date

from tests.notifications.world import PLAN, id_of

from contracts import tasks


def measure(version: int, status: str) -> tasks.MeasureState:
    accepted = status == "accepted"
    return tasks.MeasureState(
        measure_id=id_of("measure"), version=version, year=2024, code="1.1.2",
        criterion="Mức độ hoàn thành kế hoạch", unit_id=id_of("CCHC"),
        proposed_by_id=id_of("officer_cchc"), status=status, plan_id=PLAN if accepted else None,
        assignment_id=id_of("assignment 1") if accepted else None,
        assignment_number="NV-2025-0001" if accepted else None,
    )  # fmt: skip


def proposed() -> tasks.MeasureProposed:
    return tasks.MeasureProposed(measure=measure(1, "proposed"))


def returned() -> tasks.MeasureReturned:
    return tasks.MeasureReturned(measure=measure(2, "returned"))


def accepted() -> tasks.MeasureAccepted:
    return tasks.MeasureAccepted(measure=measure(2, "accepted"))


def instructed(*more: str) -> tasks.InstructionIssued:
    """`more`: what it became beside the first."""
    state = tasks.InstructionState(
        instruction_id=id_of("instruction"), version=1, unit_id=id_of("CCHC"),
        issuing_body="party_committee", document_number="12-CT/ĐU",
        document_issued_on=date(2025, 3, 1), issued_by_id=id_of("office"),
        on_behalf_of_id=id_of("director"), plan_id=PLAN, assignment_id=id_of("assignment 1"),
        assignment_number="NV-2025-0001", deadline_text="Trước ngày 15/7",
        assignment_ids=[id_of(name) for name in ("assignment 1", *more)],
    )  # fmt: skip
    return tasks.InstructionIssued(instruction=state)
