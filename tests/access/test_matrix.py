"""The permission matrix: every route of the services × who asks, held against a table people read.

The routes come from the services themselves: one that is not in `matrix.yaml` is red. Nothing is
changed by asking: bodies are nonsense (422 tells that the door was passed), and what needs no body
is asked of things whose state refuses it (409). The id in a path is the unit CCHC's, or nobody's.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from fastapi.routing import APIRoute
from tests.journeys.people import Person
from tests.journeys.stack import Stack

pytestmark = pytest.mark.timeout(300)  # the first test waits for the whole product to come up
TABLE = Path(__file__).with_name("matrix.yaml")
SERVICES = ("tasks", "surveys", "notifications", "reporting")
PEOPLE = {
    "anonymous": None,
    "director": "director",
    "office": "office",
    "own_head": "unit_head",
    "own_officer": "unit_officer",
    "sibling_head": "unit_head_ldvl",
    "sibling_officer": "unit_officer_ldvl",
    "appraiser": "appraiser",
    "auditor": "auditor",
    "admin": "admin",
    "external": "external",
}
DOORS = {401: "401", 403: "403", 404: "404"}
STREAMS = {"/v1/live"}  # an answer that never ends: only its beginning is looked at


def routes() -> list[str]:
    """Return every route of the services as `service METHOD path`."""
    return [
        f"{service} {method} {route.path}"
        for service in SERVICES
        for router in import_module(f"{service}.app").ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods)
    ]


class Things:
    """One existing thing for each kind of id, none of which a nonsense request changes."""

    def __init__(self, stack: Stack) -> None:
        self.office, self.head = Person(stack, "office"), Person(stack, "unit_head")
        own = {"unit_id": stack.demo.units["CCHC"]}
        self.assignment = self.office.all("tasks", "/assignments", **own)[0]["id"]
        self.plan = self.office.get("tasks", "/plans")["data"][0]["id"]
        self.round = self._round_of_another_year(stack)
        self.code = self.office.post(
            "surveys", f"/rounds/{self.round}/links", {"unit_id": None, "label": "Ma trận"}
        )["code"]
        self.stack = stack
        self._ids = {
            "units": stack.demo.units["CCHC"],
            "people": self.head.get("tasks", "/me")["person_id"],
            "plans": self.plan,
            "assignments": self.assignment,
            "questionnaires": self.office.get("surveys", "/questionnaires")["data"][0]["id"],
            "rounds": self.round,
            "links": self.office.get("surveys", f"/rounds/{self.round}/links")["data"][0]["id"],
        }

    def _round_of_another_year(self, stack: Stack) -> str:
        """Make a round that may be opened and closed without touching the demo's figures."""
        form = self.office.get("surveys", "/questionnaires")["data"][0]["id"]
        body = {
            "title": "Ma trận quyền", "year": 2024, "questionnaire_id": form, "method": "share",
            "aggregator": "pooled", "opens_on": "2024-01-01", "closes_on": "2027-12-31",
            "min_n": 30, "unit_ids": [stack.demo.units["CCHC"]],
        }  # fmt: skip
        made = self.office.post("surveys", "/rounds", body)["id"]
        self.office.post("surveys", f"/rounds/{made}/open")
        return made

    def path(self, service: str, path: str) -> str:
        """Fill a route's path; what no kind names is asked for by an id that nothing has."""
        code = "1.1.3" if service == "reporting" else self.code
        values: dict[str, Any] = {
            "year": 2025, "row_number": 1, "code": code, "name": "form.css",
            "set_id": self.stack.demo.set_id, "plan_id": self.plan,
            "round_id": self.stack.demo.round_id, "result_id": uuid4(),
            "id": self._ids.get(path.split("/")[2], uuid4()),
        }  # fmt: skip
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", str(value))
        return path


@pytest.fixture(scope="session")
def things(stack: Stack) -> Things:
    return Things(stack)


@pytest.fixture(scope="session")
def found(stack: Stack, things: Things) -> dict[str, dict[str, str]]:
    """Ask everything as everybody."""
    people = {name: Person(stack, code) for name, code in PEOPLE.items()}
    return {
        route: {name: ask(things, person, route) for name, person in people.items()}
        for route in routes()
    }


def ask(things: Things, person: Person, route: str) -> str:
    """Return 401, 403, 404, or `passes` for whatever comes behind the door."""
    service, method, path = route.split(" ")
    url = f"{things.stack.addresses[service]}{things.path(service, path)}"
    headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
    body = {"nonsense": True} if method in {"POST", "PUT", "PATCH"} else None
    query = {"year": 2025} if path == "/v1/overview" else None
    client = person._client
    with client.stream(method, url, headers=headers, json=body, params=query) as answer:
        if path not in STREAMS:
            answer.read()
        return DOORS.get(answer.status_code, "passes")


def written() -> dict[str, dict[str, str]]:
    rows = yaml.safe_load(TABLE.read_text())
    return {route: dict(zip(PEOPLE, cells.split(), strict=True)) for route, cells in rows.items()}


def as_text(rows: dict[str, dict[str, str]]) -> str:
    """Return the table as it is committed: a line per route, a column per person."""
    width = max(len(route) for route in rows) + 3
    head = " ".join(f"{name[:8]:<8}" for name in PEOPLE)
    lines = [f"# {'route':<{width - 2}}  {head}".rstrip()]
    for route, cells in rows.items():
        line = " ".join(f"{cell:<8}" for cell in cells.values())
        lines.append(f'"{route}":'.ljust(width + 1) + f" {line}".rstrip())
    return "\n".join(lines) + "\n"


def test_every_route_stands_in_the_table():
    assert set(routes()) == set(written())


def test_every_door_opens_to_those_in_the_table_and_to_nobody_else(found):
    if os.environ.get("MATRIX") == "write":
        TABLE.write_text(as_text(found))
    expected = written()
    wrong = [
        f"{route} as {name}: {cell}, the table says {expected[route][name]}"
        for route, cells in found.items()
        for name, cell in cells.items()
        if cell != expected[route][name]
    ]
    assert not wrong


def test_nothing_but_citizens_pages_and_sign_in_is_open_to_strangers():
    open_doors = {route for route, cells in written().items() if cells["anonymous"] != "401"}
    assert all(" /k/" in route or "/v1/public/" in route for route in open_doors)


def test_another_units_work_does_not_exist():
    for route, cells in written().items():
        if route.startswith("tasks ") and "/assignments/{id}" in route:
            assert cells["sibling_officer"] == cells["sibling_head"] == "404", route
