"""What time does to rounds, and what the directory's events do."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text
from tests.surveys.world import ballot

from chassis.clock import database_now
from chassis.ids import new_id
from chassis.messaging.consuming import Consumer
from chassis.messaging.outbox import envelope_of
from contracts.tasks import UnitChanged, UnitState
from surveys import handlers, jobs
from surveys.rounds import actions as rounds
from surveys.tables import Base


async def run_clock(world) -> int:
    async with world.database.sessions.begin() as session:
        return await rounds.close_ended(session, await database_now(session))


async def end_yesterday(world, round_: dict) -> None:
    yesterday = await world.today() - timedelta(days=1)
    async with world.database.sessions.begin() as session:
        await session.execute(
            text("UPDATE survey_round SET opens_on = :day, closes_on = :day WHERE id = :id"),
            {"day": yesterday, "id": round_["id"]},
        )


async def test_the_clock_closes_a_round_the_day_after_its_last(world):
    ended, running = await world.open_round(), await world.open_round(days=0)
    await world.tickets(ended, 2)
    await end_yesterday(world, ended)

    assert await run_clock(world) == 1
    assert await run_clock(world) == 0
    assert (await world.get(f"/v1/rounds/{ended['id']}")).json()["status"] == "closed"
    assert (await world.get(f"/v1/rounds/{running['id']}")).json()["status"] == "open"
    [event] = await world.events("surveys.round_closed.v1")
    assert event["subject"] == ended["id"]
    assert "actorid" not in event
    assert await world.count("ticket") == 0


async def test_past_its_last_day_a_round_takes_nothing_even_before_the_clock_closes_it(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    await world.submit(link["code"], ballot())
    await end_yesterday(world, round_)
    answer = await world.submit(link["code"], ballot())

    assert (answer.status_code, answer.json()["code"]) == (410, "round_closed")
    assert await world.count("response") == 1


async def test_a_unit_renamed_in_the_directory_is_renamed_on_the_form(world):
    link = await world.link(await world.open_round(), world.unit_a)
    renamed = UnitChanged(
        unit=UnitState(
            unit_id=world.unit_a, version=2, code="A", name="Phòng mới", kind="room",
            parent_id=None, aliases=[], sort_order=1, active=True,
        )
    )  # fmt: skip
    async with world.database.sessions() as session:
        now = await database_now(session)
    await Consumer(handlers.router, world.database).apply(
        [envelope_of(renamed, id=new_id(), time=now)]
    )

    assert "Phòng mới" in (await world.citizen.get(f"/k/{link['code']}")).text


async def test_the_migrations_make_the_tables_the_models_describe(world):
    found = await world.rows(
        "SELECT table_name, column_name, is_nullable FROM information_schema.columns"
        " WHERE table_schema = 'public'"
    )
    made = {(row.table_name, row.column_name, row.is_nullable == "YES") for row in found}
    described = {
        (table.name, column.name, bool(column.nullable))
        for table in Base.metadata.tables.values()
        for column in table.columns
    }
    assert described <= made
    names = {table.name for table in Base.metadata.tables.values()}
    assert {one for one in made if one[0] in names} == described


def test_the_clock_has_its_work():
    assert {job.name for job in jobs.schedule.jobs} == {"close_ended_rounds"}


def test_the_service_says_what_it_ships():
    folder = Path(handlers.__file__).parent
    assert "form/**" in (folder / "pyproject.toml").read_text()
