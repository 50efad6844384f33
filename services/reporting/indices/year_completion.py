"""A year's completion and timeliness, exact, explained, with how much of the work they cover."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.clock import database_now, local_date
from chassis.i18n import Language
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.completion.domain import Completion, explain, summarise
from reporting.completion.timeliness import Deadline, Extended, Timely, timely
from reporting.completion.timeliness import explain as explain_timely
from reporting.completion.views import (
    CompletionView,
    CoordinationView,
    completion_view,
    coordination_view,
    each_completion,
    extended_of,
    year_completions,
)
from reporting.indices.nodes import Node, node
from reporting.indices.views import UnitCompletion, units_of
from reporting.shown import shown
from reporting.sources.views import plans_of


class WorkCovered(ResponseBody):
    """How much of the work the figures are over: what has a deadline, of all that is not cancelled.

    The rest stands beside them: without end (continuous), from an event that has not happened
    (untriggered), or with a deadline nobody could read (needs_person).
    """

    with_deadline: int
    all: int
    continuous: int
    untriggered: int
    needs_person: int


class TimelinessView(ResponseBody):
    """What is due by one kind of deadline. Rates are None where nothing is due yet."""

    due: int
    done: int
    on_time: int
    rate_done: Decimal | None
    rate_on_time: Decimal | None


class Measured(ResponseBody):
    """Completion, timeliness by the current and by the first deadlines, and what they cover."""

    coverage: WorkCovered
    completion: CompletionView
    by_current_deadline: TimelinessView
    by_first_deadline: TimelinessView


class MeasuredPlan(Measured):
    """One plan of the year, alone."""

    title: str
    status: str


class MeasuredYear(Measured):
    """A year over all the plans that make it, and each alone. `coordination` None: none asked."""

    year: int
    as_of: datetime
    coordination: CoordinationView | None
    units: list[UnitCompletion]
    plans: list[MeasuredPlan]
    explained: list[Node]


async def measured_year(
    session: AsyncSession, actor: Actor, year: int, language: Language
) -> MeasuredYear:
    """Return a year's completion and timeliness, whole, plan by plan, unit by unit.

    Explained to whom figures are explained: to no partner.
    """
    may_ask_why = RIGHTS.may(actor, "index.explain")
    now = await database_now(session)
    today = local_date(now)
    plans = await plans_of(session, year)
    ids = [plan.plan_id for plan in plans]
    extended = await extended_of(session, ids, today)
    stand = await each_completion(session, ids, today)
    alone = [(plan, stand[plan.plan_id], _of(extended, plan.plan_id)) for plan in plans]
    found = await year_completions(session, year, today)
    whole, helped = found.get("plan", summarise([], today)), found.get("helps")
    moved = sum((each for _, _, each in alone), Extended())
    titled = [(plan.title, each, put_off) for plan, each, put_off in alone]
    return MeasuredYear(
        **_measured(None, whole, moved), year=year, as_of=now,
        coordination=coordination_view(helped) if helped and helped.counts.total else None,
        units=await units_of(session, actor, None, found),
        plans=[
            MeasuredPlan(
                **_measured(plan.plan_id, each, put_off), title=plan.title, status=plan.status
            )
            for plan, each, put_off in alone
        ],
        explained=_explained(whole, moved, titled, language) if may_ask_why else [],
    )  # fmt: skip


def _of(extended: dict[UUID, Extended], plan_id: UUID) -> Extended:
    return extended.get(plan_id, Extended())


def _measured(plan_id: UUID | None, found: Completion, extended: Extended) -> dict[str, Any]:
    return {
        "coverage": _coverage(found),
        "completion": completion_view(plan_id, found),
        "by_current_deadline": _timeliness(timely(found, extended, "current")),
        "by_first_deadline": _timeliness(timely(found, extended, "first")),
    }


def _coverage(found: Completion) -> WorkCovered:
    counts = found.counts
    beside = counts.continuous + counts.untriggered + counts.needs_person
    return WorkCovered(
        with_deadline=counts.total, all=counts.total + beside, continuous=counts.continuous,
        untriggered=counts.untriggered, needs_person=counts.needs_person,
    )  # fmt: skip


def _timeliness(found: Timely) -> TimelinessView:
    return TimelinessView(
        due=found.due, done=found.done, on_time=found.on_time, rate_done=shown(found.rate_done),
        rate_on_time=shown(found.rate_on_time),
    )  # fmt: skip


def _explained(
    whole: Completion,
    extended: Extended,
    plans: Sequence[tuple[str, Completion, Extended]],
    language: Language,
) -> list[Node]:
    """Explain done of all and of those due, and in time by the current and the first deadlines."""
    titled = [(title, each) for title, each, _ in plans]
    rates = [explain(whole, only_due=only_due, plans=titled) for only_due in (False, True)]
    deadlines: tuple[Deadline, ...] = ("current", "first")
    in_time = [
        explain_timely(
            timely(whole, extended, by), by,
            [(title, timely(each, put_off, by)) for title, each, put_off in plans],
        )
        for by in deadlines
    ]  # fmt: skip
    return [node(each, language) for each in (*rates, *in_time)]
