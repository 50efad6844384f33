"""Events published by the notifications service: what became of what people were told.

Only of notices that another service needs a receipt of: those of an urging. Of all others nobody
needs to know elsewhere who has read what, so nothing of it leaves.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from contracts.events import Event, Payload

NoticeOrigin = Literal["urging"]

__all__ = [
    "NoticeEvent",
    "NoticeOrigin",
    "NoticeSeen",
    "NoticeSent",
    "NoticeState",
    "ObligationAcknowledged",
]


class NoticeState(Payload):
    """A notice to one person. `about_id`: the urging it comes from.

    It is sent, then seen, then acknowledged; whoever acknowledges has seen it.
    """

    notice_id: UUID
    version: int
    origin: NoticeOrigin
    about_id: UUID
    person_id: UUID
    sent_at: datetime
    seen_at: datetime | None
    acknowledged_at: datetime | None


class NoticeEvent(Payload):
    """What all events about a notice carry: its full state after the event."""

    notice: NoticeState

    @property
    def subject(self) -> UUID:
        """Id of the notice."""
        return self.notice.notice_id

    @property
    def version(self) -> int:
        """Version of the notice."""
        return self.notice.version


class NoticeSent(
    NoticeEvent,
    Event,
    type="notifications.notice_sent.v1",
    aggregate="notice",
    audience="internal",
):
    """A notice stands in a person's list and on their screen; a mail may still be on its way."""


class NoticeSeen(
    NoticeEvent,
    Event,
    type="notifications.notice_seen.v1",
    aggregate="notice",
    audience="internal",
):
    """The person has opened the notice, or marked it as read."""


class ObligationAcknowledged(
    NoticeEvent,
    Event,
    type="notifications.obligation_acknowledged.v1",
    aggregate="notice",
    audience="internal",
):
    """The person says that they know, and will see to it."""
