"""What the Office does with a result: accept it, or return it with a reason."""

from datetime import date
from uuid import UUID

from chassis.errors import NotFound
from contracts.tasks import ResultAccepted, ResultReturned
from tasks.assignments.domain import on_time, status_after
from tasks.assignments.record import Change


async def accept_result(change: Change, result_id: UUID, note: str | None) -> None:
    """Accept: the assignment is done. Raises NotFound, Conflict when there is nothing to accept."""
    assignment, submitted_on = change.assignment, _submitted_on(change)
    assignment.status = status_after("accept_result", assignment.status)
    assignment.submitted_on, assignment.accepted_at = submitted_on, change.at.now
    assignment.progress_percent = 100
    await change.store(
        "result_accepted",
        ResultAccepted,
        decision="accepted",
        note=note,
        result_id=result_id,
        on_time=on_time(submitted_on, assignment.due_on),
    )


async def return_result(change: Change, result_id: UUID, reason: str) -> None:
    """Return: the unit owes a result again. Raises as `accept_result`."""
    assignment = change.assignment
    _submitted_on(change)
    assignment.status = status_after("return_result", assignment.status)
    assignment.submitted_on = None
    await change.store(
        "result_returned", ResultReturned, decision="returned", reason=reason, result_id=result_id
    )


def _submitted_on(change: Change) -> date:
    if change.submitted_on is None:
        raise NotFound("Không tìm thấy kết quả này", code="result_not_found")
    return change.submitted_on
