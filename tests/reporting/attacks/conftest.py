"""A department with plan, criteria and a survey, for readers to attack."""

from uuid import UUID

import pytest
from tests.reporting.attacks.worlds import World
from tests.reporting.conftest import envelope, plan


@pytest.fixture
async def world(office, database, consumer, survey, demo_criteria):
    await consumer.apply([envelope(plan(UUID(int=7)))])
    made = (await office.post("office", "/v1/criteria_sets", demo_criteria)).json()
    await office.post("office", f"/v1/criteria_sets/{made['id']}/publish")
    found = World(office, database, consumer, survey)
    await found.begin()
    return found
