"""Messages as producers send them, for tests that hand them to a consumer."""

from datetime import datetime
from uuid import UUID

from contracts.envelope import Envelope
from contracts.events import Event


def envelope_of(
    event: Event, *, id: UUID, time: datetime, actor_id: UUID | None = None
) -> Envelope:
    """Return the envelope of an event; a citizen's answer never names who gave it."""
    return Envelope(
        id=id,
        type=event.type,
        source=f"/nhip/{event.producer()}",
        subject=event.subject,
        time=time,
        aggregateversion=event.version,
        actorid=None if getattr(event, "unversioned", False) else actor_id,
        data=event.model_dump(mode="json"),
    )
