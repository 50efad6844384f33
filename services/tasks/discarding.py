"""Takes back what forged events did here: receipts of urgings, and what score sheets lost.

Neither is kept by the ids such events have (a forged notice may name any person of any urging, a
forged sheet any year), so all of it is forgotten and told anew from the logs. What people did
because of it stays: measures proposed against a sub-criterion, one they named weak themselves,
urgings, letters.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.discarding import by_aggregate, tell
from chassis.messaging.events import EventRouter
from chassis.messaging.unknown import Unknown
from contracts.envelope import Envelope
from tasks.measures.actions import forget_sheets
from tasks.urging.receipts import forget_receipts

WHOLE = {"notice": forget_receipts, "score_sheet": forget_sheets}
"""By aggregate, what forgets all that is kept of it; `undo` is told all that the logs say."""


async def undo(
    session: AsyncSession,
    router: EventRouter,
    events: Sequence[Unknown],
    told: Sequence[Envelope],
) -> None:
    """Forget whatever forged events may have touched, and tell it anew; see `Undo`."""
    for aggregate in by_aggregate(events):
        await WHOLE[aggregate](session)
    await tell(session, router, told)
