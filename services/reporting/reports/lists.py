"""Lists of a snapshot: columns with what stands in them, rows as JSON holds them. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reporting.reports.numbers import LISTS, Kind, ListCode, Value

PART = 1_000
"""Rows of a list that are kept together."""
Column = tuple[str, Kind, int]
"""Heading, what it holds, width in mm of an upright page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with its rows. `as_of`: the day it is of, where the report is of another."""

    code: ListCode
    columns: Sequence[Column]
    rows: list[list[Value]] = field(default_factory=list)
    as_of: str | None = None

    def parts(self) -> list[list[list[Value]]]:
        """Return the rows as they are kept: no list is without a part."""
        starts = range(0, max(len(self.rows), 1), PART)
        return [self.rows[start : start + PART] for start in starts]

    def about(self) -> dict[str, Any]:
        """Return what the snapshot says of it: everything but the rows, whose hash it holds."""
        return {
            "code": self.code, "title": LISTS[self.code],
            "headings": [heading for heading, _, _ in self.columns],
            "kinds": [kind for _, kind, _ in self.columns],
            "widths": [width for _, _, width in self.columns],
            "count": len(self.rows), "sha256": sha256(self.rows), "as_of": self.as_of,
        }  # fmt: skip


def counted(rows: Iterable[Sequence[Value]]) -> list[list[Value]]:
    """Return rows with their number in front."""
    return [[number, *row] for number, row in enumerate(rows, 1)]


def canonical(document: Any) -> bytes:
    """Return canonical JSON: UTF-8, names sorted, no space; no number but whole ones."""
    return json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256(document: Any) -> str:
    """Return the hash of a document's canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()
