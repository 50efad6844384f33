"""Who was asked to take note of which plan, and who has."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import AcknowledgementState
from tasks.tables import Base


class Acknowledgement(Base):
    """A person asked to take note of a plan. `unit_id`: the unit then, which it counts for."""

    __tablename__ = "acknowledgement"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    asked_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("plan_id", "person_id"),)

    def state(self, at: datetime) -> AcknowledgementState:
        """Return what other services know of it once it is given."""
        return AcknowledgementState(
            acknowledgement_id=self.id,
            version=1,
            plan_id=self.plan_id,
            unit_id=self.unit_id,
            person_id=self.person_id,
            acknowledged_at=at,
        )
