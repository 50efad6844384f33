"""Answers: the citizen's door for programs, the staff's for paper, and how many there are.

The citizen's own pages are in `form/`.
"""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chassis.web import (
    PUBLIC,
    CurrentActor,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
)
from surveys.access import RIGHTS
from surveys.answers.domain import Raw
from surveys.answers.identity import response_id
from surveys.answers.reception import Reception
from surveys.answers.refusals import refusal_of
from surveys.answers.views import AnswersCount, count
from surveys.codes.api import not_remembered
from surveys.rounds.api import Visible

router = ServiceRouter(prefix="/v1/public", tags=["public"])
of_round = ServiceRouter(prefix="/v1/rounds", tags=["rounds"])


class BallotBody(RequestBody):
    """A ballot. `response_id`: a UUID of version 4 made where it was filled in, one per ballot.

    `answers`: scaled question to 1..5. `choices`: question to option indexes from 0.
    `text`: question to free text. `unit_id`: the unit that served.
    """

    response_id: str = Field(max_length=64)
    answers: dict[str, Any] = Field(default={})
    choices: dict[str, Any] = Field(default={})
    text: dict[str, Any] = Field(default={})
    unit_id: UUID | None = None


class Submission(BallotBody):
    """A ballot as `BallotBody` has it; `unit_id` only where the code does not say it.

    `channel`: what the sender calls it; which lane the ballot is of, the code alone decides.
    """

    channel: Literal["web", "kiosk", "paper"] = "web"

    @property
    def raw(self) -> Raw:
        """The answers as they came, to be checked against the questionnaire."""
        unit = str(self.unit_id) if self.unit_id else None
        return Raw(self.answers, self.choices, self.text, unit)


class EnteredBallot(BallotBody):
    """A ballot that staff enter for somebody. `unit_id` null: it does not say which unit served."""

    channel: Literal["paper", "kiosk", "interview"]

    @property
    def raw(self) -> Raw:
        """The answers as they came; the unit is not one of them."""
        return Raw(self.answers, self.choices, self.text)


class Stored(ResponseBody):
    """The ballot is committed. Sent again with the same id, the answer is the same.

    `complete` false: fewer items are answered than the questionnaire's `ballot_rule` asks for; the
    ballot is kept and does not count in the index.
    """

    response_id: UUID
    status: Literal["accepted"] = "accepted"
    complete: bool


class UnitView(ResponseBody):
    """A unit the respondent may name."""

    id: UUID
    name: str


class AskedView(ResponseBody):
    """What a code leads to. `questionnaire`: structured as `POST /v1/questionnaires` takes it."""

    round_title: str
    opens_on: date
    closes_on: date
    unit_name: str | None
    units: list[UnitView]
    questionnaire: dict[str, Any]


async def _reception(request: Request) -> Reception:
    reception: Reception = request.app.state.reception
    return reception


TheReception = Annotated[Reception, Depends(_reception)]


@router.get("/{code}", policy=PUBLIC)
async def read_public(code: str, reception: TheReception) -> AskedView:
    """Return the questionnaire behind a code.

    404 `code_unknown`, 410 `ticket_used`, 410 `round_closed`, 403 `round_not_open`.
    """
    resolved = await reception.resolve(code)
    if refusal := refusal_of(resolved):
        raise refusal
    asked = resolved.asked
    return AskedView(
        round_title=asked.title,
        opens_on=asked.rules.opens_on,
        closes_on=asked.rules.closes_on,
        unit_name=resolved.unit_name,
        units=[UnitView(id=id_, name=name) for id_, name in resolved.choosable.items()],
        questionnaire=asked.questionnaire.model_dump(mode="json"),
    )


@router.post("/{code}/responses", policy=PUBLIC, status_code=202)
async def submit_response(code: str, body: Submission, reception: TheReception) -> Stored:
    """Store a ballot; answered once it is committed.

    422 `answers_invalid` names each question; 404 `code_unknown`, 410 `ticket_used`,
    410 `round_closed`, 403 `round_not_open`, 429 `link_flooded`; 409 `response_id_taken`: another
    ballot was stored under this id, this one is not; 503: send the same again.
    """
    id_ = response_id(body.response_id)
    complete = await reception.take(code, id_, body.channel, lambda _: body.raw)
    return Stored(response_id=id_, complete=complete)


@of_round.post("/{id}/ballots", policy="round.enter_ballot", status_code=202, response_model=Stored)
async def enter_ballot(
    found: Visible,
    body: EnteredBallot,
    session: Transaction,
    actor: CurrentActor,
    reception: TheReception,
) -> Response:
    """Store a ballot on paper, of an attended kiosk or of an interview; units, about themselves.

    Answered once it is committed; nothing keeps who entered it. 404 `round_not_found`,
    422 `unit_not_in_round`; else as `POST /v1/public/{code}/responses`.
    """
    RIGHTS.check(actor, "round.enter_ballot", body.unit_id)
    id_, round_id = response_id(body.response_id), found[0].id
    await session.rollback()  # what follows waits for a connection: none is kept meanwhile
    complete = await reception.enter(round_id, body.unit_id, id_, body.channel, body.raw)
    return not_remembered(Stored(response_id=id_, complete=complete), 202)


@of_round.get("/{id}/answers_count", policy="round.count_answers")
async def count_answers(found: Visible, session: Transaction, actor: CurrentActor) -> AnswersCount:
    """Count answers and tickets; a unit sees no other unit's figure."""
    return await count(session, actor, found[0])
