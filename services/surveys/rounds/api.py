"""Survey rounds, and how many answers they have."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
    set_etag,
)
from contracts.surveys import Aggregator, Method
from surveys.access import scope
from surveys.answers.parts import Nothing
from surveys.codes import actions as tickets
from surveys.rounds import actions as rounds
from surveys.rounds.domain import MIN_N, Status
from surveys.tables import Questionnaire, SurveyRound

router = ServiceRouter(prefix="/v1/rounds", tags=["rounds"])


class RoundBody(RequestBody):
    """A round to draft. `opens_on`, `closes_on`: local dates, both inclusive."""

    title: str = Field(min_length=1, max_length=300)
    year: int = Field(ge=2000, le=2100)
    questionnaire_id: UUID
    method: Method = "share"
    aggregator: Aggregator = "pooled"
    opens_on: date
    closes_on: date
    unit_ids: list[UUID] = Field(min_length=1, max_length=500)
    min_n: int = Field(default=MIN_N, ge=1, le=1_000_000)


class RoundView(ResponseBody):
    """A round and the questionnaire it asks."""

    id: UUID
    version: int
    title: str
    year: int
    questionnaire_id: UUID
    questionnaire_version: int
    questionnaire_title: str
    composed: bool
    method: Method
    aggregator: Aggregator
    status: Status
    opens_on: date
    closes_on: date
    unit_ids: list[UUID]
    min_n: int


class UnitCount(ResponseBody):
    """Answers about a unit, in steps of 5; `unit_id` null: nobody said which unit."""

    unit_id: UUID | None
    counted: int


class AnswersCount(ResponseBody):
    """Answers by lane, the department's live; tickets issued and not spent."""

    counted: int
    held: int
    excluded: int
    tickets_issued: int
    tickets_unused: int
    units: list[UnitCount]


async def _visible(
    id: UUID, session: Transaction, actor: CurrentActor
) -> tuple[SurveyRound, Questionnaire]:
    query = rounds.with_questionnaire().where(SurveyRound.id == id)
    row: Any = (await session.execute(scope(query, actor))).first()
    if row is None:
        raise rounds.unknown()
    return row[0], row[1]


Visible = Annotated[tuple[SurveyRound, Questionnaire], Depends(_visible)]


@router.get("", policy="round.read")
async def list_rounds(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[RoundView]:
    """List rounds, newest first; units do not see drafts."""
    query = scope(rounds.with_questionnaire(), actor)
    keys = (SurveyRound.created_at.desc(), SurveyRound.id.desc())
    rows, cursor = await paginate(session, query, paging, *keys)
    return Page(data=[_shown(*row) for row in rows], next_cursor=cursor)


@router.post("", policy="round.write", status_code=201)
async def create_round(
    body: RoundBody, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Draft a round. 422 `unit_unknown` for units the directory does not have."""
    planned = rounds.Planned(**{name: getattr(body, name) for name in RoundBody.model_fields})
    made = await rounds.create(session, actor, planned)
    return await _answer(session, made, response)


@router.get("/{id}", policy="round.read")
async def read_round(found: Visible, response: Response) -> RoundView:
    """Return a round with its ETag. 404 `round_not_found`."""
    set_etag(response, found[0].version)
    return _shown(*found)


@router.post("/{id}/open", policy="round.write")
async def open_round(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Take answers from `opens_on` on.

    409 `round_already_open`, 409 `round_already_closed`, 409 `questionnaire_not_published`,
    409 `round_dates_past`.
    """
    return await _answer(session, await rounds.open_(session, actor, id), response)


@router.post("/{id}/close", policy="round.write")
async def close_round(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Take no more answers, at once and for good. 409 `round_not_open`."""
    return await _answer(session, await rounds.close(session, actor, id), response)


@router.get("/{id}/answers_count", policy="answers_count.read")
async def count_answers(found: Visible, session: Transaction, actor: CurrentActor) -> AnswersCount:
    """Count answers and tickets; a unit sees no other unit's figure."""
    counts = await tickets.count(session, actor, found[0])
    units = [UnitCount(unit_id=unit_id, counted=counted) for unit_id, counted in counts.units]
    return AnswersCount.model_validate({**vars(counts), "units": units})


async def _answer(session: Transaction, stored: SurveyRound, response: Response) -> RoundView:
    key = (stored.questionnaire_id, stored.questionnaire_version)
    asked = await session.get_one(Questionnaire, key)
    set_etag(response, stored.version)
    return _shown(stored, asked)


def _shown(stored: SurveyRound, asked: Questionnaire) -> RoundView:
    facts = {"questionnaire_title": asked.title, "composed": asked.composed}
    own = RoundView.model_fields.keys() - facts.keys()
    return RoundView.model_validate({**{name: getattr(stored, name) for name in own}, **facts})
