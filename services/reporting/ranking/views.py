"""Rankings as they are answered: what may be seen now, what was published, what differs."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.i18n import Language, say
from chassis.tables import person
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.bodies.models import Block
from reporting.ranking.documents import Difference, differences, from_json
from reporting.ranking.domain import hindrance
from reporting.ranking.models import RankingVersion, StoredRanking
from reporting.ranking.standings import block_of, newest, ranking_id, standing, version_of
from reporting.ranking.table import RankingTable, published_table, table_of
from reporting.shown import number, shown


class BlockName(ResponseBody):
    """A block: bodies that are ranked against each other."""

    id: UUID
    code: str
    name: str


class VersionName(ResponseBody):
    """A published version. `reason`: why it was published anew; None for the first.

    Partners are told neither who nor why.
    """

    number: int
    sha256: str
    reason: str | None
    published_by: UUID | None
    published_by_name: str | None
    published_at: datetime


class PublishedVersion(VersionName):
    """A published version with its table."""

    table: RankingTable


class RankingView(ResponseBody):
    """The ranking of a block in a year.

    `ranking_id`: None until it is opened or published. `preview`: as it is now, for those who
    prepare it; `hindrance`: what keeps it from being published. `published`: the newest version;
    `versions`: all, newest first.
    """

    ranking_id: UUID | None
    year: int
    block: BlockName
    preview: RankingTable | None
    hindrance: str | None
    published: PublishedVersion | None
    versions: list[VersionName]
    allowed: list[str]


class DifferenceView(ResponseBody):
    """What changed for a body: `field`, for `points` in an `area`. None: not listed in that one."""

    body_id: UUID
    body_name: str
    field: str
    area: str | None
    before: str | None
    after: str | None


class VersionView(PublishedVersion):
    """A version with what it changed, and its document, whose canonical JSON gives the hash.

    Canonical: UTF-8, names sorted, no space between tokens.
    """

    year: int
    block: BlockName
    replaces: str | None
    differences: list[DifferenceView]
    document: dict[str, Any]


async def ranking_view(
    session: AsyncSession, year: int, block_id: UUID, actor: Actor, language: Language
) -> RankingView:
    """Return a block's ranking: published versions, and to those who prepare it as it is now."""
    block = await block_of(session, block_id)
    versions = await _versions(session, year, block_id)
    preview, refused = None, None
    if sees_preview(actor, block):
        found = await standing(session, year, block)
        preview = table_of(found.basis(), found.ranking)
        refused = hindrance(found.ranking)
    last = await newest(session, year, block_id)
    return RankingView(
        ranking_id=await ranking_id(session, year, block_id), year=year, block=_block(block),
        preview=preview,
        hindrance=say(refused.sentence, language) if refused else None,
        published=last and _published(last, versions[0]), versions=versions,
        allowed=RIGHTS.allowed(actor, "ranking", ["preview", "publish"]),
    )  # fmt: skip


async def version_view(
    session: AsyncSession, year: int, block_id: UUID, number_: int
) -> VersionView:
    """Return a published version with what it changed. Raises NotFound."""
    block = await block_of(session, block_id)
    version = await version_of(session, year, block_id, number_)
    names = {each.number: each for each in await _versions(session, year, block_id)}
    changed: list[Difference] = []
    if number_ > 1:
        before = await version_of(session, year, block_id, number_ - 1)
        changed = differences(from_json(before.exact), from_json(version.exact))
    told = [_difference(each) for each in changed]
    return VersionView(
        **_published(version, names[number_]).model_dump(), year=year, block=_block(block),
        replaces=version.document["replaces"], document=version.document,
        differences=[each for each in told if each.before != each.after],
    )  # fmt: skip


def sees_preview(actor: Actor, block: Block) -> bool:
    """Tell whether the actor prepares this block's ranking: an appraiser only its own blocks'."""
    if not RIGHTS.may(actor, "ranking.preview"):
        return False
    return actor.role != "appraiser" or actor.person_id in block.appraisers


async def _versions(session: AsyncSession, year: int, block_id: UUID) -> list[VersionName]:
    """Return the names of all versions, newest first, without what they say."""
    columns = (each for each in VersionName.model_fields if each != "published_by_name")
    found = await session.execute(
        select(*(getattr(RankingVersion, each) for each in columns),
               person.c.name.label("published_by_name"))
        .join(StoredRanking, StoredRanking.id == RankingVersion.ranking_id)
        .outerjoin(person, person.c.id == RankingVersion.published_by)
        .where(StoredRanking.year == year, StoredRanking.block_id == block_id)
        .order_by(RankingVersion.number.desc())
    )  # fmt: skip
    return [VersionName(**row) for row in found.mappings()]


def _block(block: Block) -> BlockName:
    return BlockName(id=block.id, code=block.code, name=block.name)


def _published(version: RankingVersion, name: VersionName) -> PublishedVersion:
    return PublishedVersion(**name.model_dump(), table=published_table(version))


def _difference(each: Difference) -> DifferenceView:
    return DifferenceView(
        body_id=each.body_id, body_name=each.body_name, field=each.field, area=each.area,
        before=_as_shown(each.field, each.before), after=_as_shown(each.field, each.after),
    )  # fmt: skip


def _as_shown(field: str, written: str | None) -> str | None:
    """Return an exact number of a document as the table shows it, anything else as it is."""
    if written is None or field not in ("index", "points"):
        return written
    exact: Fraction = number(written)
    return str(shown(exact))
