"""Criteria sets and links as they are answered."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.criteria import checker, links
from reporting.criteria.domain import CriteriaSet, acts_with
from reporting.criteria.models import StoredSet
from reporting.criteria.proposals import Proposal
from reporting.criteria.sets import PublishedSet, stored_set
from reporting.shown import decimal


class CriteriaSetView(ResponseBody):
    """A criteria set without its rows. `allowed`: what the caller may do with it now."""

    id: UUID
    code: str
    set_version: int
    year: int
    title: str
    composed: bool
    status: str
    published_at: datetime | None
    allowed: list[str]


class WholeCriteriaSet(CriteriaSetView):
    """A criteria set with everything in it."""

    body: dict[str, Any]


class SetName(ResponseBody):
    """Which criteria set; `composed` must be said wherever its figures are shown."""

    id: UUID
    code: str
    title: str
    composed: bool
    notice: str
    total_points: Decimal


class LinkView(ResponseBody):
    """A task with the sub-criterion it serves, or the likeliest one."""

    task_id: UUID
    task_number: str
    subject_matter: str
    content: str
    sub_criterion: str | None
    sub_criterion_name: str | None
    likeness: str | None
    words: list[str]


class LinksView(ResponseBody):
    """Confirmed links, the only ones that count; unconfirmed proposals; tasks with neither."""

    confirmed: list[LinkView]
    proposals: list[LinkView]
    unmapped: list[LinkView]


def brief(stored: StoredSet, actor: Actor) -> CriteriaSetView:
    """Return a set without its rows."""
    return CriteriaSetView(
        id=stored.id, code=stored.code, set_version=stored.set_version, year=stored.year,
        title=stored.title, composed=stored.composed, status=stored.status,
        published_at=stored.published_at,
        allowed=RIGHTS.allowed(actor, "criteria_set", acts_with(stored.status)),
    )  # fmt: skip


def whole(stored: StoredSet, actor: Actor) -> WholeCriteriaSet:
    """Return a set with all its rows."""
    return WholeCriteriaSet(**brief(stored, actor).model_dump(), body=stored.body)


def set_name(published: PublishedSet) -> SetName:
    """Return which criteria set a figure stands on."""
    body = published.body
    return SetName(
        id=published.id, code=body.code, title=body.title, composed=body.composed,
        notice=body.notice, total_points=body.total_points,
    )  # fmt: skip


async def links_view(session: AsyncSession, set_id: UUID) -> LinksView:
    """Return every task of a set's year by what is known of its link. Raises NotFound."""
    stored = await stored_set(session, set_id)
    body = checker.read(stored.body)
    rows = await links.tasks_with_links(session, set_id, stored.year)
    unlinked = [row for row in rows if not row.sub_criterion]
    proposed = links.proposals(body, unlinked)
    return LinksView(
        confirmed=[_view(body, row, row.sub_criterion) for row in rows if row.sub_criterion],
        proposals=[
            _proposed(body, row, proposed[row.id]) for row in unlinked if row.id in proposed
        ],
        unmapped=[_view(body, row, None) for row in unlinked if row.id not in proposed],
    )


def _proposed(body: CriteriaSet, row: Any, proposal: Proposal) -> LinkView:
    likeness = str(decimal(proposal.score))
    return _view(body, row, proposal.code, likeness=likeness, words=proposal.words)


def _view(
    body: CriteriaSet,
    row: Any,
    code: str | None,
    *,
    likeness: str | None = None,
    words: Sequence[str] = (),
) -> LinkView:
    sub = body.by_code().get(code) if code else None
    return LinkView(
        task_id=row.id, task_number=row.number, subject_matter=row.subject_matter,
        content=row.content, sub_criterion=code, sub_criterion_name=sub.name if sub else None,
        likeness=likeness, words=list(words),
    )  # fmt: skip
