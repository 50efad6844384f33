"""What a team found, and the conclusion: notice, remediations, who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.ids import new_id
from chassis.rules import Problem
from chassis.words import Sentence
from contracts.tasks import FindingKind, FindingRecorded, InspectionConcluded
from tasks.by_hand.actions import enter
from tasks.by_hand.domain import Row, Source
from tasks.directory.models import Unit
from tasks.inspections import dates, domain, wordings
from tasks.inspections.change import InspectionChange
from tasks.inspections.models import Finding
from tasks.inspections.remediation import remediation_deadline
from tasks.plans.actions import find
from tasks.plans.domain import check_in_force


@dataclass(frozen=True)
class Found:
    """A finding as the team writes it down."""

    kind: FindingKind
    words: str
    criterion_code: str | None
    evidence: str


@dataclass(frozen=True)
class Conclusion:
    """The conclusion notice. `plan_id`: where what is to be remedied becomes assignments."""

    number: str
    issued_on: date
    text: str
    plan_id: UUID | None
    signer_authority: str | None
    signer_post: str | None
    signer_name: str | None


@dataclass(frozen=True)
class Remediation:
    """What is to be done about a finding, and by which unit."""

    finding_id: UUID
    lead_unit_id: UUID
    what: str


async def record_finding(change: InspectionChange, found: Found) -> Finding:
    """Write a finding down; the Office is told that there is one. Raises RuleBroken."""
    inspection = change.inspection
    domain.check_standing("record_finding", inspection.state, inspection.method)
    finding = Finding(
        id=new_id(), inspection_id=inspection.id, kind=found.kind, words=found.words,
        criterion_code=found.criterion_code, evidence=found.evidence, recorded_at=change.at.now,
        recorded_by=change.actor.person_id, assignment_id=None, closed_at=None,
        closed_by=None, closed_because=None,
    )  # fmt: skip
    change.session.add(finding)
    await change.session.flush()
    event = FindingRecorded(
        inspection=inspection.announced_state(await change.count_findings()),
        finding_id=finding.id, kind=finding.kind, recorded_by_id=finding.recorded_by,
        criterion_code=finding.criterion_code,
    )  # fmt: skip
    await change.trace("record_finding", event, finding_id=str(finding.id), kind=finding.kind)
    return finding


async def conclude(
    change: InspectionChange, conclusion: Conclusion, remediations: Sequence[Remediation]
) -> None:
    """End an inspection: each finding becomes an assignment of the unit that is to remedy it.

    Due so many days after the notice's day. Raises RuleBroken for its state and the plan's,
    NotFound for the plan, InputRefused unless each finding has one remediation, by a unit at work.
    """
    inspection, session = change.inspection, change.session
    domain.check_standing("conclude", inspection.state, inspection.method)
    dates.check_happened("issued_on", conclusion.issued_on, change.at.today, inspection.visited_on)
    of_inspection = select(Finding).where(Finding.inspection_id == inspection.id)
    found = list(await session.scalars(of_inspection.order_by(Finding.recorded_at, Finding.id)))
    findings = {each.id: each for each in found}
    domain.check_remediations(
        [each.finding_id for each in remediations], {id_: f.words for id_, f in findings.items()}
    )
    await _check_units(session, remediations)
    if conclusion.plan_id is not None:
        check_in_force((await find(session, conclusion.plan_id)).status)
    await _remedy(change, conclusion, remediations, findings)
    inspection.state, inspection.version = "concluded", inspection.version + 1
    inspection.conclusion_number, inspection.concluded_on = conclusion.number, conclusion.issued_on
    inspection.conclusion, inspection.plan_id = conclusion.text, conclusion.plan_id
    for name in ("signer_authority", "signer_post", "signer_name"):
        setattr(inspection, name, getattr(conclusion, name))
    event = InspectionConcluded(
        inspection=inspection.announced_state(len(findings)),
        conclusion_number=conclusion.number,
        concluded_on=conclusion.issued_on,
    )
    made = [str(each.assignment_id) for each in findings.values()]
    await change.trace("conclude", event, findings=len(findings), assignments=made)


async def _check_units(session: AsyncSession, remediations: Sequence[Remediation]) -> None:
    ids = [each.lead_unit_id for each in remediations]
    known = set(await session.scalars(select(Unit.id).where(Unit.id.in_(ids), Unit.active)))
    domain.refuse(
        [
            Problem(f"/remediations/{n}/lead_unit_id", Sentence(domain.UNIT_UNKNOWN))
            for n, id_ in enumerate(ids)
            if id_ not in known
        ]
    )


async def _remedy(
    change: InspectionChange,
    conclusion: Conclusion,
    remediations: Sequence[Remediation],
    findings: Mapping[UUID, Finding],
) -> None:
    if not remediations:
        return
    if conclusion.plan_id is None:
        domain.refuse([Problem("/plan_id", Sentence(domain.PLAN_NEEDED))])
        return
    session = change.session
    deadline = await remediation_deadline(session)
    unit = await session.get_one(Unit, change.inspection.unit_id)
    title = wordings.SOURCE.format(unit=unit.name)
    source = Source(conclusion.number, conclusion.issued_on, title)
    for each in remediations:
        row = Row(
            content=each.what, lead_unit_ids=[each.lead_unit_id], section=wordings.SECTION,
            source=source, deadline_text=deadline,
            happened_on=conclusion.issued_on, happened_in=conclusion.number,
        )  # fmt: skip
        entered = await enter(session, change.actor, conclusion.plan_id, row, preview=False)
        findings[each.finding_id].assignment_id = entered.assignments[0].id
