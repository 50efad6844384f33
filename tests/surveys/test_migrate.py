"""`python -m surveys migrate` at the broker: users of their own, or one for all in development."""

import asyncio
import os
import subprocess
import sys

import httpx
import pytest
from tests.surveys.conftest import SETTINGS

from chassis.messaging import rights, topology
from chassis.messaging.broker import Broker
from devstack.run.environment import signed_in_as
from surveys.handlers import router

pytestmark = pytest.mark.timeout(600)  # processes that start


@pytest.fixture
async def migrate(new_database, new_virtual):
    """Return a function that migrates with more settings; `.virtual`: where."""
    virtual = new_virtual()
    url = await new_database()

    async def run(**settings: str) -> "subprocess.CompletedProcess[str]":
        own = signed_in_as(virtual.url, f"{virtual.name}_surveys", "secret")
        given = {
            **SETTINGS, "SURVEYS_DATABASE_URL": url, "SURVEYS_RABBITMQ_URL": own, **settings,
        }  # fmt: skip
        return await asyncio.to_thread(
            subprocess.run, [sys.executable, "-m", "surveys", "migrate"],
            env={**os.environ, **given}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    run.virtual = virtual
    return run


async def test_migrate_makes_the_user_its_rights_and_its_queues_again_and_again(migrate):
    virtual = migrate.virtual
    for _ in range(2):
        done = await migrate(RABBITMQ_ADMIN_URL=virtual.management_url)
        assert done.returncode == 0, done.stderr
    own = Broker(signed_in_as(virtual.url, f"{virtual.name}_surveys", "secret"), "surveys")
    await rights.check(own)
    async with topology.connected(own.url) as connection:
        for queue in ("surveys.tasks", "surveys.dead"):
            await (await connection.channel()).declare_queue(queue, passive=True)
    async with httpx.AsyncClient(base_url=virtual.management_url) as admin:
        bound = await admin.get(f"/api/bindings/{virtual.name}/e/dead/q/surveys.dead")
    assert [each["routing_key"] for each in bound.json()] == ["surveys"]


async def test_without_an_administrator_it_takes_a_user_that_stands_and_tries_its_rights(migrate):
    own = await migrate.virtual.user_of("surveys", router)
    assert (await migrate()).returncode == 0
    path = f"/api/topic-permissions/{migrate.virtual.name}/{own.user}"
    async with httpx.AsyncClient(base_url=migrate.virtual.management_url) as admin:
        (await admin.delete(path)).raise_for_status()
    done = await migrate()
    assert done.returncode == 2
    assert f"The user {own.user}" in done.stderr
    assert "may publish events of other services" in done.stderr
    assert "secret" not in done.stderr.replace("RABBITMQ", "")


async def test_one_user_for_all_is_for_development_only(migrate):
    url = migrate.virtual.url
    shared = {"SURVEYS_RABBITMQ_URL": url, "BROKER_USERS": "shared"}
    refused = await migrate(**shared)
    assert (refused.returncode, "BROKER_USERS" in refused.stderr) == (2, True)
    assert (await migrate(**shared, NHIP_ENVIRONMENT="development")).returncode == 0
    named = await migrate(SURVEYS_RABBITMQ_URL=url)
    assert (named.returncode, "SURVEYS_RABBITMQ_URL" in named.stderr) == (2, True)
