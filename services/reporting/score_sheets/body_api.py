"""Bodies' sheets of a year: opened by the Office, locked, approved, published."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response, UploadFile
from pydantic import Field

from chassis.bodies import Reason
from chassis.clock import database_now
from chassis.web import (
    CurrentActor,
    Day,
    IfMatch,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    check_version,
    created_at,
    distinct_by,
    set_etag,
)
from reporting.access import RIGHTS
from reporting.score_sheets import figures, opening, passing, reopening, round_days
from reporting.score_sheets.body_views import SheetLines, SheetOfBody, lines_view, sheet_view
from reporting.score_sheets.domain import LastYear
from reporting.score_sheets.seen import Seen, SeenSheet, sheet_for
from reporting.score_sheets.uploads import read_figures, read_last_year

router = ServiceRouter(prefix="/v1/score_sheets/{year}", tags=["score sheets"])
SHEET = "/bodies/{body_id}"


class RoundBody(RequestBody):
    """Which block's sheets to open; `closes_on`: the last day to enter self-scores, inclusive.

    `explain_by`: the last day to explain what is asked; null: there is none.
    """

    block_id: UUID
    closes_on: Day
    explain_by: Day | None = None


class RoundView(ResponseBody):
    """A year's round of a block, on which criteria set."""

    year: int
    block_id: UUID
    criteria_set_id: UUID
    closes_on: Day
    explain_by: Day | None


class SurveyFigureLine(ResponseBody):
    """A row that a survey of others feeds. `index` in percent, as its source published it."""

    body_code: str
    body_name: str
    code: str
    name: str
    index: Decimal | None
    source: str | None
    dated_on: Day | None


class SurveyFigures(ResponseBody):
    """Rows that surveys of others feed, by body."""

    data: list[SurveyFigureLine]


class Reopening(RequestBody):
    """Why a lock is undone; `closes_on`: the new last day, needed where it has passed.

    `explain_by`: with self-scores, the new last day to explain, where it would come before that.
    """

    reason: Reason
    closes_on: Day | None = None
    explain_by: Day | None = None


class Extension(RequestBody):
    """The new last day of what the body is to enter now, and why.

    `explain_by`: with self-scores, the new last day to explain, where it would come before that.
    """

    reason: Reason
    closes_on: Day
    explain_by: Day | None = None


class RoundExtension(RequestBody):
    """New last days of a round, at least one, and why they move on; null: it stays as it is."""

    reason: Reason
    closes_on: Day | None = None
    explain_by: Day | None = None


class LastYearRow(RequestBody):
    """What a row came to last year."""

    code: Annotated[str, Field(max_length=40)]
    points: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]
    max_points: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)]


class LastYearRows(RequestBody):
    """Last year's sheet, row by row."""

    rows: Annotated[list[LastYearRow], Field(min_length=1, max_length=500), distinct_by("code")]


