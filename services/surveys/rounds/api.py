"""Survey rounds: drafted, read, opened."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.bodies import Nothing
from chassis.web import (
    CurrentActor,
    Day,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    paginate,
    set_etag,
)
from contracts.surveys import Aggregator, Method
from surveys.access import RIGHTS
from surveys.rounds import actions
from surveys.rounds.domain import MIN_N
from surveys.rounds.models import SurveyRound
from surveys.rounds.views import Found, RoundView, find, shown, shown_again, visible

router = ServiceRouter(prefix="/v1/rounds", tags=["rounds"])


class RoundBody(RequestBody):
    """A round to draft. `opens_on`, `closes_on`: local dates, both inclusive.

    `min_n`: counted ballots from which figures are shown, at least 30. `open_in_index`: whether
    ballots without a ticket join the index when the round is closed, for good.
    """

    title: str = Field(min_length=1, max_length=300)
    year: int = Field(ge=2000, le=2100)
    questionnaire_id: UUID
    method: Method = "share"
    aggregator: Aggregator = "pooled"
    opens_on: Day
    closes_on: Day
    unit_ids: list[UUID] = Field(min_length=1, max_length=500)
    min_n: int = Field(default=MIN_N, le=1_000_000)
    open_in_index: bool = False


class RoundChanges(RequestBody):
    """Facts of a round to change; what is left out stays. An open round keeps its first day."""

    title: str = Field(default="", min_length=1, max_length=300)
    opens_on: Day = date.min
    closes_on: Day = date.min


async def _visible(id: UUID, session: Transaction, actor: CurrentActor) -> Found:
    return await find(session, actor, id)


Visible = Annotated[Found, Depends(_visible)]
"""The round of the path, if the caller may see it, and its questionnaire."""


@router.get("", policy="round.read")
async def list_rounds(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[RoundView]:
    """List rounds, newest first; units do not see drafts."""
    keys = (SurveyRound.created_at.desc(), SurveyRound.id.desc())
    rows, cursor = await paginate(session, visible(actor), paging, *keys)
    return Page(
        data=[shown(stored, asked, actor) for stored, asked in rows],
        next_cursor=cursor,
        allowed=RIGHTS.allowed(actor, "round", ["create"]),
    )


@router.post("", policy="round.create", status_code=201)
async def create_round(
    body: RoundBody, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Draft a round.

    422 `unit_unknown` for units the directory does not have, 422 `unit_twice`, 422
    `round_threshold_too_low`.
    """
    planned = actions.Planned(**{name: getattr(body, name) for name in RoundBody.model_fields})
    made = await actions.create(session, actor, planned)
    created_at(response, f"/v1/rounds/{made.id}")
    set_etag(response, made.version)
    return await shown_again(session, actor, made)


@router.get("/{id}", policy="round.read")
async def read_round(found: Visible, actor: CurrentActor, response: Response) -> RoundView:
    """Return a round with its ETag. 404 `round_not_found`."""
    set_etag(response, found[0].version)
    return shown(*found, actor)


@router.patch("/{id}", policy="round.change")
async def change_round(
    id: UUID,
    expected: IfMatch,
    body: RoundChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> RoundView:
    """Correct the title or the days. 412 when changed meanwhile.

    409 `round_already_closed`, 409 `round_already_cancelled`.
    """
    given = {name: getattr(body, name) for name in body.model_fields_set}
    changed = await actions.change(session, actor, id, expected, given)
    set_etag(response, changed.version)
    return await shown_again(session, actor, changed)


@router.post("/{id}/open", policy="round.open")
async def open_round(
    id: UUID, _: Nothing, session: Transaction, actor: CurrentActor, response: Response
) -> RoundView:
    """Take answers from `opens_on` on.

    409 `round_already_open`, 409 `round_already_closed`, 409 `questionnaire_not_published`,
    409 `round_dates_past`.
    """
    opened = await actions.open_(session, actor, id)
    set_etag(response, opened.version)
    return await shown_again(session, actor, opened)
