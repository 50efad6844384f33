"""Measures: what lost points, what units propose against it, what the Office accepts."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.web import (
    CurrentActor,
    IfMatch,
    RequestBody,
    ServiceRouter,
    Transaction,
    created_at,
    set_etag,
)
from tasks.access import RIGHTS
from tasks.assignments.doors import Required
from tasks.calendar.moment import moment
from tasks.measures import actions, views
from tasks.measures.actions import Proposal
from tasks.measures.models import Measure
from tasks.measures.views import MeasuresView, MeasureView

router = ServiceRouter(prefix="/v1/measures", tags=["measures"])
Year = Annotated[int, Field(ge=2000, le=2100)]


class ProposalBody(RequestBody):
    """A measure against a sub-criterion that lost points in `year`.

    `deadline_text`: in an appendix's words ("Trước ngày 30/6"). `unit_id`: which unit leads it; the
    caller's where it is left out, another one only by the Office.
    """

    year: Year
    code: Annotated[str, StringConstraints(min_length=1, max_length=50)]
    words: Required
    deadline_text: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    unit_id: UUID | None = None


class AcceptanceBody(RequestBody):
    """Which plan takes the measure in. `number`: of its row there."""

    plan_id: UUID
    number: Annotated[str, StringConstraints(max_length=300)] = ""


class ReturnBody(RequestBody):
    """Why it is returned."""

    reason: Reason


async def _accepting(id: UUID, session: Transaction, actor: CurrentActor) -> Measure:
    return await actions.begin(session, actor, "accept", id)


async def _returning(id: UUID, session: Transaction, actor: CurrentActor) -> Measure:
    return await actions.begin(session, actor, "return", id)


@router.get("", policy="measure.read")
async def list_measures(
    session: Transaction, actor: CurrentActor, year: Annotated[int | None, Query(ge=2000)] = None
) -> MeasuresView:
    """List what lost points in a year, each with its measures or none, in the sheet's order.

    Without `year`: the last year whose sheet of our department was published.
    """
    return await views.of_year(session, actor, year)


@router.post("", policy="measure.propose", status_code=201)
async def propose_measure(
    body: ProposalBody, session: Transaction, actor: CurrentActor, response: Response
) -> MeasureView:
    """Propose a measure that the own unit leads, the Office for any unit; the Office is told.

    422 for a sub-criterion that lost nothing that year, or a unit that has ended.
    """
    unit_id = body.unit_id or actor.unit_id
    RIGHTS.check(actor, "measure.propose", unit_id)
    proposal = Proposal(body.year, body.code, body.words, body.deadline_text, unit_id)
    made = await actions.propose(session, actor, proposal, await moment(session))
    created_at(response, f"/v1/measures/{made.id}")
    return await _answer(session, actor, made, response)


@router.get("/{id}", policy="measure.read")
async def read_measure(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> MeasureView:
    """Return one measure with its ETag."""
    view = await views.one(session, actor, id)
    set_etag(response, view.version)
    return view


@router.post("/{id}/accept", policy="measure.accept")
async def accept_measure(
    measure: Annotated[Measure, Depends(_accepting)],
    seen: IfMatch,
    body: AcceptanceBody,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> MeasureView:
    """Take a measure into a plan: it becomes an assignment with the lost points as its source.

    412 when somebody decided meanwhile; 409 `measure_accepted`, `measure_returned`, `plan_closed`.
    """
    at = await moment(session)
    await actions.accept(session, actor, measure, seen, body.plan_id, body.number, at)
    return await _answer(session, actor, measure, response)


@router.post("/{id}/return", policy="measure.return")
async def return_measure(
    measure: Annotated[Measure, Depends(_returning)],
    seen: IfMatch,
    body: ReturnBody,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> MeasureView:
    """Return a measure, saying why; whoever proposed it is told, and may propose another."""
    await actions.give_back(session, actor, measure, seen, body.reason, await moment(session))
    return await _answer(session, actor, measure, response)


async def _answer(
    session: Transaction, actor: CurrentActor, measure: Measure, response: Response
) -> MeasureView:
    set_etag(response, measure.version)
    return await views.one(session, actor, measure.id)
