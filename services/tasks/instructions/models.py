"""Instructions as they were issued; what became of one is its assignment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import InstructionState, IssuingBody
from tasks.tables import Base, one_of

AboutKind = Literal["figure", "row", "report"]


class Instruction(Base):
    """What a leader tells a unit to do, by when and by which document.

    `on_behalf_of`: the Director for whom `issued_by` wrote it down; None: the Director did.
    `about_*`: what gave rise to it, in a few words, with the page of the portal that shows it.
    `assignment_*`: the first that it became; all of them: `assignments.became`.
    """

    __tablename__ = "instruction"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    words: Mapped[str] = mapped_column(Text)
    deadline_text: Mapped[str] = mapped_column(Text)
    issuing_body: Mapped[IssuingBody] = mapped_column(Text)
    document_number: Mapped[str | None] = mapped_column(Text)
    document_issued_on: Mapped[date | None]
    document_title: Mapped[str | None] = mapped_column(Text)
    about_kind: Mapped[AboutKind | None] = mapped_column(Text)
    about_text: Mapped[str | None] = mapped_column(Text)
    about_path: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime]
    issued_by: Mapped[UUID | None]
    on_behalf_of: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"))
    assignment_id: Mapped[UUID] = mapped_column(ForeignKey("assignment.id"))
    assignment_number: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        one_of("issuing_body", IssuingBody),
        one_of("about_kind", AboutKind),
        Index("ix_instruction_issued_at", "issued_at", "id"),
        Index("ix_instruction_unit_id", "unit_id", "issued_at", "id"),
        Index("ix_instruction_assignment_id", "assignment_id"),
    )

    def state(self, assignment_ids: Sequence[UUID]) -> InstructionState:
        """Return what the event says of it. `assignment_ids`: all that its deadline became."""
        return InstructionState(
            instruction_id=self.id,
            version=self.version,
            unit_id=self.unit_id,
            issuing_body=self.issuing_body,
            document_number=self.document_number,
            document_issued_on=self.document_issued_on,
            issued_by_id=self.issued_by,
            on_behalf_of_id=self.on_behalf_of,
            plan_id=self.plan_id,
            assignment_id=self.assignment_id,
            assignment_number=self.assignment_number,
            deadline_text=self.deadline_text,
            assignment_ids=list(assignment_ids),
        )
