"""The shapes in which figures leave, and how domain values become them. Nothing rounds here."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from chassis.web import ResponseBody
from contracts.tasks import PlanTarget
from reporting.completion.domain import Completion
from reporting.par.index import Figure as ParFigure
from reporting.par.index import Row, ScoreSheet
from reporting.satisfaction.domain import meets_target
from reporting.shown import decimal, shown


class Target(ResponseBody):
    """What a figure is held against; `met` None while either is unknown."""

    comparison: str
    value: Decimal | None
    met: bool | None
    source: str


class Figure(ResponseBody):
    """A PAR figure with how much of it stands on values."""

    value: Decimal | None
    points: Decimal
    of_points: Decimal
    valued_points: Decimal
    valued_count: int
    applicable_count: int


class SetName(ResponseBody):
    """Which criteria set; `composed` must be said wherever its figures are shown."""

    id: UUID
    code: str
    title: str
    composed: bool
    notice: str
    total_points: Decimal


class CompletionView(ResponseBody):
    """Where a plan stands; both denominators, since both are asked for."""

    plan_id: UUID
    done: int
    all: int
    due: int
    done_due: int
    done_on_time: int
    overdue: int
    waiting: int
    continuous: int
    untriggered: int
    needs_person: int
    rate_all: Decimal | None
    rate_due: Decimal | None


class SatisfactionBrief(ResponseBody):
    """A satisfaction figure in both formulas; None while too few have answered."""

    share: Decimal | None
    mean5: Decimal | None
    n: int


class SubCriterionView(ResponseBody):
    """A row of the PAR index as it may be shown."""

    code: str
    name: str
    area_code: str
    area_name: str
    criterion_code: str
    criterion_name: str
    max_points: Decimal
    method: str
    feeds_from: str | None
    applicable: bool
    secured: Decimal | None
    projected: Decimal | None
    projected_source: str
    official: Decimal | None
    linked_tasks: int


class Point(ResponseBody):
    """A moment of the indices' history."""

    at: datetime
    par_projected: Decimal | None
    satisfaction: Decimal | None


class Period(ResponseBody):
    """From and to, inclusive."""

    opens_on: date
    closes_on: date


def as_decimal(value: Fraction | None) -> Decimal | None:
    """Return the value as it may be shown: the one rounding."""
    return shown(value)


def target_view(target: PlanTarget | None, value: Fraction | None) -> Target | None:
    """Return a target with whether the figure, as shown, reaches it."""
    if target is None:
        return None
    met = meets_target(value, target.comparison, target.value)
    return Target(comparison=target.comparison, value=target.value, met=met, source=target.source)


def par_figure(sheet: ScoreSheet, figure: ParFigure) -> Figure:
    """Return a PAR figure for showing."""
    applicable = [row for row in sheet.rows() if row.applicable]
    valued = sum(1 for row in applicable if getattr(row, figure.kind).points is not None)
    return Figure(
        value=as_decimal(figure.value), points=decimal(figure.points),
        of_points=decimal(figure.applicable), valued_points=decimal(figure.valued),
        valued_count=valued, applicable_count=len(applicable),
    )  # fmt: skip


def completion_view(plan_id: UUID, found: Completion) -> CompletionView:
    """Return a plan's completion for showing."""
    counts = found.counts
    return CompletionView(
        plan_id=plan_id, done=counts.done, all=counts.total, due=found.due.total,
        done_due=found.due.done, done_on_time=counts.done_on_time, overdue=found.overdue,
        waiting=counts.waiting, continuous=counts.continuous, untriggered=counts.untriggered,
        needs_person=counts.needs_person, rate_all=as_decimal(found.rate_all),
        rate_due=as_decimal(found.rate_due),
    )  # fmt: skip


def rows_view(sheet: ScoreSheet, linked: dict[str, int]) -> list[SubCriterionView]:
    """Return all sub-criteria in order."""
    rows = {row.sub.code: row for row in sheet.rows()}
    return [
        _row(rows[sub.code], area, criterion, linked.get(sub.code, 0))
        for area in sheet.criteria.areas
        for criterion in area.criteria
        for sub in criterion.sub_criteria
    ]


def _row(row: Row, area, criterion, linked: int) -> SubCriterionView:  # type: ignore[no-untyped-def]  # noqa: ANN001
    sub = row.sub
    return SubCriterionView(
        code=sub.code, name=sub.name, area_code=area.code, area_name=area.name,
        criterion_code=criterion.code, criterion_name=criterion.name, max_points=sub.max_points,
        method=sub.rule.method, feeds_from=sub.feeds_from, applicable=row.applicable,
        secured=as_decimal(row.secured.points), projected=as_decimal(row.projected.points),
        projected_source=row.projected.source, official=as_decimal(row.official.points),
        linked_tasks=linked,
    )  # fmt: skip
