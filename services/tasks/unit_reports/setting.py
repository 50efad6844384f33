"""What the Office set for all reports, kept in one row; what is composed until it does."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.web import check_version
from tasks.calendar.moment import Moment
from tasks.unit_reports.defaults import Setting, composed
from tasks.unit_reports.domain import check_themes
from tasks.unit_reports.models import UnitReportSetting

SUBJECT = UUID(int=17)  # the one row, as the audit names what an act was about


async def setting(session: AsyncSession) -> Setting:
    """Return what holds for all reports: the Office's, else what is composed."""
    row = await session.get(UnitReportSetting, 1)
    return _as_set(row) if row else composed()


async def change_setting(
    session: AsyncSession, actor: Actor, expected: int, facts: Mapping[str, Any], at: Moment
) -> Setting:
    """Set themes, reminders and form, whole. Raises StaleVersion, InputRefused `theme_removed`."""
    row = await session.get(UnitReportSetting, 1, with_for_update=True)
    before = _as_set(row) if row else composed()
    check_version(before.version, expected)
    check_themes(before.themes, facts["themes"])
    if row is None:
        row = UnitReportSetting(id=1, version=0)
        session.add(row)
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.changed_at, row.changed_by = at.now, actor.person_id
    after = _as_set(row)
    await traces.leave(
        session, actor, "unit_report_setting.change", SUBJECT, now=at.now,
        before=asdict(before), after=asdict(after),
    )  # fmt: skip
    return after


def _as_set(row: UnitReportSetting) -> Setting:
    return Setting(row.version, row.themes, row.reminder_steps, row.form)
