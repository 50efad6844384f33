"""A published ranking as a document: canonical JSON, its hash, and what differs from another.

In the document numbers stand as they are shown: exact points of a survey would tell more of its
answers. The same with exact numbers is kept beside it, and leaves the service nowhere.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from reporting.ranking.domain import Before, Body, Line, Ranking
from reporting.score_sheets.outcome import AreaPoints
from reporting.shown import number, shown, text

Write = Callable[[Fraction], str]
COMPARED = ("state", "rank", "index", "grade")
"""What is compared of a body in two versions, beside its points by area."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version says of a body, or of its points in an `area`, and another says else."""

    body_id: UUID
    body_name: str
    field: str
    area: str | None
    before: str | None
    after: str | None


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return a document as canonical JSON: UTF-8, names sorted, no space; numbers only whole."""
    written = json.dumps(
        document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return written.encode()


def sha256(document: Mapping[str, Any]) -> str:
    """Return the hash of a document's canonical JSON, in hexadecimal digits."""
    return hashlib.sha256(canonical(document)).hexdigest()


def as_json(ranking: Ranking, write: Write = text) -> dict[str, Any]:
    """Return a ranking as JSON, with exact numbers unless `write` says otherwise."""
    return {
        "average": _written(ranking.average, write),
        "bodies": [_line_as_json(line, write) for line in ranking.lines],
    }


def as_shown(ranking: Ranking) -> dict[str, Any]:
    """Return a ranking as JSON for everybody: numbers to the two places that are shown."""
    return as_json(ranking, lambda value: f"{shown(value)}")


def from_json(document: Mapping[str, Any]) -> Ranking:
    """Read what `as_json` wrote. Raises KeyError, ValueError for anything else."""
    lines = tuple(_line(each) for each in document["bodies"])
    return Ranking(lines, _number(document["average"]))


def places(ranking: Ranking) -> dict[UUID, Before]:
    """Return where each body stood, for the year after."""
    return {line.body.id: Before(line.rank, line.body.index) for line in ranking.lines}


def differences(old: Ranking, new: Ranking) -> list[Difference]:
    """Return what two versions say differently, body by body in the order of the new one."""
    before = {line.body.id: line for line in old.lines}
    after = {line.body.id: line for line in new.lines}
    everybody = [*after, *(id_ for id_ in before if id_ not in after)]
    return [
        each for id_ in everybody for each in _differences(id_, before.get(id_), after.get(id_))
    ]


def _differences(id_: UUID, old: Line | None, new: Line | None) -> list[Difference]:
    line = new or old
    name = line.body.name if line else ""
    was, now = _compared(old), _compared(new)
    return [
        Difference(id_, name, field, area, was.get((field, area)), now.get((field, area)))
        for field, area in {**was, **now}
        if was.get((field, area)) != now.get((field, area))
    ]


def _compared(line: Line | None) -> dict[tuple[str, str | None], str | None]:
    if line is None:
        return {}
    written = _line_as_json(line, text)
    found: dict[tuple[str, str | None], str | None] = {
        (name, None): None if written[name] is None else str(written[name]) for name in COMPARED
    }
    areas = line.body.areas
    return found | {("points", each.code): _written(each.points, text) for each in areas}


def _line_as_json(line: Line, write: Write) -> dict[str, Any]:
    body = line.body
    return {
        "id": str(body.id), "code": body.code, "name": body.name, "state": body.state,
        "reason": body.reason, "rank": line.rank, "grade": line.grade,
        "index": _written(body.index, write), "points": write(body.points),
        "of_points": write(body.of_points), "bonus": write(body.bonus),
        "penalty": write(body.penalty),
        "areas": [
            {
                "code": each.code, "points": _written(each.points, write),
                "of_points": write(each.of_points),
            }
            for each in body.areas
        ],
        "before": line.before
        and {"rank": line.before.rank, "index": _written(line.before.index, write)},
    }  # fmt: skip


def _line(written: Mapping[str, Any]) -> Line:
    body = Body(
        id=UUID(written["id"]), code=written["code"], name=written["name"],
        index=_number(written["index"]),
        approved=written["state"] in ("ranked", "without_index"),
        eligible=written["state"] != "ineligible", reason=written["reason"],
        points=number(written["points"]), of_points=number(written["of_points"]),
        bonus=number(written["bonus"]), penalty=number(written["penalty"]),
        areas=tuple(
            AreaPoints(each["code"], _number(each["points"]), number(each["of_points"]))
            for each in written["areas"]
        ),
    )  # fmt: skip
    before = written["before"]
    stood = before and Before(before["rank"], _number(before["index"]))
    return Line(body, written["rank"], written["grade"], stood)


def _written(value: Fraction | None, write: Write) -> str | None:
    return None if value is None else write(value)


def _number(written: str | None) -> Fraction | None:
    return None if written is None else number(written)


def scale_of(basis: Mapping[str, Any]) -> Fraction:
    """Return the highest result: 100, or the total of a set whose result is said in points."""
    of_points = basis["grades_in"] == "points" and basis["criteria_set"]
    return number(basis["criteria_set"]["total_points"]) if of_points else Fraction(100)
