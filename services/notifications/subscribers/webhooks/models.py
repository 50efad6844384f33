"""Tables: secrets of webhooks, how their receivers fare, and every event on its way to each."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from notifications.tables import Base

DUE = text("state = 'pending' AND example IS NULL")
DUE_EXAMPLE = text("state = 'pending' AND example IS NOT NULL")
SENDING = text("state = 'sending'")


def _subscription() -> ForeignKey:
    return ForeignKey("subscription.id", ondelete="CASCADE")


class WebhookSecret(Base):
    """One secret. `ends_at`: since a newer one was made; None for the newest."""

    __tablename__ = "webhook_secret"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(_subscription(), index=True)
    secret: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class WebhookTarget(Base):
    """How a receiver fares. Nothing goes there until `hold_until`.

    `told`: the highest percent of allowed failures that people were told of since it last took
    something.
    """

    __tablename__ = "webhook_target"

    subscription_id: Mapped[UUID] = mapped_column(_subscription(), primary_key=True)
    hold_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    told: Mapped[int] = mapped_column(server_default="0")


class WebhookDelivery(Base):
    """One event on its way to one receiver.

    `sending` holds until `lease_until`; past it, the event goes again under the same id.
    `example`: the body of one that was asked for to try it; an event's own is the envelope as it
    was kept. `failed`: ten attempts within three days, while the receiver took others.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("subscription_id", "event_id"),
        CheckConstraint("state IN ('pending', 'sending', 'delivered', 'failed')", name="state"),
        Index("ix_webhook_delivery_due", "subscription_id", "next_attempt_at",
              postgresql_where=DUE),
        Index("ix_webhook_delivery_example", "next_attempt_at", postgresql_where=DUE_EXAMPLE),
        Index("ix_webhook_delivery_sending", "lease_until", postgresql_where=SENDING),
        Index("ix_webhook_delivery_of_subscription", "subscription_id", "id"),
        Index("ix_webhook_delivery_created_at", "created_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subscription_id: Mapped[UUID] = mapped_column(_subscription())
    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(Text)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    example: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    status: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    milliseconds: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
