"""A snapshot: every figure and list of a report as of one moment, and their hash."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from contracts.tasks import PlanState
from reporting.reports import scores, survey, work
from reporting.reports.as_of import OF_DAY, say_as_of
from reporting.reports.counting import Scope
from reporting.reports.drafting import Drafted, draft
from reporting.reports.kinds import key_of
from reporting.reports.lists import Column, Listed, listed, sha256
from reporting.reports.numbers import (
    COMPOSED_KIND,
    MEASURED,
    NONE,
    UNKNOWN,
    Figure,
    ListCode,
    figure,
    filled,
    written,
)
from reporting.reports.outline import AnnexForm, KindBody
from reporting.reports.windows import AsOf, named
from reporting.sources.views import plan_of, plans_beside, plans_of

OPENING, CLOSING = "opening", "closing"
FIGURE = "Số liệu"
"""Heading of the column with figures of every kind."""
INDICATORS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Chỉ tiêu", "text", 66), ("Đơn vị tính", "text", 28),
    (FIGURE, "text", 27), ("Ghi chú", "text", 30),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a snapshot is taken of."""

    code: str
    kind_version: int
    kind: KindBody
    starts_on: date
    ends_on: date
    plan_id: UUID | None


@dataclass(frozen=True)
class Counted:
    """Everything that is known, before it is put into words.

    `composed_beside`: with the `names` its figures and lists begin with.
    """

    figures: dict[str, Figure]
    lists: list[Listed]
    composed: list[dict[str, str]]
    composed_beside: list[dict[str, Any]]
    as_of: AsOf

    @property
    def running(self) -> bool:
        """Whether the period goes on."""
        return not self.as_of.is_past


@dataclass(frozen=True)
class Taken:
    """A snapshot with the rows of its lists, its hash and the text drafted from it."""

    snapshot: dict[str, Any]
    lists: list[Listed]
    sentences: list[Drafted]
    sha256: str


async def count(session: AsyncSession, asked: Asked, now: datetime, *, lists: bool) -> Counted:
    """Count everything a report of this kind says, as of now. `lists` False: figures alone."""
    as_of, year = AsOf.of(asked.ends_on, local_date(now)), asked.ends_on.year
    plan = await plan_of(session, asked.plan_id) if asked.plan_id else None
    plans = [plan] if plan else await plans_of(session, year)
    own = [each.plan_id for each in plans]
    others = [] if plan else await plans_beside(session, year)
    scope = Scope(own, others, asked.starts_on, asked.ends_on, as_of)
    wanted = asked.kind.lists() if lists else set[ListCode]()
    done = await work.work_of(session, scope, wanted)
    latest = asked.kind.indices_as_of == "taken"
    survey_ = await survey.surveyed(session, year, as_of, latest=latest)
    par = await scores.scored(session, year, as_of, latest=latest)
    beside = [each for each in (survey_, par) if each is not None]
    found = [
        *_about(asked, plan or (plans[-1] if plans else None), as_of), *done.figures(),
        *done.of_sections(asked.kind.outline), *(f for each in beside for f in each.figures()),
    ]  # fmt: skip
    figures = {id_: figure(id_, None) for id_ in MEASURED} | {each.id: each for each in found}
    made: list[Listed] = []
    if lists:
        made = [_indicators(figures), done.units_list(), done.sections_list()]
        made += [each for one in beside for each in one.lists()]
        made = [each for each in made if each.code in wanted] + list(done.told.lists)
    composed = [] if not asked.kind.composed else [_composed(asked)]
    composed += [
        each for one in beside if asked.kind.mentions(one.NAMES) for each in one.composed()
    ]
    not_said = [
        {**each, "names": list(one.NAMES)}
        for one in beside if not asked.kind.mentions(one.NAMES) for each in one.composed()
    ]  # fmt: skip
    return Counted(figures, made, composed, not_said, as_of)


def put_into_words(asked: Asked, counted_: Counted, title: str, now: datetime) -> Taken:
    """Return the snapshot with its text."""
    kind, figures = asked.kind, counted_.figures
    snapshot: dict[str, Any] = {
        "schema": 1, "kind": {"code": asked.code, "version": asked.kind_version,
                              **kind.model_dump(mode="json")},
        "title": title, "starts_on": asked.starts_on.isoformat(),
        "ends_on": asked.ends_on.isoformat(), "period_name": str(figures["period.name"].value),
        "plan_id": str(asked.plan_id) if asked.plan_id else None, "taken_at": now.isoformat(),
        "running": counted_.running, "figures": [each.as_json() for each in figures.values()],
        "lists": [each.about() for each in counted_.lists], "composed": counted_.composed,
        # What the kind says nothing of: a template may say it.
        "composed_beside": counted_.composed_beside,
    }  # fmt: skip
    full = {each.code for each in counted_.lists if each.count}
    text = draft(kind.outline, figures, running=counted_.running, full=set(full))
    if counted_.as_of.is_past:
        of_today: set[str] = {each.code for each in counted_.lists if each.as_of}
        text = say_as_of(text, kind.outline, figures, counted_.as_of, of_today)
        snapshot["kind"]["annexes"] = list(_with_day(kind.annexes, of_today, counted_.as_of))
    frame = [_framing(OPENING, kind.opening, figures), _framing(CLOSING, kind.closing, figures)]
    return Taken(snapshot, counted_.lists, [frame[0], *text, frame[1]], sha256(snapshot))


def _with_day(
    annexes: Sequence[AnnexForm], of_today: set[str], as_of: AsOf
) -> Iterator[dict[str, Any]]:
    """Yield the annexes; those that are of another day than the report say of which."""
    day = OF_DAY.format(day=written("day", f"{as_of.today}"))
    for each in annexes:
        title = f"{each.title} ({day})" if each.table in of_today else each.title
        yield {**each.model_dump(mode="json"), "title": title}


def subject(kind: KindBody, figures: dict[str, Figure]) -> str:
    """Return what a report is called by its kind."""
    return filled(kind.subject, figures)


def _framing(id_: str, template: str, figures: dict[str, Figure]) -> Drafted:
    text = filled(template, figures)
    return Drafted(id_, id_, text, text)


def _composed(asked: Asked) -> dict[str, str]:
    key = key_of(asked.code, asked.kind_version)
    name = f"đề cương «{asked.kind.name}»"
    return {"key": key, "name": name, "notice": f"{COMPOSED_KIND} {asked.kind.source}"}


def _about(asked: Asked, plan: PlanState | None, as_of: AsOf) -> list[Figure]:
    values = {
        "period.name": named(asked.kind.windows, asked.starts_on, asked.ends_on),
        "period.from": asked.starts_on, "period.to": asked.ends_on,
        "period.year": str(asked.ends_on.year), "plan.title": plan and plan.title,
        "plan.number": plan and plan.number, "plan.issued_on": plan and plan.issued_on,
        "period.until": as_of.day, "taken.on": as_of.today,
    }  # fmt: skip
    return [figure(id_, value) for id_, value in values.items()]


def _indicators(figures: dict[str, Figure]) -> Listed:
    known: Sequence[Figure] = [figures[id_] for id_ in MEASURED if id_ in figures]
    rows = [
        [f.label, f.unit, NONE if f.value is None else written(f.kind, f.value), _noted(f)]
        for f in known if f.kind != "text"
    ]  # fmt: skip
    return listed("indicators", INDICATORS, rows)


def _noted(each: Figure) -> str:
    if each.value is None:
        return UNKNOWN
    return OF_DAY.format(day=written("day", each.as_of)) if each.as_of else ""
