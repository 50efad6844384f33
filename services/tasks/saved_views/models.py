"""Saved views: how somebody looks at a list, kept under a name."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base, one_of

SharedWith = Literal["nobody", "unit", "department"]


class SavedView(Base):
    """Filters, order and columns of the list of assignments. `filters`: as the address has them.

    `unit_id`: the owner's unit when it was last saved, which is who `unit` shares it with.
    """

    __tablename__ = "saved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    owner_id: Mapped[UUID]
    unit_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    shared_with: Mapped[SharedWith] = mapped_column(Text)
    filters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sort: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("owner_id", "name"), one_of("shared_with", SharedWith))

    def facts(self) -> dict[str, Any]:
        """Return what its owner can change, for the audit."""
        return {
            "name": self.name,
            "shared_with": self.shared_with,
            "unit_id": str(self.unit_id),
            "filters": dict(self.filters),
            "sort": self.sort,
            "columns": list(self.columns),
        }
