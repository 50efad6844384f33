"""The reader of workbooks in a process of its own: no secrets, bounded memory and time."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Any

from chassis.words import N_
from tasks.directory_sheets.lines import FileRefused, SeenCell
from tasks.remarks import sentence_of

TIMEOUT = 30.0  # seconds; five thousand people take about one
WRONG_KIND = N_(
    "Không đọc được tệp này. Hãy tải mẫu .xlsx về, điền vào, lưu bằng Excel rồi tải lên."
)
TOO_LARGE = N_("Tệp quá lớn hoặc bị hỏng, không đọc được. Hãy xóa các dòng, cột thừa rồi lưu lại.")
OTHERS = {
    "appendix_too_large": "directory_file_too_large",
    "appendix_unsafe": "directory_file_unsafe",
}

Grids = list[tuple[str, Sequence[Sequence[SeenCell]]]]


async def read_in_subprocess(content: bytes, filename: str) -> Grids:
    """Return the cells of each sheet by its name. Raises FileRefused."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", "tasks.directory_sheets", filename),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(TIMEOUT):
            output, _ = await process.communicate(content)
    except TimeoutError:
        raise FileRefused("directory_file_too_large", TOO_LARGE) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _grids(output)


def _grids(output: bytes) -> Grids:
    """Read the child's answer; no answer: it died at one of its limits."""
    if not output:
        raise FileRefused("directory_file_too_large", TOO_LARGE)
    answer: dict[str, Any] = json.loads(output)
    if "code" in answer:
        raise _refused(answer)
    return [
        (sheet["name"], [[_cell(*cell) for cell in row] for row in sheet["rows"]])
        for sheet in answer["sheets"]
    ]


def _refused(answer: dict[str, Any]) -> FileRefused:
    """What is unsafe or too large is said as the appendix's reader says it."""
    if answer["code"] in OTHERS:
        sentence = sentence_of(answer["sentence"])
        return FileRefused(OTHERS[answer["code"]], sentence.template, **sentence.facts)
    return FileRefused("directory_file_wrong_kind", WRONG_KIND)


def _cell(text: str, lost: dict[str, Any] | None) -> SeenCell:
    return SeenCell(text, sentence_of(lost) if lost else None)
