"""Facts of assignments, one row each, and the cells summed from them."""

from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.completion.domain import Counts
from reporting.tables import Base

COUNTS = tuple(field.name for field in fields(Counts))


def _count() -> Mapped[int]:
    return mapped_column(BigInteger, server_default="0")


class AssignmentFact(Base):
    """The newest version of an assignment; version 0: locked by the batch that brings the first."""

    __tablename__ = "assignment_fact"
    __table_args__ = (
        Index(None, "plan_id", "task_id"),
        Index(
            "ix_assignment_fact_extended", "plan_id",
            postgresql_where=text("state ->> 'first_due_on' IS NOT NULL"),
        ),
    )  # fmt: skip

    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    plan_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    unit_id: Mapped[UUID | None]
    state: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class CompletionCell(Base):
    """Assignments of one scope with the same last allowed day, counted.

    `scope`: `plan`, `unit:<id>`, `sub:<code>`, or of contributions `helps`,
    `helps:<unit id>`. `due_on` -infinity: nothing in it has a day.
    """

    __tablename__ = "completion_cell"

    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    total: Mapped[int] = _count()
    done: Mapped[int] = _count()
    done_on_time: Mapped[int] = _count()
    waiting: Mapped[int] = _count()
    continuous: Mapped[int] = _count()
    untriggered: Mapped[int] = _count()
    needs_person: Mapped[int] = _count()
    cancelled: Mapped[int] = _count()
    paused: Mapped[int] = _count()
    extended: Mapped[int] = _count()
    on_time_extended: Mapped[int] = _count()
