"""The closing day of the KPI month: composed until somebody sets it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.web import check_version
from tasks.calendar.moment import Moment
from tasks.kpi_export.domain import CLOSING_DAY
from tasks.kpi_export.models import KpiSetting

SUBJECT = UUID(int=24)  # the one row, as the audit names what an act was about


@dataclass(frozen=True)
class Held:
    """What holds. `version` 0: nobody has set it."""

    version: int
    closing_day: int


async def setting(session: AsyncSession) -> Held:
    """Return what holds now."""
    row = await session.get(KpiSetting, 1)
    return Held(row.version, row.closing_day) if row else Held(0, CLOSING_DAY)


async def change(
    session: AsyncSession, actor: Actor, expected: int, closing_day: int, at: Moment
) -> Held:
    """Set the closing day, for past months too: the sheet says by which day it was made."""
    row = await session.get(KpiSetting, 1, with_for_update=True)
    before = Held(row.version, row.closing_day) if row else Held(0, CLOSING_DAY)
    check_version(before.version, expected)
    if row is None:
        row = KpiSetting(id=1, version=0)
        session.add(row)
    row.version, row.closing_day = before.version + 1, closing_day
    row.changed_at, row.changed_by = at.now, actor.person_id
    await traces.leave(
        session, actor, "kpi_setting.change", SUBJECT, now=at.now,
        before={"closing_day": before.closing_day}, after={"closing_day": closing_day},
    )  # fmt: skip
    return Held(row.version, row.closing_day)
