"""Where the bodies of a block stand: ranks, grades, the average, what moved since last year.

Everything is exact. Ranks follow unrounded indices, so of two bodies that are both shown as 90.02
one may stand before the other (source: as the provinces publish, docs/indices.md 9).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal
from uuid import UUID

from chassis.rules import InputRefused, Problem, RuleBroken
from chassis.words import N_, Sentence
from reporting.score_sheets.outcome import AreaPoints

GradeOf = Callable[[Fraction], str | None]
"""Gives the grade of an exact index, in percent; None where there are no grades."""
State = Literal["ranked", "ineligible", "waiting", "without_index"]
"""`waiting`: its sheet is not approved yet. `without_index`: approved, and nothing in it applies.
"""


_LAST = 10**6  # behind every rank


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its year's sheet. `index` in percent, exact; None: none yet.

    `approved`: whether its sheet is. `reason`: why it is not eligible ("không đủ điều kiện").
    `provisional`: its index so far, in percent, while its appraisal goes on; `appraised`: how many
    of the points at stake that appraisal has decided.
    """

    id: UUID
    code: str
    name: str
    index: Fraction | None
    approved: bool
    eligible: bool = True
    reason: str | None = None
    points: Fraction = Fraction(0)
    of_points: Fraction = Fraction(0)
    bonus: Fraction = Fraction(0)
    penalty: Fraction = Fraction(0)
    areas: tuple[AreaPoints, ...] = ()
    provisional: Fraction | None = None
    appraised: Fraction = Fraction(0)

    @property
    def so_far(self) -> Fraction | None:
        """Its index, or while there is none the provisional one; None when it is not eligible."""
        if not self.eligible:
            return None
        return self.index if self.approved else self.provisional

    @property
    def state(self) -> State:
        """Whether it is ranked, and why not."""
        if not self.eligible:
            return "ineligible"
        if not self.approved:
            return "waiting"
        return "without_index" if self.index is None else "ranked"


@dataclass(frozen=True, slots=True)
class Before:
    """Where a body stood a year before; `rank` None: it was listed without one."""

    rank: int | None
    index: Fraction | None


@dataclass(frozen=True, slots=True)
class Line:
    """A body in the table; `rank` and `grade` None: it is listed without them.

    `before` None: last year's ranking was not published, or did not list it. `provisional_rank`:
    where it stands so far, while the appraisal of some body goes on; it is never published.
    """

    body: Body
    rank: int | None
    grade: str | None
    before: Before | None = None
    provisional_rank: int | None = None

    @property
    def places_won(self) -> int | None:
        """Ranks won since last year, negative when lost; None while either is unknown."""
        if self.rank is None or self.before is None or self.before.rank is None:
            return None
        return self.before.rank - self.rank

    @property
    def points_won(self) -> Fraction | None:
        """Percentage points of the index won since last year; None while either is unknown."""
        if self.rank is None or self.body.index is None:
            return None
        if self.before is None or self.before.index is None:
            return None
        return self.body.index - self.before.index


@dataclass(frozen=True, slots=True)
class Ranking:
    """The table of a block: those ranked by rank, then the others. `average` of those ranked."""

    lines: tuple[Line, ...]
    average: Fraction | None


def rank(
    bodies: Collection[Body],
    grade_of: GradeOf,
    last_year: Mapping[UUID, Before] | None = None,
) -> Ranking:
    """Rank the bodies of a block on their exact indices; equal ones share a rank (1, 2, 2, 4).

    Args:
        bodies: all of the block, each once; those not ranked are listed without rank.
        grade_of: the grades of the criteria set (`CriteriaSet.grade`): every index has exactly one.
        last_year: where they stood, by body.
    """
    indices = [body.index for body in bodies if body.state == "ranked" and body.index is not None]
    ranks = _ranks(indices)
    lines = [_line(body, ranks, grade_of, (last_year or {}).get(body.id)) for body in bodies]
    lines = sorted(_provisional(lines), key=_order)
    return Ranking(tuple(lines), sum(indices, Fraction(0)) / len(indices) if indices else None)


def _ranks(indices: Collection[Fraction]) -> dict[Fraction, int]:
    """Return the rank of each index; equal ones have one."""
    best_first = sorted(indices, reverse=True)
    return {index: place for place, index in reversed([*enumerate(best_first, 1)])}


def _provisional(lines: list[Line]) -> list[Line]:
    """Say where each stands so far, while the appraisal of some goes on."""
    if not any(line.body.state == "waiting" and line.body.so_far is not None for line in lines):
        return lines
    so_far = [line.body.so_far for line in lines]
    ranks = _ranks([index for index in so_far if index is not None])
    return [
        line if index is None else replace(line, provisional_rank=ranks[index])
        for line, index in zip(lines, so_far, strict=True)
    ]


def _line(
    body: Body, ranks: Mapping[Fraction, int], grade_of: GradeOf, before: Before | None
) -> Line:
    if body.state != "ranked" or body.index is None:
        return Line(body, None, None, before)
    return Line(body, ranks[body.index], grade_of(body.index), before)


def _order(line: Line) -> tuple[bool, int, bool, int, str]:
    body, so_far = line.body, line.provisional_rank or _LAST
    return line.rank is None, line.rank or 0, body.state == "ineligible", so_far, body.code


def next_version(ranking: Ranking, latest: int, reason: str, *, unchanged: bool) -> int:
    """Return the number under which a ranking may be published.

    Args:
        latest: of the newest version; 0: none is published.
        reason: why it is published anew; not needed for the first.
        unchanged: whether it says the same as the newest version.

    Raises InputRefused (`ranking_reason_missing`), RuleBroken (`ranking_sheet_not_approved`,
    `ranking_empty`, `ranking_unchanged`).
    """
    if unchanged:
        sentence = N_("Bảng xếp hạng không khác phiên bản {number} đã công bố, không công bố lại")
        raise RuleBroken("ranking_unchanged", Sentence(sentence, {"number": latest}))
    if latest and not reason.strip():
        sentence = N_("Đã công bố phiên bản {number}: công bố lại thì phải nêu lý do đính chính")
        said = Sentence(sentence, {"number": latest})
        raise InputRefused("ranking_reason_missing", said, [Problem("/reason", said)])
    if refused := hindrance(ranking):
        raise refused
    return latest + 1


def hindrance(ranking: Ranking) -> RuleBroken | None:
    """Return what keeps a ranking from being published, naming the bodies; None: nothing does."""
    waiting = [line.body.name for line in ranking.lines if line.body.state == "waiting"]
    if waiting:
        sentence = N_(
            "Chưa công bố được: phiếu chấm của {bodies} chưa được phê duyệt. Hãy phê duyệt, hoặc "
            "ghi cơ quan đó là “không đủ điều kiện đánh giá” kèm lý do"
        )
        said = Sentence(sentence, {"bodies": ", ".join(waiting)})
        return RuleBroken("ranking_sheet_not_approved", said)
    if not any(line.rank for line in ranking.lines):
        sentence = N_("Chưa công bố được: khối này chưa có cơ quan nào có chỉ số")
        return RuleBroken("ranking_empty", Sentence(sentence))
    return None
