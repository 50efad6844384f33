"""The service as a whole: what it ships, what it hears of the directory."""

from pathlib import Path

from tests.envelopes import envelope_of

from chassis.clock import database_now
from chassis.ids import new_id
from chassis.messaging.consuming import Consumer
from contracts.tasks import UnitChanged, UnitState
from surveys import handlers


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


def test_the_service_says_what_it_ships():
    folder = Path(handlers.__file__).parent
    assert "form/**" in (folder / "pyproject.toml").read_text()
