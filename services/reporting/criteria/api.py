"""Criteria sets and the links from tasks to sub-criteria."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.clock import database_now
from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    distinct_by,
    paginate,
)
from reporting.access import RIGHTS
from reporting.criteria import actions
from reporting.criteria.models import StoredSet
from reporting.criteria.sets import stored_set
from reporting.criteria.views import (
    CriteriaSetView,
    LinksView,
    WholeCriteriaSet,
    brief,
    links_view,
    whole,
)

router = ServiceRouter(prefix="/v1/criteria_sets", tags=["criteria sets"])


class Link(RequestBody):
    """A confirmed link; `sub_criterion` null takes it back."""

    task_id: UUID
    sub_criterion: Annotated[str | None, Field(max_length=40)]


class Links(RequestBody):
    """Links to confirm, all or none."""

    links: Annotated[list[Link], Field(min_length=1, max_length=1000), distinct_by("task_id")]


@router.post("", policy="criteria_set.create", status_code=201)
async def create_criteria_set(
    data: dict[str, Any], session: Transaction, actor: CurrentActor, response: Response
) -> WholeCriteriaSet:
    """Load a set as a new draft version. 422 names every wrong place of the sheet."""
    made = await actions.create(session, actor, data, await database_now(session))
    created_at(response, f"/v1/criteria_sets/{made.id}")
    return whole(made, actor)


@router.get("", policy="criteria_set.read")
async def list_criteria_sets(
    session: Transaction,
    paging: PageParams,
    actor: CurrentActor,
    year: Annotated[int | None, Query()] = None,
) -> Page[CriteriaSetView]:
    """All versions of all sets."""
    query = select(StoredSet)
    if year is not None:
        query = query.where(StoredSet.year == year)
    rows, following = await paginate(session, query, paging, StoredSet.id)
    return Page[CriteriaSetView](
        data=[brief(row, actor) for row in rows],
        next_cursor=following,
        allowed=RIGHTS.allowed(actor, "criteria_set", ["create"]),
    )


@router.get("/{set_id}", policy="criteria_set.read")
async def get_criteria_set(
    set_id: UUID, session: Transaction, actor: CurrentActor
) -> WholeCriteriaSet:
    """One set with all its rows."""
    return whole(await stored_set(session, set_id), actor)


@router.post("/{set_id}/publish", policy="criteria_set.publish")
async def publish_criteria_set(
    set_id: UUID, session: Transaction, actor: CurrentActor
) -> WholeCriteriaSet:
    """Put a draft in force for its year. 409 when it already is."""
    return whole(await actions.publish(session, actor, set_id, await database_now(session)), actor)


@router.get("/{set_id}/links", policy="criteria_set.read")
async def get_links(set_id: UUID, session: Transaction) -> LinksView:
    """Which task serves which sub-criterion: confirmed, proposed by wording, or nothing yet."""
    return await links_view(session, set_id)


@router.put("/{set_id}/links", policy="criteria_set.link")
async def put_links(
    set_id: UUID, body: Links, session: Transaction, actor: CurrentActor
) -> LinksView:
    """Confirm links; tasks not named keep theirs."""
    wanted = {item.task_id: item.sub_criterion for item in body.links}
    await actions.link_tasks(session, actor, set_id, wanted, await database_now(session))
    return await links_view(session, set_id)
