"""The roots that are trusted now."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.signatures.models import TrustedRoot


async def roots(session: AsyncSession) -> Mapping[str, bytes]:
    """Return the certificates by their SHA-256."""
    wanted = select(TrustedRoot.sha256, TrustedRoot.certificate).where(TrustedRoot.trusted)
    return {row.sha256: row.certificate for row in await session.execute(wanted)}
