"""What a kind of report was made of before, and what a report of it would say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from chassis.errors import NotFound
from chassis.tables import audit_entry, person
from chassis.words import N_
from reporting.reports import taking
from reporting.reports.drafting import Drafted, draft
from reporting.reports.models import StoredKind
from reporting.reports.numbers import filled
from reporting.reports.outline import KindBody
from reporting.reports.outline_checks import check
from reporting.reports.taking import Asked, Counted
from reporting.reports.windows import named, window_of
from reporting.sources.views import plans_of

_NO_VERSION = N_("Loại báo cáo này không có phiên bản số này")


@dataclass(frozen=True)
class Version:
    """A kind as it was from a change on. `changed_at` None: it was shipped like that."""

    number: int
    body: KindBody
    reason: str | None = None
    changed_at: datetime | None = None
    changed_by_name: str | None = None


async def versions(session: AsyncSession, stored: StoredKind) -> list[Version]:
    """Return what a kind was made of, the newest first: each change taken back from what it is."""
    entry = audit_entry.c
    wanted = (
        select(entry.recorded_at, entry.before, entry.reason, person.c.name)
        .outerjoin_from(audit_entry, person, person.c.id == entry.actor_id)
        .where(entry.subject_id == stored.id, entry.action == "report_kind.change")
        .order_by(entry.id.desc())
    )
    found: list[Version] = []
    body, number = stored.body, stored.version
    for row in await session.execute(wanted):
        made = KindBody.model_validate(body)
        found.append(Version(number, made, row.reason, row.recorded_at, row.name))
        former = {name: value for name, value in (row.before or {}).items() if value is not None}
        body, number = {**body, **former}, number - 1
    return [*found, Version(number, KindBody.model_validate(body))]


async def version_of(session: AsyncSession, stored: StoredKind, number: int) -> KindBody:
    """Return what a kind was made of in a version. Raises NotFound."""
    for each in await versions(session, stored):
        if each.number == number:
            return each.body
    raise NotFound(_NO_VERSION, code="report_kind_version_not_found")


async def known_by(session: AsyncSession, stored: StoredKind, number: int) -> KindBody:
    """Return what a kind was made of in a version, or else in the oldest that is known.

    A kind that was shipped anew has a new version, and nobody's trace of the one before.
    """
    found = await versions(session, stored)
    return next((each for each in found if each.number <= number), found[-1]).body


@dataclass(frozen=True)
class Preview:
    """What a report of a kind would say today."""

    title: str
    period_name: str
    opening: str
    closing: str
    sentences: Sequence[Drafted]


async def preview(
    session: AsyncSession, stored: StoredKind, body: KindBody, now: datetime
) -> Preview:
    """Return the text of a report over the kind's first period of this year. Raises InputRefused.

    Nothing is kept. Of a kind that is about one plan: about the year's newest.
    """
    check(body)
    year = local_date(now).year
    start, end = _period(body, year)
    plans = await plans_of(session, year) if body.needs_plan else []
    plan_id = plans[-1].plan_id if plans else None
    asked = Asked(stored.code, stored.version, body, start, end, plan_id)
    counted = await taking.count(session, asked, now, lists=False)
    return _said(asked, counted)


def _period(body: KindBody, year: int) -> tuple[date, date]:
    if not body.windows:
        return date(year, 1, 1), date(year, 12, 31)
    window = window_of(body.windows[0], year)
    return window.starts_on, window.ends_on


def _said(asked: Asked, counted: Counted) -> Preview:
    body, figures = asked.kind, counted.figures
    tables: set[str] = set(body.lists())
    return Preview(
        taking.subject(body, figures), named(body.windows, asked.starts_on, asked.ends_on),
        filled(body.opening, figures), filled(body.closing, figures),
        draft(body.outline, figures, running=counted.running, full=tables),
    )  # fmt: skip
