"""The Office's door to single ballots."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from chassis.bodies import Reason
from chassis.web import (
    CurrentActor,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
)
from contracts.surveys import Lane
from surveys.answers.domain import State
from surveys.review import actions
from surveys.review.views import KEYS, BallotView, ballots, shown
from surveys.rounds.api import Visible

router = ServiceRouter(prefix="/v1/rounds", tags=["rounds"])
MOST_BALLOTS = 500  # in one act: what a person looks through, and a short transaction


class ReviewBody(RequestBody):
    """Ballots to exclude or to restore, all or none, and why."""

    ballot_ids: list[UUID] = Field(min_length=1, max_length=MOST_BALLOTS)
    reason: Reason


class Reviewed(ResponseBody):
    """What has become of the ballots, and how many there were."""

    state: Literal["counted", "excluded"]
    count: int


@router.get("/{id}/responses", policy="round.review")
async def list_responses(
    found: Visible,
    session: Transaction,
    paging: PageParams,
    state: State | None = None,
    lane: Lane | None = None,
) -> Page[BallotView]:
    """List a round's ballots, the latest hour first; without unit and answers."""
    query = ballots(found[0].id, state, lane)
    rows, cursor = await paginate(session, query, paging, *KEYS)
    return Page(data=[shown(row) for row in rows], next_cursor=cursor)


@router.post("/{id}/exclusions", policy="round.review")
async def exclude_ballots(
    found: Visible, body: ReviewBody, session: Transaction, actor: CurrentActor
) -> Reviewed:
    """Count ballots no more. 422 `ballots_refused` names each that is unknown or not counted."""
    await actions.exclude(session, actor, found[0].id, body.ballot_ids, body.reason)
    return Reviewed(state="excluded", count=len(body.ballot_ids))


@router.post("/{id}/restorations", policy="round.review")
async def restore_ballots(
    found: Visible, body: ReviewBody, session: Transaction, actor: CurrentActor
) -> Reviewed:
    """Count excluded ballots again.

    422 `ballots_refused` names each that is unknown, not excluded, or never was counted.
    """
    await actions.restore(session, actor, found[0].id, body.ballot_ids, body.reason)
    return Reviewed(state="counted", count=len(body.ballot_ids))
