"""The tables of what citizens come in by. No code stands in them, only keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.tables import Base


class TicketBatch(Base):
    """How many tickets were issued together. Its codes follow from `id` and the ticket secret.

    `voided`: how many were unspent when the batch was voided; told to nobody. All three None: not.
    """

    __tablename__ = "ticket_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[UUID | None]
    count: Mapped[int]
    issued_at: Mapped[datetime]
    voided: Mapped[int | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]


class Ticket(Base):
    """An unspent ticket. Spending it, or closing its round, deletes the row; no mark remains."""

    __tablename__ = "ticket"

    key: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[UUID | None]


class IssuedTicket(Base):
    """Which round and unit a ticket is of, spent or not: written when it is issued.

    `voided`: its whole batch was, spent or not; nothing else changes. So it says nothing of who
    answered, and yet a late ticket can be told that its round is over.
    """

    __tablename__ = "issued_ticket"

    key: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    voided: Mapped[bool] = mapped_column(server_default="false")


class Link(Base):
    """An open link, e.g. on a counter's QR code; takes any number of answers while active."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[UUID | None]
    label: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]
