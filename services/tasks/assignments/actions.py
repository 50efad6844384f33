"""Acts on one assignment: the lead unit reports, the Office decides and sets what is open."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from chassis.rules import InputRefused, Problem
from chassis.tables import stored_file
from chassis.words import N_, Sentence
from contracts.tasks import (
    AssignmentChanged,
    AssignmentStatus,
    ProgressReported,
    ResultAccepted,
    ResultReturned,
    ResultSubmitted,
)
from tasks.assignments import domain
from tasks.assignments.change import AssignmentChange, decided
from tasks.assignments.domain import on_time, status_after
from tasks.assignments.models import Assignment, Result, ResultFile
from tasks.assignments.requests import withdraw_contributions, withdraw_request
from tasks.assignments.staleness import check_seen
from tasks.calendar.moment import Moment
from tasks.deadlines import DaysAfter
from tasks.deadlines.days import check_year_of
from tasks.directory.models import Person
from tasks.files.models import SealedFile

SHOWN = (
    "due_on", "triggered_on", "trigger_document", "accountable_person_id", "deadline_kind",
    "helper_ids",
)  # fmt: skip
FILE_UNKNOWN = Sentence(N_("Không tìm thấy tệp này: hãy tải tệp lên trước khi gửi kết quả"))
NOT_OF_THE_UNIT = N_("Người chịu trách nhiệm phải là cán bộ của đơn vị chủ trì")
HELPER_ELSEWHERE = Sentence(N_("Người cùng thực hiện phải là cán bộ của đơn vị chủ trì"))

# ---------------------------------------------------------------- the lead unit


async def report_progress(
    change: AssignmentChange, seen: int, *, percent: int, note: str, difficulty: str | None
) -> None:
    """Store progress 0..100. Raises StaleVersion, and RuleBroken when the status forbids it."""
    assignment = change.assignment
    await check_seen(change.session, assignment, seen)
    assignment.status = _status_after("report_progress", assignment)
    domain.check_step(assignment.progress_percent, percent, note)
    assignment.progress_percent = percent
    _updated(assignment)
    await change.record(
        "progress",
        ProgressReported,
        percent=percent,
        note=note,
        difficulty=difficulty,
        has_difficulty=bool(difficulty),
    )


async def submit_result(
    change: AssignmentChange, seen: int, *, note: str, file_ids: Sequence[UUID]
) -> None:
    """Hand in a result: words, files, or both.

    Raises as `report_progress`, and InputRefused for nothing at all or a file that is not there.
    The local day of the submission decides on time or late, however long the Office takes.
    """
    session, actor, assignment = change.session, change.actor, change.assignment
    domain.check_result(note, len(file_ids))
    await check_seen(session, assignment, seen)
    await check_files(session, actor, assignment, file_ids)
    assignment.status = _status_after("submit_result", assignment)
    assignment.submitted_on = change.at.today
    _updated(assignment)
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
    await change.record(
        "result_submitted",
        ResultSubmitted,
        note=note,
        result_id=result.id,
        evidence_count=len(file_ids),
    )


def _updated(assignment: Assignment) -> None:
    """What is continuous has its word for this quarter; of others the clock keeps its memory."""
    if assignment.deadline_kind == "continuous":
        assignment.overdue_announced_for = None


def _status_after(act: domain.Act, assignment: Assignment) -> AssignmentStatus:
    return status_after(act, assignment.status, paused=assignment.paused_on is not None)


async def check_files(
    session: AsyncSession,
    actor: Actor,
    assignment: Assignment,
    file_ids: Sequence[UUID],
    *,
    named: str = "",
) -> None:
    """Take only files the actor uploaded, or that an earlier result of this assignment has.

    `named`: where the input names its one file; else it is a list, `/file_ids`. Raises
    InputRefused `file_unknown`.
    """
    earlier = (
        select(ResultFile.file_id)
        .join(Result, Result.id == ResultFile.result_id)
        .where(Result.assignment_id == assignment.id)
    )
    columns = stored_file.c
    ones_own = or_(columns.uploaded_by == actor.person_id, columns.id.in_(earlier))
    wanted = select(columns.id).where(
        columns.id.in_(file_ids), ones_own, columns.id.not_in(select(SealedFile.file_id))
    )
    known = set(await session.scalars(wanted))
    problems = [
        Problem(named or f"/file_ids/{n}", FILE_UNKNOWN)
        for n, id_ in enumerate(file_ids)
        if id_ not in known
    ]
    if problems:
        raise InputRefused("file_unknown", FILE_UNKNOWN, problems)


# ---------------------------------------------------------------- the Office decides


async def accept_result(change: AssignmentChange, result_id: UUID, note: str | None) -> None:
    """Accept: the assignment is done. Raises NotFound, RuleBroken when nothing can be accepted."""
    assignment, submitted_on = change.assignment, _submitted_on(change)
    _check_undecided(change)
    assignment.status = status_after("accept_result", assignment.status)
    await withdraw_request(change.session, [assignment], change.at)
    await withdraw_contributions(change.session, [assignment], change.at)
    assignment.submitted_on, assignment.accepted_at = submitted_on, change.at.now
    assignment.progress_percent = 100
    await change.record(
        "result_accepted",
        ResultAccepted,
        decision="accepted",
        note=note,
        result_id=result_id,
        on_time=on_time(submitted_on, assignment.due_on),
    )


async def return_result(change: AssignmentChange, result_id: UUID, reason: str) -> None:
    """Return: the unit owes a result again. Raises as `accept_result`."""
    assignment = change.assignment
    _submitted_on(change)
    _check_undecided(change)
    assignment.status = status_after("return_result", assignment.status)
    assignment.submitted_on = None
    await change.record(
        "result_returned", ResultReturned, decision="returned", reason=reason, result_id=result_id
    )


def _check_undecided(change: AssignmentChange) -> None:
    """Raise RuleBroken where a colleague has returned the result: not "nothing was submitted"."""
    if change.assignment.status in domain.OPEN:
        raise decided()


def _submitted_on(change: AssignmentChange) -> date:
    if change.submitted_on is None:
        raise NotFound("Không tìm thấy kết quả này", code="result_not_found")
    return change.submitted_on


# ---------------------------------------------------------------- the Office sets what is open


async def set_open_facts(
    change: AssignmentChange, seen: int, facts: Mapping[str, Any], reason: str | None
) -> None:
    """Set any of due_on, triggered_on, trigger_document, accountable_person_id, helper_ids.

    As `facts` names them. Raises StaleVersion, RuleBroken when the appendix itself fixes the
    deadline or the assignment is over, InputRefused for a day or a person that cannot be.
    """
    assignment = change.assignment
    await check_seen(change.session, assignment, seen, fields=set(facts))
    status_after("change", assignment.status)
    before = _shown(assignment)
    await _set(change, facts, reason)
    after = _shown(assignment)
    changes = [
        {"field": name, "before": before[name], "after": after[name]}
        for name in SHOWN
        if before[name] != after[name]
    ]
    if changes:
        shown = to_jsonable_python(changes)
        await change.record("changed", AssignmentChanged, reason=reason, changes=shown)


def _shown(assignment: Assignment) -> Mapping[str, Any]:
    values = {name: getattr(assignment, name) for name in SHOWN}
    return {**values, "helper_ids": ", ".join(map(str, assignment.helper_ids)) or None}


async def _set(change: AssignmentChange, facts: Mapping[str, Any], reason: str | None) -> None:
    assignment = change.assignment
    if {"due_on", "triggered_on"} & facts.keys():
        _set_deadline(assignment, facts, reason, change.at)
    if "trigger_document" in facts:
        kind = domain.kind_as_read(assignment.task.deadline_kind, assignment.deadline_kind)
        domain.check_deadline_open(kind, sets_event=True)
        assignment.trigger_document = facts["trigger_document"] or None
    if "accountable_person_id" in facts:
        person_id = facts["accountable_person_id"]
        change.person_name = await _name_of(change.session, assignment, person_id)
        assignment.accountable_person_id = person_id
        assignment.accountable_lost = None  # just checked
    if "helper_ids" in facts:
        assignment.helper_ids = await _helpers(change.session, assignment, facts["helper_ids"])
    accountable = assignment.accountable_person_id
    assignment.helper_ids = [id_ for id_ in assignment.helper_ids if id_ != accountable]


def _set_deadline(
    assignment: Assignment, facts: Mapping[str, Any], reason: str | None, at: Moment
) -> None:
    kind = domain.kind_as_read(assignment.task.deadline_kind, assignment.deadline_kind)
    extended = assignment.first_due_on is not None
    domain.check_deadline_open(kind, sets_event="triggered_on" in facts, extended=extended)
    domain.check_correction(assignment.due_on, reason)
    for name in ("due_on", "triggered_on"):
        check_year_of(f"/{name}", facts.get(name))
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
    domain.check_event_day(on, at.today)
    assignment.triggered_on = assignment.starts_on = on
    if assignment.task.deadline_rule is None:
        return
    rule = DaysAfter(**assignment.task.deadline_rule)
    assignment.due_on = rule.due_on(on, at.calendar) if on else None


async def _name_of(session: AsyncSession, assignment: Assignment, id_: UUID | None) -> str | None:
    """Return the name of who is to be accountable. Raises InputRefused for one who cannot be."""
    if id_ is None:
        return None
    person = await session.get(Person, id_)
    if person is None or not person.active or person.unit_id != assignment.unit_id:
        raise domain.refused("/accountable_person_id", NOT_OF_THE_UNIT)
    return person.name


async def _helpers(
    session: AsyncSession, assignment: Assignment, ids: Sequence[UUID]
) -> list[UUID]:
    """Return who helps, as given. Raises InputRefused for who is not at work in the lead unit."""
    of_unit = select(Person.id).where(Person.unit_id == assignment.unit_id, Person.active)
    known = set(await session.scalars(of_unit.where(Person.id.in_(ids))))
    wrong = [
        Problem(f"/helper_ids/{n}", HELPER_ELSEWHERE)
        for n, id_ in enumerate(ids)
        if id_ not in known
    ]
    if wrong:
        raise InputRefused("input_invalid", HELPER_ELSEWHERE, wrong)
    return list(ids)
