"""Deadlines that rest on the plan's own days: what they would be by the days it has now.

Nothing moves by itself: an official deadline changes only by an act that somebody answers for.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.words import N_, Sentence
from tasks.assignments.domain import LIVE
from tasks.assignments.models import Assignment
from tasks.deadlines import Deadline, Frame, read_deadline, words_above
from tasks.deadlines.days import day_text
from tasks.imports.frame import frame_of
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.plans.models import Plan, Task
from tasks.remarks import Remark, in_a_row

MOST_NAMED = 30
MOVED = N_(
    "Kế hoạch nay ghi ngày ban hành {issued}, ngày kết thúc {closes}. {count} nhiệm vụ đã giao "
    "tính hạn theo ngày khác và không tự đổi hạn: {named}."
)
MOVED_IN_DRAFT = N_("{moved} Cần hạn mới thì rút lại lần nhập phụ lục rồi nhập lại.")
ONE = N_("{number} (hạn {due}, theo ngày nay ghi là {now})")
WAITING = N_(
    "{count} nhiệm vụ chờ ngày ban hành kế hoạch và chưa có hạn: {named}. Mở từng nhiệm vụ, nhập "
    "ngày phát sinh {issued} để tính hạn."
)
Words = tuple[str, str | None]  # a deadline's own words, and those above, for "như trên"


@dataclass(frozen=True, slots=True)
class Moved:
    """An assignment whose deadline would be another by the plan's days. `due_on` None: none yet."""

    number: str
    due_on: date | None
    now: date | None


async def resting_on_plan(session: AsyncSession, plan: Plan) -> list[Remark]:
    """Say which live assignments have a deadline of the plan's own days that it no longer has."""
    words, frame = await _words(session, plan.id), await frame_of(session, plan)
    given = func.coalesce(Assignment.first_due_on, Assignment.due_on)  # an extension rests on none
    live = (
        select(Assignment.number, Assignment.occurrence, given, Assignment.task_id)
        .where(Assignment.plan_id == plan.id, Assignment.status.in_(sorted(LIVE)))
        .order_by(Assignment.year, Assignment.sequence)
    )
    assignments = (await session.execute(live)).all()
    found = await asyncio.to_thread(lambda: list(_moved(assignments, words, frame)))
    moved = [one for one in found if one.due_on]
    waiting = [one for one in found if not one.due_on]
    return [*_moved_remarks(plan, moved), *_waiting_remarks(plan, waiting)]


async def _words(session: AsyncSession, plan_id: UUID) -> dict[UUID, Words]:
    """Return the words of each task's deadline; rows of the appendix tell what "như trên" means."""
    tasks = select(Task.id, Task.deadline_text).where(Task.plan_id == plan_id)
    found: dict[UUID, Words] = {id_: (text, None) for id_, text in await session.execute(tasks)}
    rows = (
        select(
            AppendixRow.import_id,
            AppendixRow.task_id,
            AppendixRow.deadline_text,
            AppendixRow.left_out_by,
        )
        .join(AppendixImport, AppendixImport.id == AppendixRow.import_id)
        .where(AppendixImport.plan_id == plan_id)
        .order_by(AppendixRow.import_id, AppendixRow.position, AppendixRow.row_number)
    )
    for _, group in groupby((await session.execute(rows)).all(), itemgetter(0)):
        of_import = list(group)
        above = words_above([None if row.left_out_by else row.deadline_text for row in of_import])
        for row, words in zip(of_import, above, strict=True):
            if row.task_id in found:
                found[row.task_id] = (row.deadline_text, words)
    return found


def _moved(assignments: Sequence[Any], words: dict[UUID, Words], frame: Frame) -> Iterator[Moved]:
    readings: dict[Words, Deadline] = {}
    resting: dict[Words, bool] = {}
    for number, label, due_on, task_id in assignments:
        said = words[task_id]
        if said not in readings:
            readings[said] = read_deadline(said[0], frame, said[1])
        now = {one.label: one.due_on for one in readings[said].occurrences}
        if label not in now or now[label] == due_on:
            continue
        if said not in resting:
            resting[said] = _rests_on_plan(said, readings[said], frame)
        if resting[said]:
            yield Moved(number, due_on, now[label])


def _rests_on_plan(said: Words, now: Deadline, frame: Frame) -> bool:
    """Say whether the plan's own days decide: with others, the same words say another day."""
    middle = date(frame.year, 6, 15)
    closing = middle if frame.closes_on != middle else date(frame.year, 6, 16)
    issuing = None if frame.issued_on else date(frame.year, 1, 2)
    others = (replace(frame, closes_on=closing), replace(frame, issued_on=issuing))
    return any(
        read_deadline(said[0], other, said[1]).occurrences != now.occurrences for other in others
    )


def _moved_remarks(plan: Plan, moved: Sequence[Moved]) -> Iterator[Remark]:
    if not moved:
        return
    facts = {
        "issued": _day(plan.issued_on),
        "closes": _day(plan.closes_on),
        "count": len(moved),
        "named": _named(_one(each) for each in moved),
    }
    sentence = Sentence(MOVED, facts)
    if plan.status == "draft":
        sentence = Sentence(MOVED_IN_DRAFT, {"moved": sentence})
    yield Remark("deadlines_rest_on_plan", sentence)


def _waiting_remarks(plan: Plan, waiting: Sequence[Moved]) -> Iterator[Remark]:
    if waiting:
        facts = {
            "issued": _day(plan.issued_on),
            "count": len(waiting),
            "named": _named(Sentence(each.number) for each in waiting),
        }
        yield Remark("deadlines_wait_for_issue", Sentence(WAITING, facts))


def _one(moved: Moved) -> Sentence:
    facts = {"number": moved.number, "due": _day(moved.due_on), "now": _day(moved.now)}
    return Sentence(ONE, facts)


def _named(sentences: Iterable[Sentence]) -> Sentence:
    known = list(sentences)
    more = [Sentence("…")] if len(known) > MOST_NAMED else []
    return in_a_row([*known[:MOST_NAMED], *more], "; ")


def _day(day: date | None) -> str:
    return day_text(day) if day else "–"
