"""Why a ticket that we signed is no longer there: its batch was voided, or its round has ended.

A spent ticket leaves no row and no mark, and a round's end deletes those that are left. So the
batch is found again by making its codes anew, which says nothing of who used one.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from surveys.codes.models import TicketBatch
from surveys.codes.signer import Signer
from surveys.rounds.models import SurveyRound

End = Literal["voided", "ended"]
_OVER = ("closed", "cancelled")


class Origins:
    """Knows the tickets of batches that are over, each made once per process."""

    def __init__(self, signer: Signer) -> None:
        """Take the holder of the ticket secret."""
        self._signer = signer
        self._batches: dict[str, UUID] = {}
        self._made: set[UUID] = set()

    async def end_of(self, session: AsyncSession, key: str) -> End | None:
        """Return how the ticket's batch ended; None while it has not, or was never ours."""
        batches = await _ended(session)
        new = [batch for batch in batches if batch.id not in self._made]
        if new:
            self._batches |= await asyncio.to_thread(self._make, new)
            self._made |= {batch.id for batch in new}
        ends: dict[UUID, End] = {
            batch.id: "voided" if batch.voided_at else "ended" for batch in batches
        }
        origin = self._batches.get(key)
        return ends.get(origin) if origin else None

    def _make(self, batches: Sequence[TicketBatch]) -> dict[str, UUID]:
        return {
            code.key: batch.id
            for batch in batches
            for code in self._signer.of_batch(batch.id, batch.count)
        }


async def _ended(session: AsyncSession) -> Sequence[TicketBatch]:
    statement = (
        select(TicketBatch)
        .join(SurveyRound, SurveyRound.id == TicketBatch.round_id)
        .where(TicketBatch.voided_at.is_not(None) | SurveyRound.status.in_(_OVER))
    )
    return (await session.scalars(statement)).all()
