"""What the Office does with a result: accept it, or return it with a reason."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import Conflict, NotFound
from contracts.tasks import ResultAccepted, ResultReturned
from tasks.actions.assignments.storing import Change
from tasks.actions.rules import rules
from tasks.domain.assignment import on_time, status_after
from tasks.models import Assignment, Result
from tasks.models.assignment import ResultStatus


async def accept_result(
    session: AsyncSession, actor: Actor, assignment: Assignment, result_id: UUID, note: str | None
) -> Assignment:
    """Accept: the assignment is done. Raises NotFound, Conflict when there is nothing to accept."""
    result = await _result(session, assignment, result_id)
    change = await Change.begin(session, actor, assignment)
    with rules():
        assignment.status = status_after("accept_result", assignment.status)
    _decide(change, result, "accepted", note)
    assignment.submitted_on, assignment.accepted_at = result.submitted_on, change.at.now
    assignment.progress_percent = 100
    return await change.store(
        "result_accepted",
        ResultAccepted,
        note=note,
        result_id=result.id,
        on_time=on_time(result.submitted_on, assignment.due_on),
    )


async def return_result(
    session: AsyncSession, actor: Actor, assignment: Assignment, result_id: UUID, reason: str
) -> Assignment:
    """Return: the unit owes a result again. Raises as `accept_result`."""
    result = await _result(session, assignment, result_id)
    change = await Change.begin(session, actor, assignment)
    with rules():
        assignment.status = status_after("return_result", assignment.status)
    _decide(change, result, "returned", reason)
    assignment.submitted_on = None
    return await change.store("result_returned", ResultReturned, reason=reason, result_id=result.id)


async def _result(session: AsyncSession, assignment: Assignment, id_: UUID) -> Result:
    result = await session.get(Result, id_)
    if result is None or result.assignment_id != assignment.id:
        raise NotFound("Không tìm thấy kết quả này", code="result_not_found")
    return result


def _decide(change: Change, result: Result, status: ResultStatus, note: str | None) -> None:
    if result.status != "submitted":
        raise Conflict(
            "Kết quả này đã được duyệt hoặc trả lại; hãy xem kết quả mới nhất",
            code="result_decided",
        )
    result.status, result.decision_note = status, note
    result.decided_at, result.decided_by = change.at.now, change.actor.person_id
