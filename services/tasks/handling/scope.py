"""Handling proposals are there for three roles; for everybody else they are not."""

from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotFound
from tasks.access import RIGHTS
from tasks.handling.models import HandlingProposal


def check_open(actor: Actor) -> None:
    """Raise NotFound for whoever may not know that there are any."""
    if not RIGHTS.may(actor, "handling_proposal.read"):
        raise unknown()


def unknown() -> NotFound:
    """Return the refusal of a proposal that is not there, or not for the actor."""
    return NotFound("Không tìm thấy nội dung này", code="handling_proposal_not_found")


def about_others(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on a proposal: nobody reads or decides what is about oneself."""
    return HandlingProposal.person_id != actor.person_id


async def find(
    session: AsyncSession, actor: Actor, id_: UUID, *, lock: bool = False
) -> HandlingProposal:
    """Return a proposal. Raises NotFound for who may not read any, or is whom it is about."""
    check_open(actor)
    statement = select(HandlingProposal).where(HandlingProposal.id == id_, about_others(actor))
    if lock:
        statement = statement.with_for_update()
    found: HandlingProposal | None = await session.scalar(statement)
    if found is None:
        raise unknown()
    return found
