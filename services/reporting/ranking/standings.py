"""Where the bodies of a block stand now, and what was published of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from reporting.bodies.models import Block
from reporting.criteria.domain import CriteriaSet
from reporting.criteria.models import StoredSet
from reporting.criteria.sets import PublishedSet, body_of, published_set
from reporting.ranking.documents import as_shown, from_json, places
from reporting.ranking.domain import AreaPoints, Before, Body, GradeOf, Ranking, rank
from reporting.ranking.models import RankingVersion, StoredRanking
from reporting.score_sheets.finals import APPROVED, Final, FinalRow, finals
from reporting.score_sheets.models import SheetRound
from reporting.shown import text


@dataclass(frozen=True)
class Standing:
    """A block's ranking as it is now, on the criteria set of its round; None: none was opened."""

    year: int
    block: Block
    criteria: PublishedSet | None
    ranking: Ranking

    def basis(self) -> dict[str, Any]:
        """Return what the table stands on: block, criteria set, grades, areas."""
        body = self.criteria.body if self.criteria else None
        block = {"id": str(self.block.id), "code": self.block.code, "name": self.block.name}
        return {
            "kind": "ranking",
            "year": self.year,
            "block": block,
            "criteria_set": self.criteria and _set_as_json(self.criteria),
            "grades": [
                {"name": band.name, "at_least": text(band.at_least), "more_than": band.more_than}
                for band in (body.grade_bands if body else ())
            ],
            "grades_in": body.roll_up if body else "percent",
            "areas": [
                {"code": area.code, "name": area.name} for area in (body.areas if body else ())
            ],
        }

    def document(self) -> dict[str, Any]:
        """Return all that a version says to everybody, beside when and why it was published."""
        return {**self.basis(), **as_shown(self.ranking)}


async def block_of(session: AsyncSession, block_id: UUID) -> Block:
    """Return a block. Raises NotFound."""
    found = await session.get(Block, block_id)
    if found is None:
        raise NotFound("Không có khối cơ quan này")
    return found


async def standing(session: AsyncSession, year: int, block: Block) -> Standing:
    """Return where the bodies of a block stand now, held against last year's newest version."""
    criteria = await _criteria(session, year, block)
    areas = _areas_of(criteria.body) if criteria else {}
    bodies = [_body(final, areas) for final in await finals(session, year, block.id)]
    before = await _last_year(session, year, block.id)
    return Standing(year, block, criteria, rank(bodies, _grade_of(criteria), before))


async def ranking_id(session: AsyncSession, year: int, block_id: UUID) -> UUID | None:
    """Return the id of a block's ranking; None: it was neither opened nor published."""
    found: UUID | None = await session.scalar(
        select(StoredRanking.id).where(
            StoredRanking.year == year, StoredRanking.block_id == block_id
        )
    )
    return found


async def newest(session: AsyncSession, year: int, block_id: UUID) -> RankingVersion | None:
    """Return the newest version of a ranking; None: none is published."""
    return await session.scalar(
        select(RankingVersion)
        .join(StoredRanking, StoredRanking.id == RankingVersion.ranking_id)
        .where(StoredRanking.year == year, StoredRanking.block_id == block_id)
        .order_by(RankingVersion.number.desc())
        .limit(1)
    )


async def version_of(
    session: AsyncSession, year: int, block_id: UUID, number: int
) -> RankingVersion:
    """Return a published version. Raises NotFound."""
    found = await session.scalar(
        select(RankingVersion)
        .join(StoredRanking, StoredRanking.id == RankingVersion.ranking_id)
        .where(
            StoredRanking.year == year, StoredRanking.block_id == block_id,
            RankingVersion.number == number,
        )
    )  # fmt: skip
    if found is None:
        raise NotFound("Không có phiên bản này của bảng xếp hạng")
    return found


async def _criteria(session: AsyncSession, year: int, block: Block) -> PublishedSet | None:
    """Return the set of the block's round: a round ends on the set it began with."""
    opened = (
        await session.execute(
            select(StoredSet.id, StoredSet.set_version)
            .join(SheetRound, SheetRound.criteria_set_id == StoredSet.id)
            .where(SheetRound.year == year, SheetRound.block_id == block.id)
        )
    ).first()
    if opened is None:
        return await published_set(session, year, block.criteria_set_code)
    return PublishedSet(opened.id, opened.set_version, await body_of(session, opened.id))


def _grade_of(criteria: PublishedSet | None) -> GradeOf:
    def grade_of(index: Fraction) -> str | None:
        band = criteria.body.grade(index) if criteria else None
        return band.name if band else None

    return grade_of


async def _last_year(session: AsyncSession, year: int, block_id: UUID) -> Mapping[UUID, Before]:
    version = await newest(session, year - 1, block_id)
    return places(from_json(version.exact)) if version else {}


def _body(final: Final, areas: Mapping[str, str]) -> Body:
    """Return a body as it is ranked; what is not approved or not eligible shows no points.

    `areas`: each sub-criterion's area.
    """
    approved = final.state in APPROVED
    known = approved and final.eligible
    return Body(
        id=final.body_id, code=final.code, name=final.name, approved=approved,
        index=final.index if known else None,
        eligible=final.eligible, reason=final.ineligible_reason,
        points=Fraction(final.points if known else 0),
        of_points=Fraction(final.applicable_points if known else 0),
        bonus=Fraction(final.bonus if known else 0),
        penalty=Fraction(final.penalty if known else 0),
        areas=_areas(areas, final.rows) if known else (),
        provisional=final.provisional, appraised=Fraction(final.appraised),
    )  # fmt: skip


def _areas_of(criteria: CriteriaSet) -> dict[str, str]:
    """Return the area of each sub-criterion, in the order of the set."""
    return {sub.code: area.code for area in criteria.areas for sub in area.sub_criteria()}


def _areas(areas: Mapping[str, str], rows: tuple[FinalRow, ...]) -> tuple[AreaPoints, ...]:
    """Add up a body's rows by area, over those that apply."""
    points: dict[str, Decimal] = {}
    most = dict.fromkeys(areas.values(), Decimal(0))
    for row in rows:
        area = areas.get(row.code)
        if area is None or not row.applicable:
            continue
        most[area] += row.max_points
        if row.points is not None:
            points[area] = points.get(area, Decimal(0)) + row.points
    return tuple(
        AreaPoints(area, Fraction(points[area]) if area in points else None, Fraction(of))
        for area, of in most.items()
    )


def _set_as_json(criteria: PublishedSet) -> dict[str, Any]:
    body = criteria.body
    return {
        "id": str(criteria.id), "code": body.code, "set_version": criteria.set_version,
        "title": body.title, "composed": body.composed, "notice": body.notice,
        "total_points": text(body.total_points),
    }  # fmt: skip
