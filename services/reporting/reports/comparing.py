"""A report's figures side by side with others: of the last of its kind, or as they are now."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.reports import taking
from reporting.reports.domain import ISSUED
from reporting.reports.models import Report
from reporting.reports.numbers import Value, vietnamese, written
from reporting.reports.outline import LONGEST, KindBody
from reporting.reports.reading import taken
from reporting.reports.taking import Asked


class ComparedFigure(ResponseBody):
    """A figure here and there. `moved`: the difference, of numbers that both are known."""

    id: str
    label: str
    unit: str
    before: Value
    after: Value
    before_shown: str
    after_shown: str
    moved: str | None
    moved_shown: str | None


class Compared(ResponseBody):
    """Figures of two snapshots. `with_id` None: there is no other report, or it is as of now."""

    report_id: UUID
    with_id: UUID | None
    with_title: str | None
    with_period: str | None
    figures: list[ComparedFigure]


async def compared(session: AsyncSession, report: Report, actor: Actor) -> Compared:
    """Return a report's figures beside those of the last report of its kind that the actor sees."""
    own = taken(report)
    wanted = (
        select(Report)
        .where(Report.kind_code == report.kind_code, Report.id != report.id)
        .where(Report.ends_on < report.ends_on, Report.snapshot.is_not(None))
        .where(Report.plan_id.is_not_distinct_from(report.plan_id))
        .order_by(Report.state.in_(sorted(ISSUED)).desc(), Report.ends_on.desc())
        .order_by(Report.created_at.desc(), Report.id)
        .limit(1)
    )
    if not RIGHTS.may(actor, "report.read"):
        wanted = wanted.where(Report.state.in_(sorted(ISSUED)))
    last = await session.scalar(wanted)
    before = taken(last) if last else None
    figures = _pairs(before["figures"], own["figures"]) if before else []
    return Compared(
        report_id=report.id, with_id=last and last.id, with_title=last and last.title,
        with_period=before and before["period_name"], figures=figures,
    )  # fmt: skip


async def later_facts(session: AsyncSession, report: Report) -> Compared:
    """Return the figures that would be others if the snapshot were taken now."""
    own = taken(report)
    asked = Asked(
        report.kind_code, own["kind"]["version"], _kind_of(own), report.starts_on, report.ends_on,
        report.plan_id,
    )  # fmt: skip
    counted = await taking.count(session, asked, await database_now(session), lists=False)
    now = [each.as_json() for each in counted.figures.values()]
    pairs = [each for each in _pairs(own["figures"], now) if each.before != each.after]
    return Compared(
        report_id=report.id, with_id=None, with_title=None, with_period=None,
        figures=[each for each in pairs if each.id != "taken.on"],
    )  # fmt: skip


def _kind_of(own: dict[str, Any]) -> KindBody:
    """Return the kind of a snapshot; its annexes' titles may be longer by the day they say."""
    kind = {name: own["kind"][name] for name in KindBody.model_fields}
    kind["annexes"] = [{**each, "title": each["title"][:LONGEST]} for each in kind["annexes"]]
    return KindBody.model_validate(kind)


def _pairs(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[ComparedFigure]:
    known = {each["id"]: each["value"] for each in before}
    return [
        _pair(each, known.get(each["id"])) for each in after if not _is_about(str(each["id"]))
    ]  # fmt: skip


def _is_about(id_: str) -> bool:
    return id_.startswith(("period.", "plan."))


def _pair(figure: dict[str, Any], before: Value) -> ComparedFigure:
    after: Value = figure["value"]
    kind = str(figure["kind"])
    moved = _moved(kind, before, after)
    return ComparedFigure(
        id=str(figure["id"]), label=str(figure["label"]), unit=str(figure["unit"]), before=before,
        after=after, before_shown=written(kind, before), after_shown=written(kind, after),
        moved=moved, moved_shown=moved and _signed(moved),
    )  # fmt: skip


def _moved(kind: str, before: Value, after: Value) -> str | None:
    if kind not in ("count", "percent", "points") or before is None or after is None:
        return None
    try:
        return f"{Decimal(after) - Decimal(before):f}"
    except InvalidOperation:
        return None


def _signed(moved: str) -> str:
    plus = "" if moved.startswith("-") or not Decimal(moved) else "+"
    return f"{plus}{vietnamese(moved)}"
