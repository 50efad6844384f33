"""Rows of a body's sheet as they are answered, and what was changed in them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, true

from chassis.directory import person
from chassis.tables import audit_entry
from chassis.web import ResponseBody
from reporting.bodies.models import OWN_BODY
from reporting.criteria.domain import (
    Proportional,
    Rule,
    SubCriterion,
    SurveyIndex,
    SurveyOptions,
)
from reporting.score_sheets.entries import BONUS, PENALTY, lacking, rows_of_sheet, steps_of
from reporting.score_sheets.evidence import EvidenceKind
from reporting.score_sheets.models import RowEvidence, ScoreRow
from reporting.score_sheets.offered import offered_by_code
from reporting.score_sheets.outcome import FinalRow, Outcome
from reporting.score_sheets.passing import filled
from reporting.score_sheets.rows import evidence_of, row_id
from reporting.score_sheets.seen import SeenSheet
from reporting.score_sheets.sheets import given, rows_of
from reporting.score_sheets.so_far import final_of
from reporting.score_sheets.standing import published, reopened_at, rows_as_they_stood
from reporting.shown import shown

ROW_ACTS = ("self_score", "prove", "answer", "appraise", "ask")


class EvidenceView(ResponseBody):
    """What proves a row. `sha256`, `dated_on`: as attached. `withdrawn_because`: taken back."""

    id: UUID
    purpose: str
    kind: str
    title: str
    reference_id: UUID | None
    address: str | None
    sha256: str | None
    dated_on: date | None
    added_at: datetime
    withdrawn_because: str | None


class OfferView(ResponseBody):
    """What could prove a row; `attached`: it proves it already; `linked`: it feeds the row."""

    kind: EvidenceKind
    reference_id: UUID
    title: str
    dated_on: date
    sha256: str
    attached: bool
    linked: bool = True


class RowOfBody(ResponseBody):
    """A row of a body's sheet.

    `steps`: the points it can have, None: any up to `max_points`. `numerator`, `denominator`: what
    to count where a rate gives the points. `points`: what counts by now, appraised or of a survey.
    `appraisal_note`, `appraisal_note_2`: why the first and the second appraisal decided so.
    `survey_index`: of somebody else's survey, in percent, as `survey_source` published it.
    `weak`: last year it did not reach its maximum. `lacks`: what the next lock misses.
    `rule`: what earns how many points, None: of bonus and penalty. `offers`: how many results and
    documents could be attached as evidence, for those who may; each is named in `evidence_offers`.
    """

    code: str
    name: str
    max_points: Decimal
    method: str
    survey: bool
    steps: list[Decimal] | None
    numerator: str | None
    denominator: str | None
    na_allowed: bool
    na_when: str | None
    evidence_asked: list[str]
    version: int
    self_score: Decimal | None
    self_done: int | None
    self_due: int | None
    self_note: str | None
    not_applicable_reason: str | None
    not_applicable_accepted: bool
    appraised_1: Decimal | None
    appraised_2: Decimal | None
    appraised_done: int | None
    appraised_due: int | None
    appraisal_note: str | None
    question: str | None
    answer: str | None
    last_year_score: Decimal | None
    last_year_max: Decimal | None
    weak: bool
    points: Decimal | None
    applicable: bool
    evidence: list[EvidenceView]
    option_weights: dict[str, Decimal] | None
    ballots: dict[str, int] | None
    ballots_evidence: str | None
    ballots_accepted: bool
    lacks: list[str]
    allowed: list[str]
    survey_index: Decimal | None = None
    survey_source: str | None = None
    survey_dated_on: date | None = None
    area_code: str | None = None
    area_name: str | None = None
    appraisal_note_2: str | None = None
    rule: Rule | None = None
    offers: int = 0


class Change(ResponseBody):
    """What somebody changed in a row: from `before` to `after`, and why."""

    at: datetime
    by: UUID | None
    name: str | None
    act: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None


class History(ResponseBody):
    """Everything that was changed in a row, the newest first."""

    data: list[Change]


async def final_seen(seen: SeenSheet) -> Outcome:
    """Return what the sheet comes to for who looks at it: as published, while that stands."""
    stood = published(seen.sheet) if seen.as_published else None
    return stood or await final_of(seen.session, seen.block, seen.sheet)


async def row_view(seen: SeenSheet, code: str) -> RowOfBody:
    """Return one row of a sheet."""
    final = await final_seen(seen)
    rows = await rows_view(seen, {row.code: row for row in final.rows}, code)
    return rows[0]


async def history_view(seen: SeenSheet, code: str) -> History:
    """Return what was changed in a row, the newest first. Raises NotFound."""
    seen.sub(code)
    entry = audit_entry.c
    found = await seen.session.execute(
        select(entry.recorded_at, entry.actor_id, person.c.name, entry.action, entry.before,
               entry.after, entry.reason)
        .outerjoin_from(audit_entry, person, person.c.id == entry.actor_id)
        .where(
            entry.subject_id == row_id(seen.sheet.year, code, seen.body.id),
            entry.recorded_at < reopened_at(seen.sheet) if seen.as_published else true(),
        )
        .order_by(entry.id.desc())
    )  # fmt: skip
    return History(data=[
        Change(at=row.recorded_at, by=row.actor_id, name=row.name,
               act=row.action.partition(".")[2], before=row.before, after=row.after,
               reason=row.reason)
        for row in found
    ])  # fmt: skip


async def rows_view(
    seen: SeenSheet, final: Mapping[str, FinalRow], only: str | None = None
) -> list[RowOfBody]:
    """Return all rows of a sheet, or only one."""
    rows = await rows_of(seen.session, seen.sheet.year, seen.body.id)
    if seen.as_published:
        rows = rows_as_they_stood(seen.sheet, rows)
    entered = {row.code: row for row in rows}
    proofs: dict[str, list[RowEvidence]] = {}
    for each in await evidence_of(seen, only):
        proofs.setdefault(each.code, []).append(each)
    lacks: dict[str, list[str]] = {}
    if not seen.as_published:
        for code, lack in lacking(seen.state, await filled(seen)):
            lacks.setdefault(code, []).append(lack)
    found = [
        _row(seen, sub, entered.get(code), proofs.get(code, ()), lacks.get(code, []),
             final.get(code))
        for code, sub in rows_of_sheet(seen.criteria).items()
        if only in (None, code)
    ]  # fmt: skip
    areas = {sub.code: area for area in seen.criteria.areas for sub in area.sub_criteria()}
    for row in found:
        if area := areas.get(row.code):
            row.area_code, row.area_name = area.code, area.name
        elif _is_appraised(entered.get(row.code)):
            row.points = shown(given(entered.get(row.code)))
    await _count_offers(seen, found)
    return found


def _is_appraised(row: ScoreRow | None) -> bool:
    return row is not None and (row.appraised_1 is not None or row.appraised_2 is not None)


async def _count_offers(seen: SeenSheet, rows: Sequence[RowOfBody]) -> None:
    provable = [row for row in rows if "prove" in row.allowed]
    offered = await offered_by_code(seen) if provable else {}
    for row in provable:
        attached = {e.reference_id for e in row.evidence if e.withdrawn_because is None}
        row.offers = len(offered.get(row.code, set()) - attached)


_ENTERED = (
    "self_score", "self_done", "self_due", "self_note", "not_applicable_reason", "appraised_1",
    "appraised_2", "appraised_done", "appraised_due", "appraisal_note", "question", "answer",
    "last_year_score", "last_year_max", "ballots", "ballots_evidence",
    "survey_index", "survey_source", "survey_dated_on", "appraisal_note_2",
)  # fmt: skip


def _row(
    seen: SeenSheet,
    sub: SubCriterion,
    row: ScoreRow | None,
    proofs: Sequence[RowEvidence],
    lacks: list[str],
    final: FinalRow | None,
) -> RowOfBody:
    rate = sub.rule if isinstance(sub.rule, Proportional) else None
    entered: dict[str, Any] = {name: getattr(row, name, None) for name in _ENTERED}
    last, most = entered["last_year_score"], entered["last_year_max"]
    return RowOfBody(
        code=sub.code, name=sub.name, max_points=sub.max_points, method=sub.rule.method,
        survey=sub.is_survey, steps=steps_of(sub), numerator=rate and rate.numerator,
        denominator=rate and rate.denominator, na_allowed=sub.na_allowed, na_when=sub.na_when,
        evidence_asked=list(sub.evidence), version=row.version if row else 1, **entered,
        not_applicable_accepted=bool(row and row.not_applicable_accepted),
        weak=last is not None and most is not None and last < most,
        points=shown(final.points) if final else None,
        applicable=final.applicable if final else True,
        evidence=[EvidenceView.model_validate(each) for each in proofs], lacks=lacks,
        option_weights=sub.rule.option_weights if isinstance(sub.rule, SurveyOptions) else None,
        ballots_accepted=bool(row and row.ballots_accepted), allowed=_allowed(seen, sub, row),
        rule=None if sub.code in {BONUS, PENALTY} else sub.rule,
    )  # fmt: skip


def _allowed(seen: SeenSheet, sub: SubCriterion, row: ScoreRow | None) -> list[str]:
    """Return what may be done with a row: ballots of a survey's, an answer where it is asked."""
    if sub.is_survey:
        counted = ["count_ballots"] if isinstance(sub.rule, SurveyOptions) else []
        if isinstance(sub.rule, SurveyIndex) and seen.body.id != OWN_BODY:
            counted = ["enter_survey"]
        acts = counted + (["appraise"] if row is not None and row.ballots else [])
        return [act for act in acts if act in seen.allowed]
    acts = [act for act in ROW_ACTS if act in seen.allowed]
    asked = row is not None and bool(row.question)
    return [act for act in acts if asked or (act != "answer" and not _late(seen, act))]


def _late(seen: SeenSheet, act: str) -> bool:
    """Tell whether evidence would only come with an answer."""
    return act == "prove" and seen.state == "explaining"
