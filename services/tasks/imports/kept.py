"""What stays of an import when its file is read again: pure, on the rows as they are."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tasks.imports.models import AppendixRow
from tasks.imports.rows import SourceKey, source_key


class Fate(NamedTuple):
    """Rows a person worked on: those that stay, and those that the file no longer has."""

    kept: list[AppendixRow]
    lost: list[AppendixRow]


def fate(
    rows: Sequence[AppendixRow], sources: Sequence[Mapping[str, Any]], changed: Collection[str]
) -> Fate:
    """Tell the rows that stay from those that go.

    Args:
        rows: the import's rows before.
        sources: what the file says now.
        changed: tables that an officer chose to read otherwise. A row of another table stays
            whatever the file says now; so does one that is confirmed, for its task is there.
    """
    there = {source_key(source) for source in sources}
    found = Fate([], [])
    for row in rows:
        if not (row.edited or row.task_id):
            continue
        still = all(source_key(source) in there for source in row.sources)
        stays = still or row.task_id is not None or row.table_id not in changed
        (found.kept if stays else found.lost).append(row)
    return found


def in_order(
    sources: Sequence[Mapping[str, Any]], kept: Sequence[AppendixRow]
) -> Iterator[int | AppendixRow]:
    """Go through the import as it shall be: positions of new rows in `sources`, and kept rows.

    A kept row stands where the first of its sources does; those without any come last.
    """
    covered = {source_key(source) for row in kept for source in row.sources}
    waiting: dict[SourceKey | None, list[AppendixRow]] = {}
    for row in kept:
        first = source_key(row.sources[0]) if row.sources else None
        waiting.setdefault(first, []).append(row)
    for number, source in enumerate(sources):
        key = source_key(source)
        yield from waiting.pop(key, [])
        if key not in covered:
            yield number
    for rows in waiting.values():
        yield from rows
