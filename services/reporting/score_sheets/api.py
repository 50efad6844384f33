"""The year's score sheet: read by all, each column written by whom it belongs to."""

from decimal import Decimal
from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from chassis.clock import database_now, local_date
from chassis.errors import NotFound
from chassis.web import (
    CurrentActor,
    IfMatch,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from reporting.criteria.domain import SubCriterion
from reporting.score_sheets import actions as score_sheet
from reporting.score_sheets import sheets as figures

router = ServiceRouter(prefix="/v1/score_sheets", tags=["score sheets"])
Score = Annotated[Decimal | None, Field(ge=0, le=100, max_digits=12, decimal_places=6)]


class RowChange(RequestBody):
    """Columns to change; a column not named stays."""

    self_score: Score = None
    expected_score: Score = None
    last_year_score: Score = None
    appraised_1: Score = None
    appraised_2: Score = None
    not_applicable_reason: Annotated[str | None, Field(max_length=1000)] = None
    not_applicable_accepted: bool = False


class RowView(ResponseBody):
    """One row of the sheet. `version` 1 while nobody has entered anything."""

    code: str
    name: str
    max_points: Decimal
    na_allowed: bool
    na_when: str | None
    evidence: list[str]
    feeds_from: str | None
    version: int
    self_score: Decimal | None
    expected_score: Decimal | None
    last_year_score: Decimal | None
    appraised_1: Decimal | None
    appraised_2: Decimal | None
    not_applicable_reason: str | None
    not_applicable_accepted: bool


class SheetView(ResponseBody):
    """The sheet of a year."""

    year: int
    composed: bool
    notice: str
    rows: list[RowView]


@router.get("/{year}", policy="score_sheet.read")
async def get_score_sheet(year: int, session: Transaction) -> SheetView:
    """All rows with what was entered. 404 while no criteria set is in force."""
    found = await figures.year_sheet(session, year, local_date(await database_now(session)))
    if found is None:
        raise NotFound("Năm này chưa có bộ tiêu chí nào được ban hành")
    entered = {row.code: row for row in await score_sheet.rows_of(session, year)}
    body = found.published.body
    rows = [_view(sub, entered.get(sub.code)) for sub in body.sub_criteria()]
    return SheetView(year=year, composed=body.composed, notice=body.notice, rows=rows)


@router.patch("/{year}/rows/{code}", policy="score_row.write")
async def change_row(
    year: int,
    code: str,
    body: RowChange,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> RowView:
    """Enter scores or not-applicable. 403 for another role's column, 412 when stale."""
    values = body.model_dump(exclude_unset=True)
    row = await score_sheet.change(
        session, actor, year, code, values, expected, await database_now(session)
    )
    published = await figures.published_set(session, year)
    if published is None:
        raise NotFound("Năm này chưa có bộ tiêu chí nào được ban hành")
    set_etag(response, row.version)
    return _view(published.body.by_code()[code], row)


def _view(sub: SubCriterion, row: Any) -> RowView:
    entered = {name: getattr(row, name, None) for name in score_sheet.SCORES}
    return RowView(
        code=sub.code, name=sub.name, max_points=sub.max_points, na_allowed=sub.na_allowed,
        na_when=sub.na_when, evidence=list(sub.evidence), feeds_from=sub.feeds_from,
        version=row.version if row else 1, **entered,
        not_applicable_reason=row.not_applicable_reason if row else None,
        not_applicable_accepted=bool(row and row.not_applicable_accepted),
    )  # fmt: skip
