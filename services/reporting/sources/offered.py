"""Units' reports, conclusions and findings of inspections, issued reports, documents of others.

They may feed rows of score sheets. Nothing here is confirmed: a person links and attaches them. Of
a finding its words stay where it was written down: known here is that there is one, of which kind,
and the criterion the inspectors named; and only once the conclusion is out.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from chassis.directory import unit
from chassis.ids import new_id
from chassis.words import N_, Sentence
from contracts.reporting import ReportState
from contracts.tasks import FindingRecorded, InspectionConcluded, UnitReportEvent
from reporting.sources.models import OfferedDocument

_UNIT_REPORT = N_("Báo cáo kết quả thực hiện {plan}")
_CONCLUSION = N_("Thông báo kết luận kiểm tra số {number}")
_ISSUED = N_("{kind} số {number}")
_FINDINGS = {
    "shortcoming": N_("Tồn tại (phát hiện thứ {number})"),
    "limitation": N_("Hạn chế (phát hiện thứ {number})"),
}
_HANDED_IN = frozenset({"approved", "accepted"})
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it may be shown: its `name` with whose it is, `dated_on` its own day."""

    id: UUID
    kind: str
    name: str
    unit_id: UUID | None
    dated_on: date
    sha256: str
    code: str | None
    address: str | None


def of_unit_report(event: UnitReportEvent) -> Row:
    """Return a unit's report under a plan; one that went back proves nothing until it returns."""
    report = event.report
    dated_on = report.handed_in_on if report.status in _HANDED_IN else None
    return _row("report", report, report.report_id, report.plan_year, report.unit_id,
                Sentence(_UNIT_REPORT, {"plan": report.plan_title}), dated_on)  # fmt: skip


def of_inspection(event: InspectionConcluded) -> Row:
    """Return the conclusion of an inspection."""
    inspection = event.inspection
    return _row("inspection", inspection, inspection.inspection_id, inspection.year,
                inspection.unit_id, Sentence(_CONCLUSION, {"number": event.conclusion_number}),
                event.concluded_on)  # fmt: skip


def of_finding(event: FindingRecorded) -> Row:
    """Return a finding; it has no day of its own, and is shown with its conclusion."""
    inspection = event.inspection
    name = Sentence(_FINDINGS[event.kind], {"number": inspection.finding_count})
    row = _row("finding", event, event.finding_id, inspection.year, inspection.unit_id, name, None)
    return row | {"of_id": inspection.inspection_id, "code": event.criterion_code}


def of_issued(report: ReportState) -> Row:
    """Return a report that the department signed; its hash is the one of what was signed."""
    row = _row("report", report, report.report_id, report.ends_on.year, None,
               Sentence(_ISSUED, {"kind": report.kind_name, "number": report.number}),
               report.signed_on)  # fmt: skip
    return row | {"sha256": report.sha256}


def _row(
    kind: str,
    said: BaseModel,
    id_: UUID,
    year: int,
    unit_id: UUID | None,
    name: Sentence,
    dated_on: date | None,
) -> Row:
    record = said.model_dump(mode="json")
    return {
        "id": id_, "version": getattr(said, "version"), "kind": kind, "year": year,  # noqa: B009
        "unit_id": unit_id, "name": str(name), "dated_on": dated_on, "sha256": _hash(record),
        "of_id": None, "code": None, "address": None,
    }  # fmt: skip


def _hash(record: Mapping[str, Any]) -> str:
    written = json.dumps(record, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()


async def keep(session: AsyncSession, rows: Collection[Row]) -> None:
    """Keep the newest version of each document."""
    newest: dict[UUID, Row] = {}
    for row in sorted(rows, key=lambda each: each["version"]):
        newest[row["id"]] = row
    if not newest:
        return
    given = insert(OfferedDocument).values([newest[id_] for id_ in sorted(newest)])
    changes = {name: given.excluded[name] for name in ("version", "name", "dated_on", "sha256")}
    older = OfferedDocument.version < given.excluded.version
    await session.execute(
        given.on_conflict_do_update(index_elements=["id"], set_=changes, where=older)
    )


async def name_document(
    session: AsyncSession, year: int, facts: Mapping[str, Any]
) -> OfferedDocument:
    """Keep a document that no system tells of: by its name, day, unit and address."""
    made = OfferedDocument(
        id=new_id(), version=1, kind="document", year=year, sha256=_hash(facts), of_id=None,
        code=None, **facts,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    return made


async def documents_of(session: AsyncSession, year: int) -> list[Known]:
    """Return every document of a year that may be shown, the newest first."""
    conclusion = aliased(OfferedDocument)
    found = await session.execute(
        select(OfferedDocument, conclusion.name, conclusion.dated_on, unit.c.name)
        .outerjoin(conclusion, conclusion.id == OfferedDocument.of_id)
        .outerjoin(unit, unit.c.id == OfferedDocument.unit_id)
        .where(OfferedDocument.year == year)
    )
    shown = [
        _known(kept, [part for part in (kept.name, of, whose) if part], day)
        for kept, of, of_day, whose in found
        if (day := kept.dated_on or of_day) is not None
    ]
    return sorted(shown, key=lambda each: (-each.dated_on.toordinal(), each.id))


def _known(kept: OfferedDocument, names: Sequence[str], day: date) -> Known:
    return Known(
        kept.id, kept.kind, " – ".join(names), kept.unit_id, day, kept.sha256, kept.code,
        kept.address,
    )  # fmt: skip
