"""Blocks and their bodies."""

from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base

OWN_BODY = UUID("00000000-0000-0000-0000-000000000001")
"""Our own department as a body: its sheet is the one at `/v1/score_sheets/{year}`."""


class Block(Base):
    """Bodies that are ranked against each other. `appraisers`: people who appraise its sheets.

    `criteria_set_code` None: the department's set. `without_survey`: what a survey-fed row is worth
    that no survey scored: nothing (`zero`), or it leaves numerator and denominator (`left_out`).
    """

    __tablename__ = "block"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('internal_units', 'departments', 'vertical_agencies', 'communes')",
            name="kind",
        ),
        CheckConstraint("without_survey IN ('zero', 'left_out')", name="without_survey"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    criteria_set_code: Mapped[str | None]
    without_survey: Mapped[str] = mapped_column(server_default="left_out")
    appraisers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    active: Mapped[bool] = mapped_column(server_default="true")


class Body(Base):
    """Who has a sheet. `people` act for it; those of `unit_id`, a unit of ours, do so anyway.

    `block_id` None: in no block yet. `ineligible_reason`: why it cannot be assessed ("không đủ
    điều kiện đánh giá") in `ineligible_year`, None: in every year, which is a state and not a zero.
    """

    __tablename__ = "body"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    block_id: Mapped[UUID | None] = mapped_column(index=True)
    unit_id: Mapped[UUID | None] = mapped_column(unique=True)
    people: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    ineligible_reason: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default="true")
    ineligible_year: Mapped[int | None]

    def why_ineligible(self, year: int) -> str | None:
        """Return why it cannot be assessed in a year; None: it can."""
        return self.ineligible_reason if self.ineligible_year in (None, year) else None
