"""What a report says of the PAR index: the three figures, every row, and what proves it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy.ext.asyncio import AsyncSession

from reporting.criteria.sets import PublishedSet, published_set
from reporting.indices.views import par_figures, par_target
from reporting.par.index import ScoreSheet
from reporting.reports.lists import Column, Listed, listed
from reporting.reports.numbers import Figure, Value, dated, figure, plain
from reporting.reports.proofs import Proof, announced, evidence_of
from reporting.reports.windows import AsOf
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
_SHORT_HASH = 12  # digits of a hash that a person compares


@dataclass(frozen=True)
class Scored:
    """The department's sheet of a year, and what proves its rows."""

    NAMES: ClassVar = ("par.", "evidence.", "par_rows", "evidence", "indicators")

    published: PublishedSet
    sheet: ScoreSheet
    target: Target | None
    evidence: list[Proof]
    then: dict[str, Any] | None = None
    """The figures that were announced last by the end of the period; None: those of the sheet."""
    shown_on: date | None = None
    """The day as of which the sheet is, where that is not the end of the period."""

    def figures(self) -> list[Figure]:
        """Return its figures: each as of the end of the period, or with the day it is of."""
        secured, projected, official = par_figures(self.sheet)
        indices: dict[str, object] = {
            "par.secured": secured.value, "par.projected": projected.value,
            "par.official": official.value, "par.points": projected.points,
            "par.of_points": projected.of_points, "par.valued": projected.valued_points,
            "par.official_valued": official.valued_points,
        }  # fmt: skip
        rows: dict[str, object] = {
            "par.official_rows": official.valued_count, "par.rows": projected.applicable_count,
            "par.rows_valued": projected.valued_count,
        }  # fmt: skip
        of_today = _figures({**indices, **rows} if self.then is None else rows)
        dated_ = dated(of_today, self.shown_on) if self.shown_on else of_today
        return [*_figures({**(self.then or {}), **self._beside()}), *dated_]

    def _beside(self) -> dict[str, object]:
        proven = {each.code for each in self.evidence}
        rows = [row for row in self.sheet.rows() if row.applicable]
        return {
            "par.set": self.published.body.title,
            "par.target": self.target.value if self.target else None,
            "evidence.count": len(self.evidence),
            "evidence.missing": sum(1 for row in rows if row.sub.code not in proven),
        }

    def composed(self) -> list[dict[str, str]]:
        """Return the criteria set, where it is not an official text."""
        body = self.published.body
        if not body.composed:
            return []
        key = f"criteria_set/{body.code}/{self.published.set_version}"
        return [{"key": key, "name": f"bộ tiêu chí «{body.title}»", "notice": body.notice}]

    def lists(self) -> list[Listed]:
        """Return every row with its points, and the list of evidence."""
        proofs = Counter(each.code for each in self.evidence)
        rows: list[list[Value]] = [
            [row.sub.code, row.sub.name, plain(row.sub.max_points), *_points(row),
             proofs[row.sub.code]]
            for row in self.sheet.rows()
        ]  # fmt: skip
        evidence: list[list[Value]] = [
            [e.code, e.title, plain(e.dated_on) or "", (e.sha256 or "")[:_SHORT_HASH]]
            for e in self.evidence
        ]
        return [
            listed("par_rows", ROWS, rows, f"{self.shown_on}" if self.shown_on else None),
            listed("evidence", EVIDENCE, evidence),
        ]


def _points(row: Any) -> list[Value]:
    entries = (row.secured, row.projected, row.official)
    return [plain(shown(entry.points)) for entry in entries]


def _figures(values: Mapping[str, object]) -> list[Figure]:
    return [figure(id_, value) for id_, value in values.items()]


async def scored(
    session: AsyncSession, year: int, as_of: AsOf, *, latest: bool = False
) -> Scored | None:
    """Return the department's sheet of a year; None while no criteria set is in force.

    `latest`: as it is today, though the period is over; else the index as it was announced by its
    end, and what proves it by then. Rows have no history: they say of which day they are.
    """
    published = await published_set(session, year)
    if published is None:
        return None
    sheet = (await year_sheet(session, published, as_of.today)).sheet
    target = await par_target(session, year, sheet)
    if not as_of.is_past:
        return Scored(published, sheet, target, await evidence_of(session, published, as_of))
    if latest:
        proofs = await evidence_of(session, published, AsOf(as_of.today, as_of.today))
        return Scored(published, sheet, target, proofs, None, as_of.today)
    then = await announced(session, year, as_of)
    proofs = await evidence_of(session, published, as_of)
    return Scored(published, sheet, target, proofs, then, as_of.today)
