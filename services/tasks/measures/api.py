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
from tasks.bodies import CriterionCode
from tasks.calendar.moment import moment
from tasks.measures import actions, views
from tasks.measures.actions import Acceptance, Proposal
from tasks.measures.models import Measure
from tasks.measures.views import MeasuresView, MeasureView

router = ServiceRouter(prefix="/v1/measures", tags=["measures"])
criteria = ServiceRouter(prefix="/v1/weak_criteria", tags=["measures"])
Year = Annotated[int, Field(ge=2000, le=2100)]
AskedYear = Annotated[int | None, Query(ge=2000, le=2100)]


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


class NamingBody(RequestBody):
    """A sub-criterion that is weak in a year though no published sheet says so, and why."""

    year: Year
    code: CriterionCode
    name: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    reason: Reason


class AcceptanceBody(RequestBody):
    """Which plan takes the measure in. `number`: of its row there.

    `unit_id`: which unit leads it, where that is no longer the one that was proposed.
    `deadline_text`: the deadline in clearer words, where the proposed ones are not certain.
    """

    plan_id: UUID
    number: Annotated[str, StringConstraints(max_length=300)] = ""
    unit_id: UUID | None = None
    deadline_text: Annotated[str, StringConstraints(min_length=1, max_length=500)] | None = None


class ReturnBody(RequestBody):
    """Why it is returned."""

    reason: Reason


async def _accepting(id: UUID, session: Transaction, actor: CurrentActor) -> Measure:
    return await actions.begin(session, actor, "accept", id)


async def _returning(id: UUID, session: Transaction, actor: CurrentActor) -> Measure:
    return await actions.begin(session, actor, "return", id)


@criteria.post("", policy="weak_criterion.name", status_code=201)
async def name_weak_criterion(
    body: NamingBody, session: Transaction, actor: CurrentActor, response: Response
) -> MeasuresView:
    """Call a sub-criterion weak by hand, saying why, so that measures can be proposed against it.

    The answer is the list of its year. 409 `weak_criterion_known`; 422 for a year to come.
    """
    named = actions.Naming(body.year, body.code, body.name, body.reason)
    await actions.name(session, actor, named, await moment(session))
    created_at(response, f"/v1/measures?year={body.year}")
    return await views.of_year(session, actor, body.year)


@criteria.delete("/{year}/{code}", policy="weak_criterion.withdraw", status_code=204)
async def withdraw_weak_criterion(
    year: int, code: str, session: Transaction, actor: CurrentActor
) -> None:
    """Take back what was named by hand. 404 for what nobody named, 409 where it has measures."""
    await actions.withdraw(session, actor, year, code, await moment(session))


@router.get("", policy="measure.read")
async def list_measures(
    session: Transaction, actor: CurrentActor, year: AskedYear = None
) -> MeasuresView:
    """List what is weak in a year, each with its measures or none, in the sheet's order.

    What our published sheet lost, what was named by hand, and whatever has measures. Without
    `year`: the last year of which anything is known.
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
    """Take a measure into a plan in force: assignments with the lost points as their source.

    As many as its deadline has days: `GET /v1/plans/{id}/deadline_reading` says them before.
    412 when somebody decided meanwhile; 409 `measure_accepted`, `measure_returned`, `plan_draft`,
    `plan_closed`, `plan_cancelled`; 422 for a unit that has ended.
    """
    taken = Acceptance(**body.model_dump())
    await actions.accept(session, actor, measure, seen, taken, await moment(session))
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
