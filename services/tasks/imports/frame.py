"""What an appendix is read within: the plan's year, the calendar, the units of the directory."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tasks.calendar.moment import moment
from tasks.deadlines.domain import Frame
from tasks.directory.models import Unit, UnitGroup
from tasks.directory.unit_book import KnownGroup, KnownUnit, UnitBook
from tasks.plans.models import Plan


async def frame_of(session: AsyncSession, plan: Plan, *, by_hand: bool = False) -> Frame:
    """Return the frame of a plan's deadlines. `by_hand`: of one that somebody writes today."""
    at = await moment(session)
    made_in = at.today.year if by_hand else None
    return Frame(plan.year, plan.closes_on, at.calendar, plan.issued_on, made_in)


async def unit_book(session: AsyncSession) -> UnitBook:
    """Return the directory's units and groups by all their names."""
    groups = await session.scalars(select(UnitGroup).where(UnitGroup.active))
    named = [KnownGroup((each.name, *each.aliases), frozenset(each.unit_ids)) for each in groups]
    units = [
        KnownUnit(
            unit_id=unit.id,
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            aliases=(*unit.aliases, *unit.former_names),
            active=unit.active,
            sort_order=unit.sort_order,
        )
        for unit in await session.scalars(select(Unit))
    ]
    return UnitBook(units, named)
