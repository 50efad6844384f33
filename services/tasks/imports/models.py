"""An appendix on its way in: the file, its rows as read and corrected, until it is confirmed."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import ARRAY, Dialect, ForeignKey, Text, TypeDecorator, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from tasks.imports.domain import ImportState, LeftOutBy
from tasks.remarks import Remark, sentence_of
from tasks.tables import Base, one_of

MOST_ROWS = 5_000  # of one import: what a page and a person can still go through


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

    `error`: why it could not be read, or not as chosen: a code, and `detail`, a sentence as stored.
    `choices`: which tables to read and what their columns mean, where an officer said so.
    `seen`: the tables the reader found, read or not; `remarks`: what concerns the whole file.
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
    version: Mapped[int] = mapped_column(server_default=text("1"))
    choices: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    seen: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    remarks: Mapped[list[Remark]] = mapped_column(Remarks, server_default=text("'{}'"))

    __table_args__ = (one_of("state", ImportState),)


class AppendixRow(Base):
    """A task row as it stands: as read from the file, or as a person made it.

    `sources`: what the file says, word for word, one per row of the file that went into this one;
    none where a person added it. `…_chosen`: a person chose the units, so the text no longer
    decides. `edited`: a person touched it, so a new reading of the file must not undo that.
    `checked`: a person saw its warnings and takes it as it is. `left_out_by`: who left it out, and
    `left_out_reason` is the reader's, kept when a person takes the row in. `task_id`: what it
    became. `row_number` is its name, `position` its place.
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
    version: Mapped[int] = mapped_column(server_default=text("1"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    table_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    remarks: Mapped[list[Remark]] = mapped_column(Remarks, server_default=text("'{}'"))
    edited: Mapped[bool] = mapped_column(server_default=text("false"))
    checked: Mapped[bool] = mapped_column(server_default=text("false"))
    left_out_by: Mapped[LeftOutBy | None] = mapped_column(Text)
    left_out_reason: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)

    __table_args__ = (one_of("left_out_by", LeftOutBy),)
