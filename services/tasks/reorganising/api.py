"""Merging, splitting and moving units: a list to review, and one act."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field
from sqlalchemy import select

from chassis.bodies import Distinct, Reason
from chassis.web import (
    AskedLanguage,
    CurrentActor,
    RequestBody,
    ServiceRouter,
    Transaction,
    distinct_by,
)
from tasks.calendar.moment import moment
from tasks.directory.models import Unit
from tasks.reorganising import actions
from tasks.reorganising.actions import Order
from tasks.reorganising.views import Reorganisation, Reorganised, reorganisation

router = ServiceRouter(prefix="/v1/reorganisations", tags=["directory"])


class UnitPart(RequestBody):
    """A unit that is reorganised, and which unit takes its place where it only helps."""

    unit_id: UUID
    successor_id: UUID | None = None


class RowPart(RequestBody):
    """An assignment, and which unit leads it from now on."""

    assignment_id: UUID
    unit_id: UUID


class PersonPart(RequestBody):
    """Somebody of the units, and where they work from now on."""

    person_id: UUID
    unit_id: UUID


Parts = Annotated[list[UnitPart], Field(min_length=1, max_length=50), distinct_by("unit_id")]
Rows = Annotated[list[RowPart], Field(max_length=5000), distinct_by("assignment_id")]
People = Annotated[list[PersonPart], Field(max_length=5000), distinct_by("person_id")]


class ReorganisationBody(RequestBody):
    """What was reviewed. `close`: the units end; then everything and everybody is named."""

    units: Parts
    rows: Rows
    people: People = Field(default=[])
    close: bool
    reason: Reason


@router.get("", policy="unit.reorganise")
async def read_reorganisation(
    session: Transaction,
    language: AskedLanguage,
    unit_id: Annotated[list[UUID], Query(min_length=1, max_length=50), Distinct],
) -> Reorganisation:
    """List what units lead and help with that is not over, and who works there, for review."""
    units = (await session.scalars(select(Unit).where(Unit.id.in_(unit_id)))).all()
    return await reorganisation(session, units, language)


@router.post("", policy="unit.reorganise")
async def reorganise_units(
    body: ReorganisationBody, session: Transaction, actor: CurrentActor
) -> Reorganised:
    """Hand over, move and close as reviewed: all of it, or nothing.

    What is done stays with the unit it had. 409 `reorganisation_outdated` when the units lead or
    have others by now, `assignment_submitted` while a result of what goes over waits.
    """
    order = Order(
        successors={each.unit_id: each.successor_id for each in body.units},
        rows={each.assignment_id: each.unit_id for each in body.rows},
        people={each.person_id: each.unit_id for each in body.people},
        close=body.close,
        reason=body.reason,
    )
    done = await actions.reorganise(session, actor, order, await moment(session))
    return Reorganised.model_validate(done)
