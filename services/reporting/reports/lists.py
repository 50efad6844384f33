"""Lists of a snapshot: columns with what stands in them, rows as canonical JSON. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.reports.numbers import LISTS, Kind, ListCode, Value

PART = 1_000
"""Rows of a list that are kept together."""
Column = tuple[str, Kind, int]
"""Heading, what it holds, width in mm of an upright page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list. `parts`: its rows as they are kept, canonical JSON; no list is without a part.

    `as_of`: the day it is of, where the report is of another.
    """

    code: ListCode
    columns: Sequence[Column]
    count: int
    parts: Sequence[str]
    as_of: str | None = None

    @property
    def sha256(self) -> str:
        """The hash of all its rows' canonical JSON."""
        inner = ",".join(part[1:-1] for part in self.parts)
        return hashlib.sha256(f"[{inner}]".encode()).hexdigest()

    def about(self) -> dict[str, Any]:
        """Return what the snapshot says of it: everything but the rows, whose hash it holds."""
        return {
            "code": self.code, "title": LISTS[self.code],
            "headings": [heading for heading, _, _ in self.columns],
            "kinds": [kind for _, kind, _ in self.columns],
            "widths": [width for _, _, width in self.columns],
            "count": self.count, "sha256": self.sha256, "as_of": self.as_of,
        }  # fmt: skip


def listed(
    code: ListCode, columns: Sequence[Column], rows: Iterable[Sequence[Value]],
    as_of: str | None = None,
) -> Listed:  # fmt: skip
    """Return a list of rows, each with its number in front."""
    numbered = [[number, *row] for number, row in enumerate(rows, 1)]
    starts = range(0, max(len(numbered), 1), PART)
    parts = [canonical(numbered[start : start + PART]).decode() for start in starts]
    return Listed(code, columns, len(numbered), parts, as_of)


def canonical(document: Any) -> bytes:
    """Return canonical JSON: UTF-8, names sorted, no space; no number but whole ones."""
    return json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256(document: Any) -> str:
    """Return the hash of a document's canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()
