"""The exceptions of the working calendar."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import CalendarDay, CalendarState
from tasks.tables import Base


class CalendarYear(Base):
    """All exceptions of one year, `days` as `contracts.tasks.CalendarDay` in JSON."""

    __tablename__ = "calendar_year"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    year: Mapped[int] = mapped_column(unique=True)
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    def state(self) -> CalendarState:
        """Return the exceptions of one self."""
        days = [CalendarDay.model_validate(day) for day in self.days]
        return CalendarState(calendar_id=self.id, version=self.version, year=self.year, days=days)
