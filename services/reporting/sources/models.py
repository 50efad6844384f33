"""The newest state of each plan, round, questionnaire and task, as their owners' events gave it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
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

    `ballots`: what there is of each lane, as the round's end said; else None. `closed_at`: when it
    ended; None too in rounds that had ended before that was kept.
    """

    __tablename__ = "survey_round"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger)
    year: Mapped[int] = mapped_column(index=True)
    status: Mapped[str]
    state: Mapped[dict[str, Any]] = mapped_column(JSONB)
    ballots: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
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
