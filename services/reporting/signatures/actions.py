"""Roots come and go; what is signed is looked at again under those there are."""

from base64 import b64decode
from collections.abc import Sequence

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import jobs
from chassis.signatures.checks import CHECK_SIGNATURES
from contracts.tasks import TrustedRootState
from reporting.signatures.models import TrustedRoot


async def keep_roots(session: AsyncSession, states: Sequence[TrustedRootState]) -> None:
    """Keep the newest version of roots, and have signed copies checked under them."""
    newest = {each.root_id: each for each in sorted(states, key=lambda each: each.version)}
    rows = [
        {
            "id": id_, "version": each.version, "name": each.name, "sha256": each.sha256,
            "certificate": b64decode(each.certificate), "trusted": each.trusted,
        }
        for id_, each in sorted(newest.items())
    ]  # fmt: skip
    statement = insert(TrustedRoot)
    told = statement.excluded
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={"version": told.version, "trusted": told.trusted},
            where=told.version > TrustedRoot.version,
        ),
        rows,
    )
    await jobs.enqueue(session, CHECK_SIGNATURES, {}, None)
