"""How single ballots are shown to those who review them: without unit and without answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from chassis.bodies import ResponseBody
from contracts.surveys import Lane
from surveys.answers.domain import State
from surveys.answers.models import Response

KEYS = Response.hour.desc(), Response.ballot_id.desc()


class BallotView(ResponseBody):
    """A ballot. `hour`: when it came, cut to the hour, UTC. `reason`: why it is not counted."""

    ballot_id: UUID
    lane: Lane
    channel: str
    hour: datetime
    state: State
    reason: str | None


def ballots(round_id: UUID, state: State | None, lane: Lane | None) -> Select[Any]:
    """Select the ballots of a round; of one state or lane, where given."""
    columns = [getattr(Response, name) for name in BallotView.model_fields]
    statement = select(*columns).where(Response.round_id == round_id)
    if state:
        statement = statement.where(Response.state == state)
    return statement.where(Response.lane == lane) if lane else statement


def shown(row: Any) -> BallotView:
    """Return a ballot."""
    return BallotView(**dict(zip(BallotView.model_fields, row, strict=True)))
