"""What another service hears of a notice it asked for: sent, seen, acknowledged."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.messaging import outbox
from contracts.notifications import (
    NoticeEvent,
    NoticeSeen,
    NoticeSent,
    NoticeState,
    ObligationAcknowledged,
)
from notifications.ledger.models import Notification

URGING = "urging"
Told = type[NoticeSent] | type[NoticeSeen] | type[ObligationAcknowledged]
_VERSIONS: dict[type[NoticeEvent], int] = {NoticeSent: 1, NoticeSeen: 2, ObligationAcknowledged: 3}
"""A notice is sent, then seen, then acknowledged, each once: so its versions have no gap."""


async def announce(
    session: AsyncSession,
    told: Told,
    notices: Iterable[Notification],
    now: datetime,
    actor_id: UUID | None = None,
) -> None:
    """Say what became of notices of urgings; of others nobody asks elsewhere."""
    events = [
        told(notice=_state(each, _VERSIONS[told]))
        for each in notices
        if each.subject_type == URGING
    ]
    await outbox.add(session, *events, now=now, actor_id=actor_id)


def _state(notice: Notification, version: int) -> NoticeState:
    seen, acknowledged = version > 1, version > 2  # noqa: PLR2004 - as `_VERSIONS` has it
    return NoticeState(
        notice_id=notice.id, version=version, origin="urging", about_id=notice.subject_id,
        person_id=notice.person_id, sent_at=notice.created_at,
        seen_at=notice.read_at if seen else None,
        acknowledged_at=notice.acknowledged_at if acknowledged else None,
    )  # fmt: skip
