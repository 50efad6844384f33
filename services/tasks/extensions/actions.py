"""Acts about extensions: the lead unit asks, the Office or the director decides."""

from datetime import date
from typing import Any

from chassis.ids import new_id
from contracts.tasks import DeadlineExtended, ExtensionRefused, ExtensionRequested
from tasks.assignments import later_day
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import status_after
from tasks.assignments.models import Assignment, Extension
from tasks.assignments.staleness import check_seen
from tasks.extensions.change import Decision


async def request(change: AssignmentChange, seen: int, *, due_on: date, reason: str) -> Extension:
    """Ask for a later deadline, before or after the day; the deadline stays until it is granted.

    Raises StaleVersion, RuleBroken when the status forbids it, there is no deadline or a request
    is open, InputRefused for a day that cannot be.
    """
    assignment = change.assignment
    await check_seen(change.session, assignment, seen)
    _check_status(assignment, "request_extension")
    now = later_day.check_asking(assignment.due_on, assignment.requested_due_on)
    later_day.check_later(now, due_on, change.at.today)
    extension = Extension(
        id=new_id(), assignment_id=assignment.id, status="open", unit_id=assignment.unit_id,
        due_on=now, requested_due_on=due_on, granted_due_on=None, reason=reason,
        requested_at=change.at.now, requested_by=change.actor.person_id, decided_at=None,
        decided_by=None, decision_note=None,
    )  # fmt: skip
    change.session.add(extension)
    assignment.requested_due_on = due_on
    await change.record(
        "extension_requested",
        ExtensionRequested,
        reason=reason,
        extension_id=extension.id,
        changes=[_changed("requested_due_on", None, due_on)],
    )
    return extension


async def approve(decision: Decision, *, due_on: date | None, note: str | None) -> None:
    """Put the deadline off, to the day asked for or another. Reminders follow the new one.

    Raises RuleBroken `extension_decided` or when the assignment is over, InputRefused for a day
    that cannot be: by now the one asked for may have passed.
    """
    change, extension = decision.change, decision.extension
    assignment, before = change.assignment, change.assignment.due_on
    await decision.close("approved", note)
    _check_status(assignment, "decide_extension")
    day = due_on or extension.requested_due_on
    now = later_day.check_asking(before, None)
    later_day.check_later(now, day, change.at.today)
    extension.granted_due_on = day
    assignment.first_due_on = assignment.first_due_on or now
    assignment.extended_times += 1
    assignment.due_on, assignment.requested_due_on = day, None
    assignment.last_working_day = change.at.calendar.last_working_day_on_or_before(day)
    await change.record(
        "deadline_extended",
        DeadlineExtended,
        note=note,
        extension_id=extension.id,
        previous_due_on=now,
        changes=[_changed("due_on", now, day)],
    )


async def refuse(decision: Decision, reason: str) -> None:
    """Leave the deadline as it is. Raises RuleBroken `extension_decided`."""
    await decision.close("refused", reason)
    assignment = decision.change.assignment
    _check_status(assignment, "decide_extension")
    assignment.requested_due_on = None
    await decision.change.record(
        "extension_refused", ExtensionRefused, reason=reason, extension_id=decision.extension.id
    )


def _check_status(assignment: Assignment, act: Any) -> None:
    status_after(act, assignment.status, paused=assignment.paused_on is not None)


def _changed(field: str, before: date | None, after: date) -> dict[str, str | None]:
    return {"field": field, "before": str(before) if before else None, "after": str(after)}
