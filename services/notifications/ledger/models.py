"""Tables: what each person is told, and the mails that carry it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifications.tables import Base

GATHERING = text("state = 'queued' AND attempts = 0")
"""A mail that nobody has tried to send yet: what comes for the same person joins it."""
WAITING = text("state IN ('queued', 'unknown', 'sending')")
UNREAD = text("read_at IS NULL AND moot_at IS NULL")
TO_ACKNOWLEDGE = text("must_acknowledge AND acknowledged_at IS NULL")
GATHERED = text("digest_id IS NOT NULL")
DIGEST = "notifications.digest"
MOST_HELD = 200  # what a digest that still grows costs with each event is bounded by what it holds
OPEN_DIGEST = text(
    f"event_type = '{DIGEST}' AND read_at IS NULL AND moot_at IS NULL AND held < {MOST_HELD}"
)
"""A person's digest that takes more: at most one. Once it is full, another begins."""


class Delivery(Base):
    """One mail to one person about one or more notifications.

    `sending` holds until `lease_until`; past it, it is not known whether the mail left: `unknown`,
    counted in `uncertain`, and sent again under the same `message_id`. `dropped`: everything in
    it was moot before it left.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped')", name="state"
        ),
        CheckConstraint("channel IN ('email')", name="channel"),
        Index("uq_delivery_gathering", "person_id", "channel", unique=True,
              postgresql_where=GATHERING),
        Index("ix_delivery_waiting", "next_attempt_at", postgresql_where=WAITING),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    attempts: Mapped[int] = mapped_column(server_default="0")
    uncertain: Mapped[int] = mapped_column(server_default="0")
    message_id: Mapped[str | None] = mapped_column(Text)
    smtp_reply: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    next_attempt_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    give_up_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Notification(Base):
    """An obligation to tell one person one thing; unique by type, subject, step and person.

    `title`, `body` are the Vietnamese templates as they were, `facts` what fills them. `asks`: for
    an act. A digest (`event_type` DIGEST, its own subject) is a notification that holds others:
    `digest_id` names it in each, `held` counts them; a person has at most one that takes more.
    `must_acknowledge`: it stands on every page until the person says that they know.
    """

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("event_type", "subject_id", "step", "person_id"),
        CheckConstraint("severity IN ('info', 'warning', 'critical')", name="severity"),
        Index("ix_notification_of_person", "person_id", "created_at", "id"),
        Index("ix_notification_unread", "person_id", postgresql_where=UNREAD),
        Index("ix_notification_of_subject", "subject_id"),
        Index("ix_notification_in_delivery", "delivery_id"),
        Index("ix_notification_in_digest", "digest_id", postgresql_where=GATHERED),
        Index("ix_notification_to_acknowledge", "person_id", postgresql_where=TO_ACKNOWLEDGE),
        Index("uq_notification_digest", "person_id", unique=True, postgresql_where=OPEN_DIGEST),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(Text)
    case: Mapped[str] = mapped_column(Text)
    subject_type: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    subject_version: Mapped[int] = mapped_column(BigInteger)
    step: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    category: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    read_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    moot_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    delivery_id: Mapped[UUID | None] = mapped_column(ForeignKey("delivery.id"))
    asks: Mapped[bool] = mapped_column(server_default="false")
    digest_id: Mapped[UUID | None] = mapped_column(ForeignKey("notification.id"))
    held: Mapped[int] = mapped_column(server_default="0")
    must_acknowledge: Mapped[bool] = mapped_column(server_default="false")
    acknowledged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
