"""Contributions: asked of a coordinating unit, given by it, accepted or returned."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import (
    CurrentActor,
    Day,
    Distinct,
    Page,
    PageParams,
    RequestBody,
    ServiceRouter,
    Transaction,
    set_etag,
)
from tasks.assignments.asked import Contribution
from tasks.assignments.change import AssignmentChange
from tasks.assignments.domain import Act
from tasks.assignments.doors import Required, Text, changing
from tasks.calendar.moment import moment
from tasks.contributions import actions, views
from tasks.contributions.change import ContributionChange
from tasks.contributions.views import Contributions, ContributionView

router = ServiceRouter(prefix="/v1/assignments", tags=["contributions"])
decisions = ServiceRouter(prefix="/v1/contributions", tags=["contributions"])


class AskedBody(RequestBody):
    """Which coordinating unit is asked, for what, and by which day, that day included."""

    unit_id: UUID
    what: Required
    due_on: Day


class GivenBody(RequestBody):
    """What is contributed: words, files uploaded before, or both."""

    note: Text = ""
    file_ids: Annotated[list[UUID], Distinct] = Field(default=[], max_length=20)


class TakenBody(RequestBody):
    """An optional word with the acceptance."""

    note: Text | None = None


class WhyBody(RequestBody):
    """Why it is returned, or not needed any more."""

    reason: Reason


def _about(act: Act) -> Any:
    """Lock the contribution of the path for an act, with its assignment."""

    async def begin(id: UUID, session: Transaction, actor: CurrentActor) -> ContributionChange:
        return await ContributionChange.begin(session, actor, act, id)

    return Depends(begin)


Giving = Annotated[ContributionChange, _about("give_contribution")]
Deciding = Annotated[ContributionChange, _about("decide_contribution")]


@router.post("/{id}/contributions", policy="assignment.ask_contribution", status_code=201)
async def ask_contribution(
    change: Annotated[AssignmentChange, changing("ask_contribution")],
    body: AskedBody,
    response: Response,
) -> ContributionView:
    """Ask one coordinating unit for something by a day; its head is told at once.

    422 for a unit that does not coordinate or a day that has passed; 409 `plan_draft`.
    """
    asked = await actions.ask(change, body.unit_id, body.what, body.due_on)
    return await _answer(change, asked, response)


@router.get("/{id}/contributions", policy="assignment.read_contributions")
async def list_of_assignment(id: UUID, session: Transaction, actor: CurrentActor) -> Contributions:
    """List what was asked of the units that coordinate an assignment, the newest first."""
    return await views.of_assignment(session, actor, id, await moment(session))


@decisions.get("", policy="assignment.read_contributions")
async def list_contributions(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    *,
    mine: bool = False,
    owed: bool = False,
) -> Page[ContributionView]:
    """List contributions by last allowed day: all the caller sees, or asked of the own unit.

    `mine`: of the caller's unit. `owed`: not given yet, or returned.
    """
    at = await moment(session)
    found, cursor = await views.page(session, actor, at, paging, mine=mine, only_owed=owed)
    return Page(data=found, next_cursor=cursor)


@decisions.post("/{id}/give", policy="assignment.give_contribution")
async def give_contribution(given: Giving, body: GivenBody, response: Response) -> ContributionView:
    """Hand in what the own unit was asked for. 409 `contribution_given`, `contribution_withdrawn`.

    Late is what comes after a working day has passed since the last allowed day.
    """
    await actions.give(given, body.note, body.file_ids)
    return await _answer(given.change, given.contribution, response)


@decisions.post("/{id}/accept", policy="assignment.decide_contribution")
async def accept_contribution(
    given: Deciding, body: TakenBody, response: Response
) -> ContributionView:
    """Take a contribution. 409 `contribution_not_given`, `contribution_accepted`."""
    await actions.accept(given, body.note)
    return await _answer(given.change, given.contribution, response)


@decisions.post("/{id}/return", policy="assignment.decide_contribution")
async def return_contribution(
    given: Deciding, body: WhyBody, response: Response
) -> ContributionView:
    """Return a contribution, saying why: the unit owes it again, by the same day."""
    await actions.give_back(given, body.reason)
    return await _answer(given.change, given.contribution, response)


@decisions.post("/{id}/withdraw", policy="assignment.decide_contribution")
async def withdraw_contribution(
    given: Deciding, body: WhyBody, response: Response
) -> ContributionView:
    """Ask for it no more, saying why: it leaves the figures. 409 `contribution_given`."""
    await actions.withdraw(given, body.reason)
    return await _answer(given.change, given.contribution, response)


async def _answer(
    change: AssignmentChange, contribution: Contribution, response: Response
) -> ContributionView:
    set_etag(response, change.assignment.version)
    return await views.one(change.session, change.actor, contribution, change.at)
