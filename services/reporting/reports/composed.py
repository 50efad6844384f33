"""What of a report is composed: of its kind, and of the template it is written in."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.report_templates.models import ReportTemplate
from reporting.reports.kinds import Composed, confirmations, with_confirmation
from reporting.reports.models import Report
from reporting.reports.numbers import COMPOSED
from reporting.reports.outline import begins_like


async def composed_of(
    session: AsyncSession, report: Report, template: ReportTemplate | None
) -> list[Composed]:
    """Return the composed data a report rests on, each with its confirmation.

    `template`: what it is written in; None: the layout of its kind.
    """
    taken: Mapping[str, Any] = report.snapshot or {}
    named = [*taken.get("composed", ()), *_mentioned(taken.get("composed_beside", ()), template)]
    known = await confirmations(session, [each["key"] for each in named])
    return [with_confirmation(Composed(**each), known.get(each["key"])) for each in named]


def _mentioned(
    beside: list[dict[str, Any]], template: ReportTemplate | None
) -> list[dict[str, Any]]:
    """Return the composed data that the kind says nothing of, and the template does."""
    if template is None or template.file_id is None:
        return []
    return [
        {name: value for name, value in each.items() if name != "names"}
        for each in beside
        if template.mentions is None or begins_like(template.mentions, each["names"])
    ]


def notice_of(composed: list[Composed]) -> str | None:
    """Return the line of page 1 that says what is composed and not confirmed."""
    names = [each.name for each in composed if each.confirmed_at is None]
    if not names:
        return None
    return COMPOSED.format(names="; ".join(names))
