"""The roots that are trusted now."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.signatures.models import TrustedRoot


async def roots(session: AsyncSession) -> Mapping[str, bytes]:
    """Return the certificates by their SHA-256."""
    found = await session.execute(select(TrustedRoot.sha256, TrustedRoot.certificate))
    return {row.sha256: row.certificate for row in found}
