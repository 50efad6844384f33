"""Table: the day on which the KPI month closes, one row once somebody set it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base


class KpiSetting(Base):
    """The closing day of a month, that day included."""

    __tablename__ = "kpi_setting"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    closing_day: Mapped[int] = mapped_column(SmallInteger)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("id = 1", name="one"),
        CheckConstraint("closing_day BETWEEN 1 AND 31", name="closing_day"),
    )
