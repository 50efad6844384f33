"""Units' reports, conclusions of inspections and issued reports: offered where a row asks for such.

Nothing here is confirmed: a person attaches what proves a row, by one click. Which rows ask for
them is read from the evidence that the criteria set names (composed).
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.directory import unit
from chassis.words import N_, Sentence
from contracts.reporting import ReportState
from contracts.tasks import InspectionConcluded, UnitReportEvent
from reporting.bodies.models import OWN_BODY
from reporting.criteria.domain import SubCriterion
from reporting.criteria.vocabulary import ASKED_FOR_BY
from reporting.score_sheets.models import OfferedDocument
from reporting.score_sheets.seen import SeenSheet

_UNIT_REPORT = N_("Báo cáo kết quả thực hiện {plan}")
_CONCLUSION = N_("Thông báo kết luận kiểm tra số {number}")
_ISSUED = N_("{kind} số {number}")
_HANDED_IN = frozenset({"approved", "accepted"})
_MOST = 200
Row = dict[str, Any]


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


def of_issued(report: ReportState) -> Row:
    """Return a report that the department signed; its hash is the one of what was signed."""
    row = _row("report", report, report.report_id, report.ends_on.year, None,
               Sentence(_ISSUED, {"kind": report.kind_name, "number": report.number}),
               report.signed_on)  # fmt: skip
    return {**row, "sha256": report.sha256}


def _row(
    kind: str,
    said: BaseModel,
    id_: UUID,
    year: int,
    unit_id: UUID | None,
    name: Sentence,
    dated_on: date | None,
) -> Row:
    record = json.dumps(said.model_dump(mode="json"), sort_keys=True, ensure_ascii=False).encode()
    return {
        "id": id_, "version": getattr(said, "version"), "kind": kind, "year": year,  # noqa: B009
        "unit_id": unit_id, "name": str(name), "dated_on": dated_on,
        "sha256": hashlib.sha256(record).hexdigest(),
    }  # fmt: skip


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


async def documents_for(seen: SeenSheet, sub: SubCriterion) -> Sequence[Any]:
    """Return what may prove a row of this body, the newest first: id, kind, name, day and hash.

    A unit's sheet is offered its own, the department's its issued reports and all inspections.
    """
    asked = " ".join(sub.evidence).casefold()
    kinds = [kind for kind, word in ASKED_FOR_BY.items() if word in asked]
    whose = _whose(seen)
    if not kinds or whose is None:
        return ()
    of_unit = func.coalesce(" – " + unit.c.name, "").label("of_unit")
    found = await seen.session.execute(
        select(OfferedDocument, of_unit)
        .outerjoin(unit, unit.c.id == OfferedDocument.unit_id)
        .where(
            OfferedDocument.year == seen.sheet.year, OfferedDocument.kind.in_(kinds),
            OfferedDocument.dated_on.is_not(None), whose,
        )
        .order_by(OfferedDocument.dated_on.desc(), OfferedDocument.id)
        .limit(_MOST)
    )  # fmt: skip
    return list(found.tuples())


def _whose(seen: SeenSheet) -> ColumnElement[bool] | None:
    if seen.body.unit_id is not None:
        return OfferedDocument.unit_id == seen.body.unit_id
    if seen.body.id != OWN_BODY:
        return None
    issued = and_(OfferedDocument.kind == "report", OfferedDocument.unit_id.is_(None))
    return or_(issued, OfferedDocument.kind == "inspection")
