"""Weaknesses that a unit repeats, by a rule that is data."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.web import ResponseBody, check_version
from tasks.access import RIGHTS
from tasks.calendar.moment import Moment
from tasks.inspections import domain
from tasks.inspections.findings import is_open, with_remediation
from tasks.inspections.models import Finding, Inspection, InspectionRule


class RuleView(ResponseBody):
    """When a weakness is repeated: a criterion in `times` years among the last `periods`.

    `remediation_days`: days from a conclusion until its findings are remedied. Composed, not from a
    document, until somebody changes it; `reason`: why they did, "" before.
    """

    version: int
    times: int
    periods: int
    remediation_days: int
    reason: str
    allowed: list[str]


class SeenIn(ResponseBody):
    """An inspection in which the criterion was found wanting."""

    id: UUID
    year: int
    subject: str
    concluded_on: date | None


class RepeatedWeakness(ResponseBody):
    """A criterion that was found wanting in a unit again. `times`: in how many years."""

    unit_id: UUID
    criterion_code: str
    times: int
    open_count: int
    inspections: list[SeenIn]


class RepeatedWeaknesses(ResponseBody):
    """What is repeated, by unit and criterion, and by which rule."""

    data: list[RepeatedWeakness]
    rule: RuleView


async def rule_of(session: AsyncSession, *, lock: bool = False) -> InspectionRule:
    """Return the one rule there is."""
    statement = select(InspectionRule)
    if lock:
        statement = statement.with_for_update()
    return (await session.scalars(statement)).one()


def rule_view(rule: InspectionRule, actor: Actor) -> RuleView:
    """Return the rule, and whether the actor may change it."""
    names = ("version", "times", "periods", "remediation_days", "reason")
    facts = {name: getattr(rule, name) for name in names}
    return RuleView(**facts, allowed=RIGHTS.allowed(actor, "inspection_rule", ("change",)))


async def set_rule(
    session: AsyncSession,
    actor: Actor,
    seen: int,
    facts: dict[str, int],
    reason: str,
    at: Moment,
) -> InspectionRule:
    """Change the rule. Raises StaleVersion, InputRefused for one that nothing can meet."""
    domain.check_rule(facts["times"], facts["periods"])
    rule = await rule_of(session, lock=True)
    check_version(rule.version, seen)
    before = {name: getattr(rule, name) for name in facts}
    for name, value in facts.items():
        setattr(rule, name, value)
    rule.version, rule.reason = rule.version + 1, reason
    rule.changed_at, rule.changed_by = at.now, actor.person_id
    await traces.leave(
        session, actor, "inspection_rule.change", rule.id, now=at.now, before=before, after=facts,
        reason=reason,
    )  # fmt: skip
    return rule


async def repeated(
    session: AsyncSession, actor: Actor, unit_id: UUID | None, at: Moment
) -> RepeatedWeaknesses:
    """Return what units repeat; of concluded inspections alone. A head: of the own unit alone.

    Raises NotAllowed for another unit than the own, for whom that is not open.
    """
    if not RIGHTS.may(actor, "repeated_weakness.read"):
        unit_id = unit_id or actor.unit_id
        RIGHTS.check(actor, "repeated_weakness.read", unit_id)
    rule = await rule_of(session)
    rows = await _found(session, rule, unit_id, at.today.year)
    grouped: defaultdict[tuple[UUID, str], list[Any]] = defaultdict(list)
    for row in rows:
        grouped[(row.unit_id, row.criterion_code)].append(row)
    data = [
        _weakness(*key, of_key) for key, of_key in grouped.items() if _years(of_key) >= rule.times
    ]
    return RepeatedWeaknesses(data=data, rule=rule_view(rule, actor))


async def _found(
    session: AsyncSession, rule: InspectionRule, unit_id: UUID | None, year: int
) -> Sequence[Any]:
    """Return each criterion of each inspection of the last years, with its findings left open."""
    columns = (Inspection.id, Inspection.unit_id, Inspection.year, Inspection.subject)
    still = func.count().filter(is_open()).label("still_open")
    chosen = select(*columns, Inspection.concluded_on, Finding.criterion_code, still)
    joined = chosen.select_from(Finding).join(Inspection, Inspection.id == Finding.inspection_id)
    statement = (
        with_remediation(joined)
        .where(
            Inspection.state == "concluded",
            Inspection.year > year - rule.periods,
            Finding.criterion_code.is_not(None),
        )
        .group_by(Inspection.id, Finding.criterion_code)
        .order_by(Inspection.unit_id, Finding.criterion_code, Inspection.concluded_on.desc())
    )
    if unit_id is not None:
        statement = statement.where(Inspection.unit_id == unit_id)
    return (await session.execute(statement)).all()


def _years(rows: Sequence[Any]) -> int:
    return len({row.year for row in rows})


def _weakness(unit_id: UUID, code: str, rows: Sequence[Any]) -> RepeatedWeakness:
    return RepeatedWeakness(
        unit_id=unit_id,
        criterion_code=code,
        times=_years(rows),
        open_count=sum(row.still_open for row in rows),
        inspections=[SeenIn.model_validate(row) for row in rows],
    )
