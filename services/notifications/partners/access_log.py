"""What partners read here: counted by hour and route, kept for two years."""

from datetime import datetime, timedelta

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web.partners import Read
from notifications.partners.models import PartnerAccess

KEPT = timedelta(days=731)
_COUNT = text("""
    INSERT INTO partner_access (partner_id, hour, route, requests, items, last_at)
    VALUES (:partner_id, date_trunc('hour', now()), :route, 1, :items, now())
    ON CONFLICT (partner_id, hour, route) DO UPDATE SET
      requests = partner_access.requests + 1, items = partner_access.items + excluded.items,
      last_at = excluded.last_at
""")


async def note_read(session: AsyncSession, read: Read) -> None:
    """Count a read, in the transaction that read."""
    facts = {"partner_id": read.reach.partner_id, "route": read.route, "items": read.items}
    await session.execute(_COUNT, facts)


async def forget_old_access(session: AsyncSession, now: datetime) -> None:
    """Delete what was read more than two years ago; a job for the clock."""
    await session.execute(delete(PartnerAccess).where(PartnerAccess.hour < now - KEPT))
