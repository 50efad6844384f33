"""One plan with what belongs to its page: objectives and their figures, the plans around it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.tables import stored_file
from chassis.web import ResponseBody
from tasks.assignments.models import Assignment
from tasks.assignments.views import FileView
from tasks.calendar.moment import Moment
from tasks.consequences.recalculation import resting_on_plan
from tasks.directory.models import Person
from tasks.plans.models import Plan, PlanEntry, Task
from tasks.plans.scope import visible
from tasks.plans.views import ObjectiveView, PlanView, Warned, plan_view

Done = tuple[int, int]


class ObjectiveDetail(ObjectiveView):
    """An objective and how far it is: `done` of `all` assignments with a due day, of its tasks.

    Or of the other plan whose completion it is. `unserved`: no task names it.
    """

    other_plan_title: str | None
    done: int
    all: int
    unserved: bool


class Neighbour(ResponseBody):
    """A plan before or after this one. `how`: `replaced` in mid-year, or `rolled_over`."""

    id: UUID
    title: str
    year: int
    how: str


class PlanDetail(PlanView):
    """A plan, its objectives with figures, its signed copy, and the plans before and after it."""

    signed_copy: FileView | None
    objective_figures: list[ObjectiveDetail]
    successors: list[Neighbour]
    predecessors: list[Neighbour]


class PlanTask(ResponseBody):
    """A task of the plan, and the objective it serves."""

    id: UUID
    number: str
    section: str
    content: str
    objective_id: UUID | None


class PlanTasks(ResponseBody):
    """All tasks of a plan, in the order of its appendix."""

    data: list[PlanTask]


class PlanChange(ResponseBody):
    """A fact that changed, as JSON has it."""

    field: str
    before: Any
    after: Any


class PlanEntryView(ResponseBody):
    """A line of a plan's history. `version`: the plan's after it."""

    version: int
    at: datetime
    kind: str
    actor_name: str | None
    reason: str | None
    changes: list[PlanChange]


class PlanHistory(ResponseBody):
    """All that was done with a plan, the newest first."""

    data: list[PlanEntryView]


async def plan_detail(
    session: AsyncSession, actor: Actor, plan: Plan, at: Moment, language: Language
) -> PlanDetail:
    """Return a plan; to those who may correct it with what its days no longer explain."""
    view = plan_view(plan, actor, at, language)
    if "change" in view.allowed:
        view.warnings += [
            Warned(code=each.code, message=say(each.sentence, language))
            for each in await resting_on_plan(session, plan)
        ]
    return PlanDetail(
        **view.model_dump(),
        signed_copy=await _copy(session, view.signed_copy_id),
        objective_figures=await _figures(session, actor, plan),
        successors=await _after(session, actor, plan),
        predecessors=await _before(session, actor, plan),
    )


async def history(session: AsyncSession, plan: Plan) -> PlanHistory:
    """Return what was done with a plan since its history is kept."""
    statement = (
        select(PlanEntry, Person.name)
        .outerjoin(Person, Person.id == PlanEntry.actor_id)
        .where(PlanEntry.plan_id == plan.id)
        .order_by(PlanEntry.version.desc())
    )
    rows = (await session.execute(statement)).all()
    return PlanHistory(data=[_entry(entry, name) for entry, name in rows])


async def tasks_of(session: AsyncSession, plan: Plan) -> PlanTasks:
    """Return the tasks of a plan that still mean something: not all of a task was withdrawn."""
    kept = select(Assignment.task_id).where(
        Assignment.plan_id == plan.id, Assignment.status != "cancelled"
    )
    statement = select(Task).where(Task.id.in_(kept)).order_by(Task.position, Task.id)
    served = {id_: each["id"] for each in plan.objectives for id_ in each["task_ids"]}
    return PlanTasks(
        data=[
            PlanTask(
                id=task.id, number=task.number, section=task.section, content=task.content,
                objective_id=served.get(str(task.id)),
            )
            for task in await session.scalars(statement)
        ]
    )  # fmt: skip


def _entry(entry: PlanEntry, name: str | None) -> PlanEntryView:
    return PlanEntryView(
        version=entry.version, at=entry.at, kind=entry.kind, actor_name=name, reason=entry.reason,
        changes=[PlanChange.model_validate(change) for change in entry.changes],
    )  # fmt: skip


async def _copy(session: AsyncSession, id_: UUID | None) -> FileView | None:
    if id_ is None:
        return None
    row = (await session.execute(select(stored_file).where(stored_file.c.id == id_))).first()
    return FileView.model_validate(row) if row else None


async def _figures(session: AsyncSession, actor: Actor, plan: Plan) -> list[ObjectiveDetail]:
    others = {UUID(o["other_plan_id"]) for o in plan.objectives if o["other_plan_id"]}
    titles = await _titles(session, actor, others)
    served = [UUID(id_) for each in plan.objectives for id_ in each["task_ids"]]
    of_tasks = await _done(session, Assignment.task_id, served)
    of_plans = await _done(session, Assignment.plan_id, sorted(titles))
    return [_figure(each, titles, of_tasks, of_plans) for each in plan.objectives]


def _figure(
    objective: Mapping[str, Any],
    titles: Mapping[UUID, str],
    of_tasks: Mapping[UUID, Done],
    of_plans: Mapping[UUID, Done],
) -> ObjectiveDetail:
    other = objective["other_plan_id"] and UUID(objective["other_plan_id"])
    found = (
        [of_plans.get(other, (0, 0))]
        if other
        else [of_tasks.get(UUID(id_), (0, 0)) for id_ in objective["task_ids"]]
    )
    return ObjectiveDetail(
        **objective,
        other_plan_title=titles.get(other) if other else None,
        done=sum(done for done, _ in found),
        all=sum(every for _, every in found),
        unserved=not other and not objective["task_ids"],
    )


async def _titles(session: AsyncSession, actor: Actor, ids: set[UUID]) -> dict[UUID, str]:
    seen = select(Plan.id, Plan.title).where(Plan.id.in_(ids), visible(actor))
    return {row.id: row.title for row in await session.execute(seen)} if ids else {}


async def _done(session: AsyncSession, column: Any, ids: Sequence[UUID]) -> dict[UUID, Done]:
    """Count what is done of what has a due day, as figures do (docs/indices.md 5)."""
    if not ids:
        return {}
    counted = and_(
        Assignment.due_on.is_not(None),
        Assignment.status != "cancelled",
        Assignment.deadline_kind != "continuous",
    )
    done = func.count().filter(Assignment.status == "done")
    statement = select(column, done, func.count()).where(counted, column.in_(ids)).group_by(column)
    return {id_: (n, every) for id_, n, every in await session.execute(statement)}


async def _after(session: AsyncSession, actor: Actor, plan: Plan) -> list[Neighbour]:
    ids = [id_ for id_ in (plan.successor_id, plan.rolled_into_id) if id_]
    found = await session.scalars(select(Plan).where(Plan.id.in_(ids), visible(actor)))
    return [_neighbour(each, replaced=each.id == plan.successor_id) for each in found]


async def _before(session: AsyncSession, actor: Actor, plan: Plan) -> list[Neighbour]:
    into = or_(Plan.successor_id == plan.id, Plan.rolled_into_id == plan.id)
    found = await session.scalars(select(Plan).where(into, visible(actor)).order_by(Plan.id))
    return [_neighbour(each, replaced=each.successor_id == plan.id) for each in found]


def _neighbour(plan: Plan, *, replaced: bool) -> Neighbour:
    how = "replaced" if replaced else "rolled_over"
    return Neighbour(id=plan.id, title=plan.title, year=plan.year, how=how)
