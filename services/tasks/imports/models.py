"""An appendix on its way in: the file, its rows as read and corrected, until it is confirmed."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import ARRAY, Dialect, ForeignKey, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tasks.imports.domain import ImportState
from tasks.remarks import Remark, sentence_of
from tasks.tables import Base, one_of


class Remarks(TypeDecorator[list[Remark]]):
    """Remarks, each as JSON in an array of text; older rows hold plain Vietnamese sentences."""

    impl = ARRAY(Text)
    cache_ok = True

    def process_bind_param(self, value: Sequence[Remark] | None, _: Dialect) -> list[str]:
        """Write each remark as JSON."""
        return [json.dumps(to_jsonable_python(one), ensure_ascii=False) for one in value or ()]

    def process_result_value(self, value: list[str] | None, _: Dialect) -> list[Remark]:
        """Read what any version wrote."""
        return [_remark(text) for text in value or ()]


def _remark(text: str) -> Remark:
    if not text.startswith("{"):
        return Remark("row_check", sentence_of(text))
    data = json.loads(text)
    return Remark(data["code"], sentence_of(data["sentence"]))


class AppendixImport(Base):
    """An uploaded file. `mapping`: which header was read as which field.

    `error`: why it could not be read: a code, and `detail`, a sentence as stored.
    """

    __tablename__ = "appendix_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plan.id"), index=True)
    file_id: Mapped[UUID]
    job_id: Mapped[UUID | None]
    state: Mapped[ImportState] = mapped_column(Text)
    mapping: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    __table_args__ = (one_of("state", ImportState),)


class AppendixRow(Base):
    """A task row. The texts are the file's; ids and deadline are how they were read or corrected.

    `…_chosen`: a person chose the units, so the text no longer decides.
    """

    __tablename__ = "appendix_row"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("appendix_import.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stt: Mapped[str] = mapped_column(Text)
    section: Mapped[str] = mapped_column(Text)
    subject_matter: Mapped[str] = mapped_column(Text)
    content: Mapped[str] = mapped_column(Text)
    product: Mapped[str] = mapped_column(Text)
    lead_text: Mapped[str] = mapped_column(Text)
    lead_unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    lead_chosen: Mapped[bool]
    accountable_unit_id: Mapped[UUID | None]
    coordinating_text: Mapped[str] = mapped_column(Text)
    coordinating_unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    coordinating_chosen: Mapped[bool]
    deadline_text: Mapped[str] = mapped_column(Text)
    deadline: Mapped[dict[str, Any]] = mapped_column(JSONB)
    warnings: Mapped[list[Remark]] = mapped_column(Remarks)
