"""Links to sub-criteria as they are answered, of tasks and of documents: names beside codes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from reporting.criteria import links
from reporting.criteria.carrying import Carried, digest_of
from reporting.criteria.document_links import codes_by_document
from reporting.criteria.linking import would_carry
from reporting.criteria.models import StoredSet
from reporting.criteria.proposals import Proposal, Wording
from reporting.criteria.sets import read_body, stored_set
from reporting.criteria.views import CriteriaSetView, brief
from reporting.shown import decimal
from reporting.sources.offered import Known, documents_of


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


class DocumentLinkView(ResponseBody):
    """A finding, report, conclusion or document with one sub-criterion it feeds, or may feed.

    `kind`: `finding`, `report`, `inspection`, `document`. The rest as of a task's link.
    """

    document_id: UUID
    kind: str
    name: str
    dated_on: date
    address: str | None
    sub_criterion: str | None
    sub_criterion_name: str | None
    likeness: str | None
    confidence: str | None
    basis: str | None
    words: list[str]


class DocumentLinksView(ResponseBody):
    """Confirmed links: these documents are offered to the rows they feed. Proposals for documents
    without one; documents with neither. Nothing of it is counted.
    """  # noqa: D205 - one sentence each

    confirmed: list[DocumentLinkView]
    proposals: list[DocumentLinkView]
    unmapped: list[DocumentLinkView]


class DocumentName(ResponseBody):
    """A document by its name."""

    document_id: UUID
    kind: str
    name: str


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
    documents: list[DocumentName]


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
    documents = {each.id: each for each in await documents_of(session, stored.year)}
    return CarryView(
        since=brief(since, actor), digest=digest_of(found),
        links=[_carried(each, tasks, documents) for each in found],
    )  # fmt: skip


def _carried(
    each: Carried, tasks: Mapping[UUID, Any], documents: Mapping[UUID, Known]
) -> CarriedView:
    return CarriedView(
        code=each.code, standing=each.standing, before=each.before, now=each.now,
        tasks=[
            TaskName(task_id=id_, task_number=tasks[id_].number, content=tasks[id_].content)
            for id_ in each.tasks
        ],
        documents=[
            DocumentName(document_id=id_, kind=documents[id_].kind, name=documents[id_].name)
            for id_ in each.documents
            if id_ in documents
        ],
    )  # fmt: skip


async def document_links_view(session: AsyncSession, set_id: UUID) -> DocumentLinksView:
    """Return every document of a set's year by what is known of its links. Raises NotFound."""
    stored = await stored_set(session, set_id)
    body = read_body(stored)
    wording, names = Wording(body), {sub.code: sub.name for sub in body.sub_criteria()}
    codes = await codes_by_document(session, set_id)
    found = DocumentLinksView(confirmed=[], proposals=[], unmapped=[])
    for each in await documents_of(session, stored.year):
        if confirmed := codes.get(each.id):
            found.confirmed += [_of_document(each, code, names) for code in confirmed]
        elif proposed := wording.propose("", f"{each.code or ''} {each.name}"):
            found.proposals += [_proposed_for(each, one, names) for one in proposed]
        else:
            found.unmapped.append(_of_document(each, None, names))
    return found


def _proposed_for(known: Known, proposal: Proposal, names: Mapping[str, str]) -> DocumentLinkView:
    view = _of_document(known, proposal.code, names)
    view.likeness, view.basis = str(decimal(proposal.score)), proposal.basis
    view.confidence, view.words = proposal.confidence, list(proposal.words)
    return view


def _of_document(known: Known, code: str | None, names: Mapping[str, str]) -> DocumentLinkView:
    return DocumentLinkView(
        document_id=known.id, kind=known.kind, name=known.name, dated_on=known.dated_on,
        address=known.address, sub_criterion=code, sub_criterion_name=names.get(code or ""),
        likeness=None, confidence=None, basis=None, words=[],
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
