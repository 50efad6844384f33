"""Where the bodies of a block stand now, and what was published of it."""

from collections import defaultdict
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
from reporting.ranking.domain import AreaPoints, Before, Body, Ranking, rank
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

    def document(self) -> dict[str, Any]:
        """Return all that a version says to everybody, beside when and why it was published."""
        body = self.criteria.body if self.criteria else None
        return {
            "kind": "ranking",
            "year": self.year,
            "block": {
                "id": str(self.block.id), "code": self.block.code, "name": self.block.name,
            },
            "criteria_set": self.criteria and _set_as_json(self.criteria),
            "grades": [
                {"name": band.name, "at_least": text(band.at_least)}
                for band in (body.grade_bands if body else ())
            ],
            "areas": [
                {"code": area.code, "name": area.name} for area in (body.areas if body else ())
            ],
            **as_shown(self.ranking),
        }  # fmt: skip


async def block_of(session: AsyncSession, block_id: UUID) -> Block:
    """Return a block. Raises NotFound."""
    found = await session.get(Block, block_id)
    if found is None:
        raise NotFound("Không có khối cơ quan này")
    return found


async def standing(session: AsyncSession, year: int, block: Block) -> Standing:
    """Return where the bodies of a block stand now, held against last year's newest version."""
    criteria = await _criteria(session, year, block)
    bodies = [
        _body(final, criteria.body if criteria else None)
        for final in await finals(session, year, block.id)
    ]
    bands = criteria.body.grade_bands if criteria else ()
    return Standing(
        year, block, criteria, rank(bodies, bands, await _last_year(session, year, block.id))
    )


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


async def _last_year(session: AsyncSession, year: int, block_id: UUID) -> Mapping[UUID, Before]:
    version = await newest(session, year - 1, block_id)
    return places(from_json(version.exact)) if version else {}


def _body(final: Final, criteria: CriteriaSet | None) -> Body:
    """Return a body as it is ranked; what is not approved or not eligible shows no points."""
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
        areas=_areas(criteria, final.rows) if known and criteria else (),
    )  # fmt: skip


def _areas(criteria: CriteriaSet, rows: tuple[FinalRow, ...]) -> tuple[AreaPoints, ...]:
    """Add up a body's rows by area, over those that apply."""
    of = {sub.code: area.code for area in criteria.areas for sub in area.sub_criteria()}
    points: dict[str, Decimal] = {}
    most: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        if not row.applicable or row.code not in of:
            continue
        area = of[row.code]
        most[area] += row.max_points
        if row.points is not None:
            points[area] = points.get(area, Decimal(0)) + row.points
    return tuple(
        AreaPoints(
            area.code,
            Fraction(points[area.code]) if area.code in points else None,
            Fraction(most[area.code]),
        )
        for area in criteria.areas
    )


def _set_as_json(criteria: PublishedSet) -> dict[str, Any]:
    body = criteria.body
    return {
        "id": str(criteria.id), "code": body.code, "set_version": criteria.set_version,
        "title": body.title, "composed": body.composed, "notice": body.notice,
        "total_points": text(body.total_points),
    }  # fmt: skip
