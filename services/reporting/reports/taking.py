"""A snapshot: every figure and list of a report as of one moment, and their hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import local_date
from contracts.tasks import PlanState
from reporting.reports import scores, survey, work
from reporting.reports.drafting import Drafted, draft
from reporting.reports.kinds import key_of
from reporting.reports.lists import Column, Listed, counted, sha256
from reporting.reports.numbers import (
    COMPOSED_KIND,
    MEASURED,
    NONE,
    UNKNOWN,
    Figure,
    figure,
    filled,
    written,
)
from reporting.reports.outline import KindBody
from reporting.reports.windows import named
from reporting.sources.views import plan_of, plans_of

OPENING, CLOSING = "opening", "closing"
INDICATORS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Chỉ tiêu", "text", 70), ("Đơn vị tính", "text", 28),
    ("Số liệu", "text", 23), ("Ghi chú", "text", 30),
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
    running: bool


@dataclass(frozen=True)
class Taken:
    """A snapshot with the rows of its lists, its hash and the text drafted from it."""

    snapshot: dict[str, Any]
    lists: list[Listed]
    sentences: list[Drafted]
    sha256: str


async def count(session: AsyncSession, asked: Asked, now: datetime, *, lists: bool) -> Counted:
    """Count everything a report of this kind says, as of now. `lists` False: figures alone."""
    today = local_date(now)
    plan = await plan_of(session, asked.plan_id) if asked.plan_id else None
    plans = [plan] if plan else await plans_of(session, asked.ends_on.year)
    scope = work.Scope(
        [each.plan_id for each in plans], asked.starts_on, asked.ends_on, min(asked.ends_on, today)
    )
    done = await work.work_of(session, scope)
    survey_ = await survey.surveyed(session, asked.ends_on.year)
    par = await scores.scored(session, asked.ends_on.year, today)
    beside = [each for each in (survey_, par) if each is not None]
    found = [
        *_about(asked, plan or (plans[-1] if plans else None), today), *done.figures(),
        *done.of_sections(asked.kind.outline), *(f for each in beside for f in each.figures()),
    ]  # fmt: skip
    figures = {id_: figure(id_, None) for id_ in MEASURED} | {each.id: each for each in found}
    made: list[Listed] = []
    if lists:
        wanted: set[str] = set(asked.kind.lists())
        made = [_indicators(figures), done.units_list(), done.sections_list()]
        made += [each for one in beside for each in one.lists()]
        made = [each for each in made if each.code in wanted]
        made += await work.assignment_lists(session, scope, wanted)
    composed = [] if not asked.kind.composed else [_composed(asked)]
    composed += [
        each for one in beside if asked.kind.mentions(one.NAMES) for each in one.composed()
    ]
    not_said = [
        {**each, "names": list(one.NAMES)}
        for one in beside if not asked.kind.mentions(one.NAMES) for each in one.composed()
    ]  # fmt: skip
    return Counted(figures, made, composed, not_said, today <= asked.ends_on)


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
    full = {each.code for each in counted_.lists if each.rows}
    text = draft(kind.outline, figures, running=counted_.running, full=set(full))
    frame = [_framing(OPENING, kind.opening, figures), _framing(CLOSING, kind.closing, figures)]
    return Taken(snapshot, counted_.lists, [frame[0], *text, frame[1]], sha256(snapshot))


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


def _about(asked: Asked, plan: PlanState | None, today: date) -> list[Figure]:
    values = {
        "period.name": named(asked.kind.windows, asked.starts_on, asked.ends_on),
        "period.from": asked.starts_on, "period.to": asked.ends_on,
        "period.year": str(asked.ends_on.year), "plan.title": plan and plan.title,
        "plan.number": plan and plan.number, "plan.issued_on": plan and plan.issued_on,
        "taken.on": today,
    }  # fmt: skip
    return [figure(id_, value) for id_, value in values.items()]


def _indicators(figures: dict[str, Figure]) -> Listed:
    known: Sequence[Figure] = [figures[id_] for id_ in MEASURED if id_ in figures]
    rows = [
        [f.label, f.unit, NONE if f.value is None else written(f.kind, f.value),
         UNKNOWN if f.value is None else ""]
        for f in known if f.kind != "text"
    ]  # fmt: skip
    return Listed("indicators", INDICATORS, counted(rows))
