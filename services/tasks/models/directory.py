"""The directory: units, people, and the exceptions of the working calendar."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import Role, UnitKind
from tasks.models.base import Base, one_of


class Unit(Base):
    """A unit of the department, or the department itself."""

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[UnitKind] = mapped_column(Text)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sort_order: Mapped[int]
    active: Mapped[bool]

    __table_args__ = (UniqueConstraint("code"), one_of("kind", UnitKind))


class Person(Base):
    """A person by post. `login`: the token's subject once linked; `sort_key`: name for sorting."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    employee_code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    sort_key: Mapped[str] = mapped_column(Text)
    post: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(Text)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    login: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("employee_code"),
        UniqueConstraint("login"),
        Index("uq_person_email_lower", text("lower(email)"), unique=True),
        one_of("role", Role),
    )


class CalendarYear(Base):
    """All exceptions of one year, `days` as `contracts.tasks.CalendarDay` in JSON."""

    __tablename__ = "calendar_year"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    year: Mapped[int] = mapped_column(unique=True)
    days: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
