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
    board, units = await asyncio.gather(_board(visit, asked), visit.units())
    down = board if isinstance(board, Unavailable) else None
    return visit.page(
        "assignments/board.html",
        asked=asked,
        down=down,
        counts=None if down else board["counts"],
        columns=[] if down else columns_of(asked, board["data"]),
        moves=moves,
        query=asked.address().partition("?")[2],
        unit_names=names(units),
    )


async def _board(visit: Visit, asked: Listing) -> Any:
    query = {**asked.asked(), "sort": asked.sort, "limit": OF_A_COLUMN}
    return await optional(visit.api.get("tasks", "/v1/assignments/board", **query))


def columns_of(asked: Listing, rows: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Return each status that is asked for, with its assignments."""
    statuses = [one for one in LABELS["status"] if one in asked.filters.get("status", [one])]
    return [(one, {"data": [r for r in rows if r["status"] == one]}) for one in statuses]
