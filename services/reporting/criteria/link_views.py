"""Links between tasks and sub-criteria as they are answered: names beside codes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from reporting.criteria import links
from reporting.criteria.carrying import Carried, digest_of
from reporting.criteria.linking import would_carry
from reporting.criteria.models import StoredSet
from reporting.criteria.proposals import Proposal
from reporting.criteria.sets import read_body, stored_set
from reporting.criteria.views import CriteriaSetView, brief
from reporting.shown import decimal


class LinkView(ResponseBody):
    """A task with one sub-criterion it serves, or may serve; a task may stand in several.

    `basis`: the code stands in the task's words (`code`), or these are like the name (`wording`);
    `likeness` 0..1, `confidence` `high` or `low`: of a proposal.
    """

    task_id: UUID
    task_number: str
    subject_matter: str
    content: str
    sub_criterion: str | None
    sub_criterion_name: str | None
    likeness: str | None
    confidence: str | None
    basis: str | None
    words: list[str]


class LinksView(ResponseBody):
    """Confirmed links, the only ones that count; proposals for tasks without one, the likeliest
    first; tasks with neither. What is not confirmed is counted nowhere.
    """  # noqa: D205 - one sentence each

    confirmed: list[LinkView]
    proposals: list[LinkView]
    unmapped: list[LinkView]


class TaskName(ResponseBody):
    """A task by its words."""

    task_id: UUID
    task_number: str
    content: str


class CarriedView(ResponseBody):
    """The links of one sub-criterion: `same`, `renamed` (look at both names) or `gone`."""

    code: str
    standing: str
    before: str
    now: str | None
    tasks: list[TaskName]


class CarryView(ResponseBody):
    """What carrying links from another version would do; `digest` names what was shown."""

    since: CriteriaSetView | None
    digest: str
    links: list[CarriedView]


async def links_view(session: AsyncSession, set_id: UUID) -> LinksView:
    """Return every task of a set's year by what is known of its links. Raises NotFound."""
    stored = await stored_set(session, set_id)
    body = read_body(stored)
    names = {sub.code: sub.name for sub in body.sub_criteria()}
    tasks = await links.tasks_of(session, stored.year)
    codes = await links.codes_by_task(session, set_id)
    unlinked = [task for task in tasks if task.id not in codes]
    proposed = links.proposals(body, unlinked)
    return LinksView(
        confirmed=[
            _view(task, code, names) for task in tasks for code in codes.get(task.id, ())
        ],
        proposals=[
            _proposed(task, each, names) for task in unlinked for each in proposed[task.id]
        ],
        unmapped=[_view(task, None, names) for task in unlinked if not proposed[task.id]],
    )  # fmt: skip


async def carry_view(
    session: AsyncSession, stored: StoredSet, since: StoredSet | None, actor: Actor
) -> CarryView:
    """Return what carrying the links of another version would do now."""
    if since is None:
        return CarryView(since=None, digest="", links=[])
    found = await would_carry(session, stored, since)
    tasks = {task.id: task for task in await links.tasks_of(session, stored.year)}
    return CarryView(
        since=brief(since, actor), digest=digest_of(found),
        links=[_carried(each, tasks) for each in found],
    )  # fmt: skip


def _carried(each: Carried, tasks: Mapping[UUID, Any]) -> CarriedView:
    return CarriedView(
        code=each.code, standing=each.standing, before=each.before, now=each.now,
        tasks=[
            TaskName(task_id=id_, task_number=tasks[id_].number, content=tasks[id_].content)
            for id_ in each.tasks
        ],
    )  # fmt: skip


def _proposed(task: Any, proposal: Proposal, names: Mapping[str, str]) -> LinkView:
    view = _view(task, proposal.code, names, proposal.words)
    view.likeness, view.basis = str(decimal(proposal.score)), proposal.basis
    view.confidence = proposal.confidence
    return view


def _view(
    task: Any, code: str | None, names: Mapping[str, str], words: Sequence[str] = ()
) -> LinkView:
    return LinkView(
        task_id=task.id, task_number=task.number, subject_matter=task.subject_matter,
        content=task.content, sub_criterion=code, sub_criterion_name=names.get(code or ""),
        likeness=None, confidence=None, basis=None, words=list(words),
    )  # fmt: skip
