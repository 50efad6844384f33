"""Units and people, and who the caller is among them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from chassis.bodies import Reason
from chassis.entered import MailAddress, ReadableLine
from chassis.web import (
    CurrentActor,
    Day,
    Distinct,
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
from contracts.tasks import Role, UnitKind
from tasks.access import RIGHTS
from tasks.bodies import NothingBody
from tasks.directory import actions
from tasks.directory.models import Person, Unit
from tasks.directory.people import may_stand_in_for, names_of_substitutes, people_asked_for
from tasks.directory.views import MeView, PersonView, UnitView, me_view, person_view, unit_view

router = ServiceRouter(prefix="/v1", tags=["directory"])
me = ServiceRouter(prefix="/v1/me", tags=["me"])
Line = Annotated[ReadableLine, Field(min_length=1, max_length=300)]


class UnitBody(RequestBody):
    """A unit to add."""

    code: Line
    name: Line
    kind: UnitKind
    parent_id: UUID | None = None
    aliases: Annotated[list[Line], Distinct] = Field(default=[], max_length=30)
    former_names: Annotated[list[Line], Distinct] = Field(default=[], max_length=30)
    sort_order: int = Field(default=0, ge=0, le=100_000)
    active: bool = True


class UnitChanges(RequestBody):
    """Facts of a unit to change; what is left out stays. `reason`: why it ends."""

    code: Line = ""
    name: Line = ""
    kind: UnitKind = "room"
    parent_id: UUID | None = None
    aliases: Annotated[list[Line], Distinct] = Field(default=[], max_length=30)
    former_names: Annotated[list[Line], Distinct] = Field(default=[], max_length=30)
    sort_order: int = Field(default=0, ge=0, le=100_000)
    active: bool = True
    reason: Reason | None = None


class PersonBody(RequestBody):
    """A person to add; e-mail is the work address."""

    employee_code: Line
    name: Line
    post: Line
    email: MailAddress
    role: Role
    unit_id: UUID
    active: bool = True


class PersonChanges(RequestBody):
    """Facts of a person to change; what is left out stays. `reason`: why they leave.

    Away from `absent_from` to `absent_until`, both included, while `substitute_id` stands in: all
    three, or null for all.
    """

    employee_code: Line = ""
    name: Line = ""
    post: Line = ""
    email: MailAddress = ""
    role: Role = "unit_officer"
    unit_id: UUID = UUID(int=0)
    active: bool = True
    substitute_id: UUID | None = None
    absent_from: Day | None = None
    absent_until: Day | None = None
    reason: Reason | None = None


def _given(body: RequestBody) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True, exclude={"reason"})


async def _unit(id: UUID, session: Transaction) -> Unit:
    return await actions.find(session, Unit, id, lock=True)


async def _person(id: UUID, session: Transaction) -> Person:
    return await actions.find(session, Person, id, lock=True)


@me.get("", policy="me.read")
async def read_me(session: Transaction, actor: CurrentActor) -> MeView:
    """Return the person. 403 `person_unknown` for somebody the directory does not know."""
    return await me_view(session, actor)


@me.post("/sign_in", policy="me.sign_in")
async def sign_in(
    _: NothingBody, request: Request, session: Transaction, actor: CurrentActor
) -> MeView:
    """Link the login to the person; the first time other services hear of it."""
    view = await me_view(session, actor)
    await actions.link_login(session, actor, request.state.claims.subject)
    return view


@router.get("/units", policy="unit.read")
async def list_units(
    session: Transaction, actor: CurrentActor, paging: PageParams
) -> Page[UnitView]:
    """List units in the department's own order, closed ones included."""
    rows, cursor = await paginate(session, select(Unit), paging, Unit.sort_order, Unit.id)
    views = [unit_view(row, actor) for row in rows]
    return Page(data=views, next_cursor=cursor, allowed=RIGHTS.allowed(actor, "unit", ("create",)))


@router.post("/units", policy="unit.create", status_code=201)
async def create_unit(
    body: UnitBody, session: Transaction, actor: CurrentActor, response: Response
) -> UnitView:
    """Add a unit. 409 `unit_code_taken`, or `unit_name_taken` by a group."""
    unit = await actions.create_unit(session, actor, body.model_dump())
    created_at(response, f"/v1/units/{unit.id}")
    set_etag(response, unit.version)
    return unit_view(unit, actor)


@router.get("/units/{id}", policy="unit.read")
async def read_unit(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> UnitView:
    """Return a unit with its ETag."""
    unit = await actions.find(session, Unit, id)
    set_etag(response, unit.version)
    return unit_view(unit, actor)


@router.patch("/units/{id}", policy="unit.change")
async def change_unit(
    unit: Annotated[Unit, Depends(_unit)],
    expected: IfMatch,
    body: UnitChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> UnitView:
    """Rename, move or close a unit. 412 when somebody changed it meanwhile.

    The name it had is kept among `former_names`. 422 without a `reason` for closing, and
    `unit_below_itself`.
    """
    await actions.change_unit(session, actor, unit, expected, _given(body), body.reason)
    set_etag(response, unit.version)
    return unit_view(unit, actor)


@router.get("/people", policy="person.read")
async def list_people(
    session: Transaction,
    actor: CurrentActor,
    paging: PageParams,
    unit_id: UUID | None = None,
    active: bool | None = None,
    role: Role | None = None,
    standing_in_for: UUID | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Page[PersonView]:
    """List people by name, of one unit or of all; those who left are marked inactive.

    `q`: parts of name, post, code or address, in any order, accents aside. `standing_in_for`:
    those who may stand in for a person.
    """
    statement = people_asked_for(unit_id, active=active, words=q, actor=actor, role=role)
    if standing_in_for is not None:
        statement = statement.where(await may_stand_in_for(session, standing_in_for))
    rows, cursor = await paginate(session, statement, paging, Person.sort_key, Person.id)
    names = await names_of_substitutes(session, rows)
    views = [person_view(row, actor, names) for row in rows]
    return Page(
        data=views, next_cursor=cursor, allowed=RIGHTS.allowed(actor, "person", ("create",))
    )


@router.post("/people", policy="person.create", status_code=201)
async def create_person(
    body: PersonBody, session: Transaction, actor: CurrentActor, response: Response
) -> PersonView:
    """Add a person. 409 `person_taken`, 422 for an unknown unit."""
    person = await actions.create_person(session, actor, body.model_dump())
    created_at(response, f"/v1/people/{person.id}")
    set_etag(response, person.version)
    return person_view(person, actor)


@router.get("/people/{id}", policy="person.read")
async def read_person(
    id: UUID, session: Transaction, actor: CurrentActor, response: Response
) -> PersonView:
    """Return a person with the ETag."""
    person = await actions.find(session, Person, id)
    set_etag(response, person.version)
    return person_view(person, actor, await names_of_substitutes(session, [person]))


@router.patch("/people/{id}", policy="person.change")
async def change_person(
    person: Annotated[Person, Depends(_person)],
    expected: IfMatch,
    body: PersonChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> PersonView:
    """Move a person, correct facts, say who stands in, or mark them as gone. 412 when stale.

    422 without a `reason` for leaving, and for a substitute who may not do it by themselves.
    """
    await actions.change_person(session, actor, person, expected, _given(body), body.reason)
    set_etag(response, person.version)
    return person_view(person, actor, await names_of_substitutes(session, [person]))
