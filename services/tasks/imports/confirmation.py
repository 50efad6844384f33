"""From confirmed rows to tasks and assignments: all of them or none, in one transaction."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
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
from tasks.imports.domain import check_ready
from tasks.imports.expansion import assignment_of, expansion, task_of
from tasks.imports.models import AppendixImport, AppendixRow
from tasks.imports.repeats import already_planned
from tasks.imports.state import find
from tasks.plans.models import Plan, Task

INCOMPLETE = N_(
    "Chưa xác nhận được, còn {count} dòng thiếu đơn vị chủ trì hoặc việc phải làm: {first}"
)
NOTHING_NEW = Sentence(N_("Mọi dòng của phụ lục này đã có trong kế hoạch, không có gì để thêm"))


async def confirm(session: AsyncSession, actor: Actor, import_id: UUID) -> int:
    """Make tasks and assignments of the rows that are new; return how many assignments.

    Raises RuleBroken `import_confirmed` (and for other states) or `import_nothing_new`,
    InputRefused `import_row_incomplete` naming the rows nobody leads or that say nothing to do.
    """
    started = await find(session, import_id, lock=True)
    check_ready(started.state)
    plan = await session.get_one(Plan, started.plan_id, with_for_update=True)
    rows = await _new_rows(session, started)
    _check(rows)
    at = await moment(session)
    made = await _make(session, plan, rows, at)
    facts = {"in_force": plan.status == "active"}
    steps = [Step(assignment, "created", AssignmentCreated, facts) for assignment in made]
    await create(session, steps, at, actor)
    await _close(session, actor, started, made, at)
    return len(made)


async def _new_rows(session: AsyncSession, started: AppendixImport) -> Sequence[AppendixRow]:
    statement = select(AppendixRow).where(AppendixRow.import_id == started.id)
    rows = (await session.scalars(statement.order_by(AppendixRow.row_number))).all()
    repeated = await already_planned(session, started, rows)
    new = [row for row in rows if row.row_number not in repeated]
    if not new:
        raise RuleBroken("import_nothing_new", NOTHING_NEW)
    return new


def _check(rows: Sequence[AppendixRow]) -> None:
    incomplete = [row for row in rows if not (row.lead_unit_ids and row.content)]
    if incomplete:
        first = ", ".join(f"STT {row.stt}" for row in incomplete[:5])
        sentence = Sentence(INCOMPLETE, {"count": len(incomplete), "first": first})
        raise InputRefused("import_row_incomplete", sentence, list(map(_problem, incomplete)))


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
    made: list[Assignment] = []
    for row in rows:
        task = task_of(row, plan)
        session.add(task)
        made += _assignments(row, task, plan, numbers, at)
    return made


def _assignments(
    row: AppendixRow, task: Task, plan: Plan, numbers: Iterator[int], at: Moment
) -> Iterator[Assignment]:
    for unit_id in row.lead_unit_ids:
        for occurrence in row.deadline["occurrences"]:
            yield assignment_of(row, task, plan, unit_id, occurrence, next(numbers), at)


async def _close(
    session: AsyncSession,
    actor: Actor,
    started: AppendixImport,
    made: Sequence[Assignment],
    at: Moment,
) -> None:
    started.state, started.confirmed_at = "confirmed", at.now
    facts = {
        "created": len(made),
        "first": made[0].number if made else None,
        "last": made[-1].number if made else None,
    }
    await traces.leave(session, actor, "import.confirm", started.id, now=at.now, after=facts)
