"""What public notices said about years: offered to whoever enters one, stored by nobody else."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from chassis.errors import NotFound

_FILE = Path(__file__).parent / "known_years.json"


def known_year(year: int) -> dict[str, Any]:
    """Return `source` and `days` of a year; a day's `confidence` is `sourced` or `known`.

    `sourced`: read in the notice. `known`: general knowledge, to be checked against the notice.
    Raises NotFound for a year nobody has read anything about.
    """
    found = _all().get(str(year))
    if found is None:
        raise NotFound(
            "Chưa có lịch soạn sẵn cho năm {year}: hãy nhập theo thông báo",
            code="calendar_unknown", year=year,
        )  # fmt: skip
    return found


def known_years() -> list[int]:
    """Return the years that `known_year` knows."""
    return sorted(map(int, _all()))


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(_FILE.read_text())
    return found
