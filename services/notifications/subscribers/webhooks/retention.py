"""How long what became of deliveries is kept."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

KEPT = timedelta(days=30)
_FORGET = text("""
    DELETE FROM webhook_delivery WHERE id IN (
      SELECT id FROM webhook_delivery WHERE created_at < :oldest
      AND state IN ('delivered', 'failed') ORDER BY created_at LIMIT 20000)
""")
_ENDED = text("DELETE FROM webhook_secret WHERE ends_at < :now")


async def forget_old_deliveries(session: AsyncSession, now: datetime) -> None:
    """Delete what has ended for 30 days, and secrets that have ended."""
    await session.execute(_FORGET, {"oldest": now - KEPT})
    await session.execute(_ENDED, {"now": now})
