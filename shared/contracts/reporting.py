"""Events published by the reporting service: criteria sets, index changes, bodies' sheets."""

from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from contracts.events import Event, Payload, SeveralOfStaff
from contracts.reports import (
    DraftState,
    LostMail,
    ReportDraftMoved,
    ReportIssued,
    ReportMailFailed,
    ReportState,
)

__all__ = [
    "CriteriaSetPublished", "DraftState", "ExplanationRequested", "IndexChanged", "IndexEvent",
    "IndexKind", "IndexState", "LostMail", "RankedBody", "RankingPublished", "RankingState",
    "ReportDraftMoved", "ReportIssued", "ReportMailFailed", "ReportState", "ScoreSheetLocked",
    "ScoreSheetMoved", "ScoreSheetPublished", "ScoreSheetReopened", "SheetEvent", "SheetState",
    "SheetStatus", "TargetMissed", "TargetRecovered",
]  # fmt: skip
SheetStatus = Literal[
    "opened", "self_scoring", "locked", "explaining", "explained", "approved", "published"
]
IndexKind = Literal["par_secured", "par_projected", "par_official", "satisfaction", "completion"]


class CriteriaSetPublished(
    Event, type="reporting.criteria_set_published.v1", aggregate="criteria_set"
):
    """A version of the scoring sheet is in force for a year. `composed`: not an official text."""

    criteria_set_id: UUID
    set_version: int
    code: str
    year: int
    title: str
    composed: bool
    total_points: Decimal

    @property
    def subject(self) -> UUID:
        return self.criteria_set_id

    @property
    def version(self) -> int:
        return self.set_version


class IndexState(Payload):
    """A figure as it may be shown; `value` is None when there are too few answers to show it.

    `scope_id` is the plan, round or criteria set; `unit_id` None means the whole department.
    `numerator`, `denominator` are the counts or points behind `value`: those of a year's plans add
    up to the year's completion. `covered`: of a PAR figure, how many points of the denominator have
    a value; with fewer than all, `value` takes the others for 0 and is not the whole index.
    """

    index_id: UUID
    version: int
    kind: IndexKind
    scope_id: UUID
    unit_id: UUID | None
    year: int
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal
    method: str
    covered: Decimal | None = None


class IndexEvent(Payload):
    """What all events about an index carry."""

    index: IndexState

    @property
    def subject(self) -> UUID:
        """Id of the index."""
        return self.index.index_id

    @property
    def version(self) -> int:
        """Version of the index: one step per announced change."""
        return self.index.version


class IndexChanged(IndexEvent, Event, type="reporting.index_changed.v1", aggregate="index"):
    """A figure moved. At most one per index and second; `previous` is the one announced before."""

    previous: Decimal | None


class TargetMissed(IndexEvent, Event, type="reporting.target_missed.v1", aggregate="index"):
    """A figure is on the wrong side of the target that a plan sets for it."""

    plan_id: UUID
    comparison: Literal["over", "at_least"]
    target: Decimal


class TargetRecovered(IndexEvent, Event, type="reporting.target_recovered.v1", aggregate="index"):
    """A figure that had missed its target reaches it again."""

    plan_id: UUID
    comparison: Literal["over", "at_least"]
    target: Decimal


class RankedBody(Payload):
    """A body in a block's ranking. `unit_id`: of a unit of ours; None: another body.

    `eligible` False: "không đủ điều kiện đánh giá", listed without rank. Ranks follow exact
    indices, `index` is as shown: two may read 90.02 and stand on ranks 2 and 3.
    """

    body_id: UUID
    unit_id: UUID | None
    code: str
    name: str
    eligible: bool
    rank: int | None
    index: Decimal | None
    grade: str | None


class RankingState(Payload):
    """A published version of a block's ranking: a later version takes its place.

    `average` of those ranked. `sha256`: of the published document. `composed`: its criteria set is
    not an official text. `people_ids` act for its bodies.
    """

    ranking_id: UUID
    version: int
    year: int
    block_id: UUID
    block_code: str
    block_name: str
    composed: bool
    average: Decimal | None
    sha256: str
    bodies: list[RankedBody]
    people_ids: SeveralOfStaff = None


class RankingPublished(Event, type="reporting.ranking_published.v1", aggregate="ranking"):
    """A block's ranking was published; from version 2 on: corrected, in place of the one before."""

    ranking: RankingState

    @property
    def subject(self) -> UUID:
        """Id of the ranking: of one block in one year."""
        return self.ranking.ranking_id

    @property
    def version(self) -> int:
        """Number of the published version."""
        return self.ranking.version


class SheetState(Payload):
    """How far a body's score sheet of a year has come.

    `unit_id`: the body is this unit of the department's directory. `index`, in percent, and the
    points behind it, bonus and penalty within their caps, are told once they are published.
    `people_ids` act for the body, `appraiser_ids` appraise its block.
    """

    sheet_id: UUID
    version: int
    year: int
    body_id: UUID
    body_code: str
    body_name: str
    block_id: UUID
    block_code: str
    unit_id: UUID | None
    status: SheetStatus
    index: Decimal | None
    points: Decimal | None
    applicable_points: Decimal | None
    bonus: Decimal | None
    penalty: Decimal | None
    people_ids: SeveralOfStaff
    appraiser_ids: SeveralOfStaff


class SheetEvent(Payload):
    """What all events about a sheet carry."""

    sheet: SheetState

    @property
    def subject(self) -> UUID:
        """Id of the sheet."""
        return self.sheet.sheet_id

    @property
    def version(self) -> int:
        """Version of the sheet: one step per event."""
        return self.sheet.version


class ScoreSheetLocked(
    SheetEvent, Event, type="reporting.score_sheet_locked.v1", aggregate="score_sheet"
):
    """A body locked its self-scores, or its answers to what it was asked to explain."""

    locked: Literal["self_scores", "explanations"]


class ScoreSheetMoved(
    SheetEvent,
    Event,
    type="reporting.score_sheet_moved.v1",
    aggregate="score_sheet",
    audience="internal",
):
    """A sheet was opened, its first appraisal ended with nothing to explain, or it was approved.

    `closes_on`: the last day of what the body is to enter now; None: there is none.
    """

    closes_on: date | None


class ExplanationRequested(
    SheetEvent,
    Event,
    type="reporting.explanation_requested.v1",
    aggregate="score_sheet",
    audience="internal",
):
    """The appraiser asks a body to explain rows, by their codes, before appraising again."""

    codes: list[str]


class ScoreSheetReopened(
    SheetEvent,
    Event,
    type="reporting.score_sheet_reopened.v1",
    aggregate="score_sheet",
    audience="internal",
):
    """What a lock had ended goes on again (`reopen`), or has another last day (`extend`), and why.

    Reopened after its approval, a sheet is appraised for the second time anew (`explained`).

    `closes_on`: the last day of what the body is to enter now; None: there is none.
    """

    act: Literal["reopen", "extend"]
    reason: str
    closes_on: date | None


class ScoredRow(Payload):
    """A row of a published sheet that applied. `points`: as published; without a value they are 0.

    `name`: of the sub-criterion.
    """

    code: str
    name: str
    points: Decimal
    max_points: Decimal


class ScoreSheetPublished(
    SheetEvent, Event, type="reporting.score_sheet_published.v1", aggregate="score_sheet"
):
    """A body's approved sheet can be read by everybody in the department.

    `rows`: of our own department's sheet, in its order; of any other body's sheet None.
    """

    rows: list[ScoredRow] | None = None
