"""Units and people: read by every insider, written by the administrator."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from sqlalchemy import select
from starlette.responses import Response

from chassis.web import (
    CurrentActor,
    IfMatch,
    Page,
    PageParams,
    RequestBody,
    ResponseBody,
    ServiceRouter,
    Transaction,
    paginate,
    set_etag,
)
from contracts.tasks import Role, UnitKind
from tasks.directory import actions as directory
from tasks.directory.models import Person, Unit

router = ServiceRouter(prefix="/v1", tags=["directory"])
Line = Annotated[str, Field(min_length=1, max_length=300)]
Email = Annotated[str, Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class UnitView(ResponseBody):
    """A unit. `aliases`: other names people write, old ones too."""

    id: UUID
    version: int
    code: str
    name: str
    kind: UnitKind
    parent_id: UUID | None
    aliases: list[str]
    sort_order: int
    active: bool


class UnitBody(RequestBody):
    """A unit to add."""

    code: Line
    name: Line
    kind: UnitKind
    parent_id: UUID | None = None
    aliases: list[Line] = Field(default=[], max_length=30)
    sort_order: int = Field(default=0, ge=0, le=100_000)
    active: bool = True


class UnitChanges(RequestBody):
    """Facts of a unit to change; what is left out stays."""

    code: Line = ""
    name: Line = ""
    kind: UnitKind = "room"
    parent_id: UUID | None = None
    aliases: list[Line] = Field(default=[], max_length=30)
    sort_order: int = Field(default=0, ge=0, le=100_000)
    active: bool = True


class PersonView(ResponseBody):
    """A person by post."""

    id: UUID
    version: int
    employee_code: str
    name: str
    post: str
    email: str
    role: Role
    unit_id: UUID
    active: bool


class PersonBody(RequestBody):
    """A person to add; e-mail is the work address."""

    employee_code: Line
    name: Line
    post: Line
    email: Email
    role: Role
    unit_id: UUID
    active: bool = True


class PersonChanges(RequestBody):
    """Facts of a person to change; what is left out stays."""

    employee_code: Line = ""
    name: Line = ""
    post: Line = ""
    email: Email = ""
    role: Role = "unit_officer"
    unit_id: UUID = UUID(int=0)
    active: bool = True


def _given(body: RequestBody) -> dict[str, Any]:
    return body.model_dump(exclude_unset=True)


async def _unit(id: UUID, session: Transaction) -> Unit:
    return await directory.find(session, Unit, id, lock=True)


async def _person(id: UUID, session: Transaction) -> Person:
    return await directory.find(session, Person, id, lock=True)


@router.get("/units", policy="directory.read")
async def list_units(session: Transaction, paging: PageParams) -> Page[UnitView]:
    """List units in the department's own order, closed ones included."""
    rows, cursor = await paginate(session, select(Unit), paging, Unit.sort_order, Unit.id)
    return Page(data=[UnitView.model_validate(row) for row in rows], next_cursor=cursor)


@router.post("/units", policy="directory.change", status_code=201)
async def create_unit(body: UnitBody, session: Transaction, actor: CurrentActor) -> UnitView:
    """Add a unit. 409 `unit_code_taken`."""
    return UnitView.model_validate(await directory.create_unit(session, actor, body.model_dump()))


@router.get("/units/{id}", policy="directory.read")
async def read_unit(id: UUID, session: Transaction, response: Response) -> UnitView:
    """Return a unit with its ETag."""
    unit = await directory.find(session, Unit, id)
    set_etag(response, unit.version)
    return UnitView.model_validate(unit)


@router.patch("/units/{id}", policy="directory.change")
async def change_unit(
    unit: Annotated[Unit, Depends(_unit)],
    expected: IfMatch,
    body: UnitChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> UnitView:
    """Rename, move or close a unit. 412 when somebody changed it meanwhile."""
    await directory.change_unit(session, actor, unit, expected, _given(body))
    set_etag(response, unit.version)
    return UnitView.model_validate(unit)


@router.get("/people", policy="directory.read")
async def list_people(
    session: Transaction, paging: PageParams, unit_id: UUID | None = None
) -> Page[PersonView]:
    """List people by name, of one unit or of all; those who left are marked inactive."""
    statement = select(Person)
    if unit_id is not None:
        statement = statement.where(Person.unit_id == unit_id)
    rows, cursor = await paginate(session, statement, paging, Person.sort_key, Person.id)
    return Page(data=[PersonView.model_validate(row) for row in rows], next_cursor=cursor)


@router.post("/people", policy="directory.change", status_code=201)
async def create_person(body: PersonBody, session: Transaction, actor: CurrentActor) -> PersonView:
    """Add a person. 409 `person_taken`, 422 for an unknown unit."""
    person = await directory.create_person(session, actor, body.model_dump())
    return PersonView.model_validate(person)


@router.get("/people/{id}", policy="directory.read")
async def read_person(id: UUID, session: Transaction, response: Response) -> PersonView:
    """Return a person with the ETag."""
    person = await directory.find(session, Person, id)
    set_etag(response, person.version)
    return PersonView.model_validate(person)


@router.patch("/people/{id}", policy="directory.change")
async def change_person(
    person: Annotated[Person, Depends(_person)],
    expected: IfMatch,
    body: PersonChanges,
    session: Transaction,
    actor: CurrentActor,
    response: Response,
) -> PersonView:
    """Move a person, correct facts, or mark them as gone. 412 when changed meanwhile."""
    await directory.change_person(session, actor, person, expected, _given(body))
    set_etag(response, person.version)
    return PersonView.model_validate(person)
