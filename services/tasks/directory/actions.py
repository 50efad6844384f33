"""The directory: units and people, added and changed by the administrator."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from chassis import traces
from chassis.access import Actor
from chassis.clock import database_now
from chassis.errors import Conflict, InvalidInput, NotFound
from chassis.ids import new_id
from chassis.web import check_version
from chassis.words import N_
from contracts.tasks import PersonChanged, PersonState, UnitChanged, UnitState
from tasks.directory.domain import ABSENCE, Worker, check_absence, check_ending
from tasks.directory.models import Person, Unit, UnitGroup
from tasks.directory.unit_book import names_of
from tasks.words import key

NAME_TAKEN = N_("Đã có nhóm đơn vị mang tên {name}")
BELOW_ITSELF = N_("Đơn vị này nằm dưới chính nó: hãy chọn đơn vị cấp trên khác")
_OF_WORK = ("name", "role", "unit_id")
E = TypeVar("E", Unit, Person)


async def find(session: AsyncSession, kind: type[E], id_: UUID, *, lock: bool = False) -> E:
    """Return a unit or person. Raises NotFound."""
    found = await session.get(kind, id_, with_for_update=lock or None)
    if found is None:
        raise NotFound("Không có mục này trong danh bạ", code=f"{kind.__tablename__}_not_found")
    return found


async def create_unit(session: AsyncSession, actor: Actor, facts: Mapping[str, Any]) -> Unit:
    """Add a unit. Raises Conflict `unit_code_taken`, `unit_name_taken` by a group.

    And InvalidInput for an unknown parent.
    """
    await _check_unit(session, facts, None)
    unit = Unit(id=new_id(), version=1, **{"former_names": [], **facts})
    session.add(unit)
    await _store_unit(session, actor, unit, "unit.create", None)
    return unit


async def change_unit(
    session: AsyncSession,
    actor: Actor,
    unit: Unit,
    expected: int,
    facts: Mapping[str, Any],
    reason: str | None = None,
) -> Unit:
    """Change a unit's facts; a name it had is kept. Raises StaleVersion, and as `create_unit` does.

    And InputRefused when it ends without a reason, or would stand below itself.
    """
    check_version(unit.version, expected)
    check_ending(was_active=unit.active, facts=facts, reason=reason)
    await _check_unit(session, facts, unit.id)
    before = unit.state()
    if _apply(unit, with_name_of_before(unit, facts)):
        await _store_unit(session, actor, unit, "unit.change", before, reason)
    return unit


def with_name_of_before(unit: Unit, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts, and the name of before kept: plans written under it find the unit."""
    name, kept = facts.get("name", unit.name), facts.get("former_names", unit.former_names)
    known = {key(each) for each in (name, *kept, *facts.get("aliases", unit.aliases))}
    return facts if key(unit.name) in known else {**facts, "former_names": [*kept, unit.name]}


async def create_person(session: AsyncSession, actor: Actor, facts: Mapping[str, Any]) -> Person:
    """Add a person. Raises Conflict `person_taken`, InvalidInput for an unknown unit."""
    await _check_person(session, facts, None)
    await _check_absence(session, None, facts)
    person = Person(id=new_id(), version=1, login=None, sort_key=key(facts["name"]), **facts)
    session.add(person)
    await _store_person(session, actor, person, "person.create", None)
    return person


async def change_person(
    session: AsyncSession,
    actor: Actor,
    person: Person,
    expected: int,
    facts: Mapping[str, Any],
    reason: str | None = None,
) -> Person:
    """Change a person's facts. Raises StaleVersion, and as `create_person` does.

    And InputRefused when the person leaves without a reason, or for an absence that cannot be.
    """
    check_version(person.version, expected)
    check_ending(was_active=person.active, facts=facts, reason=reason)
    await _check_person(session, facts, person.id)
    facts = without_substitute_where_moved(person, facts)
    await _check_absence(session, person, facts)
    before = person.state()
    if _apply(person, facts):
        person.sort_key = key(person.name)
        await _store_person(session, actor, person, "person.change", before, reason)
    return person


async def link_login(session: AsyncSession, actor: Actor, subject: str) -> Person:
    """Link the token's subject to its person at the first sign-in; later ones change nothing."""
    person = await find(session, Person, actor.person_id, lock=True)
    if person.login != subject:
        before = person.state()
        person.login = subject
        person.version += 1
        await _store_person(session, actor, person, "person.sign_in", before)
    return person


def _apply(entity: Unit | Person, facts: Mapping[str, Any]) -> bool:
    """Set what differs; return whether anything did, and then count the version up."""
    changed = {name: value for name, value in facts.items() if getattr(entity, name) != value}
    for name, value in changed.items():
        setattr(entity, name, value)
    entity.version += bool(changed)
    return bool(changed)


