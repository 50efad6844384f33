"""Signatures and trusted roots as the API shows them."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.signatures import views
from chassis.signatures.views import SignaturesView
from chassis.web import ResponseBody
from tasks.access import RIGHTS
from tasks.signatures.models import TrustedRoot
from tasks.signatures.scope import roots


class TrustedRootView(ResponseBody):
    """A certificate that is trusted to vouch for signers. `sha256`: its fingerprint."""

    id: UUID
    name: str
    sha256: str
    valid_from: datetime
    valid_until: datetime
    added_at: datetime
    allowed: list[str]


def trusted_root_view(root: TrustedRoot, actor: Actor) -> TrustedRootView:
    """Return a root, and whether the caller may remove it."""
    return TrustedRootView(
        id=root.id,
        name=root.name,
        sha256=root.sha256,
        valid_from=root.valid_from,
        valid_until=root.valid_until,
        added_at=root.added_at,
        allowed=RIGHTS.allowed(actor, "trusted_root", ("delete",)),
    )


async def signatures_of(
    session: AsyncSession, file_ids: Collection[UUID]
) -> dict[UUID, SignaturesView]:
    """Return what is known of the signatures of PDFs, of each that is asked for."""
    return await views.signatures_of(session, file_ids, await roots(session))
