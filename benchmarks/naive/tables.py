"""Its tables."""

from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all of them."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {int: BigInteger, dict[str, Any]: JSONB}


class Response(Base):
    """A ballot as it came."""

    __tablename__ = "response"

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID]
    answers: Mapped[dict[str, Any]]


class Outbox(Base):
    """An event that the broker has not confirmed yet."""

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[dict[str, Any]]


class ResponseFact(Base):
    """A counted ballot: the inbox row and the fact in one."""

    __tablename__ = "response_fact"

    response_id: Mapped[UUID] = mapped_column(primary_key=True)
    round_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    answers: Mapped[dict[str, Any]]


class AnswerCell(Base):
    """How often each level was answered."""

    __tablename__ = "answer_cell"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    question: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    n1: Mapped[int]
    n2: Mapped[int]
    n3: Mapped[int]
    n4: Mapped[int]
    n5: Mapped[int]


class ResponseCell(Base):
    """Counted ballots."""

    __tablename__ = "response_cell"

    round_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    n: Mapped[int]


COUNTED = "SELECT coalesce(sum(n), 0)::bigint FROM response_cell WHERE round_id = $1"
CELLS = """
    SELECT unit_id, question, five.level, five.n FROM answer_cell
    CROSS JOIN LATERAL (VALUES (1, n1), (2, n2), (3, n3), (4, n4), (5, n5)) AS five(level, n)
    WHERE round_id = $1
"""
