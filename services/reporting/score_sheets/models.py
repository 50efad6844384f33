"""What is entered for the sub-criteria of a year."""

from decimal import Decimal

from sqlalchemy import BigInteger, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base

POINTS = Numeric(12, 6)


class ScoreRow(Base):
    """The row of a sub-criterion; there is none while nobody has entered anything.

    `ballots`: answers by option, counted outside of the system, with what proves them.
    """

    __tablename__ = "score_row"

    year: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    self_score: Mapped[Decimal | None] = mapped_column(POINTS)
    expected_score: Mapped[Decimal | None] = mapped_column(POINTS)
    last_year_score: Mapped[Decimal | None] = mapped_column(POINTS)
    appraised_1: Mapped[Decimal | None] = mapped_column(POINTS)
    appraised_2: Mapped[Decimal | None] = mapped_column(POINTS)
    not_applicable_reason: Mapped[str | None]
    not_applicable_accepted: Mapped[bool] = mapped_column(server_default="false")
    ballots: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    ballots_evidence: Mapped[str | None]
    ballots_accepted: Mapped[bool] = mapped_column(server_default="false")
