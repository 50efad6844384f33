"""Why nothing of a file can be read, in words that say what would be right."""

from collections.abc import Iterable, Sequence

from chassis.words import N_, Sentence
from tasks.imports.appendix.headers import LABELS, Header, fields_named_in
from tasks.imports.appendix.marks import is_legacy, short
from tasks.imports.appendix.model import AppendixRefused, Field, Grid, distinct
from tasks.remarks import in_a_row

_SURE_TITLES = 3  # of a row that is the header of a table
LEGACY_FILE = N_(
    "Tệp gõ bằng phông chữ cũ (TCVN3, VNI), không phải Unicode, nên không nhận ra tiêu đề bảng. "
    "Chuyển mã sang Unicode (ví dụ bằng UniKey) rồi tải lên lại."
)
ONE_COLUMN = N_(
    "Mỗi dòng của bảng nằm trọn trong một ô: “{words}”. Tách thành các cột (trong Excel: Data, "
    "Text to Columns) rồi tải lên lại."
)


def refusal(grids: Sequence[Grid], headers: Sequence[Header]) -> AppendixRefused:
    """Return what is wrong: letters or columns of another kind, or columns that lack."""
    return _typed_otherwise(grids) or _lacking(headers)


def _typed_otherwise(grids: Sequence[Grid]) -> AppendixRefused | None:
    """Say so where the letters or the columns are not those of a table that can be read."""
    rows = [
        [cell.text for cell in distinct(row) if cell.text] for grid in grids for row in grid.rows
    ]
    if is_legacy(" ".join(text for row in rows for text in row)):
        return AppendixRefused("appendix_no_table", LEGACY_FILE)
    in_one_cell = [row[0] for row in rows if len(row) == 1]
    found = next((one for one in in_one_cell if fields_named_in(one) >= _SURE_TITLES), None)
    if found is None or len(in_one_cell) < sum(map(bool, rows)):
        return None
    return AppendixRefused("appendix_no_table", ONE_COLUMN, words=short(found))


def _lacking(headers: Sequence[Header]) -> AppendixRefused:
    best = max(headers, key=lambda header: header.score, default=None)
    if best is None or not best.missing:
        template = N_("Không tìm thấy bảng phụ lục trong tệp: cần một bảng có các cột {columns}.")
        return AppendixRefused("appendix_no_table", template, columns=labels(LABELS, ", "))
    return AppendixRefused(
        "appendix_columns_missing",
        N_("Bảng thiếu cột: {missing}. Các cột tìm thấy: {found}."),
        missing=labels(best.missing, "; "),
        found=in_a_row(best.titles, "; "),
    )


def labels(fields: Iterable[Field], joint: str) -> Sentence:
    """Return the names of columns as officers know them, in a row."""
    return in_a_row([Sentence(LABELS[field]) for field in fields], joint)
