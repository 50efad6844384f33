"""The blocks with the years in which they were scored and ranked."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.web import ResponseBody
from reporting.bodies.models import Block
from reporting.ranking.models import StoredRanking
from reporting.ranking.views import BlockName
from reporting.score_sheets.models import SheetRound


class YearOfBlock(ResponseBody):
    """A year in which a block's sheets were opened or ranked. `version` 0: none is published."""

    year: int
    ranking_id: UUID | None
    version: int


class BlockYears(BlockName):
    """A block with its years, newest first."""

    kind: str
    years: list[YearOfBlock]


class BlocksView(ResponseBody):
    """All blocks."""

    data: list[BlockYears]


async def blocks_view(session: AsyncSession) -> BlocksView:
    """Return every block with the years it has something of."""
    years: dict[UUID, dict[int, YearOfBlock]] = {}
    for year, block_id in await session.execute(select(SheetRound.year, SheetRound.block_id)):
        named = YearOfBlock(year=year, ranking_id=None, version=0)
        years.setdefault(block_id, {})[year] = named
    for each in await session.scalars(select(StoredRanking)):
        named = YearOfBlock(year=each.year, ranking_id=each.id, version=each.version)
        years.setdefault(each.block_id, {})[each.year] = named
    blocks = await session.scalars(select(Block).order_by(Block.kind, Block.code))
    return BlocksView(data=[
        BlockYears(
            id=block.id, code=block.code, name=block.name, kind=block.kind,
            years=[known for _, known in sorted(years.get(block.id, {}).items(), reverse=True)],
        )
        for block in blocks
        if block.active or block.id in years
    ])  # fmt: skip
