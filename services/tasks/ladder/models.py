"""The table of the ladder: one row, changed by the Office or an administrator."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, SmallInteger, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tasks.ladder.domain import Step
from tasks.tables import Base


class UrgingLadder(Base):
    """When the clock urges, and whom. Composed; no official text says so.

    `before`: working days before the due day, on which who owes it is reminded. `escalation`: from
    how many working days after it on who is told. `work_from`, `work_until`: local hours of a
    working day in which it is told. `repeat_hours`: for so long the same rows are not urged again
    for the same reason. `words`: what the page of urging offers. `letter_*`: what stands above an
    official letter: the body above the department, the symbol behind the number, the place.
    `escalated_on`: the day on which
    the clock has climbed it last; no version of its own.
    """

    __tablename__ = "urging_ladder"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    one: Mapped[bool] = mapped_column(unique=True)
    version: Mapped[int]
    before: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    escalation: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    work_from: Mapped[int] = mapped_column(SmallInteger)
    work_until: Mapped[int] = mapped_column(SmallInteger)
    repeat_hours: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    letter_parent: Mapped[str] = mapped_column(Text)
    letter_symbol: Mapped[str] = mapped_column(Text)
    letter_place: Mapped[str] = mapped_column(Text)
    escalated_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("one", name="one"),
        CheckConstraint("work_from BETWEEN 0 AND 23 AND work_until BETWEEN 1 AND 24", name="hours"),
        CheckConstraint("repeat_hours BETWEEN 0 AND 720", name="repeat_hours"),
    )

    @property
    def steps(self) -> list[Step]:
        """Return the steps after the due day."""
        return [Step(each["working_days"], each["told"]) for each in self.escalation]

    def facts(self) -> dict[str, Any]:
        """Return what can be changed, for the audit."""
        names = (
            "before", "escalation", "work_from", "work_until", "repeat_hours", "words",
            "letter_parent", "letter_symbol", "letter_place",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
