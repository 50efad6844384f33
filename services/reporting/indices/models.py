"""The indices as last announced, and every value they have had."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class AnnouncedIndex(Base):
    """An index with what was last announced of it; version 0: nothing yet."""

    __tablename__ = "index_state"
    __table_args__ = (Index("uq_index_state_scope", "kind", "scope_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    scope_id: Mapped[UUID]
    year: Mapped[int]
    version: Mapped[int] = mapped_column(BigInteger, server_default="0")
    value: Mapped[Decimal | None] = mapped_column(Numeric)
    numerator: Mapped[Decimal | None] = mapped_column(Numeric)
    denominator: Mapped[Decimal | None] = mapped_column(Numeric)
    covered: Mapped[Decimal | None] = mapped_column(Numeric)
    target_met: Mapped[bool | None]


class IndexPoint(Base):
    """A value that an index had, from a moment on."""

    __tablename__ = "index_point"

    index_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[Decimal | None] = mapped_column(Numeric)
