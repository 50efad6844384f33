"""What a report says of the PAR index: the three figures, every row, and what proves it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reporting.bodies.models import OWN_BODY
from reporting.completion.models import AssignmentFact
from reporting.criteria.models import Link
from reporting.criteria.sets import PublishedSet, published_set
from reporting.indices.views import par_figures, par_target
from reporting.par.index import ScoreSheet
from reporting.reports.lists import Column, Listed, counted
from reporting.reports.numbers import Figure, Value, figure, plain
from reporting.score_sheets.models import RowEvidence
from reporting.score_sheets.sheets import year_sheet
from reporting.shown import shown
from reporting.sources.targets import Target

ROWS: tuple[Column, ...] = (
    ("STT", "count", 14), ("Mã", "text", 20), ("Tiêu chí thành phần", "text", 112),
    ("Điểm tối đa", "points", 24), ("Chắc chắn", "points", 24), ("Dự kiến", "points", 24),
    ("Chính thức", "points", 24), ("Minh chứng", "count", 24),
)  # fmt: skip
EVIDENCE: tuple[Column, ...] = (
    ("STT", "count", 14), ("Mã", "text", 20), ("Minh chứng", "text", 92), ("Ngày", "day", 26),
    ("Mã kiểm tra", "text", 32),
)  # fmt: skip
_RESULT = "Kết quả nhiệm vụ {number}: {product}"
_SHORT_HASH = 12  # digits of a hash that a person compares


@dataclass(frozen=True)
class Scored:
    """The department's sheet of a year, and what proves its rows: code, title, day, hash."""

    NAMES: ClassVar = ("par.", "evidence.", "par_rows", "evidence", "indicators")

    published: PublishedSet
    sheet: ScoreSheet
    target: Target | None
    evidence: list[tuple[str, str, date | None, str | None]]

    def figures(self) -> list[Figure]:
        """Return its figures."""
        secured, projected, official = par_figures(self.sheet)
        proven = {code for code, *_ in self.evidence}
        rows = [row for row in self.sheet.rows() if row.applicable]
        values: dict[str, object] = {
            "par.set": self.published.body.title, "par.secured": secured.value,
            "par.projected": projected.value, "par.official": official.value,
            "par.official_rows": official.valued_count,
            "par.points": projected.points, "par.of_points": projected.of_points,
            "par.valued": projected.valued_points, "par.rows": projected.applicable_count,
            "par.rows_valued": projected.valued_count,
            "par.target": self.target.value if self.target else None,
            "evidence.count": len(self.evidence),
            "evidence.missing": sum(1 for row in rows if row.sub.code not in proven),
        }  # fmt: skip
        return [figure(id_, value) for id_, value in values.items()]

    def composed(self) -> list[dict[str, str]]:
        """Return the criteria set, where it is not an official text."""
        body = self.published.body
        if not body.composed:
            return []
        key = f"criteria_set/{body.code}/{self.published.set_version}"
        return [{"key": key, "name": f"bộ tiêu chí «{body.title}»", "notice": body.notice}]

    def lists(self) -> list[Listed]:
        """Return every row with its points, and the list of evidence."""
        proofs: dict[str, int] = {}
        for code, *_ in self.evidence:
            proofs[code] = proofs.get(code, 0) + 1
        rows: list[list[Value]] = [
            [row.sub.code, row.sub.name, plain(row.sub.max_points), *_points(row),
             proofs.get(row.sub.code, 0)]
            for row in self.sheet.rows()
        ]  # fmt: skip
        evidence: list[list[Value]] = [
            [code, title, plain(day) or "", (hash_ or "")[:_SHORT_HASH]]
            for code, title, day, hash_ in self.evidence
        ]
        return [
            Listed("par_rows", ROWS, counted(rows)),
            Listed("evidence", EVIDENCE, counted(evidence)),
        ]


def _points(row: Any) -> list[Value]:
    entries = (row.secured, row.projected, row.official)
    return [plain(shown(entry.points)) for entry in entries]


async def scored(session: AsyncSession, year: int, today: date) -> Scored | None:
    """Return the department's sheet of a year; None while no criteria set is in force."""
    published = await published_set(session, year)
    if published is None:
        return None
    sheet = (await year_sheet(session, published, today)).sheet
    target = await par_target(session, year, sheet)
    order = {code: place for place, code in enumerate(published.body.by_code())}
    found = [*await _attached(session, year), *await _results(session, published)]
    found.sort(key=lambda each: (order.get(each[0], len(order)), each[2] or date.min, each[1]))
    return Scored(published, sheet, target, found)


async def _attached(
    session: AsyncSession, year: int
) -> list[tuple[str, str, date | None, str | None]]:
    rows = await session.execute(
        select(RowEvidence.code, RowEvidence.title, RowEvidence.dated_on, RowEvidence.sha256)
        .where(RowEvidence.year == year, RowEvidence.body_id == OWN_BODY)
        .where(RowEvidence.withdrawn_at.is_(None))
    )
    return [(row.code, row.title, row.dated_on, row.sha256) for row in rows]


async def _results(
    session: AsyncSession, published: PublishedSet
) -> list[tuple[str, str, date | None, str | None]]:
    """Return the accepted results of tasks that are linked to a row."""
    state = AssignmentFact.state
    rows = await session.execute(
        select(
            Link.sub_criterion, state["number"].astext, state["product"].astext,
            state["content"].astext, state["submitted_on"].astext,
        )
        .join(AssignmentFact, AssignmentFact.task_id == Link.task_id)
        .where(Link.criteria_set_id == published.id, state["status"].astext == "done")
    )  # fmt: skip
    return [
        (
            code, _RESULT.format(number=number, product=product or content),
            date.fromisoformat(day) if day else None, None,
        )
        for code, number, product, content, day in rows
    ]  # fmt: skip