@router.post("/rounds", policy="block.open", status_code=201)
async def open_round(
    year: int, body: RoundBody, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Open the sheets of a block's bodies, with what last year's published ones came to.

    Again: those of bodies that joined since. 409 `score_round_exists`, `block_empty`,
    `criteria_set_missing`; 422 `score_sheet_day` for a day that has passed.
    """
    now, days = await database_now(session), (body.closes_on, body.explain_by)
    made = await opening.open_round(session, actor, year, body.block_id, days, now)
    created_at(response, f"/v1/score_sheets/{year}/bodies")
    return RoundView.model_validate(made)


@router.post("/rounds/{block_id}/extend", policy="block.extend")
async def extend_round(
    year: int, block_id: UUID, body: RoundExtension, session: Transaction, actor: CurrentActor
) -> RoundView:
    """Move the last days of a whole round on, saying why; a sheet's own later day stays.

    Everybody whose sheet has more time by it is told. 422 `score_sheet_day`; 403 where the caller
    scores a body of the block.
    """
    now, days = await database_now(session), (body.closes_on, body.explain_by)
    moved = await round_days.extend_round(session, actor, year, block_id, days, body.reason, now)
    return RoundView.model_validate(moved)


@router.get("/survey_figures", policy="sheet.enter_survey")
async def list_survey_figures(
    year: int, session: Transaction, actor: CurrentActor
) -> SurveyFigures:
    """Rows that surveys of others feed, of every body but our own, with what was entered."""
    found = await figures.lines(session, year, actor)
    return SurveyFigures(data=[SurveyFigureLine.model_validate(each) for each in found])


async def _may_enter(actor: CurrentActor) -> None:
    RIGHTS.check(actor, "sheet.enter_survey")


@router.post(
    "/survey_figures/imports", policy="sheet.enter_survey", dependencies=[Depends(_may_enter)]
)
async def import_survey_figures(
    year: int, file: UploadFile, session: Transaction, actor: CurrentActor
) -> SurveyFigures:
    """Enter published satisfaction indices from a workbook, all or none, each with its source.

    The form is that of `survey_figures.xlsx`. 422 `survey_figures_invalid` names each wrong row.
    """
    read = await read_figures(await file.read(), file.filename or "")
    await figures.enter_all(session, actor, year, read)
    return await list_survey_figures(year, session, actor)


@router.get("/bodies", policy="sheet.read")
async def list_sheets(year: int, session: Transaction, actor: CurrentActor) -> SheetLines:
    """Sheets of a year: one's own, those one appraises, published ones; oversight sees all."""
    return await lines_view(session, year, actor)


@router.get(SHEET, policy="sheet.read")
async def get_sheet(seen: Annotated[SeenSheet, Seen], response: Response) -> SheetOfBody:
    """A body's sheet. 404 for whom it does not exist until it is published."""
    set_etag(response, seen.sheet.version)
    return await sheet_view(seen)


@router.post(f"{SHEET}/last_year", policy="sheet.import_last_year")
async def import_last_year(
    seen: Annotated[SeenSheet, sheet_for("import_last_year")], body: LastYearRows
) -> SheetOfBody:
    """Enter what last year's sheet came to, where this system does not hold it."""
    rows = [LastYear(row.code, row.points, row.max_points) for row in body.rows]
    await opening.import_last_year(seen, rows)
    return await sheet_view(seen)


@router.post(f"{SHEET}/last_year/imports", policy="sheet.import_last_year")
async def import_last_year_file(
    seen: Annotated[SeenSheet, sheet_for("import_last_year")], file: UploadFile
) -> SheetOfBody:
    """Enter what last year's sheet came to from a workbook, all rows or none.

    The form is the sheet's own .xlsx, filled in. 422 `last_year_invalid` names each wrong row.
    """
    rows = await read_last_year(await file.read(), file.filename or "")
    await opening.import_last_year(seen, rows)
    return await sheet_view(seen)


@router.post(f"{SHEET}/lock", policy="sheet.lock")
async def lock_sheet(
    seen: Annotated[SeenSheet, sheet_for("lock", moves=True)],
    expected: IfMatch,
    response: Response,
) -> SheetOfBody:
    """End the self-scoring, the first appraisal, or the explanations: whoever's turn it is.

    409 `score_sheet_incomplete` names every row and what it lacks.
    """
    check_version(seen.sheet.version, expected)
    await passing.lock(seen)
    return await _sheet(seen, response)


@router.post(f"{SHEET}/approve", policy="sheet.approve")
async def approve_sheet(
    seen: Annotated[SeenSheet, sheet_for("approve", moves=True)],
    expected: IfMatch,
    response: Response,
) -> SheetOfBody:
    """Approve what was appraised: its figures stay as they are now. 409 `body_ineligible`."""
    check_version(seen.sheet.version, expected)
    await passing.approve(seen)
    return await _sheet(seen, response)


@router.post(f"{SHEET}/publish", policy="sheet.publish")
async def publish_sheet(
    seen: Annotated[SeenSheet, sheet_for("publish", moves=True)],
    expected: IfMatch,
    response: Response,
) -> SheetOfBody:
    """Let everybody in the department read it. 409 `body_ineligible`."""
    check_version(seen.sheet.version, expected)
    await passing.publish(seen)
    return await _sheet(seen, response)


@router.post(f"{SHEET}/reopen", policy="sheet.reopen")
async def reopen_sheet(
    seen: Annotated[SeenSheet, sheet_for("reopen", moves=True)],
    body: Reopening,
    expected: IfMatch,
    response: Response,
) -> SheetOfBody:
    """Undo the last lock before the next phase begins, saying why; those concerned are told.

    What is approved or published the Director takes back to the second appraisal; it counts until
    it is approved again. 409 `score_sheet_next_begun` names the rows in which the next phase has,
    `score_sheet_corrected`: it was taken back already. 403 for one's own sheet.
    """
    check_version(seen.sheet.version, expected)
    await reopening.reopen(seen, body.reason, (body.closes_on, body.explain_by))
    return await _sheet(seen, response)


@router.post(f"{SHEET}/extend", policy="sheet.extend")
async def extend_sheet(
    seen: Annotated[SeenSheet, sheet_for("extend", moves=True)],
    body: Extension,
    expected: IfMatch,
    response: Response,
) -> SheetOfBody:
    """Move the last day of one sheet on, saying why. 422 `score_sheet_day`, 403 for one's own."""
    check_version(seen.sheet.version, expected)
    await reopening.extend(seen, body.reason, (body.closes_on, body.explain_by))
    return await _sheet(seen, response)


async def _sheet(seen: SeenSheet, response: Response) -> SheetOfBody:
    set_etag(response, seen.sheet.version)
    return await sheet_view(seen)
