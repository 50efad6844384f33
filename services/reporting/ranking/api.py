"""Rankings: prepared by few, published for all who work here, corrected only by a new version."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response
from pydantic import Field

from chassis.clock import database_now
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    RequestBody,
    ServiceRouter,
    Transaction,
)
from reporting.ranking import actions
from reporting.ranking.blocks import BlocksView, blocks_view
from reporting.ranking.heat_map import PartsView, parts_view
from reporting.ranking.outside import for_partner
from reporting.ranking.views import RankingView, VersionView, ranking_view, version_view

router = ServiceRouter(prefix="/v1/rankings", tags=["rankings"])
BlockId = Annotated[UUID, Query(alias="block")]
Year = Annotated[int, Path(ge=2000, le=2100)]


class Publication(RequestBody):
    """Which block's ranking is published; `reason`: why it is published anew, from version 2 on."""

    block: UUID
    reason: Annotated[str, Field(max_length=2000)] = ""


@router.get("", policy="ranking.read")
async def list_blocks(session: Transaction) -> BlocksView:
    """All blocks with the years in which they were scored, and how often each was published."""
    return await blocks_view(session)


@router.get("/{year}", policy="ranking.read")
async def get_ranking(
    year: Year,
    block: BlockId,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
) -> RankingView:
    """A block's ranking as published, and to those who prepare it as it is now.

    A partner reads what is published, of its units, without names and reasons.
    """
    view = await ranking_view(session, year, block, actor, language)
    return await for_partner(session, view, actor.reach) if actor.reach else view


@router.post("/{year}", policy="ranking.prepare", status_code=201)
async def prepare_ranking(
    year: Year,
    block: BlockId,
    session: Transaction,
    actor: CurrentActor,
    language: AskedLanguage,
    response: Response,
) -> RankingView:
    """Open the ranking of a block's year, and see where its bodies stand now.

    201: it has an id from now on. 200: it was open; nothing changes.
    """
    if not await actions.prepare(session, actor, year, block, await database_now(session)):
        response.status_code = 200
    response.headers["Location"] = f"/v1/rankings/{year}?block={block}"
    return await ranking_view(session, year, block, actor, language)


@router.get("/{year}/parts", policy="ranking.read_parts")
async def get_parts(
    year: Year,
    block: BlockId,
    part: Annotated[str, Query(max_length=40)],
    session: Transaction,
    actor: CurrentActor,
    preview: bool = False,
) -> PartsView:
    """What bodies have in the criteria of an area, or in the rows of a criterion, by its code.

    As their sheets were published; `preview`: as they count now, for those who prepare the ranking.
    """
    return await parts_view(session, year, block, part, actor, preview=preview)


@router.get("/{year}/versions/{number}", policy="ranking.read_version")
async def get_version(
    year: Year,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    block: BlockId,
    session: Transaction,
) -> VersionView:
    """One published version, what it changed, and the document behind its hash."""
    return await version_view(session, year, block, number)


@router.post("/{year}/publish", policy="ranking.publish", status_code=201)
async def publish_ranking(
    year: Year, body: Publication, session: Transaction, actor: CurrentActor, response: Response
) -> VersionView:
    """Publish how the block stands now as the next version, for good, with its approved sheets.

    409 `ranking_sheet_not_approved` names the eligible bodies whose sheet is not; `ranking_empty`;
    `ranking_unchanged`: it says what the newest version says. 422 `ranking_reason_missing`.
    """
    now = await database_now(session)
    made = await actions.publish(session, actor, year, body.block, body.reason, now)
    address = f"/v1/rankings/{year}/versions/{made.number}?block={body.block}"
    response.headers["Location"] = address
    return await version_view(session, year, body.block, made.number)
