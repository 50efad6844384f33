"""Table: the queue of a partner at the broker, as it should be and as it was last seen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Text, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from notifications.subscribers.subscriptions.models import TransactionNumber
from notifications.tables import Base


class PartnerQueue(Base):
    """What the keeper makes at the broker for a subscription, and takes down without one.

    `name`: of user and queue. `settled_at`: when the broker was last made to agree with this row;
    None: not yet. `made_at`: when the queue was first there; `let_in`: whether its user is.
    `messages`, `bytes`, `consumers`: as measured; `earlier_…`: up to an hour before. `dropped`:
    what the queue lost because it was full or the message too old; `refused`: what the partner's
    program gave back for good. `lost_…`: the position of the oldest event dropped since the partner
    last recovered; None when not known. `may_types`, `may_units`: what its partner might have when
    it was last settled; `emptied_at`: when it was taken down because that had become less.
    """

    __tablename__ = "partner_queue"

    subscription_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    most_messages: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    made_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    let_in: Mapped[bool] = mapped_column(server_default=text("false"))
    error: Mapped[str | None] = mapped_column(Text)
    messages: Mapped[int] = mapped_column(BigInteger, server_default="0")
    bytes: Mapped[int] = mapped_column(BigInteger, server_default="0")
    consumers: Mapped[int] = mapped_column(server_default="0")
    measured_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    earlier_messages: Mapped[int | None] = mapped_column(BigInteger)
    earlier_bytes: Mapped[int | None] = mapped_column(BigInteger)
    earlier_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    dropped: Mapped[int] = mapped_column(BigInteger, server_default="0")
    refused: Mapped[int] = mapped_column(BigInteger, server_default="0")
    overflowed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    lost_tx: Mapped[int | None] = mapped_column(TransactionNumber)
    lost_seq: Mapped[int | None] = mapped_column(BigInteger)
    may_types: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    may_units: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    emptied_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
