"""What notifications says of each person who was urged: told, seen, acknowledged."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging.events import Received
from tasks.assignments.urged import UrgingRecipient

# Every event carries the whole state: whichever comes first or last, nothing is lost.
_KEEP = text("""
    UPDATE urging_recipient r SET
      sent_at = coalesce(r.sent_at, given.sent_at),
      seen_at = coalesce(r.seen_at, given.seen_at),
      acknowledged_at = coalesce(r.acknowledged_at, given.acknowledged_at)
    FROM (
      SELECT urging_id, person_id, min(sent_at) AS sent_at, min(seen_at) AS seen_at,
        min(acknowledged_at) AS acknowledged_at
      FROM unnest(CAST(:urgings AS uuid[]), CAST(:people AS uuid[]),
        CAST(:sent AS timestamptz[]), CAST(:seen AS timestamptz[]),
        CAST(:acknowledged AS timestamptz[]))
        AS one(urging_id, person_id, sent_at, seen_at, acknowledged_at)
      GROUP BY urging_id, person_id
    ) given
    WHERE r.urging_id = given.urging_id AND r.person_id = given.person_id
""")


async def keep_receipts(session: AsyncSession, events: Sequence[Received[Any]]) -> None:
    """Write down how far notices of urgings have come, in one statement; of others nothing."""
    notices = [each.event.notice for each in events if each.event.notice.origin == "urging"]
    if not notices:
        return
    notices.sort(key=lambda notice: (notice.about_id, notice.person_id))
    given = {
        "urgings": [each.about_id for each in notices],
        "people": [each.person_id for each in notices],
        "sent": [each.sent_at for each in notices],
        "seen": [each.seen_at for each in notices],
        "acknowledged": [each.acknowledged_at for each in notices],
    }
    await session.execute(_KEEP, given)


async def forget_receipts(session: AsyncSession) -> None:
    """Forget all receipts: what is told after that is all that is known."""
    none = dict.fromkeys(("sent_at", "seen_at", "acknowledged_at"))
    await session.execute(update(UrgingRecipient).values(**none))
