"""The ladder of urging: everybody inside reads it, Office and administrator change it."""

from typing import Annotated

from pydantic import Field
from starlette.responses import Response

from chassis.access import Actor
from chassis.bodies import Reason
from chassis.web import (
    CurrentActor,
    IfMatch,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.ladder import actions
from tasks.ladder.domain import FURTHEST, MOST_BEFORE, TOLD, Told
from tasks.ladder.models import UrgingLadder

router = ServiceRouter(prefix="/v1/urging_ladder", tags=["urgings"])
Line = Annotated[str, Field(min_length=1, max_length=200)]
Days = Annotated[int, Field(ge=0, le=FURTHEST)]


class StepBody(RequestBody):
    """From so many working days after the due day on, somebody is told."""

    working_days: int = Field(ge=1, le=FURTHEST)
    told: Told


class LadderBody(RequestBody):
    """The whole ladder, and why it is changed. `repeat_hours` 0: again at once."""

    before: list[Days] = Field(max_length=MOST_BEFORE)
    escalation: list[StepBody] = Field(max_length=len(TOLD))
    work_from: int = Field(ge=0, le=23)
    work_until: int = Field(ge=1, le=24)
    repeat_hours: int = Field(ge=0, le=720)
    words: str = Field(min_length=1, max_length=2000)
    letter_parent: Line
    letter_symbol: Line
    letter_place: Line
    reason: Reason


class StepView(ResponseBody):
    """From so many working days after the due day on, somebody is told."""

    working_days: int
    told: Told


class LadderView(ResponseBody):
    """When the clock urges, and whom. `composed`: no official text says so.

    `before`: working days before the due day; `work_from`, `work_until`: hours of a working day.
    `repeat_hours`: how long the same rows are not urged again. `words`: what the page offers.
    `letter_*`: what stands above an official letter.
    """

    version: int
    before: list[int]
    escalation: list[StepView]
    work_from: int
    work_until: int
    repeat_hours: int
    words: str
    letter_parent: str
    letter_symbol: str
    letter_place: str
    composed: bool
    allowed: list[str]


@router.get("", policy="urging_ladder.read")
async def read_ladder(session: Transaction, actor: CurrentActor, response: Response) -> LadderView:
    """Return the ladder in force."""
    found = await actions.ladder(session)
    set_etag(response, found.version)
    return _view(found, actor)


@router.put("", policy="urging_ladder.change")
async def put_ladder(
    body: LadderBody,
    expected: IfMatch,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> LadderView:
    """Put another ladder in force, from the clock's next look on. 412 when somebody was quicker."""
    facts = body.model_dump(exclude={"reason"})
    found = await actions.change(session, actor, expected, facts, body.reason)
    set_etag(response, found.version)
    return _view(found, actor)


def _view(found: UrgingLadder, actor: Actor) -> LadderView:
    return LadderView(
        version=found.version, **found.facts(), composed=True,
        allowed=RIGHTS.allowed(actor, "urging_ladder", ("change",)),
    )  # fmt: skip
