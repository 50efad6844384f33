"""Blocks and bodies as they are answered."""

from uuid import UUID

from chassis.access import Actor
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.bodies.models import OWN_BODY, Block, Body


class BlockView(ResponseBody):
    """Bodies that are ranked against each other. `appraisers`: person ids."""

    id: UUID
    version: int
    code: str
    name: str
    kind: str
    criteria_set_code: str | None
    without_survey: str
    appraisers: list[UUID]
    active: bool
    allowed: list[str]


class BodyView(ResponseBody):
    """Who has a sheet. `people`: ids of those named for it; its unit's people act for it anyway.

    `own`: our own department. `eligible` False: not to be assessed in `ineligible_year`, null: in
    every year; `ineligible_reason` why.
    """

    id: UUID
    version: int
    code: str
    name: str
    block_id: UUID | None
    unit_id: UUID | None
    own: bool
    people: list[UUID]
    eligible: bool
    ineligible_reason: str | None
    active: bool
    allowed: list[str]
    ineligible_year: int | None = None


def block_view(block: Block, actor: Actor) -> BlockView:
    """Return a block with what the caller may do with it."""
    return BlockView(
        id=block.id, version=block.version, code=block.code, name=block.name, kind=block.kind,
        criteria_set_code=block.criteria_set_code, without_survey=block.without_survey,
        appraisers=block.appraisers, active=block.active,
        allowed=RIGHTS.allowed(actor, "block", ["change", "open"]),
    )  # fmt: skip


def body_view(body: Body, actor: Actor) -> BodyView:
    """Return a body with what the caller may do with it."""
    return BodyView(
        id=body.id, version=body.version, code=body.code, name=body.name, block_id=body.block_id,
        unit_id=body.unit_id, own=body.id == OWN_BODY, people=body.people,
        eligible=body.ineligible_reason is None, ineligible_reason=body.ineligible_reason,
        active=body.active, allowed=RIGHTS.allowed(actor, "body", ["change"]),
        ineligible_year=body.ineligible_year,
    )  # fmt: skip
