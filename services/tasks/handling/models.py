"""Handling proposals, and the kinds there are."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base


class HandlingKinds(Base):
    """The one row with the list of kinds: objects of `code`, `name` and whether it is in `use`."""

    __tablename__ = "handling_kinds"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    kinds: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)


class HandlingProposal(Base):
    """What the Office proposes about a person, and what the Director decided.

    `as_head`: about them as head of `unit_id`, the unit they were of then. The decision is a
    person's: nothing here follows from figures, and nothing follows from it.
    """

    __tablename__ = "handling_proposal"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    as_head: Mapped[bool]
    kind: Mapped[str] = mapped_column(Text)
    evidence: Mapped[str] = mapped_column(Text)
    finding_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    assignment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    measure: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[UUID | None]
    decision: Mapped[str | None] = mapped_column(Text)
    decided_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("num_nonnulls(decision, decided_on, decided_at) IN (0, 3)", name="decided"),
        Index(None, "proposed_at", "id"),
    )
