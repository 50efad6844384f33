"""Secrets of partners: made, shown once, known again by their SHA-256."""

import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.errors import NotFound
from chassis.ids import new_id
from notifications.access import RIGHTS
from notifications.partners.domain import check_changeable, check_room
from notifications.partners.models import Partner, PartnerCredential

PREFIX = "nhip_"  # by which scanners of repositories know a secret that was published
SECRET_BYTES = 32


async def make_credential(
    session: AsyncSession, actor: Actor, partner: Partner, now: datetime
) -> tuple[PartnerCredential, str]:
    """Return a new credential with its secret. Raises RuleBroken beside two live ones."""
    RIGHTS.check(actor, "partner.make_credential")
    check_changeable(partner)
    live = select(func.count()).where(
        PartnerCredential.partner_id == partner.id, PartnerCredential.revoked_at.is_(None)
    )
    check_room(await session.scalar(live) or 0)
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    made = PartnerCredential(
        id=new_id(), partner_id=partner.id, secret_sha256=digest(secret), created_at=now,
        created_by=actor.person_id,
    )  # fmt: skip
    session.add(made)
    after = {"client_id": str(made.id)}
    await traces.leave(session, actor, "partner.make_credential", partner.id, now=now, after=after)
    return made, secret


async def revoke_credential(
    session: AsyncSession, actor: Actor, partner: Partner, credential_id: UUID, now: datetime
) -> None:
    """End a credential; again changes nothing. Raises NotFound."""
    RIGHTS.check(actor, "partner.revoke_credential")
    found = await session.get(PartnerCredential, credential_id, with_for_update=True)
    if found is None or found.partner_id != partner.id:
        raise NotFound("Không có khóa này", code="credential_not_found")
    if found.revoked_at is None:
        found.revoked_at = now
        before = {"client_id": str(found.id)}
        await traces.leave(
            session, actor, "partner.revoke_credential", partner.id, now=now, before=before
        )


async def signed_in(
    session: AsyncSession, client_id: str, secret: str, now: datetime
) -> tuple[Partner, PartnerCredential] | None:
    """Return the partner behind a live credential; None for a wrong or revoked one."""
    try:
        id_ = UUID(client_id)
    except ValueError:
        return None
    found = await session.get(PartnerCredential, id_)
    known = found.secret_sha256 if found else b""
    if found is None or not hmac.compare_digest(known, digest(secret)) or found.revoked_at:
        return None
    partner = await session.get_one(Partner, found.partner_id)
    found.last_used_at = now
    return partner, found


def digest(secret: str) -> bytes:
    """Return what is kept of a secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
