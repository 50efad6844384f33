"""Tables of urging: who was urged about which assignments, and what became of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import UrgedAs, UrgingOrigin
from tasks.tables import Base, one_of


class Urging(Base):
    """One act of urging. `made_by` None: the clock's, by the ladder.

    `reason`: `lead`, `coordinating` or `any`; of a ladder `ladder`; `report`: units are urged to
    hand in their reports under `plan_id`, and no assignment stands below it. `words`: the template
    as it was given; what each person was told stands with the person. `letter_*`: the official
    letter that went out with it, once its number was entered; `version` counts its corrections.
    """

    __tablename__ = "urging"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    origin: Mapped[UrgingOrigin] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    row_count: Mapped[int]
    letter_number: Mapped[str | None] = mapped_column(Text)
    letter_issued_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(server_default="1")
    plan_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan.id"))

    __table_args__ = (
        one_of("origin", UrgingOrigin),
        CheckConstraint(
            "reason IN ('lead', 'coordinating', 'any', 'ladder', 'report')", name="reason"
        ),
        Index("ix_urging_made_at", "made_at", "id"),
    )


class UrgingRow(Base):
    """An assignment that people were urged about.

    `told`: the reason it was chosen for, or the steps of the ladder it had reached; then `due_on`
    is the day it was late for, so that each step of a due day is told once.
    `number` … `days_late`: the row as it was urged by hand, for the letter; a ladder has none.
    No foreign key to the assignment: the ladder writes tens of thousands at once, out of that table
    itself, of which nothing is ever deleted.
    """

    __tablename__ = "urging_row"

    urging_id: Mapped[UUID] = mapped_column(ForeignKey("urging.id"), primary_key=True)
    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    told: Mapped[list[str]] = mapped_column(ARRAY(Text))
    due_on: Mapped[date | None]
    number: Mapped[str | None] = mapped_column(Text)
    content: Mapped[str | None] = mapped_column(Text)
    unit_id: Mapped[UUID | None]
    unit_name: Mapped[str | None] = mapped_column(Text)
    days_late: Mapped[int | None]

    __table_args__ = (
        CheckConstraint(
            "told <@ ARRAY['lead', 'coordinating', 'any', 'person', 'head', 'office', 'director']",
            name="told",
        ),
        Index("ix_urging_row_assignment_id", "assignment_id"),
    )


class UrgingRecipient(Base):
    """A person who was urged, and how far it has come with them, as notifications says.

    `unit_id`, `unit_name`: their unit then; a ladder keeps no name. `assignment_ids` None: every
    row that the ladder told this step.
    """

    __tablename__ = "urging_recipient"

    urging_id: Mapped[UUID] = mapped_column(ForeignKey("urging.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    urged_as: Mapped[UrgedAs] = mapped_column(Text)
    row_count: Mapped[int]
    assignment_ids: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    words: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    unit_name: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("urged_as", UrgedAs),
        Index("ix_urging_recipient_person_id", "person_id"),
        Index(
            "ix_urging_recipient_waiting", "urging_id",
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
    )  # fmt: skip
