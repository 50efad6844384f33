"""What the Office sets where the appendix left it open: the deadline, its event, the person."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import Conflict, InvalidInput
from contracts.tasks import AssignmentChanged
from tasks.assignments.domain import status_after
from tasks.assignments.models import Assignment
from tasks.assignments.record import Change
from tasks.assignments.staleness import check_seen
from tasks.calendar.moment import Moment
from tasks.deadlines.domain import DaysAfter
from tasks.directory.models import Person

SHOWN = ("due_on", "triggered_on", "accountable_person_id", "deadline_kind")


async def change(begun: Change, seen: int, facts: Mapping[str, Any], reason: str | None) -> None:
    """Set any of due_on, triggered_on, accountable_person_id (what `facts` names).

    Raises StaleVersion, Conflict when the appendix itself fixes the deadline or the assignment is
    over, InvalidInput for a day or a person that cannot be.
    """
    assignment = begun.assignment
    await check_seen(begun.session, assignment, seen, fields=set(facts))
    status_after("change", assignment.status)
    before = {name: getattr(assignment, name) for name in SHOWN}
    await _set(begun, facts, reason)
    changes = [
        {"field": name, "before": before[name], "after": getattr(assignment, name)}
        for name in SHOWN
        if before[name] != getattr(assignment, name)
    ]
    if changes:
        shown = to_jsonable_python(changes)
        await begun.store("changed", AssignmentChanged, reason=reason, changes=shown)


async def _set(begun: Change, facts: Mapping[str, Any], reason: str | None) -> None:
    assignment = begun.assignment
    if {"due_on", "triggered_on"} & facts.keys():
        _set_deadline(assignment, facts, reason, begun.at)
    if "accountable_person_id" in facts:
        person_id = facts["accountable_person_id"]
        begun.person_name = await _name_of(begun.session, assignment, person_id)
        assignment.accountable_person_id = person_id


def _set_deadline(
    assignment: Assignment, facts: Mapping[str, Any], reason: str | None, at: Moment
) -> None:
    kind = assignment.task.deadline_kind
    if kind not in {"needs_person", "triggered"} or (
        "triggered_on" in facts and kind != "triggered"
    ):
        raise Conflict(
            "Phụ lục đã ghi rõ thời hạn của nhiệm vụ này; thay đổi là gia hạn, không phải nhập hạn",
            code="deadline_fixed",
        )
    if assignment.due_on is not None and not reason:
        raise _invalid("/reason", "Thời hạn đã được nhập trước đó: hãy ghi lý do sửa")
    if "triggered_on" in facts:
        _trigger(assignment, facts["triggered_on"], at)
    if "due_on" in facts:
        assignment.due_on = facts["due_on"]
    if kind == "needs_person":
        assignment.deadline_kind = "fixed" if assignment.due_on else "needs_person"
    due = assignment.due_on
    assignment.last_working_day = due and at.calendar.last_working_day_on_or_before(due)


def _trigger(assignment: Assignment, on: date | None, at: Moment) -> None:
    """Set the day of the event; where the words give a number of days, the due day follows."""
    if on is not None and on > at.today:
        raise _invalid("/triggered_on", "Ngày phát sinh không được sau hôm nay")
    assignment.triggered_on = assignment.starts_on = on
    if assignment.task.deadline_rule is None:
        return
    rule = DaysAfter(**assignment.task.deadline_rule)
    assignment.due_on = rule.due_on(on, at.calendar) if on else None


async def _name_of(session: AsyncSession, assignment: Assignment, id_: UUID | None) -> str | None:
    """Return the name of who is to be accountable. Raises InvalidInput for one who cannot be."""
    if id_ is None:
        return None
    person = await session.get(Person, id_)
    if person is None or not person.active or person.unit_id != assignment.unit_id:
        raise _invalid(
            "/accountable_person_id", "Người chịu trách nhiệm phải là cán bộ của đơn vị chủ trì"
        )
    return person.name


def _invalid(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(message, errors=[{"pointer": pointer, "message": message}])
