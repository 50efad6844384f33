"""Tables: what is asked, when and by which codes; and the answers, which lead to none of these."""

from datetime import date, datetime
from typing import Any, ClassVar, get_args
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis.database import NAMING
from contracts.surveys import Aggregator, Method
from surveys.questionnaires import domain as questionnaire
from surveys.rounds import domain as rounds

NO_UNIT = UUID(int=0)
"""Stands in the counters' key for answers of which nobody said which unit served."""


def one_of(column: str, *words: str) -> CheckConstraint:
    """Allow only these words in a column."""
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=column)


class Base(DeclarativeBase):
    """Base of the tables the surveys service owns."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text,
        int: BigInteger,
        dict[str, Any]: JSONB,
        list[UUID]: ARRAY(Uuid),
    }


class Questionnaire(Base):
    """One version of a questionnaire. `body`: the whole of it as `domain.questionnaire.load` takes.

    All versions of a `code` share the `id`. A published version never changes.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        one_of("status", *get_args(questionnaire.Status)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]
    status: Mapped[questionnaire.Status] = mapped_column(Text)
    composed: Mapped[bool]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class SurveyRound(Base):
    """A round. Dates are local and inclusive; `unit_ids` are the units it is about.

    `tickets_unused`: how many were still unspent when it closed, None before.
    """

    __tablename__ = "survey_round"
    __table_args__ = (
        ForeignKeyConstraint(
            ["questionnaire_id", "questionnaire_version"],
            ["questionnaire.id", "questionnaire.version"],
            name="fk_survey_round_questionnaire",
        ),
        one_of("status", *get_args(rounds.Status)),
        one_of("method", *get_args(Method)),
        one_of("aggregator", *get_args(Aggregator)),
        CheckConstraint("closes_on >= opens_on", name="dates"),
        CheckConstraint("min_n >= 1", name="min_n"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    title: Mapped[str]
    year: Mapped[int]
    questionnaire_id: Mapped[UUID]
    questionnaire_version: Mapped[int]
    method: Mapped[Method] = mapped_column(Text)
    aggregator: Mapped[Aggregator] = mapped_column(Text)
    status: Mapped[rounds.Status] = mapped_column(Text)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    unit_ids: Mapped[list[UUID]]
    min_n: Mapped[int]
    tickets_unused: Mapped[int | None]
    created_at: Mapped[datetime]


class TicketBatch(Base):
    """How many tickets were issued together. Its codes follow from `id` and the ticket secret."""

    __tablename__ = "ticket_batch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[UUID | None]
    count: Mapped[int]
    issued_at: Mapped[datetime]


class Ticket(Base):
    """An unspent ticket. Spending it, or closing its round, deletes the row; no mark remains."""

    __tablename__ = "ticket"

    key: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[UUID | None]


class Link(Base):
    """An open link, e.g. on a counter's QR code; takes any number of answers while active."""

    __tablename__ = "link"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("survey_round.id"), index=True)
    unit_id: Mapped[UUID | None]
    label: Mapped[str]
    active: Mapped[bool]
    created_at: Mapped[datetime]


class Response(Base):
    """One ballot. `hour`: when it came, cut to the hour, UTC. Nothing here leads to a ticket.

    No foreign key: its round is locked by the transaction that stores it. `reason` says why a
    ballot is held or excluded.
    """

    __tablename__ = "response"
    __table_args__ = (
        one_of("lane", "ticket", "open"),
        one_of("channel", "web", "kiosk", "paper"),
        one_of("state", "counted", "held", "excluded"),
        Index("ix_response_round_id_hour", "round_id", "hour"),
    )

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    unit_id: Mapped[UUID | None]
    channel: Mapped[str]
    lane: Mapped[str]
    hour: Mapped[datetime]
    state: Mapped[str]
    reason: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    choices: Mapped[dict[str, Any]]


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
    """Ballots of a round and unit (NO_UNIT: not said), in slots so that processes do not queue."""

    __tablename__ = "answer_count"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    counted: Mapped[int]
    held: Mapped[int]
    excluded: Mapped[int]
