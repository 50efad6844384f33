"""Acts of the Office and the director that end, interrupt or move an assignment."""

from typing import Any, Literal
from uuid import UUID

from chassis.words import N_
from contracts.tasks import (
    AssignmentCancelled,
    AssignmentHandedOver,
    AssignmentPaused,
    AssignmentResumed,
)
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import Act, refused, status_after
from tasks.assignments.models import Assignment
from tasks.assignments.requests import withdraw_contributions, withdraw_request
from tasks.assignments.staleness import check_seen
from tasks.directory.models import Person, Unit

Because = Literal["cancelled", "no_longer_applicable"]
UNIT_UNKNOWN = N_("Không có đơn vị này, hoặc đơn vị đã ngừng hoạt động")
SAME_UNIT = N_("Đơn vị này đang chủ trì nhiệm vụ: hãy chọn đơn vị khác")
NOT_OF_THE_UNIT = N_("Người chịu trách nhiệm phải là cán bộ của đơn vị nhận nhiệm vụ")


async def pause(change: AssignmentChange, seen: int, reason: str) -> None:
    """Nobody owes it until it is resumed: no reminder, neither due nor overdue.

    Raises StaleVersion, RuleBroken when the status forbids it or it is paused already.
    """
    await _check(change, seen, "pause")
    change.assignment.paused_on = change.at.today
    await change.record("paused", AssignmentPaused, reason=reason)


async def resume(change: AssignmentChange, seen: int, reason: str) -> None:
    """Owe it again by the deadline it has; the clock announces that anew. Raises as `pause`."""
    await _check(change, seen, "resume")
    assignment = change.assignment
    assignment.paused_on = None
    assignment.overdue_announced_for = assignment.reminded_for = assignment.reminded_step = None
    await change.record("resumed", AssignmentResumed, reason=reason)


async def cancel(change: AssignmentChange, seen: int, reason: str, because: Because) -> None:
    """End it: it leaves the figures' denominators, its history stays. Raises as `pause`."""
    assignment, before = change.assignment, change.assignment.status
    assignment.status = await _check(change, seen, "cancel")
    assignment.paused_on = None
    assignment.no_longer_applicable = because == "no_longer_applicable"
    await withdraw_request(change.session, [assignment], change.at)
    await withdraw_contributions(change.session, [assignment], change.at)
    moved = [_moved("status", before, assignment.status)]
    await change.record(
        "cancelled", AssignmentCancelled, reason=reason, because=because, changes=moved
    )


async def hand_over(
    change: AssignmentChange, seen: int, reason: str, unit_id: UUID, person_id: UUID | None
) -> None:
    """Let another unit lead it, with its deadline, results and history; progress stays.

    `person_id`: who of the new unit is accountable, if anybody is named. Raises as `pause`, and
    InputRefused for a unit or a person that cannot be.
    """
    assignment, former = change.assignment, change.assignment.unit_id
    await _check(change, seen, "hand_over")
    await _check_unit(change, unit_id)
    change.person_name = await _name_of(change, unit_id, person_id)
    lead_by(assignment, unit_id, person_id)
    await withdraw_request(change.session, [assignment], change.at)
    await withdraw_contributions(change.session, [assignment], change.at, of_unit=unit_id)
    moved = [_moved("unit_id", former, unit_id)]
    facts: dict[str, Any] = {"previous_unit_id": former, "changes": moved}
    await change.record("handed_over", AssignmentHandedOver, reason=reason, **facts)


def lead_by(assignment: Assignment, unit_id: UUID, person_id: UUID | None) -> None:
    """Let another unit lead it from now on; the one before goes on seeing it.

    `person_id`: of that unit, looked at by the caller, or nobody.
    """
    former = assignment.unit_id
    assignment.unit_id, assignment.accountable_person_id = unit_id, person_id
    assignment.accountable_lost = None  # just checked
    assignment.helper_ids = []  # people of the unit that gives it away
    helping = [id_ for id_ in assignment.coordinating_unit_ids if id_ != unit_id]
    assignment.coordinating_unit_ids = helping
    others = [id_ for id_ in assignment.former_unit_ids if id_ not in (unit_id, former)]
    assignment.former_unit_ids = [*others, former]


async def _check(change: AssignmentChange, seen: int, act: Act) -> Any:
    assignment: Assignment = change.assignment
    await check_seen(change.session, assignment, seen)
    return status_after(act, assignment.status, paused=assignment.paused_on is not None)


async def _check_unit(change: AssignmentChange, unit_id: UUID) -> None:
    if unit_id == change.assignment.unit_id:
        raise refused("/unit_id", SAME_UNIT)
    unit = await change.session.get(Unit, unit_id)
    if unit is None or not unit.active:
        raise refused("/unit_id", UNIT_UNKNOWN)


async def _name_of(change: AssignmentChange, unit_id: UUID, person_id: UUID | None) -> str | None:
    if person_id is None:
        return None
    person = await change.session.get(Person, person_id)
    if person is None or not person.active or person.unit_id != unit_id:
        raise refused("/accountable_person_id", NOT_OF_THE_UNIT)
    return person.name


def _moved(field: str, before: object, after: object) -> dict[str, str]:
    return {"field": field, "before": str(before), "after": str(after)}
