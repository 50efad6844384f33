"""Rows of a body's sheet: scored, proven, appraised, asked about, explained; their history."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from chassis.bodies import Reason
from chassis.entered import PlaceToRead
from chassis.web import Day, IfMatch, RequestBody, ResponseBody, ServiceRouter, created_at, set_etag
from reporting.score_sheets import appraising, entering, evidence, figures
from reporting.score_sheets.evidence import EvidenceKind
from reporting.score_sheets.row_views import (
    EvidenceView,
    History,
    OfferView,
    RowOfBody,
    history_view,
    row_view,
)
from reporting.score_sheets.seen import Seen, SeenSheet, sheet_for

router = ServiceRouter(
    prefix="/v1/score_sheets/{year}/bodies/{body_id}/rows/{code}", tags=["score sheets"]
)
Score = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=6)] | None
Count = Annotated[int, Field(ge=0, le=1_000_000_000, strict=True)]
Words = Annotated[str | None, Field(max_length=4000)]
Line = Annotated[str | None, Field(max_length=500)]


class SelfScore(RequestBody):
    """A self-score; what is not named stays. `note`: how it was made, in place of evidence.

    `points`, or `done` and `due` where a rate gives them: numerator and denominator. `reason`: why
    an earlier value is changed.
    """

    points: Score = None
    done: Count | None = None
    due: Count | None = None
    note: Words = None
    not_applicable_reason: Annotated[str | None, Field(max_length=1000)] = None
    reason: Words = None


class Appraisal(RequestBody):
    """Points of this appraisal; what is not named stays. `note`: why they differ.

    `round`: which appraisal they are meant for; 409 where that is over, or has not begun.
    """

    round: Annotated[int, Field(ge=1, le=2, strict=True)] | None = None
    points: Score = None
    done: Count | None = None
    due: Count | None = None
    note: Words = None
    not_applicable_accepted: bool = False
    ballots_accepted: bool = False


class Ballots(RequestBody):
    """Answers by option, counted outside of the system, and what proves them."""

    ballots: Annotated[dict[str, Count], Field(max_length=26)]
    evidence: Annotated[str, Field(min_length=1, max_length=2000)]


class SurveyFigure(RequestBody):
    """A published satisfaction index in percent, with its source and day; null takes it back."""

    index: Annotated[Decimal | None, Field(ge=0, le=100, max_digits=12, decimal_places=6)]
    source: Line = None
    dated_on: Day | None = None


class Question(RequestBody):
    """What is to be explained; null takes it back."""

    question: Annotated[str | None, Field(min_length=1, max_length=2000)]


class Answer(RequestBody):
    """The explanation; files come with it as evidence."""

    answer: Annotated[str, Field(min_length=1, max_length=4000)]


class EvidenceBody(RequestBody):
    """Evidence to attach. A `result` by its `reference_id` alone; others by their title."""

    kind: EvidenceKind
    title: Line = None
    reference_id: UUID | None = None
    address: PlaceToRead | None = None
    sha256: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$", max_length=64)] = None
    dated_on: Day | None = None


class Withdrawal(RequestBody):
    """Why evidence is taken back."""

    reason: Reason


class Offers(ResponseBody):
    """Accepted results and documents that may be attached to a row."""

    data: list[OfferView]


@router.get("/history", policy="sheet.read")
async def get_history(code: str, seen: Annotated[SeenSheet, Seen]) -> History:
    """What was changed in a row: who, when, from what, to what, why."""
    return await history_view(seen, code)


@router.get("/evidence_offers", policy="sheet.read")
async def get_offers(code: str, seen: Annotated[SeenSheet, Seen]) -> Offers:
    """Results and documents that a confirmed link feeds the row with, or its evidence names.

    Attach one by its kind and id. None for those who see the sheet only since it is published.
    """
    found = await evidence.offers(seen, code)
    return Offers(data=[OfferView.model_validate(each) for each in found])


@router.post("/self_scores", policy="sheet.self_score")
async def enter_self_score(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("self_score")],
    body: SelfScore,
    expected: IfMatch,
    response: Response,
) -> RowOfBody:
    """Score a row for the body. 412 when the row has moved on, 409 `score_sheet_state`.

    422 `score_invalid`: a survey's row, points the set does not know, a denominator of 0.
    """
    given = body.model_dump(exclude_unset=True)
    await entering.self_score(seen, code, given, expected, given.pop("reason", None))
    return await _row(seen, code, response)


@router.post("/evidence", policy="sheet.prove", status_code=201)
async def attach_evidence(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("prove")],
    body: EvidenceBody,
    response: Response,
) -> EvidenceView:
    """Attach what proves a row, or comes with its explanation. 422 `evidence_invalid`."""
    made = await evidence.attach(seen, code, body.model_dump())
    sheet = f"/v1/score_sheets/{seen.sheet.year}/bodies/{seen.body.id}"
    created_at(response, f"{sheet}/rows/{code}/evidence/{made.id}")
    return EvidenceView.model_validate(made)


@router.post("/evidence/{evidence_id}/withdraw", policy="sheet.prove")
async def withdraw_evidence(
    code: str,
    evidence_id: UUID,
    seen: Annotated[SeenSheet, sheet_for("prove")],
    body: Withdrawal,
) -> EvidenceView:
    """Take evidence back, saying why; the history keeps it."""
    return EvidenceView.model_validate(
        await evidence.withdraw(seen, code, evidence_id, body.reason)
    )


@router.post("/appraisals", policy="sheet.appraise")
async def appraise_row(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("appraise")],
    body: Appraisal,
    expected: IfMatch,
    response: Response,
) -> RowOfBody:
    """Decide on a row, in the first or second appraisal. 412 when the row has moved on.

    422 `appraisal_without_note`: other points than the body's own, without saying why.
    """
    await appraising.appraise(seen, code, body.model_dump(exclude_unset=True), expected)
    return await _row(seen, code, response)


@router.post("/ballots", policy="sheet.count_ballots")
async def count_ballots(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("count_ballots")],
    body: Ballots,
    expected: IfMatch,
    response: Response,
) -> RowOfBody:
    """Enter counted ballots of a row that answer options feed; the appraiser accepts them."""
    await entering.count_ballots(seen, code, body.ballots, body.evidence, expected)
    return await _row(seen, code, response)


@router.post("/survey_figures", policy="sheet.enter_survey")
async def enter_survey_figure(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("enter_survey")],
    body: SurveyFigure,
    expected: IfMatch,
    response: Response,
) -> RowOfBody:
    """Enter what somebody else's survey shows of a body: never by the body itself.

    409 `score_row_own_survey` for our own department, whose figures come of our rounds.
    """
    await figures.enter(seen, code, body.index, body.source, body.dated_on, expected)
    return await _row(seen, code, response)


@router.post("/questions", policy="sheet.ask")
async def ask_row(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("ask")],
    body: Question,
    expected: IfMatch,
    response: Response,
) -> RowOfBody:
    """Ask to have a row explained; the body is told of all of them at the appraiser's lock."""
    await appraising.ask(seen, code, body.question, expected)
    return await _row(seen, code, response)


@router.post("/explanations", policy="sheet.answer")
async def explain_row(
    code: str,
    seen: Annotated[SeenSheet, sheet_for("answer")],
    body: Answer,
    expected: IfMatch,
    response: Response,
) -> RowOfBody:
    """Answer what the appraiser asked. 409 `score_row_not_asked`, `score_sheet_state`."""
    await entering.answer(seen, code, body.answer, expected)
    return await _row(seen, code, response)


async def _row(seen: SeenSheet, code: str, response: Response) -> RowOfBody:
    view = await row_view(seen, code)
    set_etag(response, view.version)
    return view
