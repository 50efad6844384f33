"""A ranking's table as it is shown, now or as it was published."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from chassis.web import ResponseBody
from reporting.criteria.views import SetName
from reporting.ranking.documents import from_json, scale_of
from reporting.ranking.domain import Line, Ranking
from reporting.ranking.models import RankingVersion
from reporting.score_sheets.outcome import AreaPoints
from reporting.shown import points, shown


class AreaName(ResponseBody):
    """An area of the criteria set."""

    code: str
    name: str


class Grade(ResponseBody):
    """A grade with the result from which it is given (`more_than`: only above it)."""

    name: str
    at_least: Decimal
    more_than: bool


class AreaLine(ResponseBody):
    """A body's points in an area, of those that apply; `rate` in percent, None: nothing known."""

    code: str
    points: Decimal | None
    of_points: Decimal
    rate: Decimal | None


class RankedLine(ResponseBody):
    """A body. `state`: ranked, or why not: ineligible, waiting (not approved), without_index.

    Ranks follow exact indices; `index` is as shown, `result` on the set's own scale. Since last
    year: `places_won` ranks and `points_won` percentage points, negative when lost; None where last
    year is unknown. While appraisals go on: `provisional_rank`, `provisional_index` and
    `provisional_result` of what is appraised with the self-scores of what is not; of that
    `appraised_points` are decided. Nothing published has them.
    """

    body_id: UUID
    code: str
    name: str
    state: str
    reason: str | None
    rank: int | None
    grade: str | None
    index: Decimal | None
    points: Decimal
    of_points: Decimal
    bonus: Decimal
    penalty: Decimal
    areas: list[AreaLine]
    rank_before: int | None
    index_before: Decimal | None
    places_won: int | None
    points_won: Decimal | None
    result: Decimal | None = None
    result_before: Decimal | None = None
    provisional_rank: int | None = None
    provisional_index: Decimal | None = None
    provisional_result: Decimal | None = None
    appraised_points: Decimal | None = None


class RankingTable(ResponseBody):
    """A block's table: those ranked, then the others. `average`: of those; none for some alone.

    `grades_in`: whether grades begin at a `percent` of the index, or at `points` of the set;
    `scale`: the highest result so said, 100 or the set's total points.
    """

    criteria_set: SetName | None
    grades: list[Grade]
    grades_in: str
    areas: list[AreaName]
    average: Decimal | None
    bodies: list[RankedLine]
    scale: Decimal = Decimal(100)
    average_result: Decimal | None = None


_MOST_TABLES = 64
_TABLES: dict[str, RankingTable] = {}


def table_of(basis: Mapping[str, Any], ranking: Ranking) -> RankingTable:
    """Return a table as it is shown; `basis`: what it stands on, as a document says it."""
    named = basis["criteria_set"]
    scale = scale_of(basis)
    return RankingTable(
        criteria_set=named and SetName(**{f: named[f] for f in SetName.model_fields}),
        grades=[Grade(**each) for each in basis["grades"]],
        grades_in=basis["grades_in"],
        areas=[AreaName(**each) for each in basis["areas"]],
        average=shown(ranking.average),
        bodies=[_line(line, scale) for line in ranking.lines],
        scale=points(scale),
        average_result=_on(scale, ranking.average),
    )


def _on(scale: Fraction, index: Fraction | None) -> Decimal | None:
    return None if index is None else shown(index * scale / 100)


def published_table(version: RankingVersion) -> RankingTable:
    """Return the table of a version, which never changes: it is made once, not with each reader."""
    if version.sha256 not in _TABLES:
        if len(_TABLES) == _MOST_TABLES:
            _TABLES.clear()
        _TABLES[version.sha256] = table_of(version.document, from_json(version.exact))
    return _TABLES[version.sha256]


def _line(line: Line, scale: Fraction) -> RankedLine:
    body, before = line.body, line.before
    so_far = body.so_far if line.provisional_rank and not body.approved else None
    return RankedLine(
        body_id=body.id, code=body.code, name=body.name, state=body.state, reason=body.reason,
        rank=line.rank, grade=line.grade, index=shown(body.index), points=points(body.points),
        of_points=points(body.of_points), bonus=points(body.bonus), penalty=points(body.penalty),
        areas=[_area(each) for each in body.areas],
        rank_before=before.rank if before else None,
        index_before=shown(before.index) if before else None,
        places_won=line.places_won, points_won=shown(line.points_won),
        result=_on(scale, body.index), result_before=_on(scale, before.index if before else None),
        provisional_rank=line.provisional_rank, provisional_index=shown(so_far),
        provisional_result=_on(scale, so_far),
        appraised_points=None if so_far is None else points(body.appraised),
    )  # fmt: skip


def _area(each: AreaPoints) -> AreaLine:
    return AreaLine(
        code=each.code, points=shown(each.points), of_points=points(each.of_points),
        rate=shown(each.rate),
    )  # fmt: skip