async def _check_unit(session: AsyncSession, facts: Mapping[str, Any], id_: UUID | None) -> None:
    same_code = select(Unit.id).where(Unit.code == facts.get("code"), Unit.id.is_distinct_from(id_))
    if await session.scalar(same_code):
        raise Conflict("Mã đơn vị {taken} đã có", code="unit_code_taken", taken=facts["code"])
    await _check_groups(session, facts)
    if (parent := facts.get("parent_id")) is not None:
        await _require_unit(session, parent, "/parent_id", id_)
        await _check_above(session, parent, id_)


async def _check_above(session: AsyncSession, parent: UUID, id_: UUID | None) -> None:
    """A unit that stands below itself would be on no page of the tree."""
    rows = await session.execute(select(Unit.id, Unit.parent_id))
    parents = {row.id: row.parent_id for row in rows}
    above: UUID | None = parent
    while id_ is not None and above is not None:
        if above == id_:
            raise InvalidInput(
                BELOW_ITSELF, code="unit_below_itself",
                errors=[{"pointer": "/parent_id", "message": BELOW_ITSELF}],
            )  # fmt: skip
        above = parents.get(above)


async def _check_groups(session: AsyncSession, facts: Mapping[str, Any]) -> None:
    """A name of a unit and of a group would name neither."""
    given = (facts.get("name", ""), facts.get("code", ""), *facts.get("aliases", ()))
    names = names_of(*given)
    for group in await session.scalars(select(UnitGroup)):
        for name in (group.name, *group.aliases):
            if key(name) in names:
                raise Conflict(NAME_TAKEN, code="unit_name_taken", name=name)


async def _check_person(session: AsyncSession, facts: Mapping[str, Any], id_: UUID | None) -> None:
    same = or_(
        Person.employee_code == facts.get("employee_code"),
        func.lower(Person.email) == str(facts.get("email", "")).lower(),
    )
    if await session.scalar(select(Person.id).where(same, Person.id.is_distinct_from(id_))):
        raise Conflict("Mã cán bộ hoặc email này đã có trong danh bạ", code="person_taken")
    if "unit_id" in facts:
        await _require_unit(session, facts["unit_id"], "/unit_id", None)


async def _check_absence(
    session: AsyncSession, person: Person | None, facts: Mapping[str, Any]
) -> None:
    if not facts.keys() & set(ABSENCE):
        return
    now = {name: facts.get(name, getattr(person, name, None)) for name in (*ABSENCE, *_OF_WORK)}
    stands_in = now["substitute_id"] and await session.get(Person, now["substitute_id"])
    check_absence(
        Worker(person.id if person else new_id(), now["name"], now["role"], now["unit_id"], True),
        worker_of(stands_in) if stands_in else None,
        now["absent_from"],
        now["absent_until"],
        named=now["substitute_id"] is not None,
    )


def without_substitute_where_moved(person: Person, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the facts; who stood in did so in the unit and role of before, and only there."""
    moved = any(facts.get(name, was) != was for name, was in _place(person).items())
    return {**dict.fromkeys(ABSENCE), **facts} if moved else facts


def _place(person: Person) -> dict[str, Any]:
    return {"unit_id": person.unit_id, "role": person.role, "active": person.active}


def worker_of(person: Person) -> Worker:
    """Return what an absence is judged by."""
    days = (person.absent_from, person.absent_until)
    absent = (days[0], days[1]) if days[0] and days[1] else None
    return Worker(person.id, person.name, person.role, person.unit_id, person.active, absent)


async def _require_unit(
    session: AsyncSession, id_: UUID, pointer: str, not_itself: UUID | None
) -> None:
    if id_ == not_itself or await session.get(Unit, id_) is None:
        message = "Không có đơn vị này: hãy chọn một đơn vị trong danh bạ"
        raise InvalidInput(
            message, code="unit_unknown", errors=[{"pointer": pointer, "message": message}]
        )


async def _store_unit(
    session: AsyncSession,
    actor: Actor,
    unit: Unit,
    action: str,
    before: UnitState | None,
    reason: str | None = None,
) -> None:
    now, after = await database_now(session), unit.state()
    event = UnitChanged(unit=after)
    await traces.leave(
        session, actor, action, unit.id, event, now=now, before=before, after=after, reason=reason
    )


async def _store_person(
    session: AsyncSession,
    actor: Actor,
    person: Person,
    action: str,
    before: PersonState | None,
    reason: str | None = None,
) -> None:
    now, after = await database_now(session), person.state()
    event = PersonChanged(person=after)
    await traces.leave(
        session, actor, action, person.id, event, now=now, before=before, after=after, reason=reason
    )
