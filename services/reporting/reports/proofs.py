"""What proves the PAR index, and what it was: as of the end of a day."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import OWN_BODY
from reporting.criteria.sets import PublishedSet
from reporting.reports.windows import AsOf
from reporting.score_sheets.models import RowEvidence

_RESULT = "Kết quả nhiệm vụ {number}: {product}"
_ANNOUNCED = text("""
    SELECT DISTINCT ON (s.kind) s.kind, last.said FROM index_state s, LATERAL (
      SELECT e.occurred_at, CAST(e.envelope AS jsonb) #> '{data,index}' AS said FROM event_log e
      WHERE e.subject = s.id AND e.type = 'reporting.index_changed.v1'
        AND e.occurred_at < :before
      ORDER BY e.version DESC LIMIT 1
    ) AS last
    WHERE s.year = :year AND s.kind IN ('par_secured', 'par_projected', 'par_official')
    ORDER BY s.kind, last.occurred_at DESC
""")
_RESULTS = text("""
    SELECT l.sub_criterion AS code, f.assignment_id, s.number, s.product, s.content, s.submitted_on
    FROM link l JOIN assignment_fact f ON f.task_id = l.task_id,
      LATERAL jsonb_to_record(f.state) AS s(number text, product text, content text, status text,
        submitted_on date, accepted_at timestamptz)
    WHERE l.criteria_set_id = :set_id AND s.status = 'done'
      AND coalesce(CAST(s.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date), s.submitted_on)
        <= :day
""")


@dataclass(frozen=True)
class Proof:
    """What proves a row. `result_id`: the assignment whose accepted result it is."""

    code: str
    title: str
    dated_on: date | None
    sha256: str | None
    result_id: UUID | None = None


async def announced(session: AsyncSession, year: int, as_of: AsOf) -> dict[str, Any] | None:
    """Return the PAR figures as they were last announced by a day; None: none was by then."""
    rows = await session.execute(_ANNOUNCED, {"year": year, "before": as_of.ends_at})
    said = {row.kind: row.said for row in rows}
    projected, official = said.get("par_projected"), said.get("par_official")
    if not projected or not official or not said.get("par_secured"):
        return None
    return {
        "par.secured": _number(said["par_secured"]["value"]),
        "par.projected": _number(projected["value"]), "par.official": _number(official["value"]),
        "par.points": _number(projected["numerator"]),
        "par.of_points": _number(projected["denominator"]),
        "par.valued": _number(projected["covered"]),
        "par.official_valued": _number(official["covered"]),
    }  # fmt: skip


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


async def evidence_of(session: AsyncSession, published: PublishedSet, as_of: AsOf) -> list[Proof]:
    """Return what proved the department's rows, in their order: a result that is attached once."""
    attached = await _attached(session, published.body.year, as_of)
    known = {(each.code, each.result_id) for each in attached if each.result_id}
    results = await _results(session, published, as_of)
    found = attached + [each for each in results if (each.code, each.result_id) not in known]
    order = {code: place for place, code in enumerate(published.body.by_code())}
    found.sort(key=lambda e: (order.get(e.code, len(order)), e.dated_on or date.min, e.title))
    return found


async def _attached(session: AsyncSession, year: int, as_of: AsOf) -> list[Proof]:
    rows = await session.scalars(
        select(RowEvidence)
        .where(RowEvidence.year == year, RowEvidence.body_id == OWN_BODY)
        .where(RowEvidence.added_at < as_of.ends_at)
        .where(or_(RowEvidence.withdrawn_at.is_(None), RowEvidence.withdrawn_at >= as_of.ends_at))
    )
    return [
        Proof(
            row.code, row.title, row.dated_on, row.sha256,
            row.reference_id if row.kind == "result" else None,
        )
        for row in rows
    ]  # fmt: skip


async def _results(session: AsyncSession, published: PublishedSet, as_of: AsOf) -> list[Proof]:
    """Return the accepted results of tasks that are linked to a row."""
    facts = {"set_id": published.id, "day": as_of.day}
    return [
        Proof(
            row.code, _RESULT.format(number=row.number, product=row.product or row.content),
            row.submitted_on, None, row.assignment_id,
        )
        for row in await session.execute(_RESULTS, facts)
    ]  # fmt: skip
