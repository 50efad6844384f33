"""A workbook that was read and waits to be confirmed."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tasks.tables import Base, one_of

ImportState = Literal["ready", "confirmed"]


class DirectoryImport(Base):
    """What a workbook says, as it was read; the directory keeps nothing of it until confirmed."""

    __tablename__ = "directory_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[ImportState] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    sheets: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (one_of("state", ImportState),)
