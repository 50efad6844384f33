"""Facts of responses, one row each, and the cells counted from them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Integer, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base

NO_UNIT = UUID(int=0)
"""Stands in keys for answers whose link did not say which unit served."""


class ResponseFact(Base):
    """A response; `answers` by position of the scaled questions. The guard of its event."""

    __tablename__ = "response_fact"

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
    event_time: Mapped[datetime] = mapped_column(index=True)
    round_id: Mapped[UUID] = mapped_column(index=True)
    unit_id: Mapped[UUID]
    lane: Mapped[str]
    answers: Mapped[list[int | None]] = mapped_column(ARRAY(SmallInteger))
    choices: Mapped[dict[str, Any]] = mapped_column(JSONB)


class AnswerCell(Base):
    """A round's answers in one unit: `n` responses, `counts` five per scaled question, in order.

    `released`: what of the counts may be shown. A row is written again by every batch: the page
    keeps room for its next version beside it.
    """

    __tablename__ = "answer_cell"
    __table_args__ = ({"postgresql_with": {"fillfactor": 50}},)

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int]
    counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    released: Mapped[list[int]] = mapped_column(ARRAY(Integer))
