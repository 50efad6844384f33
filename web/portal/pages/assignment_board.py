"""The list of assignments as a board: a column for each status, under the same filters."""

import asyncio
from typing import Any

from fastapi import APIRouter, Response

from portal import listing
from portal.bulk import moves
from portal.directory import names
from portal.labels import LABELS
from portal.listing import Listing
from portal.parts import Unavailable, optional
from portal.visit import Visit, Visitor

router = APIRouter()
OF_A_COLUMN = 25  # cards shown; the rest is behind one link


@router.get("/assignments/board")
async def show_board(visit: Visitor) -> Response:
    """Show the board."""
    asked = listing.read(visit.request.query_params)
    statuses = [one for one in LABELS["status"] if one in asked.filters.get("status", [one])]
    counts, units, *listed = await asyncio.gather(
        optional(visit.api.get("tasks", "/v1/assignments/counts", **asked.asked())),
        visit.units(),
        *(_cards(visit, asked, status) for status in statuses),
    )
    down = next((one for one in (counts, *listed) if isinstance(one, Unavailable)), None)
    return visit.page(
        "assignments/board.html",
        asked=asked,
        down=down,
        counts=counts,
        columns=[] if down else list(zip(statuses, listed, strict=True)),
        moves=moves,
        query=asked.address().partition("?")[2],
        unit_names=names(units),
    )


async def _cards(visit: Visit, asked: Listing, status: str) -> Any:
    query = {**asked.asked(), "status": [status], "sort": asked.sort, "limit": OF_A_COLUMN}
    return await optional(visit.api.get("tasks", "/v1/assignments", **query))
