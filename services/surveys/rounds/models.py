"""The table of rounds."""

from datetime import date, datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from contracts.surveys import Aggregator, Method
from surveys.rounds.domain import Status
from surveys.tables import Base, one_of


class SurveyRound(Base):
    """A round. Dates are local and inclusive; `unit_ids` are the units it is about.

    `tickets_unused`: how many were still unspent when it ended, None before. `open_in_index`:
    whether ballots without a ticket join the index when it is closed. `cancelled_because`: why it
    was given up, None for any other; `cancelled_as_draft`: that was before it was ever open.
    """

    __tablename__ = "survey_round"
    __table_args__ = (
        ForeignKeyConstraint(
            ["questionnaire_id", "questionnaire_version"],
            ["questionnaire.id", "questionnaire.version"],
            name="fk_survey_round_questionnaire",
        ),
        one_of("status", *get_args(Status)),
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
    status: Mapped[Status] = mapped_column(Text)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    unit_ids: Mapped[list[UUID]]
    min_n: Mapped[int]
    open_in_index: Mapped[bool]
    tickets_unused: Mapped[int | None]
    cancelled_because: Mapped[str | None]
    cancelled_as_draft: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime]
