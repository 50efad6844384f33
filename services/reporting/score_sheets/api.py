"""The year's score sheet: read by all, each column written by whom it belongs to."""

from decimal import Decimal
from typing import Annotated

from fastapi import Response
from pydantic import Field

from chassis.clock import database_now
from chassis.web import (
    CurrentActor,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from reporting.criteria.sets import set_in_force
from reporting.score_sheets import actions
from reporting.score_sheets.seen import judges_own
from reporting.score_sheets.sheets import is_fed
from reporting.score_sheets.views import RowView, SheetView, row_view, sheet_view

router = ServiceRouter(prefix="/v1/score_sheets", tags=["score sheets"])
Score = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)] | None

Count = Annotated[int, Field(ge=0, le=1_000_000, strict=True)]


class RowChange(RequestBody):
    """Columns to change; a column not named stays.

    `ballots`: answers by option, counted outside of the system; `ballots_evidence` proves them.
    """

    self_score: Score = None
    expected_score: Score = None
    last_year_score: Score = None
    appraised_1: Score = None
    appraised_2: Score = None
    not_applicable_reason: Annotated[str | None, Field(max_length=1000)] = None
    not_applicable_accepted: bool = False
    ballots: Annotated[dict[str, Count] | None, Field(max_length=26)] = None
    ballots_evidence: Annotated[str | None, Field(max_length=2000)] = None
    ballots_accepted: bool = False


@router.get("/{year}", policy="score_sheet.read")
async def get_score_sheet(year: int, session: Transaction, actor: CurrentActor) -> SheetView:
    """All rows with what was entered. 404 while no criteria set is in force."""
    return await sheet_view(session, year, actor)


@router.patch("/{year}/rows/{code}", policy="score_row.change")
async def change_row(
    year: int,
    code: str,
    body: RowChange,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> RowView:
    """Enter scores, not-applicable or counted ballots. 403 for another role's column, 412 stale.

    409 `score_row_fed` for ballots, or their acceptance, where a closed round gives the answers.
    """
    values = body.model_dump(exclude_unset=True)
    now = await database_now(session)
    row = await actions.change(session, actor, year, code, values, expected, now)
    set_etag(response, row.version)
    published = await set_in_force(session, year)
    sub = published.body.by_code()[code]
    fed, judges = await is_fed(session, year, sub), await judges_own(session, actor, year)
    return row_view(sub, row, actor, fed=fed, judges=judges)
