"""Versions of criteria sets, and the links from tasks and documents to their sub-criteria."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from reporting.tables import Base


class StoredSet(Base):
    """A version of a criteria set; `body` is the whole `CriteriaSet`, for good once published.

    `set_version` counts the versions of a code, `version` the changes of a draft.
    """

    __tablename__ = "criteria_set"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published')", name="status"),
        CheckConstraint("serves IN ('par_index', 'own_figure')", name="serves"),
        Index("uq_criteria_set_version", "code", "set_version", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str]
    set_version: Mapped[int]
    year: Mapped[int]
    title: Mapped[str]
    composed: Mapped[bool]
    status: Mapped[str] = mapped_column(server_default="draft")
    serves: Mapped[str] = mapped_column(server_default="par_index")
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class Link(Base):
    """That a task serves a sub-criterion of a set, one of several, as a person confirmed."""

    __tablename__ = "link"

    task_id: Mapped[UUID] = mapped_column(primary_key=True)
    criteria_set_id: Mapped[UUID] = mapped_column(primary_key=True)
    sub_criterion: Mapped[str] = mapped_column(primary_key=True)
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[datetime]


class DocumentLink(Base):
    """That a finding, report or document feeds a sub-criterion of a set, as a person confirmed."""

    __tablename__ = "document_link"

    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    criteria_set_id: Mapped[UUID] = mapped_column(primary_key=True)
    sub_criterion: Mapped[str] = mapped_column(primary_key=True)
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[datetime]
