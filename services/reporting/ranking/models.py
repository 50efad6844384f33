"""Rankings, and the versions in which they were published."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class StoredRanking(Base):
    """The ranking of a block in a year. `version`: the newest published one; 0: none is."""

    __tablename__ = "ranking"
    __table_args__ = (Index("uq_ranking_year_block", "year", "block_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    block_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger, server_default="0")


class RankingVersion(Base):
    """A published version, for good: the database refuses to change it.

    `document`: all it says to everybody (`ranking.documents`); `sha256` of its canonical JSON.
    `exact`: the same table with exact numbers, for next year's comparison; never answered.
    `reason`: why it was published anew; None for the first.
    """

    __tablename__ = "ranking_version"

    ranking_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sha256: Mapped[str]
    reason: Mapped[str | None]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    exact: Mapped[dict[str, Any]] = mapped_column(JSONB)
    published_by: Mapped[UUID]
    published_at: Mapped[datetime]
