"""Finding people: by words without accents, of a unit, and who stands in for whom."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.access import Actor
from contracts.tasks import Role
from tasks.access import RIGHTS
from tasks.directory.actions import find, worker_of
from tasks.directory.domain import STAFF, may_stand_in
from tasks.directory.models import Person
from tasks.words import fold, key, tidy


async def may_stand_in_for(session: AsyncSession, id_: UUID) -> ColumnElement[bool]:
    """Return the condition of being somebody who may stand in, as `domain.may_stand_in` has it."""
    person = await find(session, Person, id_)
    same_role = Person.role == person.role
    if person.role in STAFF:
        same_role = and_(Person.role.in_(sorted(STAFF)), Person.unit_id == person.unit_id)
    return and_(same_role, Person.id != id_)


def people_asked_for(
    unit_id: UUID | None,
    *,
    active: bool | None,
    words: str,
    actor: Actor,
    role: Role | None = None,
) -> Select[Person]:
    """Return the people a list asks for. Who may not know addresses finds nobody by them."""
    statement = select(Person)
    if unit_id is not None:
        statement = statement.where(Person.unit_id == unit_id)
    if role is not None:
        statement = statement.where(Person.role == role)
    if active is not None:
        statement = statement.where(Person.active == active)
    searched = Person.search_text if RIGHTS.may(actor, "person.read_contact") else Person.sort_key
    found = fold(tidy(words)).split() if searched is Person.search_text else key(words).split()
    for word in found:
        statement = statement.where(searched.contains(word, autoescape=True))
    return statement


async def names_of_substitutes(session: AsyncSession, people: Iterable[Person]) -> dict[UUID, str]:
    """Return the names of those who stand in, by their ids, in one statement; often in none."""
    ids = {each.substitute_id for each in people} - {None}
    if not ids:
        return {}
    rows = await session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def stood_in_for(session: AsyncSession, id_: UUID, today: date) -> list[Person]:
    """Return for whom somebody stands in on a day, by name; only where they still may."""
    away = select(Person).where(
        Person.substitute_id == id_, Person.active, Person.absent_from <= today,
        Person.absent_until >= today,
    )  # fmt: skip
    found = (await session.scalars(away.order_by(Person.sort_key, Person.id))).all()
    own = await session.get(Person, id_) if found else None
    if own is None:
        return []
    return [each for each in found if may_stand_in(worker_of(each), worker_of(own))]
