"""Criteria sets and the links from tasks to sub-criteria."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from chassis.clock import database_now
from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
)
from reporting.criteria import actions as criteria
from reporting.criteria.domain import CriteriaSet
from reporting.models import criteria_set
from reporting.shown import decimal

router = ServiceRouter(prefix="/v1/criteria_sets", tags=["criteria sets"])


class CriteriaSetView(ResponseBody):
    """A criteria set without its rows."""

    id: UUID
    code: str
    set_version: int
    year: int
    title: str
    composed: bool
    status: str
    published_at: datetime | None


class WholeCriteriaSet(CriteriaSetView):
    """A criteria set with everything in it."""

    body: dict[str, Any]


class Link(RequestBody):
    """A confirmed link; `sub_criterion` null takes it back."""

    task_id: UUID
    sub_criterion: Annotated[str | None, Field(max_length=40)]


class Links(RequestBody):
    """Links to confirm, all or none."""

    links: Annotated[list[Link], Field(min_length=1, max_length=1000)]


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


@router.post("", policy="criteria_set.write", status_code=201)
async def create_criteria_set(
    data: dict[str, Any], session: Transaction, actor: CurrentActor
) -> WholeCriteriaSet:
    """Load a set as a new draft version. 422 names every wrong place of the sheet."""
    set_id = await criteria.create(session, actor, data, await database_now(session))
    return await _whole(session, set_id)


@router.get("", policy="criteria_set.read")
async def list_criteria_sets(
    session: Transaction, paging: PageParams, year: Annotated[int | None, Query()] = None
) -> Page[CriteriaSetView]:
    """All versions of all sets."""
    query = select(criteria_set)
    if year is not None:
        query = query.where(criteria_set.c.year == year)
    rows, following = await paginate(session, query, paging, criteria_set.c.id)
    return Page[CriteriaSetView](
        data=[CriteriaSetView.model_validate(row, from_attributes=True) for row in rows],
        next_cursor=following,
    )


@router.get("/{set_id}", policy="criteria_set.read")
async def get_criteria_set(set_id: UUID, session: Transaction) -> WholeCriteriaSet:
    """One set with all its rows."""
    return await _whole(session, set_id)


@router.post("/{set_id}/publish", policy="criteria_set.write")
async def publish_criteria_set(
    set_id: UUID, session: Transaction, actor: CurrentActor
) -> WholeCriteriaSet:
    """Put a draft in force for its year. 409 when it already is."""
    await criteria.publish(session, actor, set_id, await database_now(session))
    return await _whole(session, set_id)


@router.get("/{set_id}/links", policy="criteria_set.read")
async def get_links(set_id: UUID, session: Transaction) -> LinksView:
    """Which task serves which sub-criterion: confirmed, proposed by wording, or nothing yet."""
    return await _links(session, set_id)


@router.put("/{set_id}/links", policy="link.write")
async def put_links(
    set_id: UUID, body: Links, session: Transaction, actor: CurrentActor
) -> LinksView:
    """Confirm links; tasks not named keep theirs."""
    wanted = {item.task_id: item.sub_criterion for item in body.links}
    await criteria.link_tasks(session, actor, set_id, wanted, await database_now(session))
    return await _links(session, set_id)


async def _whole(session: Transaction, set_id: UUID) -> WholeCriteriaSet:
    row = await criteria.one(session, set_id)
    return WholeCriteriaSet.model_validate(row, from_attributes=True)


async def _links(session: Transaction, set_id: UUID) -> LinksView:
    row = await criteria.one(session, set_id)
    body = criteria.read(row.body)
    rows = await criteria.tasks_with_links(session, set_id, row.year)
    confirmed = [_view(body, r, r.sub_criterion) for r in rows if r.sub_criterion]
    open_rows = [r for r in rows if not r.sub_criterion]
    proposed = criteria.proposals(body, open_rows)
    proposals = [_proposed(body, r, proposed) for r in open_rows if r.id in proposed]
    unmapped = [_view(body, r, None) for r in open_rows if r.id not in proposed]
    return LinksView(confirmed=confirmed, proposals=proposals, unmapped=unmapped)


def _proposed(body: CriteriaSet, row: Any, proposed: dict[UUID, Any]) -> LinkView:
    proposal = proposed[row.id]
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
