"""Taking an import back: nothing more is made of it, and what it made of a draft is withdrawn."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.rules import RuleBroken
from chassis.web import check_version
from chassis.words import N_, Sentence
from contracts.tasks import AssignmentChanged
from tasks.assignments.models import Assignment
from tasks.assignments.record import Step, change_by, take
from tasks.calendar.moment import moment
from tasks.imports.domain import check_discard
from tasks.imports.models import AppendixImport
from tasks.imports.state import find, interruption
from tasks.plans.models import Plan, Task

IN_FORCE = Sentence(
    N_("Kế hoạch đã có hiệu lực, không rút lại được các nhiệm vụ đã tạo từ phụ lục này")
)
WORK_BEGUN = N_(
    "Không rút lại được: đơn vị đã bắt đầu thực hiện {count} nhiệm vụ, trong đó có {first}"
)


async def discard(
    session: AsyncSession, actor: Actor, import_id: UUID, expected: int, reason: str
) -> int:
    """Discard an import and cancel the assignments it made; return how many.

    Raises NotFound, StaleVersion, RuleBroken for an import that is being read or was discarded,
    `import_in_force` when it made tasks of a plan that is no draft any more, `import_work_begun`
    naming assignments on which a unit has worked.
    """
    started = await find(session, import_id, lock=True)
    check_discard("failed" if await interruption(session, started) else started.state)
    check_version(started.version, expected)
    made = await _made(session, started)
    at = await moment(session)
    await change_by(session, [_cancelled(each, reason) for each in made], at, actor)
    started.state = "discarded"
    started.version += 1
    facts = {"state": "discarded", "cancelled": len(made)}
    await traces.leave(
        session, actor, "import.discard", import_id, now=at.now, after=facts, reason=reason
    )
    return len(made)


async def _made(session: AsyncSession, started: AppendixImport) -> Sequence[Assignment]:
    """Return the assignments of the import that still stand, if all may be withdrawn."""
    # The plan first, as whoever issues or cancels it does: else the two wait for each other.
    plan = await session.get_one(Plan, started.plan_id, with_for_update=True)
    statement = (
        select(Assignment)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.import_id == started.id, Assignment.status != "cancelled")
        .order_by(Assignment.id)
        .with_for_update(of=Assignment)
    )
    made = await take(session, statement)
    if made and plan.status != "draft":
        raise RuleBroken("import_in_force", IN_FORCE)
    begun = [each.number for each in made if each.status != "not_started"]
    if begun:
        facts = {"count": len(begun), "first": ", ".join(begun[:3])}
        raise RuleBroken("import_work_begun", Sentence(WORK_BEGUN, facts))
    return made


def _cancelled(assignment: Assignment, reason: str) -> Step:
    before = assignment.state()
    changes = [{"field": "status", "before": assignment.status, "after": "cancelled"}]
    assignment.status = "cancelled"
    facts = {"reason": reason, "changes": changes}
    return Step(assignment, "changed", AssignmentChanged, facts, before)
