"""Every route for every role: what the table in matrix.yaml says is what the product does."""

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi.routing import APIRoute, iter_route_contexts
from tests.access.world import COLUMNS, RELATIONS, World

from chassis.access import INTERNAL, PUBLIC
from chassis.service import describe
from devstack.run.folder import SERVICES

TABLE = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text())
RELATED = (
    "units/",
    "people/",
    "assignments/{",
    "extensions/{",
    "contributions/{",
    "instructions/{",
    "unit_reports/{",
    "files/",
    "links/",
    "notifications/{",
    "jobs/",
    "bodies/{body_id}",
)
REFUSED = (401, 403, 404)
PLATFORM = {"/openapi.json", "/docs", "/health/live", "/health/ready", "/metrics"}


def application(service: str) -> Any:
    module = importlib.import_module(f"{service}.app")
    return describe(service, module.ROUTERS, module.POLICIES)


def routes(service: str) -> dict[str, str]:
    """Return the service's routes with their policies, from its own route table."""
    contexts = iter_route_contexts(application(service).routes)
    found = [context.original_route for context in contexts]
    return {
        f"{method} {route.path}": route.policy
        for route in found
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    }


EVERY = [(service, name) for service in SERVICES for name in routes(service)]


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_a_row_and_every_row_a_route(service: str) -> None:
    assert sorted(TABLE[service]) == sorted(routes(service))


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_declares_a_policy_its_service_knows(service: str) -> None:
    known = {PUBLIC, INTERNAL, *importlib.import_module(f"{service}.app").POLICIES}
    others = {
        context.original_route.path
        for context in iter_route_contexts(application(service).routes)
        if not isinstance(context.original_route, APIRoute)
    }

    assert set(routes(service).values()) <= known
    assert others == PLATFORM  # what has no policy tells nobody's data


@pytest.mark.parametrize(("service", "route"), EVERY, ids=[" ".join(each) for each in EVERY])
def test_a_route_answers_each_role_as_the_table_says(
    service: str, route: str, world: World
) -> None:
    method, _, path = route.partition(" ")
    related = RELATIONS if any(kind in path for kind in RELATED) else ("own",)

    seen = {
        name: [answer(world, name, method, service, path, relation) for relation in related]
        for name in COLUMNS
    }

    expected = dict(zip(COLUMNS, str(TABLE[service].get(route, "")).split(), strict=False))
    assert {name: cell(found) for name, found in seen.items()} == expected


@pytest.mark.parametrize("caller", ["unit_officer", "unit_head"])
def test_a_list_holds_nothing_of_a_unit_one_has_nothing_to_do_with(
    caller: str, world: World
) -> None:
    own = world.demo.units["CCHC"]

    listed = world.caller(caller).all("tasks", "/assignments")
    strange = [a for a in listed if own not in {a["unit_id"], *a["coordinating_unit_ids"]}]
    links = world.caller(caller).all("surveys", f"/rounds/{world.demo.round_id}/links")

    assert listed
    assert strange == []
    assert {link["unit_id"] for link in links} == {own}


def answer(world: World, caller: str, method: str, service: str, path: str, relation: str) -> str:
    """Return ok, 401, 403 or 404: the body fits nothing, so what is allowed is refused as wrong."""
    filled = world.fill(path, caller, relation, service)
    if filled is None:
        return "-"
    status = world.caller(caller).status(method, service, filled)
    assert status < 500, f"{caller} {method} {filled}: {status}"
    return str(status) if status in REFUSED else "ok"


def cell(found: list[str]) -> str:
    """Write what was seen for each relation; once, when it is the same for all."""
    differ = {each for each in found if each != "-"}
    return "/".join(found) if len(differ) > 1 else differ.pop() if differ else "-"
