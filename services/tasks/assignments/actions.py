"""What the lead unit does: report progress, hand in a result with its evidence."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import InvalidInput
from chassis.ids import new_id
from chassis.tables import stored_file
from contracts.tasks import ProgressReported, ResultSubmitted
from tasks.assignments.domain import status_after
from tasks.assignments.models import Assignment, Result, ResultFile
from tasks.assignments.record import Change
from tasks.assignments.staleness import check_seen


async def report_progress(
    change: Change, seen: int, *, percent: int, note: str, difficulty: str | None
) -> None:
    """Store progress 0..100. Raises StaleVersion, and Conflict when the status forbids it."""
    assignment = change.assignment
    await check_seen(change.session, assignment, seen)
    assignment.status = status_after("report_progress", assignment.status)
    assignment.progress_percent = percent
    await change.store(
        "progress",
        ProgressReported,
        percent=percent,
        note=note,
        difficulty=difficulty,
        has_difficulty=bool(difficulty),
    )


async def submit_result(change: Change, seen: int, *, note: str, file_ids: Sequence[UUID]) -> None:
    """Hand in a result. Raises as `report_progress`, and InvalidInput for a file that is not there.

    The local day of the submission is kept: it decides on time or late, however long the Office
    takes.
    """
    session, actor, assignment = change.session, change.actor, change.assignment
    await check_seen(session, assignment, seen)
    await _check_files(session, actor, assignment, file_ids)
    assignment.status = status_after("submit_result", assignment.status)
    assignment.submitted_on = change.at.today
    result = Result(
        id=new_id(),
        assignment_id=assignment.id,
        status="submitted",
        note=note,
        submitted_at=change.at.now,
        submitted_on=change.at.today,
        submitted_by=actor.person_id,
    )
    session.add(result)
    await session.flush()
    session.add_all(
        ResultFile(result_id=result.id, position=n, file_id=id_) for n, id_ in enumerate(file_ids)
    )
    await change.store(
        "result_submitted",
        ResultSubmitted,
        note=note,
        result_id=result.id,
        evidence_count=len(file_ids),
    )


async def _check_files(
    session: AsyncSession, actor: Actor, assignment: Assignment, file_ids: Sequence[UUID]
) -> None:
    """Take only files the actor uploaded, or that an earlier result of this assignment has."""
    earlier = (
        select(ResultFile.file_id)
        .join(Result, Result.id == ResultFile.result_id)
        .where(Result.assignment_id == assignment.id)
    )
    columns = stored_file.c
    ones_own = or_(columns.uploaded_by == actor.person_id, columns.id.in_(earlier))
    known = set(await session.scalars(select(columns.id).where(columns.id.in_(file_ids), ones_own)))
    message = "Không tìm thấy tệp này: hãy tải tệp lên trước khi gửi kết quả"
    errors = [
        {"pointer": f"/file_ids/{n}", "message": message}
        for n, id_ in enumerate(file_ids)
        if id_ not in known
    ]
    if errors:
        raise InvalidInput(message, code="file_unknown", errors=errors)  # type: ignore[arg-type]
