"""What a plan wants of an index, and whether a figure reaches it."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ResponseBody
from contracts.tasks import PlanState, PlanTarget
from reporting.shown import shown
from reporting.sources.views import plans_of

Comparison = Literal["over", "at_least"]


class Target(ResponseBody):
    """What a figure is held against; `met` None while either is unknown."""

    comparison: str
    value: Decimal | None
    met: bool | None
    source: str


async def target_of(
    session: AsyncSession, year: int, index: str
) -> tuple[PlanState, PlanTarget] | None:
    """Return the target that the year's newest plan sets for an index, with the plan."""
    for plan in reversed(await plans_of(session, year)):
        for target in plan.targets:
            if target.index == index:
                return plan, target
    return None


async def target_view(
    session: AsyncSession, year: int, index: str, value: Fraction | None, *, complete: bool = True
) -> Target | None:
    """Return the year's target for an index with whether the figure, as shown, reaches it.

    `complete` False: parts of the figure have no value yet, so it does not miss it for now.
    """
    found = await target_of(session, year, index)
    if found is None:
        return None
    target = found[1]
    met = meets_target(value, target.comparison, target.value, complete=complete)
    return Target(comparison=target.comparison, value=target.value, met=met, source=target.source)


def meets_target(
    value: Fraction | Decimal | None,
    comparison: Comparison,
    target: Decimal | None,
    *,
    complete: bool = True,
) -> bool | None:
    """Tell whether the published figure reaches the target; None when either is unknown.

    Both in percent. `over` is strict: 90.00 misses "over 90" (source: the plan of 2025). Compares
    the figure as shown, since that is what is published and what the target was set against:
    90.004 is published as 90.00 and misses it too. A figure of which parts have no value yet
    reaches a target or is undecided; it does not miss it.
    """
    figure = shown(value)
    if figure is None or target is None:
        return None
    met = figure > target if comparison == "over" else figure >= target
    return met or (False if complete else None)
