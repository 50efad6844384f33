"""All reports of a plan put together: figures per unit, difficulties by theme, who is missing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from tasks.assignments.models import Assignment
from tasks.calendar.moment import Moment
from tasks.directory.models import Unit
from tasks.plans.models import Plan
from tasks.unit_reports.defaults import Setting
from tasks.unit_reports.figures import under
from tasks.unit_reports.models import UnitReport
from tasks.unit_reports.views import ReportLine, listing

COUNTED = (
    "all", "done", "due", "done_due", "overdue", "waiting", "undated",
    "contributions_asked", "contributions_given", "contributions_on_time",
)  # fmt: skip
BECAUSE = N_("{text}. Nguyên nhân: {cause}")
UNSORTED = "Chưa xếp nhóm"


class UnitFigures(ResponseBody):
    """A unit that handed in: its figures as they were frozen then, and its words."""

    unit_id: UUID
    unit_name: str
    status: str
    handed_in_on: date
    on_time: bool
    late_days: int
    as_of: datetime
    figures: dict[str, int]
    results: str
    measures: str
    proposals: str


class SaidDifficulty(ResponseBody):
    """What one unit says of a theme. `cause`: why it is so, where it says that."""

    unit_id: UUID
    unit_name: str
    text: str
    cause: str | None = None

    def in_words(self, language: Language = "vi") -> str:
        """Return it as a report has it, the cause behind it."""
        if not self.cause:
            return self.text
        facts = {"text": self.text.rstrip(". "), "cause": self.cause}
        return say(Sentence(BECAUSE, facts), language)


class ThemeView(ResponseBody):
    """The difficulties of one theme, with the units that named them. `code` null: not sorted."""

    code: str | None
    name: str
    difficulties: list[SaidDifficulty]


class LateReason(ResponseBody):
    """What a unit said of an assignment that was late when it handed its report in."""

    unit_id: UUID
    unit_name: str
    number: str
    content: str
    text: str


class MissingUnit(ResponseBody):
    """A unit that has not reported, or whose report was returned. `late_days`: working days."""

    unit_id: UUID
    unit_name: str
    status: str
    late_days: int


class EndedUnit(ResponseBody):
    """A unit that ended before it reported. `done`: its results, which stand in no report."""

    unit_id: UUID
    unit_name: str
    done: int


class Compiled(ResponseBody):
    """All reports of one plan. `total`: the sums of `units`; who is missing is in no figure.

    `reasons`: the last word of units on what they had not done in time; none that nobody gave.
    """

    plan_id: UUID
    plan_title: str
    plan_number: str | None
    year: int
    as_of: datetime
    due_on: date
    last_working_day: date
    units: list[UnitFigures]
    total: dict[str, int]
    themes: list[ThemeView]
    missing: list[MissingUnit]
    late: list[UnitFigures]
    reasons: list[LateReason] = Field(default=[])
    ended: list[EndedUnit] = Field(default=[])


async def compile_reports(
    session: AsyncSession, actor: Actor, plan: Plan, setting: Setting, at: Moment
) -> Compiled:
    """Put together what units of a plan have handed in, whatever their number in three reads."""
    lines = (await listing(session, actor, plan.id, at)).data
    of_plan = select(UnitReport).where(UnitReport.plan_id == plan.id)
    reports = {each.unit_id: each for each in await session.scalars(of_plan)}
    handed_in = [(line, reports[line.unit_id]) for line in lines if line.handed_in_on]
    units = [_figures(line, report) for line, report in handed_in]
    return Compiled(
        plan_id=plan.id, plan_title=plan.title, plan_number=plan.number, year=plan.year,
        as_of=at.now, due_on=plan.closes_on,
        last_working_day=at.calendar.last_working_day_on_or_before(plan.closes_on),
        units=units,
        total={name: sum(unit.figures[name] for unit in units) for name in COUNTED},
        themes=_themes(handed_in, setting),
        missing=[_missing(line) for line in lines if not line.handed_in_on],
        late=[unit for unit in units if not unit.on_time],
        reasons=list(_reasons(handed_in)),
        ended=await _ended(session, plan.id, [unit.unit_id for unit in units]),
    )  # fmt: skip


async def _ended(
    session: AsyncSession, plan_id: UUID, reported: Collection[UUID]
) -> list[EndedUnit]:
    found = await session.execute(
        select(Unit.id.label("unit_id"), Unit.name.label("unit_name"), func.count().label("done"))
        .join(Assignment, Assignment.unit_id == Unit.id)
        .where(under(plan_id), Assignment.status == "done")
        .where(Unit.active.is_(False), Unit.id.not_in(reported))
        .group_by(Unit.id)
        .order_by(Unit.sort_order, Unit.id)
    )
    return [EndedUnit.model_validate(row) for row in found]


def _figures(line: ReportLine, report: UnitReport) -> UnitFigures:
    figures: dict[str, Any] = report.figures or {}
    return UnitFigures(
        **line.model_dump(include={"unit_id", "unit_name", "status", "handed_in_on", "late_days"}),
        on_time=bool(report.on_time),
        as_of=figures["as_of"],
        figures={name: figures[name] for name in COUNTED},
        results=report.results,
        measures=report.measures,
        proposals=report.proposals,
    )


def _reasons(handed_in: Iterable[tuple[ReportLine, UnitReport]]) -> Iterator[LateReason]:
    for line, report in handed_in:
        for each in (report.figures or {}).get("late", ()):
            if each["text"].strip():
                yield LateReason(
                    unit_id=line.unit_id, unit_name=line.unit_name, number=each["number"],
                    content=each["content"], text=each["text"],
                )  # fmt: skip


def _missing(line: ReportLine) -> MissingUnit:
    return MissingUnit(**line.model_dump(include=set(MissingUnit.model_fields)))


def _themes(
    handed_in: Iterable[tuple[ReportLine, UnitReport]], setting: Setting
) -> list[ThemeView]:
    """Gather by theme in the Office's order, what is not sorted last."""
    said: dict[str | None, list[SaidDifficulty]] = defaultdict(list)
    for line, report in handed_in:
        for each in report.difficulties:
            said[each["theme"]].append(
                SaidDifficulty(
                    unit_id=line.unit_id,
                    unit_name=line.unit_name,
                    text=each["text"],
                    cause=each.get("cause"),
                )
            )
    names: dict[str | None, str] = {None: UNSORTED}
    names = {**{each["code"]: each["name"] for each in setting.themes}, **names}
    order: Sequence[str | None] = [*names, *(code for code in said if code not in names)]
    return [
        ThemeView(code=code, name=names.get(code) or str(code), difficulties=said[code])
        for code in order
        if said[code]
    ]
