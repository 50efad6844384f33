"""Excel on every list: each list of the services has a workbook, and each page offers it."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from chassis.access import INTERNAL, PUBLIC
from chassis.service import describe
from devstack.run.folder import SERVICES
from portal import visit

TEMPLATES = Path(visit.__file__).parent / "templates"
CALL = re.compile(r"\{\{\s*excel\(\s*\"(\w+)\",\s*(.+?)[,)]", re.DOTALL)
ELSEWHERE = {  # lists that are pages of machines, or parts of another list's workbook
    "tasks": {"/v1/saved_views"},
    "notifications": {"/v1/events"},
}
PAGES = (
    "plans", "questions", "directory", "directory/people", "directory/groups", "calendar",
    "surveys", "surveys/questionnaires", "surveys/links", "surveys/batches", "criteria_sets",
    "bodies", "score_sheets", "body_sheet", "rankings", "rankings/heat_map", "notifications",
    "event_types", "partners", "partner", "subscriptions", "subscriptions/deliveries",
    "trusted_roots", "reports", "urgings", "instructions", "inspections", "handling_proposals",
    "measures", "unit_reports",
    "indices/par", "imports/new", "dashboard/figures", "dashboard/priorities", "plans/coverage",
)  # fmt: skip


@cache
def routes(service: str) -> dict[str, APIRoute]:
    module = importlib.import_module(f"{service}.app")
    contexts = iter_route_contexts(describe(service, module.ROUTERS, module.POLICIES).routes)
    found = [context.original_route for context in contexts]
    return {r.path: r for r in found if isinstance(r, APIRoute) and "GET" in r.methods}


@pytest.mark.parametrize("service", SERVICES)
def test_every_list_of_a_service_has_a_workbook_beside_it(service):
    known = routes(service)
    lists = {
        path
        for path, route in known.items()
        if "Page[" in str(route.response_model) and route.policy not in (PUBLIC, INTERNAL)
    }
    without = {path for path in lists if f"{path}.xlsx" not in known}
    assert without - ELSEWHERE.get(service, set()) - {"/v1/report_templates"} == set()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_with_a_list_offers_it_as_excel(page):
    text = (TEMPLATES / f"{page}.html").read_text(encoding="utf-8")
    assert CALL.search(text), page


def test_what_pages_offer_as_excel_is_there():
    every = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html"))
    for service, written in CALL.findall(every):
        asked = "".join(
            part.strip().strip('"') if part.strip().startswith('"') else "§"
            for part in written.split("~")
        )
        shape = re.compile("/v1/" + "[^/]+".join(map(re.escape, asked.split("§"))) + r"\.xlsx")
        assert [known for known in routes(service) if shape.fullmatch(known)], written


@pytest.mark.parametrize("service", SERVICES)
def test_what_stands_before_a_list_stands_before_its_workbook(service):
    known = routes(service)
    pairs = [(known[path.removesuffix(".xlsx")], known[path]) for path in known
             if path.endswith(".xlsx") and path.removesuffix(".xlsx") in known]  # fmt: skip
    assert pairs
    for plain, sheet in pairs:
        asked = {guard.dependency for guard in plain.dependencies}
        assert asked <= {guard.dependency for guard in sheet.dependencies}, sheet.path
