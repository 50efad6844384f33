"""What differs between two versions of a criteria set, in the words of its workbook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from reporting.criteria import columns as form
from reporting.criteria import filled
from reporting.criteria.domain import CriteriaSet

Facts = Mapping[str, str]  # what a part says, by heading


@dataclass(frozen=True)
class Change:
    """A fact that is said otherwise; a blank one was not there, or is no more."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """A part that is new, gone or changed. `code` is empty for the set as a whole."""

    kind: Literal["added", "removed", "changed"]
    code: str
    level: str
    name: str
    changes: tuple[Change, ...]


def differences(old: CriteriaSet, new: CriteriaSet) -> list[Difference]:
    """Return what is new or changed in the new version's order, then what is gone in the old's."""
    before, after = _said(old), _said(new)
    found = [_compared(code, before.get(code), facts) for code, facts in after.items()]
    found += [_compared(code, facts, None) for code, facts in before.items() if code not in after]
    return [each for each in found if each.changes]


def _compared(code: str, before: Facts | None, after: Facts | None) -> Difference:
    there: Facts = after or before or {}
    old, new = before or {}, after or {}
    changes = tuple(
        Change(heading, *_apart(old.get(heading, ""), new.get(heading, "")))
        for heading in dict.fromkeys([*old, *new])
        if old.get(heading, "") != new.get(heading, "")
    )
    kind: Literal["added", "removed", "changed"] = "changed"
    if before is None or after is None:
        kind = "added" if before is None else "removed"
    return Difference(kind, code, there.get(form.LEVEL, ""), there.get(_NAME, ""), changes)


def _apart(before: str, after: str) -> tuple[str, str]:
    """Return what is said otherwise: of a list the lines that differ, else all in their order."""
    old, new = before.split("\n"), after.split("\n")
    gone = "\n".join(line for line in old if line not in new)
    come = "\n".join(line for line in new if line not in old)
    return (gone, come) if gone or come else (before, after)


_NAME = form.PART[1].heading
_HEADINGS = (form.LEVEL, *(column.heading for column in (*form.PART, *form.OF_SUB)))


def _said(whole: CriteriaSet) -> dict[str, Facts]:
    """Return what each part says, by code; the set itself has none."""
    parts: dict[str, dict[str, str]] = {"": dict(_of_head(whole))}
    for row in filled.parts(whole):
        facts = dict(zip(_HEADINGS, row, strict=True))
        parts[facts[form.CODE]] = facts
    for code, _, *cells in filled.details(whole):
        listed = parts[code].get(form.DETAILS, "")
        parts[code][form.DETAILS] = f"{listed}\n{_line(cells)}".strip()
    return dict(parts)


def _of_head(whole: CriteriaSet) -> Iterator[tuple[str, str]]:
    yield from ((heading, said) for heading, said in filled.head(whole))
    yield form.BANDS, "\n".join(map(_line, filled.bands(whole)))


def _line(cells: list[str]) -> str:
    return " · ".join(cell for cell in cells if cell)
