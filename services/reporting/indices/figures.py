"""The figures that are announced, as they may be shown now."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from contracts.reporting import IndexKind
from reporting.completion.views import completion
from reporting.criteria.sets import published_set
from reporting.marks import CompletionOf, Mark, ParOf, SatisfactionOf
from reporting.par.inputs import KINDS, Kind
from reporting.releases import publications
from reporting.score_sheets.sheets import year_sheet
from reporting.shown import decimal, points, shown
from reporting.sources.targets import target_of
from reporting.sources.views import plan_of, round_of

_PAR: dict[Kind, IndexKind] = {
    "secured": "par_secured",
    "projected": "par_projected",
    "official": "par_official",
}


@dataclass(frozen=True)
class Computed:
    """A figure as it may be shown now; `target` what it is held against, if anything.

    A satisfaction index is its own numerator, of 100: its counts would tell more than it does.
    `covered`: of a PAR figure, how many of the points in the denominator have a value.
    """

    kind: IndexKind
    scope_id: UUID
    year: int
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal
    method: str
    target: tuple[UUID, Any] | None = None
    covered: Decimal | None = None

    @property
    def complete(self) -> bool:
        """Whether all that the figure is made of has a value."""
        return self.covered in (None, self.denominator)

    @property
    def id(self) -> UUID:
        """The index's id: a function of what it is."""
        return uuid5(NAMESPACE_OID, f"{self.kind}:{self.scope_id}")


async def compute(session: AsyncSession, mark: Mark, now: datetime) -> list[Computed]:
    """Return the figures that a mark is about; none while what they stand on is unknown here."""
    match mark:
        case CompletionOf(plan_id=plan_id):
            return await _completion(session, plan_id, now)
        case SatisfactionOf(round_id=round_id):
            return await _satisfaction(session, round_id)
        case ParOf(year=year):
            return await _par(session, year, now)


async def _completion(session: AsyncSession, plan_id: UUID, now: datetime) -> list[Computed]:
    plan = await plan_of(session, plan_id)
    if plan is None:
        return []
    found = await completion(session, plan_id, local_date(now))
    return [
        Computed("completion", plan_id, plan.year, shown(found.rate_all),
                 Decimal(found.counts.done), Decimal(found.counts.total), "done/all")
    ]  # fmt: skip


async def _satisfaction(session: AsyncSession, round_id: UUID) -> list[Computed]:
    round_ = await round_of(session, round_id)
    results = round_ and await publications.results(session, round_)
    if not results or results.published is None:
        return []
    round_, value = results.round, shown(results.value())
    return [
        Computed("satisfaction", round_id, round_.year, value, value or Decimal(0),
                 Decimal(0 if value is None else 100), f"{round_.method}/{round_.aggregator}",
                 await _target(session, round_.year, "satisfaction"))
    ]  # fmt: skip


async def _par(session: AsyncSession, year: int, now: datetime) -> list[Computed]:
    published = await published_set(session, year)
    if published is None:
        return []
    sheet = (await year_sheet(session, published, local_date(now))).sheet
    target = await _target(session, year, "par")
    computed = []
    for kind in KINDS:
        figure = sheet.figure(kind)
        computed.append(
            Computed(_PAR[kind], published.id, year, shown(figure.value), points(figure.points),
                     decimal(figure.applicable),
                     f"{published.body.code} v{published.set_version}",
                     target if kind == "official" else None, decimal(figure.valued))
        )  # fmt: skip
    return computed


async def _target(session: AsyncSession, year: int, index: str) -> tuple[UUID, Any] | None:
    found = await target_of(session, year, index)
    return found and (found[0].plan_id, found[1])
