"""Columns the reader is not sure of: each row that was read by one says so."""

from collections.abc import Sequence
from dataclasses import replace

from chassis.words import N_, Sentence
from tasks.imports.appendix import Appendix, SeenTable
from tasks.imports.appendix.headers import LABELS
from tasks.imports.domain import RawRow
from tasks.remarks import Remark

UNSURE = N_("chưa chắc cột “{title}” là {field}. Chọn cột ở phần các bảng trong tệp, rồi đọc lại.")


def with_unsure_columns(appendix: Appendix) -> list[RawRow]:
    """Return the rows, those of a table with unsure columns with a remark for each of these."""
    remarks = {table.id: _remarks(table) for table in appendix.tables}
    return [
        replace(row, remarks=(*remarks[row.table], *row.remarks)) if remarks.get(row.table) else row
        for row in appendix.rows
    ]


def _remarks(table: SeenTable) -> Sequence[Remark]:
    return [
        Remark("row_column_unsure", Sentence(UNSURE, {"title": c.title, "field": LABELS[c.field]}))
        for c in table.columns
        if c.unsure and c.field not in (None, "ignored")
    ]
