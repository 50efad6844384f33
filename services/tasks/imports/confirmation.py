"""From confirmed rows to tasks and assignments: all of them or none, in one transaction."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentCreated
from tasks.assignments.models import Assignment
from tasks.assignments.numbers import take_numbers
from tasks.assignments.record import Step, create
from tasks.calendar.moment import Moment, moment
from tasks.imports.anew import differs, read_anew
from tasks.imports.domain import check_ready
from tasks.imports.expansion import assignment_of, expansion, task_of
from tasks.imports.frame import frame_of, unit_book
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.repeats import repeats
from tasks.imports.rows import named
from tasks.imports.standing import Twin, is_asked, is_incomplete, of_standing
from tasks.imports.state import find, rows_of
from tasks.plans.domain import check_status
from tasks.plans.models import Plan, Task

Which = Literal["all", "complete"]

INCOMPLETE = N_(
    "Chưa xác nhận được, còn {count} dòng thiếu đơn vị chủ trì hoặc việc phải làm: {first}"
)
NOTHING_NEW = Sentence(N_("Mọi dòng của phụ lục này đã có trong kế hoạch, không có gì để thêm"))
OUTDATED = N_(
    "Kế hoạch, lịch làm việc hoặc danh sách đơn vị đã đổi sau khi đọc tệp nên {count} dòng nay đọc "
    "khác: {first}. Hãy đọc lại tệp (phần đã sửa vẫn giữ), xem lại các dòng này rồi xác nhận."
)
TWICE = N_(
    "Chưa xác nhận được, {count} dòng trùng một phần với nhiệm vụ đã có trong kế hoạch hoặc với "
    "dòng khác của tệp: {first}. Ở từng dòng, chọn bỏ dòng hoặc xác nhận là đúng."
)
NOTHING_COMPLETE = N_("Chưa có dòng nào đủ để xác nhận; còn {count} dòng phải xem: {first}")


@dataclass(frozen=True, slots=True)
class Made:
    """What confirming brought: rows, the assignments of them, and the rows that stay open."""

    rows: int
    assignments: int
    left: int


async def confirm(session: AsyncSession, actor: Actor, import_id: UUID, which: Which) -> Made:
    """Make tasks and assignments of the rows that are new and not left out.

    `complete`: only of those in which nothing is open; the others stay, and the import waits for
    them. Raises RuleBroken `import_confirmed` (and for other states), `import_nothing_new`,
    `import_nothing_complete`, `plan_closed`, `import_outdated` naming the rows that read otherwise
    by now, `import_row_twice` naming those that the plan has otherwise, InputRefused
    `import_row_incomplete` naming the rows nobody leads or that say nothing to do.
    """
    started = await find(session, import_id, lock=True)
    check_ready(started.state)
    plan = await session.get_one(Plan, started.plan_id, with_for_update=True)
    check_status("import", plan.status)
    present = await rows_of(session, started.id)
    rows, left = await _wanted(session, started, present, which)
    await _check_current(session, plan, present, rows)
    at = await moment(session)
    made = await _make(session, plan, rows, at)
    facts = {"draft": plan.status == "draft"}
    steps = [Step(assignment, "created", AssignmentCreated, facts) for assignment in made]
    await create(session, steps, at, actor)
    await _close(session, actor, started, made, at, left=left)
    return Made(len(rows), len(made), left)


async def _check_current(
    session: AsyncSession,
    plan: Plan,
    present: Sequence[AppendixRow],
    wanted: Sequence[AppendixRow],
) -> None:
    """Refuse rows that were read under another year, closing or issuing day, calendar, directory.

    Reading takes milliseconds a row: it is done beside the loop that serves others.
    """
    book, frame = await unit_book(session), await frame_of(session, plan)
    numbers = {row.row_number for row in wanted}
    readings = await asyncio.to_thread(read_anew, present, book, frame)
    outdated = [row for row, now in readings if row.row_number in numbers and differs(row, now)]
    if outdated:
        facts = {"count": len(outdated), "first": named(outdated)}
        raise RuleBroken("import_outdated", Sentence(OUTDATED, facts))


async def _wanted(
    session: AsyncSession,
    started: AppendixImport,
    rows: Sequence[AppendixRow],
    which: Which,
) -> tuple[Sequence[AppendixRow], int]:
    """Return the rows to confirm, and how many stay open."""
    twins = (await repeats(session, started, rows)).twins
    unclear = of_standing(rows, twins, "open")
    if which == "all":
        _check(unclear)
        _check_asked(unclear, twins)
        wanted = of_standing(rows, twins, "complete", "open")
        unclear = []
    else:
        wanted = of_standing(rows, twins, "complete")
    if not wanted:
        raise _nothing(unclear)
    return wanted, len(unclear)


def _nothing(unclear: Sequence[AppendixRow]) -> RuleBroken:
    if not unclear:
        return RuleBroken("import_nothing_new", NOTHING_NEW)
    facts = {"count": len(unclear), "first": named(unclear)}
    return RuleBroken("import_nothing_complete", Sentence(NOTHING_COMPLETE, facts))


def _check(rows: Sequence[AppendixRow]) -> None:
    incomplete = [row for row in rows if is_incomplete(row)]
    if incomplete:
        facts = {"count": len(incomplete), "first": named(incomplete)}
        problems = list(map(_problem, incomplete))
        raise InputRefused("import_row_incomplete", Sentence(INCOMPLETE, facts), problems)


def _check_asked(rows: Sequence[AppendixRow], twins: Mapping[int, Twin]) -> None:
    """Refuse rows that would make a task twice: they are looked at one by one."""
    asked = [row for row in rows if is_asked(row, twins[row.row_number])]
    if asked:
        facts = {"count": len(asked), "first": named(asked)}
        raise RuleBroken("import_row_twice", Sentence(TWICE, facts))


def _problem(row: AppendixRow) -> Problem:
    if not row.lead_unit_ids:
        field, template = "lead_unit_ids", N_("STT {stt}: chưa rõ đơn vị chủ trì")
    else:
        field, template = "content", N_("STT {stt}: chưa ghi việc phải làm")
    return Problem(f"/rows/{row.row_number}/{field}", Sentence(template, {"stt": row.stt}))


async def _make(
    session: AsyncSession, plan: Plan, rows: Sequence[AppendixRow], at: Moment
) -> list[Assignment]:
    numbers = iter(await take_numbers(session, plan.year, sum(map(expansion, rows))))
    tasks = [task_of(row, plan) for row in rows]
    session.add_all(tasks)
    await session.flush()
    made: list[Assignment] = []
    for row, task in zip(rows, tasks, strict=True):
        row.task_id = task.id
        made += _assignments(row, task, plan, numbers, at)
    return made


def _assignments(
    row: AppendixRow, task: Task, plan: Plan, numbers: Iterator[int], at: Moment
) -> Iterator[Assignment]:
    for unit_id in row.lead_unit_ids:
        for occurrence in row.deadline["occurrences"]:
            helping = row.coordinating_unit_ids
            yield assignment_of(task, plan, unit_id, helping, occurrence, next(numbers), at)


async def _close(
    session: AsyncSession,
    actor: Actor,
    started: AppendixImport,
    made: Sequence[Assignment],
    at: Moment,
    *,
    left: int,
) -> None:
    """Close the import when nothing is left to confirm."""
    if not left:
        started.state, started.confirmed_at = "confirmed", at.now
    started.version += 1
    facts = {
        "created": len(made),
        "first": made[0].number if made else None,
        "last": made[-1].number if made else None,
        "left": left,
    }
    await traces.leave(session, actor, "import.confirm", started.id, now=at.now, after=facts)
