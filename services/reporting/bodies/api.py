"""Blocks and their bodies: who is scored, who acts for whom, who appraises."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.clock import database_now
from chassis.entered import readable
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
from reporting.access import RIGHTS
from reporting.bodies import actions
from reporting.bodies.domain import Kind, WithoutSurvey
from reporting.bodies.models import Block, Body
from reporting.bodies.views import BlockView, BodyView, block_view, body_view

blocks = ServiceRouter(prefix="/v1/blocks", tags=["bodies"])
bodies = ServiceRouter(prefix="/v1/bodies", tags=["bodies"])
Code = Annotated[str, Field(min_length=1, max_length=40), AfterValidator(readable)]
Name = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(readable)]
People = Annotated[list[UUID], Field(max_length=200), Distinct]
Why = Annotated[str | None, Field(min_length=1, max_length=1000)]
SetCode = Annotated[str | None, Field(min_length=1, max_length=100)]


InYear = Annotated[int | None, Field(ge=2000, le=2100)]


class BlockBody(RequestBody):
    """A block to make. `criteria_set_code` null: its sheets stand on the department's set."""

    code: Code
    name: Name
    kind: Kind
    criteria_set_code: SetCode = None
    without_survey: WithoutSurvey = "left_out"
    appraisers: People = Field(default=[])


class BlockChanges(RequestBody):
    """Facts of a block to change; what is left out stays, lists are replaced whole."""

    code: Code = ""
    name: Name = ""
    kind: Kind = "departments"
    criteria_set_code: SetCode = None
    without_survey: WithoutSurvey = "left_out"
    appraisers: People = Field(default=[])
    active: bool = True


class BodyBody(RequestBody):
    """A body to make. `own`: our own department, at most one. `unit_id`: of our directory.

    `ineligible_reason`: why it is not to be assessed in `ineligible_year`, null: in every year.
    """

    code: Code
    name: Name
    block_id: UUID | None = None
    unit_id: UUID | None = None
    own: bool = False
    people: People = Field(default=[])
    ineligible_reason: Why = None
    ineligible_year: InYear = None


class BodyChanges(RequestBody):
    """Facts of a body to change; what is left out stays, lists are replaced whole."""

    code: Code = ""
    name: Name = ""
    block_id: UUID | None = None
    unit_id: UUID | None = None
    people: People = Field(default=[])
    ineligible_reason: Why = None
    ineligible_year: InYear = None
    active: bool = True


@blocks.get("", policy="block.read")
async def list_blocks(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[BlockView]:
    """All blocks, by code."""
    rows, cursor = await paginate(session, select(Block), paging, Block.code, Block.id)
    return Page[BlockView](
        data=[block_view(row, actor) for row in rows], next_cursor=cursor,
        allowed=RIGHTS.allowed(actor, "block", ["create"]),
    )  # fmt: skip


@blocks.post("", policy="block.create", status_code=201)
async def create_block(
    body: BlockBody, session: Transaction, actor: CurrentActor, response: Response
) -> BlockView:
    """Make a block. 409 `block_exists`; 422 for an appraiser of another role."""
    now = await database_now(session)
    made = await actions.create_block(session, actor, body.model_dump(), now)
    created_at(response, f"/v1/blocks/{made.id}")
    set_etag(response, made.version)
    return block_view(made, actor)


@blocks.get("/{id}", policy="block.read")
async def get_block(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> BlockView:
    """One block."""
    block = await actions.found(session, Block, id)
    set_etag(response, block.version)
    return block_view(block, actor)


@blocks.patch("/{id}", policy="block.change")
async def change_block(
    id: UUID,
    body: BlockChanges,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> BlockView:
    """Change a block. 409 `block_exists`, 412 stale."""
    values, now = body.model_dump(exclude_unset=True), await database_now(session)
    block = await actions.change_block(session, actor, id, values, expected, now)
    set_etag(response, block.version)
    return block_view(block, actor)


@bodies.get("", policy="body.read")
async def list_bodies(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    block: Annotated[UUID | None, Query()] = None,
) -> Page[BodyView]:
    """All bodies, or those of a block, by code."""
    wanted = select(Body) if block is None else select(Body).where(Body.block_id == block)
    rows, cursor = await paginate(session, wanted, paging, Body.code, Body.id)
    return Page[BodyView](
        data=[body_view(row, actor) for row in rows], next_cursor=cursor,
        allowed=RIGHTS.allowed(actor, "body", ["create"]),
    )  # fmt: skip


@bodies.post("", policy="body.create", status_code=201)
async def create_body(
    body: BodyBody, session: Transaction, actor: CurrentActor, response: Response
) -> BodyView:
    """Make a body. 409 `body_exists`: the code, the unit or our own department is there already."""
    values, now = body.model_dump(exclude={"own"}), await database_now(session)
    made = await actions.create_body(session, actor, values, now, own=body.own)
    created_at(response, f"/v1/bodies/{made.id}")
    set_etag(response, made.version)
    return body_view(made, actor)


@bodies.get("/{id}", policy="body.read")
async def get_body(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> BodyView:
    """One body."""
    body = await actions.found(session, Body, id)
    set_etag(response, body.version)
    return body_view(body, actor)


@bodies.patch("/{id}", policy="body.change")
async def change_body(
    id: UUID,
    body: BodyChanges,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> BodyView:
    """Change a body, e.g. say why it cannot be assessed. 409 `body_exists`, 412 stale."""
    values, now = body.model_dump(exclude_unset=True), await database_now(session)
    changed = await actions.change_body(session, actor, id, values, expected, now)
    set_etag(response, changed.version)
    return body_view(changed, actor)
