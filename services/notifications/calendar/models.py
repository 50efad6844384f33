"""The working calendar's exceptions, kept from the tasks service's events."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifications.tables import Base


class CalendarYear(Base):
    """All exceptions of one year, `days` as `contracts.tasks.CalendarDay` in JSON."""

    __tablename__ = "calendar_year"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int]
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
