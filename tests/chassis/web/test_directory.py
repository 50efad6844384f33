"""The projection of units and people keeps the newest version, in whatever order events come."""

from sqlalchemy import select

from chassis.clock import database_now
from chassis.database import new_base
from chassis.directory import directory_tables, follow_directory, person, unit
from chassis.ids import new_id
from chassis.messaging.events import EventRouter, Received
from contracts.tasks import PersonChanged, PersonState, UnitChanged, UnitState


def unit_event(id_, version, name):
    return UnitChanged(
        unit=UnitState(
            unit_id=id_, version=version, code="VP", name=name, kind="office", parent_id=None,
            aliases=["Văn phòng"], sort_order=1, active=True,
        )
    )  # fmt: skip


def person_event(id_, version, login):
    return PersonChanged(
        person=PersonState(
            person_id=id_, version=version, employee_code="a", name="A", post="CV", email="a@x.vn",
            role="office", unit_id=new_id(), login=login, active=True,
        )
    )  # fmt: skip


async def take(database, *events):
    router = EventRouter("x")
    follow_directory(router)
    async with database.sessions.begin() as session:
        now = await database_now(session)
        received = [Received(new_id(), now, event) for event in events]
        await router.routes[events[0].type].handler(received, session)


async def test_the_newest_version_wins_within_and_across_batches(database):
    first, second = new_id(), new_id()
    await take(database, unit_event(first, 2, "hai"), unit_event(second, 1, "một"))
    await take(database, unit_event(first, 4, "bốn"), unit_event(first, 3, "ba"))
    await take(database, unit_event(first, 1, "một"), unit_event(second, 1, "không"))
    async with database.sessions() as session:
        names = dict((await session.execute(select(unit.c.id, unit.c.name))).all())

    assert names == {first: "bốn", second: "một"}


async def test_people_arrive_with_everything_access_needs(database):
    id_ = new_id()
    await take(database, person_event(id_, 1, None))
    await take(database, person_event(id_, 2, "login-a"))
    async with database.sessions() as session:
        row = (await session.execute(select(person))).one()

    assert (row.id, row.version, row.login, row.active) == (id_, 2, "login-a", True)


async def test_entities_may_be_mapped_onto_the_same_tables(database):
    id_ = new_id()
    await take(database, unit_event(id_, 1, "Văn phòng Sở"))
    unit_class, _ = directory_tables(new_base())
    async with database.sessions() as session:
        assert (await session.get(unit_class, id_)).name == "Văn phòng Sở"
