"""The lead unit, being late, commits itself in writing to a day."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.ids import new_id
from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import CommitmentMade
from tasks.assignments.actions import check_files
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import is_overdue, refused, status_after
from tasks.assignments.models import Commitment
from tasks.deadlines.days import check_year_of, day_text

NOT_LATE = N_("Nhiệm vụ chưa quá hạn: chỉ đơn vị chậm tiến độ mới phải cam kết bằng văn bản")
PASSED = N_("Ngày cam kết {day} đã qua: hãy ghi từ hôm nay trở đi")
NOT_YET_SIGNED = N_("Ngày văn bản {day} không được sau hôm nay")


@dataclass(frozen=True)
class Promise:
    """What the document says. `file_id`: the document itself, uploaded before."""

    document_number: str
    document_date: date
    promised_on: date
    note: str
    file_id: UUID | None


async def enter(change: AssignmentChange, promise: Promise) -> Commitment:
    """Enter a commitment; the deadline stays, and the assignment overdue.

    Raises RuleBroken `assignment_not_late` or when the status forbids it, InputRefused for a day
    that cannot be or a file that is not there.
    """
    assignment, today = change.assignment, change.at.today
    paused = assignment.paused_on is not None
    status_after("commit", assignment.status, paused=paused)
    if not is_overdue(assignment.status, assignment.due_on, today):
        raise RuleBroken("assignment_not_late", Sentence(NOT_LATE))
    _check_days(promise, today)
    if promise.file_id:
        files = [promise.file_id]
        await check_files(change.session, change.actor, assignment, files, named="/file_id")
    made = Commitment(
        id=new_id(), assignment_id=assignment.id, version=assignment.version + 1,
        unit_id=assignment.unit_id, made_at=change.at.now, made_by=change.actor.person_id,
        **vars(promise),
    )  # fmt: skip
    change.session.add(made)
    await change.record(
        "committed",
        CommitmentMade,
        note=promise.note or None,
        commitment_id=made.id,
        promised_on=promise.promised_on,
        changes=_said(promise),
    )
    return made


def _check_days(promise: Promise, today: date) -> None:
    if promise.document_date > today:
        facts = {"day": day_text(promise.document_date)}
        raise refused("/document_date", NOT_YET_SIGNED, facts)
    if promise.promised_on < today:
        raise refused("/promised_on", PASSED, {"day": day_text(promise.promised_on)})
    for name in ("document_date", "promised_on"):
        check_year_of(f"/{name}", getattr(promise, name))


def _said(promise: Promise) -> list[dict[str, str | None]]:
    said = {
        "document_number": promise.document_number,
        "document_date": str(promise.document_date),
        "promised_on": str(promise.promised_on),
    }
    return [{"field": name, "before": None, "after": value} for name, value in said.items()]
