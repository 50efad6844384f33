"""Facts of ballots, one row each, the cells counted from them, and steering's pool."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    DateTime,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class ResponseFact(Base):
    """A ballot; `answers` by position of the scaled questions. The guard of its event.

    Found by its hour and id: ids are random, and by them alone each ballot would be written into
    another page of an index of all that were ever stored. Those of an hour share a few.
    It counts unless `excluded`. It is in the shown figures from release `released_in` on, until
    `left_in`; excluding it takes it out of them when the round is closed, not before. No index
    holds either, and a page keeps room: a release writes thousands of rows, each beside itself.
    """

    __tablename__ = "response_fact"
    __table_args__ = (
        PrimaryKeyConstraint("event_time", "response_id"),
        Index("ix_response_fact_unit", "round_id", "unit_id"),
        Index(
            "ix_response_fact_excluded", "round_id", "unit_id", postgresql_where=text("excluded")
        ),
        {"postgresql_with": {"fillfactor": 70}},
    )

    response_id: Mapped[UUID]
    event_id: Mapped[UUID]
    event_time: Mapped[datetime]
    round_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    lane: Mapped[str]
    answers: Mapped[list[int | None]] = mapped_column(ARRAY(SmallInteger))
    choices: Mapped[dict[str, Any]] = mapped_column(JSONB)
    revision: Mapped[int] = mapped_column(server_default="1")
    excluded: Mapped[bool] = mapped_column(server_default="false")
    released_in: Mapped[int | None]
    left_in: Mapped[int | None]


class AnswerCell(Base):
    """A round's ballots of one unit and lane: how many, and five counts per scaled question.

    `ballots` came, and stand behind `counts`; `n` of them count, which are not excluded; `waiting`
    are not released; `released_n` stand behind `released`. A row is written again by every batch:
    the page keeps room for its next version beside it.
    """

    __tablename__ = "answer_cell"
    __table_args__ = ({"postgresql_with": {"fillfactor": 50}},)

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    lane: Mapped[str] = mapped_column(primary_key=True)
    ballots: Mapped[int]
    n: Mapped[int]
    waiting: Mapped[int]
    released_n: Mapped[int]
    counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    released: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class SteeringPool(Base):
    """The ballots of a round that steering's figure does not count yet, and the hour of each."""

    __tablename__ = "steering_pool"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    held: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    hours: Mapped[list[datetime]] = mapped_column(ARRAY(DateTime(timezone=True)))


class ToldCount(Base):
    """What the streams last told of a round: ballots counted; steering's figure and its ballots.

    Apart from the pool, which batches lock.
    """

    __tablename__ = "told_count"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    counted: Mapped[int]
    steering_value: Mapped[Decimal | None] = mapped_column(Numeric)
    steering_n: Mapped[int | None]
