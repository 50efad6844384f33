"""Tables: how far the subjects have moved, who submitted what, who is away, since when we tell."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from notifications.tables import Base


class Subject(Base):
    """The newest known state of what notifications are about: an assignment, a plan, an index.

    `state`: an assignment's in full, as its events carry it.
    """

    __tablename__ = "subject"
    __table_args__ = (Index("ix_subject_accountable_person_id", "accountable_person_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    accountable_person_id: Mapped[UUID | None]
    state: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Submission(Base):
    """Who submitted something: told when it is decided.

    `result_id`: of a result, or of a request for a later deadline.
    """

    __tablename__ = "submission"

    result_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]


class Absence(Base):
    """Who stands in for a person, from a day to a day, both included; all null: at work."""

    __tablename__ = "absence"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    substitute_id: Mapped[UUID | None]
    absent_from: Mapped[date | None] = mapped_column(Date)
    absent_until: Mapped[date | None] = mapped_column(Date)


class Beginning(Base):
    """When this service began to listen, one row. What happened before is told to nobody."""

    __tablename__ = "beginning"
    __table_args__ = (CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
