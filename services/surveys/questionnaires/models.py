"""The table of questionnaires."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.questionnaires.domain import Status
from surveys.tables import Base, one_of


class Questionnaire(Base):
    """One version of a questionnaire. `body`: the whole of it as `domain.load` takes.

    All versions of a `code` share the `id`. A published version never changes.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        one_of("status", *get_args(Status)),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    title: Mapped[str]
    status: Mapped[Status] = mapped_column(Text)
    composed: Mapped[bool]
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
