"""Inspections as they are shown: to the Office, to their team, and to the inspected unit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.web import Paging, ResponseBody, paginate
from contracts.tasks import (
    InspectionBody,
    InspectionMethod,
    InspectionStatus,
)
from tasks.access import RIGHTS
from tasks.calendar.moment import Moment
from tasks.directory.models import Person
from tasks.inspections.domain import Duty, acts_open_in
from tasks.inspections.findings import FindingView, counts_of, findings_of
from tasks.inspections.meetings import ToLookAt, warnings_of
from tasks.inspections.models import Inspection, Member
from tasks.inspections.remediation import due_if_concluded_today
from tasks.inspections.scope import in_team, may, sees_findings, unknown, visible

_SUBSTITUTE = aliased(Person)
_MADE = ("id", "year", "body", "method", "unit_id", "starts_on", "ends_on", "subject", "state",
         "records", "announced_on", "announcement_number", "visited_on",
         "cancelled_because")  # fmt: skip
_OF_CONCLUSION = ("conclusion_number", "concluded_on", "conclusion", "signer_authority",
                  "signer_post", "signer_name", "plan_id")  # fmt: skip


class MemberView(ResponseBody):
    """Somebody of the team. `replaced_by_*`: who stands in, and why the other was away."""

    person_id: UUID
    name: str
    post: str
    unit_id: UUID
    duty: Duty
    replaced_by_id: UUID | None
    replaced_by_name: str | None
    replaced_because: str | None


class RecordView(ResponseBody):
    """A record that the unit is asked for, when, by when, and when it came.

    `due_on` null: before the team comes.
    """

    what: str
    asked_on: date | None
    due_on: date | None = None
    received_on: date | None


class InspectionWarning(ResponseBody):
    """What to look at: `unit_twice`, `person_twice` (`inspection_id`: with which), `person_away`.

    Overlaps are warned of, never refused.
    """

    code: str
    inspection_id: UUID | None
    message: str


class InspectionView(ResponseBody):
    """An inspection. `finding_count` null: the caller may not know before the conclusion.

    `version` moves with each finding for those who may know of it, for others at the conclusion.

    `open_count`: findings whose remediation is not accepted yet. `warnings`: by the one calendar of
    all bodies. `allowed`: what the caller may do with it now.
    """

    id: UUID
    version: int
    year: int
    body: InspectionBody
    method: InspectionMethod
    unit_id: UUID
    starts_on: date
    ends_on: date
    subject: str
    state: InspectionStatus
    records: list[RecordView]
    announced_on: date | None
    announcement_number: str | None
    visited_on: date | None
    cancelled_because: str | None
    concluded_on: date | None
    head_name: str | None
    finding_count: int | None
    open_count: int | None
    warnings: list[InspectionWarning]
    allowed: list[str]


class InspectionDetail(InspectionView):
    """An inspection with its team, and findings and conclusion for who may read them.

    `remediation_due_on`: by when findings are to be remedied if it were concluded today, for who
    may read them; null before the visit and after the conclusion, when each finding says it.
    """

    team: list[MemberView]
    findings: list[FindingView]
    remediation_due_on: date | None
    conclusion_number: str | None
    conclusion: str | None
    signer_authority: str | None
    signer_post: str | None
    signer_name: str | None
    plan_id: UUID | None


@dataclass(frozen=True)
class Asked:
    """Which inspections are asked for; what is left out narrows nothing. Days: those that touch."""

    year: int | None = None
    unit_id: UUID | None = None
    state: InspectionStatus | None = None
    from_day: date | None = None
    until_day: date | None = None


async def page(
    session: AsyncSession,
    actor: Actor,
    asked: Asked,
    at: Moment,
    paging: Paging,
    language: Language,
) -> tuple[list[InspectionView], str | None]:
    """Return inspections by their first day, with warnings; a handful of statements a page."""
    ids = select(Inspection.id).where(visible(actor), *_conditions(asked))
    keys = (Inspection.starts_on, Inspection.id)
    found, cursor = await paginate(session, ids, paging, *keys)
    views = await _views(session, actor, found, at, language)
    return [views[id_] for id_ in found], cursor


async def one(
    session: AsyncSession, actor: Actor, id_: UUID, at: Moment, language: Language
) -> InspectionDetail:
    """Return an inspection the actor may see. Raises NotFound."""
    views = await _views(session, actor, [id_], at, language)
    if id_ not in views:
        raise unknown()
    view = views[id_]
    inspection = await session.get_one(Inspection, id_)
    shown, open_ = view.finding_count is not None, inspection.state == "visited"
    may_close = RIGHTS.may(actor, "inspection.close_finding")
    facts = {name: getattr(inspection, name) for name in _OF_CONCLUSION if name != "concluded_on"}
    return InspectionDetail(
        **view.model_dump(),
        team=await team_of(session, id_),
        findings=await findings_of(session, id_, may_close=may_close) if shown else [],
        remediation_due_on=await due_if_concluded_today(session, at) if shown and open_ else None,
        **facts,
    )


async def team_of(session: AsyncSession, id_: UUID) -> list[MemberView]:
    """Return the team, its head first."""
    statement = (
        select(Member, Person, _SUBSTITUTE.name)
        .join(Person, Person.id == Member.person_id)
        .outerjoin(_SUBSTITUTE, _SUBSTITUTE.id == Member.replaced_by_id)
        .where(Member.inspection_id == id_)
        .order_by(Member.position)
    )
    return [
        MemberView(
            person_id=person.id, name=person.name, post=person.post, unit_id=person.unit_id,
            duty=member.duty, replaced_by_id=member.replaced_by_id,
            replaced_by_name=substitute, replaced_because=member.replaced_because,
        )
        for member, person, substitute in await session.execute(statement)
    ]  # fmt: skip


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    given: list[tuple[Any, Any]] = [
        (asked.year, Inspection.year == asked.year),
        (asked.unit_id, Inspection.unit_id == asked.unit_id),
        (asked.state, Inspection.state == asked.state),
        (asked.from_day, Inspection.ends_on >= (asked.from_day or date.min)),
        (asked.until_day, Inspection.starts_on <= (asked.until_day or date.max)),
    ]
    return [condition for value, condition in given if value is not None]


async def _views(
    session: AsyncSession, actor: Actor, ids: Collection[UUID], at: Moment, language: Language
) -> dict[UUID, InspectionView]:
    if not ids:
        return {}
    head = (
        select(Person.name)
        .join(Member, Member.person_id == Person.id)
        .where(Member.inspection_id == Inspection.id, Member.duty == "head")
        .scalar_subquery()
    )
    statement = select(Inspection, head, in_team(actor))
    rows = (await session.execute(statement.where(Inspection.id.in_(ids), visible(actor)))).all()
    counts = await counts_of(session, ids)
    warnings = await warnings_of(session, actor, [row[0] for row in rows], at)
    return {
        row[0].id: _view(row, actor, counts[row[0].id], warnings.get(row[0].id, []), language)
        for row in rows
    }


def _view(
    row: Any,
    actor: Actor,
    counts: tuple[int, int],
    warnings: Sequence[ToLookAt],
    language: Language,
) -> InspectionView:
    inspection, head, of_team = row
    shown = sees_findings(actor, inspection, of_team=of_team)
    acts = acts_open_in(inspection.state, inspection.method)
    return InspectionView(
        **{name: getattr(inspection, name) for name in _MADE},
        version=inspection.version_with(counts[0]) if shown else inspection.version,
        concluded_on=inspection.concluded_on,
        head_name=head,
        finding_count=counts[0] if shown else None,
        open_count=counts[1] if shown else None,
        warnings=[
            InspectionWarning(
                code=each.code,
                inspection_id=each.inspection_id,
                message=say(each.sentence, language),
            )
            for each in warnings
        ],
        allowed=[act for act in acts if may(actor, act, inspection, of_team=of_team)],
    )
