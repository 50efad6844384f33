"""What to act on first: where the year's PAR index can still win most."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now, local_date
from chassis.web import ResponseBody
from reporting.completion.domain import Completion
from reporting.criteria.domain import SubCriterion
from reporting.criteria.views import SetName, set_name
from reporting.indices.views import sheet_in_force
from reporting.par.index import Row
from reporting.score_sheets.sheets import YearSheet
from reporting.shown import points, shown


class AtStake(ResponseBody):
    """A sub-criterion that does not have all its points. `at_stake`: those it may still win.

    `expected`: as appraised, else as projected; None: nothing is known, all points are at stake.
    `open`, `overdue`: of the tasks that feed it; None: no tasks do. `weak_last_year`: it missed
    points last year, too.
    """

    code: str
    name: str
    area_code: str
    area_name: str
    max_points: Decimal
    secured: Decimal | None
    expected: Decimal | None
    at_stake: Decimal
    last_year: Decimal | None
    weak_last_year: bool
    open: int | None
    overdue: int | None


class Priorities(ResponseBody):
    """What to act on first in a year: most points at stake first, then what has most overdue."""

    year: int
    criteria_set: SetName
    at_stake: Decimal
    data: list[AtStake]


async def priorities(session: AsyncSession, year: int, limit: int) -> Priorities:
    """Return where most points may still be won. Raises NotFound without a criteria set."""
    today = local_date(await database_now(session))
    found = await sheet_in_force(session, year, today)
    lines = lines_at_stake(found)
    return Priorities(
        year=year, criteria_set=set_name(found.published),
        at_stake=sum((line.at_stake for line in lines), Decimal(0)), data=lines[:limit],
    )  # fmt: skip


def lines_at_stake(found: YearSheet) -> list[AtStake]:
    """Return every applicable sub-criterion that misses points, what to act on first at the top."""
    tasks = found.completions
    rows = [row for row in found.sheet.rows() if row.applicable and at_stake(row) > 0]
    rows.sort(key=lambda row: (-at_stake(row), -_overdue(row.sub, tasks), row.sub.code))
    return [_line(row, found, tasks) for row in rows]


def at_stake(row: Row) -> Fraction:
    """Return the points a sub-criterion may still win: its maximum without what is expected."""
    return Fraction(row.sub.max_points) - (expected(row) or Fraction(0))


def expected(row: Row) -> Fraction | None:
    """Return what a sub-criterion comes to by now: as appraised, else as projected."""
    return row.projected.points if row.official.points is None else row.official.points


def weak_last_year(row: Row, found: YearSheet) -> bool:
    """Tell whether a sub-criterion missed points last year, as far as that is known."""
    last = last_year(row, found)
    return last is not None and last < row.sub.max_points


def last_year(row: Row, found: YearSheet) -> Decimal | None:
    """Return what a sub-criterion had last year, as it was entered."""
    entered = found.sheet.inputs.get(row.sub.code)
    return entered.last_year_score if entered else None


def _feeding(sub: SubCriterion, tasks: Mapping[str, Completion]) -> Completion | None:
    if sub.feeds_from != "tasks":
        return None
    return tasks.get("plan" if sub.counts == "plan" else f"sub:{sub.code}")


def _overdue(sub: SubCriterion, tasks: Mapping[str, Completion]) -> int:
    fed = _feeding(sub, tasks)
    return fed.overdue if fed else 0


def _line(row: Row, found: YearSheet, tasks: Mapping[str, Completion]) -> AtStake:
    sub, fed = row.sub, _feeding(row.sub, tasks)
    area = next(each for each in found.published.body.areas if sub in each.sub_criteria())
    return AtStake(
        code=sub.code, name=sub.name, area_code=area.code, area_name=area.name,
        max_points=sub.max_points, secured=shown(row.secured.points),
        expected=shown(expected(row)), at_stake=points(at_stake(row)),
        last_year=last_year(row, found), weak_last_year=weak_last_year(row, found),
        open=fed and fed.counts.total - fed.counts.done, overdue=fed and fed.overdue,
    )  # fmt: skip
