"""What is entered for the sub-criteria of a year, per body, and how far a body's sheet has come."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.bodies.models import OWN_BODY
from reporting.tables import Base

POINTS = Numeric(12, 6)


class ScoreRow(Base):
    """The row of a sub-criterion; there is none while nobody has entered anything.

    `ballots`: answers by option, counted outside of the system, with what proves them.
    `self_done`, `self_due` and their appraised like: numerator and denominator behind points that a
    rate gives. `self_note`: how it was scored, where there is no evidence. `question`: what the
    appraiser asks to have explained, `answer`: what the body says to it. `survey_index`: what
    somebody else's survey shows of another body, in percent, as its `survey_source` says.
    `appraisal_note`, `appraisal_note_2`: why the first and the second appraisal decided so.
    """

    __tablename__ = "score_row"
    __table_args__ = (PrimaryKeyConstraint("year", "body_id", "code"),)

    year: Mapped[int] = mapped_column()
    code: Mapped[str] = mapped_column()
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
    body_id: Mapped[UUID] = mapped_column(server_default=text(f"'{OWN_BODY}'"))
    self_done: Mapped[int | None] = mapped_column(BigInteger)
    self_due: Mapped[int | None] = mapped_column(BigInteger)
    self_note: Mapped[str | None]
    appraised_done: Mapped[int | None] = mapped_column(BigInteger)
    appraised_due: Mapped[int | None] = mapped_column(BigInteger)
    appraisal_note: Mapped[str | None]
    question: Mapped[str | None]
    answer: Mapped[str | None]
    last_year_max: Mapped[Decimal | None] = mapped_column(POINTS)
    survey_index: Mapped[Decimal | None] = mapped_column(POINTS)
    survey_source: Mapped[str | None]
    survey_dated_on: Mapped[date | None]
    appraisal_note_2: Mapped[str | None]


class SheetRound(Base):
    """That a block's sheets of a year were opened, on which criteria set, to be locked until when.

    `explain_by`: the last day to explain, None: there is none. A set that is published later
    changes nothing here: a round ends on the set it began with.
    """

    __tablename__ = "sheet_round"

    year: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[UUID] = mapped_column(primary_key=True)
    criteria_set_id: Mapped[UUID]
    closes_on: Mapped[date]
    opened_by: Mapped[UUID]
    opened_at: Mapped[datetime]
    explain_by: Mapped[date | None]


class Sheet(Base):
    """A body's sheet of a year. `steps`: each state it came to, when, and by whom.

    `version` moves with each lock and what follows, `announced` counts its events. `final`: the
    exact figures as they were approved (`outcome.Outcome`), for good; taken back, they count as
    `standing` until it is approved again (`standing`). `closes_on`, `explain_by`: its own last
    days, where somebody moved them; else those of its round hold.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        PrimaryKeyConstraint("year", "body_id"),
        CheckConstraint(
            "state IN ('opened', 'self_scoring', 'locked', 'explaining', 'explained', 'approved', "
            "'published')",
            name="state",
        ),
        Index(None, "year", "block_id"),
    )

    id: Mapped[UUID] = mapped_column(unique=True)
    year: Mapped[int] = mapped_column()
    body_id: Mapped[UUID] = mapped_column()
    block_id: Mapped[UUID]
    criteria_set_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    announced: Mapped[int] = mapped_column(BigInteger, server_default="0")
    state: Mapped[str] = mapped_column(server_default="opened")
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    final: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    closes_on: Mapped[date | None]
    explain_by: Mapped[date | None]
    standing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class RowEvidence(Base):
    """What proves a row's self-score, or comes with the answer to a question.

    `reference_id`: the result, report or document of a system; `sha256` of it when attached,
    `dated_on` its own date. Taken back, it stays and says why.
    """

    __tablename__ = "row_evidence"
    __table_args__ = (
        CheckConstraint("purpose IN ('self_score', 'explanation')", name="purpose"),
        CheckConstraint(
            "kind IN ('result', 'report', 'inspection', 'finding', 'document', 'link')",
            name="kind",
        ),
        Index(None, "year", "body_id", "code"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    year: Mapped[int]
    body_id: Mapped[UUID]
    code: Mapped[str]
    purpose: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    reference_id: Mapped[UUID | None]
    address: Mapped[str | None]
    sha256: Mapped[str | None]
    dated_on: Mapped[date | None]
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None]
