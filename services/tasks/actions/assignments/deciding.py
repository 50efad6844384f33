"""What the Office does with a result: accept it, or return it with a reason."""

from datetime import date
from uuid import UUID

from sqlalchemy import text

from chassis.errors import Conflict, NotFound
from contracts.tasks import ResultAccepted, ResultReturned
from tasks.actions.assignments.storing import Change
from tasks.actions.rules import rules
from tasks.domain.assignment import on_time, status_after
from tasks.models import Result
from tasks.models.assignment import ResultStatus

_DECIDE = text("""
    UPDATE result
    SET status = :status, decision_note = :note, decided_at = now(), decided_by = :person_id
    WHERE id = :id AND assignment_id = :assignment_id AND status = 'submitted'
    RETURNING submitted_on
""")


async def accept_result(change: Change, result_id: UUID, note: str | None) -> None:
    """Accept: the assignment is done. Raises NotFound, Conflict when there is nothing to accept."""
    assignment = change.assignment
    submitted_on = await _decide(change, result_id, "accepted", note)
    with rules():
        assignment.status = status_after("accept_result", assignment.status)
    assignment.submitted_on, assignment.accepted_at = submitted_on, change.at.now
    assignment.progress_percent = 100
    await change.store(
        "result_accepted",
        ResultAccepted,
        note=note,
        result_id=result_id,
        on_time=on_time(submitted_on, assignment.due_on),
    )


async def return_result(change: Change, result_id: UUID, reason: str) -> None:
    """Return: the unit owes a result again. Raises as `accept_result`."""
    assignment = change.assignment
    await _decide(change, result_id, "returned", reason)
    with rules():
        assignment.status = status_after("return_result", assignment.status)
    assignment.submitted_on = None
    await change.store("result_returned", ResultReturned, reason=reason, result_id=result_id)


async def _decide(change: Change, id_: UUID, status: ResultStatus, note: str | None) -> date:
    """Decide what is still to be decided; return the day it was submitted."""
    assignment = change.assignment
    given = {
        "id": id_,
        "assignment_id": assignment.id,
        "status": status,
        "note": note,
    }
    given["person_id"] = change.actor.person_id
    submitted_on: date | None = await change.session.scalar(_DECIDE, given)
    if submitted_on is not None:
        return submitted_on
    result = await change.session.get(Result, id_)
    if result is None or result.assignment_id != assignment.id:
        raise NotFound("Không tìm thấy kết quả này", code="result_not_found")
    with rules():
        status_after("accept_result", assignment.status)
    raise Conflict(
        "Kết quả này đã được duyệt hoặc trả lại; hãy xem kết quả mới nhất",
        code="result_decided",
    )
