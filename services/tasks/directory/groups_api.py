"""Groups of units, for the administrator."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.entered import ReadableLine
from chassis.web import (
    CurrentActor,
    Distinct,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.directory import groups
from tasks.directory.models import UnitGroup
from tasks.directory.views import UnitGroupView, unit_group_view

router = ServiceRouter(prefix="/v1/unit_groups", tags=["directory"])
Line = Annotated[ReadableLine, Field(min_length=1, max_length=300)]
Units = Annotated[list[UUID], Field(min_length=1, max_length=500), Distinct]


class UnitGroupBody(RequestBody):
    """A group to add. `aliases`: other names by which plans call it."""

    name: Line
    aliases: Annotated[list[Line], Distinct] = Field(default=[], max_length=30)
    unit_ids: Units
    active: bool = True


class UnitGroupChanges(RequestBody):
    """Facts of a group to change; what is left out stays."""

    name: Line = ""
    aliases: Annotated[list[Line], Distinct] = Field(default=[], max_length=30)
    unit_ids: Units = Field(default=[])
    active: bool = True


async def _group(id: UUID, session: Transaction) -> UnitGroup:
    return await groups.find(session, id, lock=True)


@router.get("", policy="unit_group.read")
async def list_groups(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[UnitGroupView]:
    """List groups by name."""
    rows, cursor = await paginate(
        session, select(UnitGroup), paging, UnitGroup.name, UnitGroup.id
    )  # fmt: skip
    views = [unit_group_view(row, actor) for row in rows]
    return Page(
        data=views, next_cursor=cursor, allowed=RIGHTS.allowed(actor, "unit_group", ("create",))
    )


@router.post("", policy="unit_group.create", status_code=201)
async def create_group(
    body: UnitGroupBody, session: Transaction, actor: CurrentActor, response: Response
) -> UnitGroupView:
    """Add a group. 409 `unit_group_taken`, 422 for an unknown unit."""
    group = await groups.create(session, actor, body.model_dump())
    created_at(response, f"/v1/unit_groups/{group.id}")
    set_etag(response, group.version)
    return unit_group_view(group, actor)


@router.get("/{id}", policy="unit_group.read")
async def read_group(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> UnitGroupView:
    """Return a group with its ETag."""
    group = await groups.find(session, id)
    set_etag(response, group.version)
    return unit_group_view(group, actor)


@router.patch("/{id}", policy="unit_group.change")
async def change_group(
    group: Annotated[UnitGroup, Depends(_group)],
    expected: IfMatch,
    body: UnitGroupChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> UnitGroupView:
    """Rename a group, say who is in it, or retire it. 412 when somebody changed it meanwhile."""
    facts = body.model_dump(exclude_unset=True)
    await groups.change(session, actor, group, expected, facts)
    set_etag(response, group.version)
    return unit_group_view(group, actor)
