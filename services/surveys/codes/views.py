"""How tickets and links are shown: with the codes and addresses that the signer makes of keys."""

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.bodies import ResponseBody
from chassis.errors import NotFound
from chassis.words import N_
from surveys.access import RIGHTS
from surveys.codes.models import Link, TicketBatch
from surveys.codes.signer import Signer
from surveys.rounds.domain import ACTS, Status


class TicketView(ResponseBody):
    """A ticket, to be printed."""

    code: str
    url: str


class TicketsView(ResponseBody):
    """A batch of tickets."""

    batch_id: UUID
    tickets: list[TicketView]


class BatchView(ResponseBody):
    """Tickets that were issued together, and why they were voided if they were.

    Not how many of them were used: that would say how many of one unit's were.
    """

    id: UUID
    unit_id: UUID | None
    count: int
    issued_at: datetime
    voided_at: datetime | None
    void_reason: str | None
    allowed: list[str]


class LinkView(ResponseBody):
    """An open link."""

    id: UUID
    code: str
    url: str
    unit_id: UUID | None
    label: str
    active: bool


def batch_view(batch: TicketBatch, actor: Actor, status: Status) -> BatchView:
    """Return a batch with what the actor may do with it while the round is in a status."""
    may_void = batch.voided_at is None and "void_tickets" in ACTS[status]
    acts = RIGHTS.allowed(actor, "round", ["void_tickets"]) if may_void else []
    own = BatchView.model_fields.keys() - {"allowed"}
    return BatchView(**{name: getattr(batch, name) for name in own}, allowed=acts)


def visible(actor: Actor) -> Select[Any]:
    """Select the links an actor may see: a unit, those that hang at its own counter."""
    links = select(Link)
    return links if actor.is_department_wide else links.where(Link.unit_id == actor.unit_id)


async def find(session: AsyncSession, actor: Actor, id_: UUID) -> Link:
    """Return a link the actor may see. Raises NotFound."""
    link: Link | None = await session.scalar(visible(actor).where(Link.id == id_))
    if link is None:
        raise NotFound(N_("Không tìm thấy liên kết này"), code="link_not_found")
    return link


def shown(link: Link, signer: Signer) -> LinkView:
    """Return a link with its code and address."""
    code = signer.of_link(link.key)
    return LinkView(
        id=link.id,
        code=code.text,
        url=signer.url(code),
        unit_id=link.unit_id,
        label=link.label,
        active=link.active,
    )


def drawn(link: Link, signer: Signer) -> bytes:
    """Return a link's address as a QR code, SVG, that survives a fold or a stain."""
    svg = BytesIO()
    segno.make(signer.url(signer.of_link(link.key)), error="m").save(
        svg, kind="svg", scale=8, border=4, xmldecl=False, title=link.label
    )
    return svg.getvalue()
