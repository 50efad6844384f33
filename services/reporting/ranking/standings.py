"""Where the bodies of a block stand now, and what was published of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.errors import NotFound
from reporting.bodies.models import Block
from reporting.criteria.models import StoredSet
from reporting.criteria.sets import PublishedSet, body_of, published_set
from reporting.ranking.documents import as_shown, from_json, places
from reporting.ranking.domain import Before, Body, GradeOf, Ranking, rank
from reporting.ranking.models import RankingVersion, StoredRanking
from reporting.score_sheets.finals import Final, finals
from reporting.score_sheets.models import SheetRound
from reporting.score_sheets.sums import NOTHING
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
    bodies = [_body(final) for final in await finals(session, year, block.id)]
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


def _body(final: Final) -> Body:
    """Return a body as it is ranked; what is not approved or not eligible shows no points."""
    known = final.approved and final.eligible
    shows = final.sums if known else NOTHING
    return Body(
        id=final.body_id, code=final.code, name=final.name, approved=final.approved,
        index=shows.index, eligible=final.eligible, reason=final.ineligible_reason,
        points=shows.points, of_points=shows.applicable_points, bonus=shows.bonus,
        penalty=shows.penalty, areas=shows.areas, provisional=final.sums.provisional,
        appraised=final.sums.appraised,
    )  # fmt: skip


def _set_as_json(criteria: PublishedSet) -> dict[str, Any]:
    body = criteria.body
    return {
        "id": str(criteria.id), "code": body.code, "set_version": criteria.set_version,
        "title": body.title, "composed": body.composed, "notice": body.notice,
        "total_points": text(body.total_points),
    }  # fmt: skip
