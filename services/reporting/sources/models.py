"""The newest state of plans, rounds, questionnaires, tasks and documents, as events gave it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class Plan(Base):
    """A plan; `state` is the newest `PlanState`."""

    __tablename__ = "plan"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int] = mapped_column(index=True)
    status: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)


class SurveyRound(Base):
    """A survey round; `state` is the newest `RoundState`.

    `ballots`: what there is of each lane, as the round's end said; else None. `tickets`: what it
    said of them, a `TicketCount`. `closed_at`: when it ended; None too in rounds that had ended
    before that was kept.
    """

    __tablename__ = "survey_round"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int] = mapped_column(index=True)
    status: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ballots: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    tickets: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    closed_at: Mapped[datetime | None]


class Questionnaire(Base):
    """A published version of a questionnaire; it never changes."""

    __tablename__ = "questionnaire"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Task(Base):
    """A task, as its first assignment named it."""

    __tablename__ = "task"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID]
    year: Mapped[int] = mapped_column(index=True)
    number: Mapped[str]
    subject_matter: Mapped[str]
    content: Mapped[str]


class OfferedDocument(Base):
    """A report, an inspection's conclusion, a finding of one, or a document that somebody named.

    `id`: of the unit's report, the inspection, the finding or the issued report; the newest version
    that an event told of. `unit_id` None: it is the whole department's. `name`: as far as its event
    names it. `dated_on` None: it is no proof (any more); a finding has the day of the conclusion.
    `sha256`: of what was signed, where it is a report of the department; else of what its event
    said of it. `of_id`: the finding's inspection; `code`: the criterion the inspectors named.
    `address`: where a document can be read.
    """

    __tablename__ = "offered_document"
    __table_args__ = (
        CheckConstraint("kind IN ('report', 'inspection', 'finding', 'document')", name="kind"),
        Index("ix_offered_document_year", "year", "kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    year: Mapped[int]
    unit_id: Mapped[UUID | None]
    name: Mapped[str]
    dated_on: Mapped[date | None]
    sha256: Mapped[str]
    of_id: Mapped[UUID | None]
    code: Mapped[str | None]
    address: Mapped[str | None]
