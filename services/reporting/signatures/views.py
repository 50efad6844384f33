"""Signatures of a signed copy as the API shows them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.signatures import views
from chassis.signatures.views import SignaturesView
from reporting.signatures.scope import roots


async def signatures_of(session: AsyncSession, file_id: UUID | None) -> SignaturesView | None:
    """Return what is known of the signatures of a PDF; None where there is none."""
    if file_id is None:
        return None
    found = await views.signatures_of(session, [file_id], await roots(session))
    return found[file_id]
