"""A published ranking as a partner reads it: nobody's name, no words that people write freely."""

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Reach
from reporting.bodies.models import Body
from reporting.ranking.views import PublishedVersion, RankingView, VersionName

V = TypeVar("V", bound=VersionName)
_UNTOLD = {"reason": None, "published_by": None, "published_by_name": None}


async def for_partner(session: AsyncSession, view: RankingView, reach: Reach) -> RankingView:
    """Return what is published of the bodies a partner's reach covers; ranks stay as they are."""
    changes = {
        "versions": [_untold(each) for each in view.versions],
        "published": view.published and await _narrowed(session, view.published, reach),
        "preview": None, "hindrance": None, "allowed": [],
    }  # fmt: skip
    return view.model_copy(update=changes)


def _untold(version: V) -> V:
    return version.model_copy(update=_UNTOLD)


async def _narrowed(
    session: AsyncSession, version: PublishedVersion, reach: Reach
) -> PublishedVersion:
    found = await session.execute(select(Body.id, Body.unit_id))
    units = {row.id: row.unit_id for row in found}
    bodies = [
        line.model_copy(update={"reason": None})
        for line in version.table.bodies
        if reach.units is None or units.get(line.body_id) in reach.units
    ]
    changes: dict[str, object] = {"bodies": bodies}
    if len(bodies) < len(version.table.bodies):  # beside all but one it would tell the one's index
        changes |= {"average": None, "average_result": None}
    table = version.table.model_copy(update=changes)
    return _untold(version).model_copy(update={"table": table})
