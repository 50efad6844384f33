"""The directory: units and people."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from contracts.tasks import PersonState, Role, UnitKind, UnitState
from tasks.directory.vocabulary import WITH_MARKS, WITHOUT
from tasks.tables import Base, one_of

_SEARCHED = "name || ' ' || post || ' ' || employee_code || ' ' || email"
_ABSENCE = (
    "num_nonnulls(substitute_id, absent_from, absent_until) IN (0, 3) "
    "AND absent_from <= absent_until AND substitute_id <> id"
)


class Unit(Base):
    """A unit of the department, or the department itself.

    `aliases`: short forms people write; `former_names`: what it was called before.
    """

    __tablename__ = "unit"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[UnitKind] = mapped_column(Text)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    former_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    sort_order: Mapped[int]
    active: Mapped[bool]

    __table_args__ = (UniqueConstraint("code"), one_of("kind", UnitKind))

    def state(self) -> UnitState:
        """Return what other services know of it."""
        return UnitState(
            unit_id=self.id,
            version=self.version,
            code=self.code,
            name=self.name,
            kind=self.kind,
            parent_id=self.parent_id,
            aliases=list(dict.fromkeys([*self.aliases, *self.former_names])),
            sort_order=self.sort_order,
            active=self.active,
        )


class UnitGroup(Base):
    """Units that plans name together: "Các sở, ban, ngành". `aliases`: other names people write."""

    __tablename__ = "unit_group"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    active: Mapped[bool]

    __table_args__ = (UniqueConstraint("name"),)

    def facts(self) -> dict[str, Any]:
        """Return what an administrator can change, for the audit."""
        return {
            "name": self.name,
            "aliases": list(self.aliases),
            "unit_ids": [str(id_) for id_ in self.unit_ids],
            "active": self.active,
        }


class Person(Base):
    """A person by post. `login`: the token's subject once linked; `sort_key`: name for sorting.

    Away from `absent_from` to `absent_until`, both included, while `substitute_id` stands in.
    `search_text`: what is searched, without accents; the database makes it.
    """

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
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]
    search_text: Mapped[str | None] = mapped_column(
        Text,
        Computed(f"lower(translate({_SEARCHED}, '{WITH_MARKS}', '{WITHOUT}'))", persisted=True),
        deferred=True,
    )

    __table_args__ = (
        UniqueConstraint("employee_code"),
        UniqueConstraint("login"),
        Index("uq_person_email_lower", text("lower(email)"), unique=True),
        one_of("role", Role),
        CheckConstraint(_ABSENCE, name="absence"),
    )

    def state(self) -> PersonState:
        """Return what other services know of it."""
        return PersonState(
            person_id=self.id,
            version=self.version,
            employee_code=self.employee_code,
            name=self.name,
            post=self.post,
            email=self.email,
            role=self.role,
            unit_id=self.unit_id,
            login=self.login,
            active=self.active,
            substitute_id=self.substitute_id,
            absent_from=self.absent_from,
            absent_until=self.absent_until,
        )
