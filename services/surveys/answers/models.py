"""The tables of the answers, which lead to no ticket and to nobody."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.surveys import Lane
from surveys.answers.domain import State
from surveys.tables import Base, one_of

NO_UNIT = UUID(int=0)
"""Stands in the counters' key for answers of which nobody said which unit served."""


class Response(Base):
    """One ballot. `hour`: when it came, cut to the hour, UTC. Nothing here leads to a ticket.

    No foreign key: its round is locked by the transaction that stores it. `reason` says why a
    ballot is held or excluded. `revision`: `identity.ENTERED`, and one more each time it is
    excluded or restored. `ballot_id`: what reviewers call it; who knew its `response_id` could send
    guesses under it and learn from the answers what the ballot says.
    """

    __tablename__ = "response"
    __table_args__ = (
        one_of("lane", *get_args(Lane)),
        one_of("channel", "web", "kiosk", "paper", "interview"),
        one_of("state", *get_args(State)),
        Index("ix_response_round_id_hour", "round_id", "hour"),
    )

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    channel: Mapped[str]
    lane: Mapped[Lane] = mapped_column(Text)
    hour: Mapped[datetime]
    state: Mapped[State] = mapped_column(Text)
    reason: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(SmallInteger, server_default=text("1"))
    ballot_id: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


class Remark(Base):
    """A free text. It knows its round, unit and hour, and not the ballot it came with."""

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_round_id_unit_id", "round_id", "unit_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    hour: Mapped[datetime]
    question: Mapped[str]
    text: Mapped[str]


class AnswerCount(Base):
    """Ballots of a round, unit (NO_UNIT: not said) and lane.

    In slots, so that processes do not queue; only the sum of a cell's slots means anything.
    """

    __tablename__ = "answer_count"
    __table_args__ = (one_of("lane", *get_args(Lane)),)

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    lane: Mapped[Lane] = mapped_column(Text, primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    counted: Mapped[int]
    held: Mapped[int]
    excluded: Mapped[int]
