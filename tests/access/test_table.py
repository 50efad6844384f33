"""The matrix that people wrote and the tables of rights that the code obeys say the same."""

import importlib
from pathlib import Path

import pytest
import yaml
from fastapi.routing import APIRoute

from chassis.access import INTERNAL, PUBLIC, Right, Rights

SERVICES = ("tasks", "surveys", "notifications", "reporting")
MATRIX = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text())
COLUMNS = (
    "nobody", "unknown", "external_system", "unit_officer", "unit_head", "office", "director",
    "appraiser", "auditor", "admin", "service",
)  # fmt: skip
# A job is its starter's alone, whatever the role; a partner lists deliveries, but no mails; a view
# that is shared stays its owner's; what the Office called weak no unit takes back.
WHOSE_IT_IS = {
    "job.read", "delivery.list", "saved_view.change", "saved_view.delete",
    "weak_criterion.withdraw",
}  # fmt: skip

UNSEEN = {"-", "404"}  # the demo has no such thing for this role


def rights_of(service: str) -> Rights:
    return importlib.import_module(f"{service}.access").RIGHTS


def routes_of(service: str) -> dict[str, str]:
    """Return the act that each of a service's own routes declares; citizens' routes have none."""
    return {
        f"{method} {route.path}": route.policy
        for router in importlib.import_module(f"{service}.app").ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.policy not in {PUBLIC, INTERNAL}
        for method in route.methods
    }


def disagreements(service: str) -> list[tuple[str, str]]:
    """Return routes and roles of which matrix and table say different things."""
    found = []
    for route, act in routes_of(service).items():
        right = rights_of(service)._table[act]
        for column, cell in zip(COLUMNS, MATRIX[service][route].split(), strict=True):
            may = column in right.roles | right.own_unit | right.other_units
            if act not in WHOSE_IT_IS and may != ("ok" in cell) and cell not in UNSEEN:
                found.append((route, column))
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_the_matrix_says_what_the_table_of_rights_says(service):
    assert disagreements(service) == []


def test_a_right_changed_in_the_table_makes_the_matrix_differ(monkeypatch):
    changed = Right(frozenset({"office", "director"}))
    monkeypatch.setitem(rights_of("tasks")._table, "plan.activate", changed)

    assert disagreements("tasks") == [("POST /v1/plans/{id}/activate", "director")]
