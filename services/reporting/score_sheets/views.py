"""The score sheet as it is answered."""

from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.web import ResponseBody
from reporting.access import RIGHTS
from reporting.criteria.domain import SubCriterion, SurveyOptions
from reporting.criteria.sets import set_in_force
from reporting.score_sheets.domain import SCORES, columns_open, of_todays_options
from reporting.score_sheets.models import ScoreRow
from reporting.score_sheets.seen import judges_own
from reporting.score_sheets.sheets import rows_of, survey_inputs
from reporting.score_sheets.steps import OF_THE_APPRAISER


class RowView(ResponseBody):
    """One row of the sheet. `version` 1 while nobody has entered anything.

    `option_weights`: of a row fed by answer options, whose `question` a round asks; None: no round
    does. `ballots`: answers counted outside of the system; `ballots_of_other_options`: such as were
    entered while the criteria set had other options, and count as none. `allowed`: the
    columns that the caller may enter now.
    """

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
    option_weights: dict[str, Decimal] | None
    question: str | None
    ballots: dict[str, int] | None
    ballots_of_other_options: dict[str, int] | None
    ballots_evidence: str | None
    ballots_accepted: bool
    allowed: list[str]


class SheetView(ResponseBody):
    """The sheet of a year."""

    year: int
    composed: bool
    notice: str
    rows: list[RowView]


async def sheet_view(session: AsyncSession, year: int, actor: Actor) -> SheetView:
    """Return all rows of a year with what was entered. Raises NotFound."""
    body = (await set_in_force(session, year)).body
    entered = {row.code: row for row in await rows_of(session, year)}
    surveys = await survey_inputs(session, year, body)
    fed = {code for code, survey in surveys.items() if survey.result is not None}
    judges = await judges_own(session, actor, year)
    rows = [
        row_view(sub, entered.get(sub.code), actor, fed=sub.code in fed, judges=judges)
        for sub in body.sub_criteria()
    ]
    return SheetView(year=year, composed=body.composed, notice=body.notice, rows=rows)


def row_view(
    sub: SubCriterion, row: ScoreRow | None, actor: Actor, *, fed: bool, judges: bool
) -> RowView:
    """Return one row; `row` None: nothing was entered. `fed`: a closed round gives its answers.

    `judges`: the actor may appraise, as far as the role goes.
    """
    scores = {name: getattr(row, name, None) for name in SCORES}
    reason = row.not_applicable_reason if row else None
    stored = row.ballots if row else None
    ballots = of_todays_options(sub, stored)
    options = sub.rule if isinstance(sub.rule, SurveyOptions) else None
    columns = columns_open(sub, reason=reason, ballots=ballots, fed=fed)
    if not judges:
        columns = [name for name in columns if name not in OF_THE_APPRAISER]
    return RowView(
        code=sub.code, name=sub.name, max_points=sub.max_points, na_allowed=sub.na_allowed,
        na_when=sub.na_when, evidence=list(sub.evidence), feeds_from=sub.feeds_from,
        version=row.version if row else 1, **scores,
        not_applicable_reason=reason,
        not_applicable_accepted=bool(row and row.not_applicable_accepted),
        option_weights=options and options.option_weights,
        question=options and options.question,
        ballots=ballots, ballots_of_other_options=None if ballots else stored or None,
        ballots_evidence=row.ballots_evidence if row else None,
        ballots_accepted=bool(row and ballots and row.ballots_accepted),
        allowed=RIGHTS.allowed(actor, "score_row", columns),
    )  # fmt: skip
