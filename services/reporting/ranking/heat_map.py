"""Where bodies lost points within one part of the set: an area's criteria, a criterion's rows.

Read from the sheets: as they were published for everybody, as they count now for those who prepare
the ranking. A published version keeps areas alone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import NotAllowed, NotFound
from chassis.web import ResponseBody
from chassis.words import N_, Sentence
from reporting.bodies.models import Block, Body
from reporting.criteria.domain import Area, CriteriaSet, Criterion, SubCriterion
from reporting.criteria.sets import body_of
from reporting.ranking.standings import block_of
from reporting.ranking.table import AreaLine
from reporting.ranking.views import BlockName, sees_preview
from reporting.score_sheets.models import Sheet, SheetRound
from reporting.score_sheets.outcome import AreaPoints, FinalRow
from reporting.score_sheets.standing import counting, published
from reporting.shown import points, shown

_NO_ROUND = "Năm này chưa mở đợt chấm cho khối"
_NO_PART = N_("Bộ tiêu chí không có lĩnh vực hay tiêu chí {code}")
_PREVIEW = N_("Điểm chưa công bố chỉ Giám đốc, Văn phòng Sở và người thẩm định của khối xem được")


class PartName(ResponseBody):
    """An area, criterion or sub-criterion."""

    code: str
    name: str
    max_points: Decimal


class PartsOfBody(ResponseBody):
    """A body's points in a part (`whole`) and in each of its `parts`, of those that apply."""

    body_id: UUID
    code: str
    name: str
    whole: AreaLine
    parts: list[AreaLine]


class PartsView(ResponseBody):
    """A part of the set of a block's round. `within`: its area, of a criterion.

    `level`: what `parts` are. `bodies`: by code, those whose sheet is published, or approved where
    the `preview` was asked for; others have no points yet.
    """

    year: int
    block: BlockName
    preview: bool
    part: PartName
    within: PartName | None
    level: Literal["criterion", "sub_criterion"]
    parts: list[PartName]
    bodies: list[PartsOfBody]


@dataclass(frozen=True)
class _Scored:
    """A body with the rows of its sheet."""

    id: UUID
    code: str
    name: str
    rows: Sequence[FinalRow]


Parent = Area | Criterion
Rows = Sequence[FinalRow] | None


async def parts_view(
    session: AsyncSession, year: int, block_id: UUID, code: str, actor: Actor, *, preview: bool
) -> PartsView:
    """Return what bodies have in the parts of one part. Raises NotFound, NotAllowed."""
    block = await block_of(session, block_id)
    if preview and not sees_preview(actor, block):
        raise NotAllowed(Sentence(_PREVIEW))
    round_ = await session.get(SheetRound, (year, block_id))
    if round_ is None:
        raise NotFound(_NO_ROUND)
    within, part = _found(await body_of(session, round_.criteria_set_id), code)
    scored = await _scored(session, year, block, _as_now if preview else _published)
    parts = part.criteria if isinstance(part, Area) else part.sub_criteria
    return PartsView(
        year=year, block=BlockName.model_validate(block), preview=preview, part=_name(part),
        within=within and _name(within),
        level="criterion" if isinstance(part, Area) else "sub_criterion",
        parts=[_name(each) for each in parts],
        bodies=[_body(each, part, parts) for each in scored],
    )  # fmt: skip


def _found(criteria: CriteriaSet, code: str) -> tuple[Area | None, Parent]:
    """Return an area, or a criterion within its area. Raises NotFound."""
    for area in criteria.areas:
        if area.code == code:
            return None, area
        for criterion in area.criteria:
            if criterion.code == code:
                return area, criterion
    raise NotFound(Sentence(_NO_PART, {"code": code}))


async def _scored(
    session: AsyncSession, year: int, block: Block, what_counts: Callable[[Body, Sheet], Rows]
) -> list[_Scored]:
    found = await session.execute(
        select(Body, Sheet)
        .join(Sheet, Sheet.body_id == Body.id)
        .where(Sheet.year == year, Sheet.block_id == block.id)
        .order_by(Body.code)
    )
    counted = ((body, what_counts(body, sheet)) for body, sheet in found)
    return [_Scored(body.id, body.code, body.name, r) for body, r in counted if r is not None]


def _published(_: Body, sheet: Sheet) -> Rows:
    """Return what everybody reads, as it was published last."""
    outcome = published(sheet)
    return outcome.rows if outcome else None


def _as_now(body: Body, sheet: Sheet) -> Rows:
    """Return what was approved of an eligible body, as it counts now."""
    state, outcome = counting(sheet) or (None, None)
    eligible = state == "published" or body.why_ineligible(sheet.year) is None
    return outcome.rows if outcome and eligible else None


def _body(scored: _Scored, part: Parent, parts: Iterable[Criterion | SubCriterion]) -> PartsOfBody:
    rows = {row.code: row for row in scored.rows}
    return PartsOfBody(
        body_id=scored.id, code=scored.code, name=scored.name, whole=_line(part, rows),
        parts=[_line(each, rows) for each in parts],
    )  # fmt: skip


def _line(part: Parent | SubCriterion, rows: Mapping[str, FinalRow]) -> AreaLine:
    """Add up the rows of a part that apply; of a survey's points the rate is of those shown.

    Of few points an exact rate would tell them more closely than they may be told.
    """
    subs = list(_rows_of(part))
    found = (rows.get(sub.code) for sub in subs)
    applying = [row for row in found if row is not None and row.applicable]
    known = [row.points for row in applying if row.points is not None]
    most = sum((row.max_points for row in applying), Decimal(0))
    exact = sum(known, Decimal(0)) if known else None
    told = shown(exact)
    rated = told if any(sub.is_survey for sub in subs) else exact
    of_these = AreaPoints(part.code, None if rated is None else Fraction(rated), Fraction(most))
    return AreaLine(
        code=part.code, points=told, of_points=points(of_these.of_points), rate=shown(of_these.rate)
    )


def _rows_of(part: Parent | SubCriterion) -> Iterator[SubCriterion]:
    if isinstance(part, SubCriterion):
        yield part
    elif isinstance(part, Criterion):
        yield from part.sub_criteria
    else:
        yield from part.sub_criteria()


def _name(part: Parent | SubCriterion) -> PartName:
    return PartName(code=part.code, name=part.name, max_points=part.max_points)
