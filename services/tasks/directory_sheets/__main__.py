"""`python -m tasks.directory_sheets FILENAME < file`: print the cells of a workbook as JSON.

Within the limits of the appendix's reader, and by it: what comes from outside is read in one way.
"""

import json
import resource
import sys
from zipfile import BadZipFile

from lxml.etree import XMLSyntaxError

from chassis.words import N_
from tasks.imports.appendix import excel
from tasks.imports.appendix.__main__ import MEMORY, PROCESSOR_SECONDS
from tasks.imports.appendix.isolated import refusal_to_json
from tasks.imports.appendix.model import AppendixRefused, Cell
from tasks.imports.appendix.package import Package
from tasks.imports.appendix.safety import check
from tasks.remarks import stored

_BROKEN = (BadZipFile, XMLSyntaxError, KeyError, IndexError, ValueError, AttributeError, TypeError)
_LOSING = {
    "row_not_calculated", "row_formula_failed", "row_text_struck", "row_text_hidden",
    "row_note_mark", "row_date_changes", "row_format_unsure",
}  # fmt: skip


def main() -> None:
    """Bound this process, then read. A refusal is an answer too, so the exit code is 0."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    try:
        answer = _read(sys.stdin.buffer.read(), sys.argv[1])
    except AppendixRefused as refusal:
        answer = refusal_to_json(refusal)
    sys.stdout.buffer.write(answer)


def _read(content: bytes, filename: str) -> bytes:
    if check(content, filename) != "xlsx":
        raise AppendixRefused("appendix_wrong_kind", N_("Tệp không phải .xlsx."))
    try:
        document = excel.read(Package(content))
    except _BROKEN as error:
        raise AppendixRefused("appendix_unreadable", N_("Tệp bị hỏng, không đọc được.")) from error
    sheets = [
        {"name": grid.name, "rows": [[_cell(cell) for cell in row] for row in grid.rows]}
        for grid in document.grids
    ]
    return json.dumps({"sheets": sheets}, ensure_ascii=False).encode()


def _cell(cell: Cell) -> list[object]:
    lost = next((remark for remark in cell.remarks if remark.code in _LOSING), None)
    return [cell.text, lost and stored(lost.sentence)]


if __name__ == "__main__":
    main()
