"""The citizen's door for programs: kiosks, other sites. The form's own pages are in `pages.py`."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Header
from pydantic import Field

from chassis.errors import FieldError, InvalidInput
from chassis.i18n import preferred
from chassis.web import PUBLIC, RequestBody, ResponseBody, ServiceRouter
from surveys.answers.domain import Raw
from surveys.answers.parts import TheReception
from surveys.answers.refusals import AnswersRefused, refused
from surveys.codes import domain as tickets
from surveys.domain.wording import N_
from surveys.form.catalogue import Language, say

router = ServiceRouter(prefix="/v1/public", tags=["public"])


class Submission(RequestBody):
    """A ballot. `response_id`: a UUID of version 4 made where it was filled in, one per ballot.

    `answers`: scaled question to 1..5. `choices`: question to option indexes from 0.
    `text`: question to free text. `unit_id`: the unit that served, where the code does not say it.
    """

    response_id: str
    answers: dict[str, Any] = Field(default={})
    choices: dict[str, Any] = Field(default={})
    text: dict[str, Any] = Field(default={})
    unit_id: UUID | None = None
    channel: Literal["web", "kiosk", "paper"] = "web"


class Stored(ResponseBody):
    """The ballot is committed. Sent again with the same id, the answer is the same."""

    response_id: UUID
    status: Literal["accepted"] = "accepted"


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


@router.get("/{code}", policy=PUBLIC)
async def read_public(code: str, reception: TheReception) -> AskedView:
    """Return the questionnaire behind a code.

    404 `code_unknown`, 410 `ticket_used`, 410 `round_closed`, 403 `round_not_open`.
    """
    door = await reception.door(code)
    if door.asked.refusal:
        raise refused(door.asked.refusal)
    return AskedView(
        round_title=door.asked.title,
        opens_on=door.asked.rules.opens_on,
        closes_on=door.asked.rules.closes_on,
        unit_name=door.unit_name,
        units=[UnitView(id=id_, name=name) for id_, name in door.choosable.items()],
        questionnaire=door.asked.questionnaire.model_dump(mode="json"),
    )


@router.post("/{code}/responses", policy=PUBLIC, status_code=202)
async def submit_response(
    code: str,
    body: Submission,
    reception: TheReception,
    accept_language: Annotated[str | None, Header()] = None,
) -> Stored:
    """Store a ballot; answered once it is committed.

    422 `answers_invalid` names each question; 404 `code_unknown`, 410 `ticket_used`,
    410 `round_closed`, 403 `round_not_open`, 429 `link_flooded`; 503: send the same again.
    """
    response_id = _response_id(body.response_id)
    unit = str(body.unit_id) if body.unit_id else None
    raw = Raw(body.answers, body.choices, body.text, unit)
    try:
        await reception.take(code, response_id, body.channel, lambda _: raw)
    except AnswersRefused as refusal:
        raise _invalid(refusal, preferred(accept_language)) from None
    return Stored(response_id=response_id)


def _response_id(text: str) -> UUID:
    try:
        return tickets.response_id(text)
    except ValueError as error:
        said = N_("response_id phải là một UUID phiên bản 4, mới cho mỗi phiếu")
        field = FieldError(pointer="/response_id", message=said)
        raise InvalidInput(said, code="response_id_invalid", errors=[field]) from error


def _invalid(refusal: AnswersRefused, language: Language) -> InvalidInput:
    errors = [
        FieldError(pointer=error.pointer, message=say(error.sentence, language))
        for error in refusal.errors
    ]
    return InvalidInput(
        N_("Phiếu có {count} chỗ cần xem lại: {first}"),
        code="answers_invalid",
        errors=errors,
        count=len(errors),
        first=errors[0]["message"],
    )
