"""Closing a finding that nothing remedies any more, because its remediation was cancelled."""

from uuid import UUID

from sqlalchemy import select

from chassis.errors import NotFound
from tasks.inspections import domain
from tasks.inspections.change import InspectionChange
from tasks.inspections.findings import REMEDY_STATUS, with_remediation
from tasks.inspections.models import Finding


async def close_finding(change: InspectionChange, id_: UUID, reason: str) -> None:
    """Close it, saying why. Raises NotFound, RuleBroken unless its remediation was cancelled."""
    statement = with_remediation(select(Finding, REMEDY_STATUS)).where(
        Finding.id == id_, Finding.inspection_id == change.inspection.id
    )
    row = (await change.session.execute(statement)).first()
    if row is None:
        raise NotFound("Không tìm thấy tồn tại, hạn chế này", code="finding_not_found")
    finding, status = row
    domain.check_closing(status, closed=finding.closed_at is not None)
    finding.closed_at, finding.closed_because = change.at.now, reason
    finding.closed_by = change.actor.person_id
    await change.leave("close_finding", reason=reason, finding_id=str(id_))
