"""Table: what other systems want to be told, by which transport, and how far they have come."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, ForeignKey, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from notifications.tables import Base


class TransactionNumber(UserDefinedType[int]):
    """PostgreSQL's `xid8`, a number that never comes again; an `int` here."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return its name in PostgreSQL."""
        return "xid8"


class Subscription(Base):
    """What a partner wants of the public events. `types` empty: all; `unit_ids` None: all.

    `fields`: for a dotted path of the envelope the values it may have. `cursor_tx`, `cursor_seq`:
    the position up to which everything was handed over for sure. `disabled` by the system, which
    says why in `state_reason`, a sentence of our catalogue; `paused` by somebody.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("transport IN ('feed', 'webhook', 'amqp')", name="transport"),
        CheckConstraint("state IN ('active', 'paused', 'disabled')", name="state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    transport: Mapped[str] = mapped_column(Text)
    types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    fields: Mapped[dict[str, list[Any]]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, server_default="active")
    state_reason: Mapped[str | None] = mapped_column(Text)
    cursor_tx: Mapped[int] = mapped_column(TransactionNumber)
    cursor_seq: Mapped[int] = mapped_column(BigInteger)
    url: Mapped[str | None] = mapped_column(Text)
    rate_per_second: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[UUID | None]
    last_error: Mapped[str | None] = mapped_column(Text)
    last_error_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    failures_in_row: Mapped[int] = mapped_column(server_default="0")
