"""A department with plan, criteria and a survey, for readers to attack: one for all tests."""

from types import SimpleNamespace
from uuid import UUID

import pytest
import yaml
from tests.reporting.attacks.worlds import World
from tests.reporting.conftest import DEMO, UNITS, envelope, plan, unit_names
from tests.reporting.office import Office

from chassis.database import Database
from chassis.messaging.consuming import Consumer
from reporting.handlers import router


@pytest.fixture(scope="session")
async def department(lasting_database, migrated_template, tmp_path_factory):
    database = Database(await lasting_database(await migrated_template("reporting")))
    consumer, office = (
        Consumer(router, database),
        Office(database, tmp_path_factory.mktemp("office")),
    )
    known = [*unit_names(), *office.people_changed(UNITS[0]), plan(UUID(int=7))]
    async with office.stack:
        await consumer.apply([envelope(event) for event in known])
        criteria = yaml.safe_load((DEMO / "criteria_set.yaml").read_text())
        made = (await office.post("office", "/v1/criteria_sets", criteria)).json()
        await office.post("office", f"/v1/criteria_sets/{made['id']}/publish")
        yield SimpleNamespace(database=database, consumer=consumer, office=office)
    await database.close()


@pytest.fixture
async def world(department, survey):
    found = World(department.office, department.database, department.consumer, survey)
    await found.begin()
    return found
