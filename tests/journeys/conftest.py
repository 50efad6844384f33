"""What every journey starts from: the running product, its people, browsers, pictures."""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.browsing import Windows, chromium
from tests.journeys.people import Person
from tests.journeys.stack import Stack

PICTURES = Path(__file__).parents[2] / "docs/pictures"
OF_GUIDES = Path(__file__).parents[2] / "docs/huong-dan/pictures"


@pytest.fixture(scope="session")
def person(stack: Stack) -> Callable[[str | None], Person]:
    """Return a function that gives a person of the demo by employee code."""
    return cache(lambda code: Person(stack, code))


@pytest.fixture
def office(person) -> Person:
    """The office's officer, who follows the plan."""
    return person("office")


@pytest.fixture(scope="module")
def browser_process() -> Iterator[Browser]:
    with chromium() as process:
        yield process


@pytest.fixture
def browser(stack: Stack, browser_process: Browser) -> Iterator[Windows]:
    """Windows that are closed after the test; whatever one of them complained of fails it."""
    windows = Windows(stack, browser_process)
    yield windows
    windows.close()
    assert windows.complaints == []


@pytest.fixture
def picture() -> Callable[..., None]:
    """Return a function that keeps a page's picture when PICTURES=1 asks for them.

    `folder`: OF_GUIDES for a picture that a guide shows.
    """

    def take(page: Page, name: str, *, whole: bool = False, folder: Path = PICTURES) -> None:
        if os.environ.get("PICTURES") == "1":
            folder.mkdir(exist_ok=True)
            page.evaluate("document.fonts.ready")
            page.screenshot(path=folder / f"{name}.png", full_page=whole)

    return take


@pytest.fixture
def plan(office: Person) -> dict[str, str]:
    """The demo's plan of 2025."""
    return next(plan for plan in office.get("tasks", "/plans")["data"] if plan["year"] == 2025)


@pytest.fixture
def open_assignments(office: Person, plan, stack: Stack):
    """Return a function that lists a unit's assignments that nobody worked on yet."""

    def find(unit: str) -> list[dict]:
        query = {"plan_id": plan["id"], "unit_id": stack.demo.units[unit], "status": "not_started"}
        return office.all("tasks", "/assignments", **query)

    return find


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Show beside a failure what the product's processes complained about."""
    report = yield
    stack = item.funcargs.get("stack") if hasattr(item, "funcargs") else None
    if report.failed and stack is not None:
        said = stack.said(time.time() - call.duration - 5)
        report.sections.append((f"the product's logs ({stack.logs})", said or "no complaints"))
    return report
