"""Units, people and the caller as the API shows them."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from chassis.errors import PersonUnknown
from chassis.web import ResponseBody
from contracts.tasks import Role, UnitKind
from tasks.access import RIGHTS
from tasks.directory.models import Person, Unit, UnitGroup


class UnitView(ResponseBody):
    """A unit. `aliases`: short forms people write; `former_names`: what it was called before."""

    id: UUID
    version: int
    code: str
    name: str
    kind: UnitKind
    parent_id: UUID | None
    aliases: list[str]
    former_names: list[str]
    sort_order: int
    active: bool
    allowed: list[str] = Field(default_factory=list)


class UnitGroupView(ResponseBody):
    """Units that plans name together. `aliases`: other names people write."""

    id: UUID
    version: int
    name: str
    aliases: list[str]
    unit_ids: list[UUID]
    active: bool
    allowed: list[str] = Field(default_factory=list)


class PersonView(ResponseBody):
    """A person by post. `email` null: not for the caller to know.

    Away from `absent_from` to `absent_until`, both included, while the substitute stands in.
    """

    id: UUID
    version: int
    employee_code: str
    name: str
    post: str
    email: str | None
    role: Role
    unit_id: UUID
    active: bool
    substitute_id: UUID | None
    substitute_name: str | None = None
    absent_from: date | None
    absent_until: date | None
    allowed: list[str] = Field(default_factory=list)


_OF_SOME = ("office.read_month", "instruction.issue", "handling_proposal.read")


class MeView(ResponseBody):
    """The person behind the token. `role` is the token's, the rest the directory's.

    `allowed`: which of the pages that only some may open are theirs, by their rights' names.
    """

    person_id: UUID
    name: str
    post: str
    role: Role
    employee_code: str
    unit_id: UUID
    unit_name: str
    unit_code: str
    allowed: list[str]


def unit_view(unit: Unit, actor: Actor) -> UnitView:
    """Return a unit, and what the actor may do with it."""
    view = UnitView.model_validate(unit)
    acts = ("change", "reorganise") if unit.active else ("change",)
    view.allowed = RIGHTS.allowed(actor, "unit", acts)
    return view


def unit_group_view(group: UnitGroup, actor: Actor) -> UnitGroupView:
    """Return a group, and what the actor may do with it."""
    view = UnitGroupView.model_validate(group)
    view.allowed = RIGHTS.allowed(actor, "unit_group", ("change",))
    return view


def person_view(
    person: Person, actor: Actor, names: Mapping[UUID, str] | None = None
) -> PersonView:
    """Return a person, and what the actor may do with the entry. `names`: of who stands in."""
    view = PersonView.model_validate(person)
    if person.substitute_id:
        view.substitute_name = (names or {}).get(person.substitute_id)
    own = person.id == actor.person_id
    if not own and not RIGHTS.may(actor, "person.read_contact", person.unit_id):
        view.email = None
    view.allowed = RIGHTS.allowed(actor, "person", ("change",))
    return view


async def me_view(session: AsyncSession, actor: Actor) -> MeView:
    """Return the caller as the directory knows them. Raises PersonUnknown for a founder."""
    statement = select(Person, Unit).join(Unit, Unit.id == Person.unit_id)
    row = (await session.execute(statement.where(Person.id == actor.person_id))).first()
    if row is None:
        raise PersonUnknown("Danh bạ chưa có ai; hãy nhập chính mình vào danh bạ trước")
    person, unit = row
    return MeView(
        person_id=person.id,
        name=person.name,
        post=person.post,
        role=actor.role,
        employee_code=person.employee_code,
        unit_id=unit.id,
        unit_name=unit.name,
        unit_code=unit.code,
        allowed=[right for right in _OF_SOME if RIGHTS.may(actor, right)],
    )
