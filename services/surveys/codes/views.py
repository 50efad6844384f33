"""How tickets and links are shown: with the codes and addresses that the signer makes of keys."""

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
from surveys.codes.models import Link
from surveys.codes.signer import Signer


class TicketView(ResponseBody):
    """A ticket, to be printed."""

    code: str
    url: str


class TicketsView(ResponseBody):
    """A batch of tickets."""

    tickets: list[TicketView]


class LinkView(ResponseBody):
    """An open link."""

    id: UUID
    code: str
    url: str
    unit_id: UUID | None
    label: str
    active: bool


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
