"""What callers send about an import and its rows."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from chassis.web import Distinct, RequestBody
from tasks.imports.appendix import Field as ColumnField
from tasks.imports.confirmation import Which
from tasks.imports.domain import MOST_TEXT

Words = Annotated[str, StringConstraints(max_length=MOST_TEXT)]
Units = Annotated[list[UUID], Field(max_length=200), Distinct]
TableId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Position = Annotated[int, Field(ge=1, le=20_000)]


class RowTexts(RequestBody):
    """The words and units of a row; what is left out stays."""

    stt: Words | None = None
    section: Words | None = None
    subject_matter: Words | None = None
    content: Words | None = None
    product: Words | None = None
    deadline_text: Words | None = None
    lead_unit_ids: Units | None = None
    coordinating_unit_ids: Units | None = None


class RowBody(RowTexts):
    """What the officer corrects or decides; what is left out stays.

    `sole_lead_id`: this one of the lead units leads, the others co-ordinate; `each_leads`: each of
    them has an assignment. `left_out`: the row is not taken. `checked`: its warnings were looked
    at, it is right as it is.
    """

    sole_lead_id: UUID | None = None
    each_leads: bool | None = None
    left_out: bool | None = None
    checked: bool | None = None


class AddedRowBody(RowTexts):
    """A row that the file lacks; `after`: the number of the row above it, null: at the end."""

    after: int | None = Field(default=None, ge=1)
    content: Annotated[str, StringConstraints(min_length=1, max_length=MOST_TEXT)]


class SplitBody(RequestBody):
    """The rows to make of one, in order; each keeps of it what it does not name."""

    parts: list[RowTexts] = Field(min_length=2, max_length=50)


class ChoicesBody(RequestBody):
    """How to read the file again; what is left out stays as chosen before.

    `tables`: by id, read it or not. `columns`: by table and position, what a column means.
    `discard_corrections`: corrected rows of these tables may go where the file no longer has them.
    """

    tables: dict[TableId, bool] = Field(default={}, max_length=500)
    columns: dict[TableId, dict[Position, ColumnField]] = Field(default={}, max_length=500)
    discard_corrections: bool = False


class DiscardBody(RequestBody):
    """Why an import is taken back; the history of its tasks and the audit keep it."""

    reason: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class ConfirmBody(RequestBody):
    """Which rows to confirm: `all`, or only the `complete` ones; the others stay open."""

    rows: Which = "all"
