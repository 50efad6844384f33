"""The demo's directory and calendar without a database, and the service on a real one."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml
from tests.tasks.office import Department

from chassis import migrations
from chassis.database import Database
from contracts.tasks import CalendarDay
from tasks.calendar.domain import WorkingCalendar
from tasks.deadlines.domain import Frame
from tasks.directory.unit_book import KnownUnit, UnitBook

MIGRATIONS = Path(__file__).parents[2] / "services" / "tasks" / "migrations"
DEMO = Path(__file__).parents[2] / "demo"


@pytest.fixture(scope="session")
def demo_calendar() -> WorkingCalendar:
    years = yaml.safe_load((DEMO / "calendar.yaml").read_text())["years"].values()
    days = [
        CalendarDay(day=day["day"], working=day["working"], name=day["name"])
        for year in years
        for day in year["days"]
    ]
    return WorkingCalendar.of(days)


@pytest.fixture(scope="session")
def demo_units() -> dict[str, KnownUnit]:
    """Every unit of the demo by its code."""
    return {
        one["code"]: KnownUnit(
            unit_id=uuid5(NAMESPACE_URL, one["code"]),
            code=one["code"],
            name=one["name"],
            kind=one["kind"],
            aliases=tuple(one["aliases"]),
            sort_order=one["sort_order"],
        )
        for one in yaml.safe_load((DEMO / "units.yaml").read_text())["units"]
    }


@pytest.fixture(scope="session")
def demo_book(demo_units) -> UnitBook:
    return UnitBook(demo_units.values())


@pytest.fixture(scope="session")
def demo_frame(demo_calendar) -> Frame:
    """The demo plan: 2025, reports until 29/11/2025."""
    return Frame(year=2025, closes_on=date(2025, 11, 29), calendar=demo_calendar)


# ---------------------------------------------------------------- the service on a real database


async def _template(lasting_database, folder, fill=None, template=None) -> str:
    url = await lasting_database(template)
    await asyncio.to_thread(migrations.upgrade, MIGRATIONS, url)
    if fill:
        database = Database(url)
        await fill(Department(database, folder))
        await database.close()
    return url.rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def files_folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="session")
async def empty_template(lasting_database, files_folder) -> str:
    """A database with the schema and nobody in it."""
    return await _template(lasting_database, files_folder)


@pytest.fixture(scope="session")
async def directory_template(lasting_database, files_folder, empty_template) -> str:
    """The demo's units, people and calendar, added through the API."""
    return await _template(lasting_database, files_folder, Department.add_directory, empty_template)


@pytest.fixture(scope="session")
async def ready_template(lasting_database, files_folder, directory_template) -> str:
    """The demo's plan in force, its appendix uploaded and read, waiting for confirmation."""

    async def fill(department: Department) -> None:
        plan = await department.add_plan()
        await department.read_appendix(plan["id"])

    return await _template(lasting_database, files_folder, fill, directory_template)


@pytest.fixture(scope="session")
async def busy_template(lasting_database, files_folder, ready_template) -> str:
    """The same, confirmed: assignments are given out."""

    async def fill(department: Department) -> None:
        answer = await department.office.post(f"{await department.waiting_import()}/confirm")
        assert answer.status_code == 200, answer.text

    return await _template(lasting_database, files_folder, fill, ready_template)


@contextlib.asynccontextmanager
async def _open(new_database, folder, template: str) -> AsyncIterator[Department]:
    database = Database(await new_database(template))
    yield Department(database, folder)
    await database.close()


@pytest.fixture
async def nobody_there(new_database, files_folder, empty_template):
    """A fresh system."""
    async with _open(new_database, files_folder, empty_template) as department:
        yield department


@pytest.fixture
async def department(new_database, files_folder, directory_template):
    """Units, people and calendar are there."""
    async with _open(new_database, files_folder, directory_template) as department:
        yield department


@pytest.fixture
async def ready(new_database, files_folder, ready_template):
    """An appendix waits for confirmation: `department.waiting_import()`."""
    async with _open(new_database, files_folder, ready_template) as department:
        yield department


@pytest.fixture
async def busy(new_database, files_folder, busy_template):
    """The plan of 2025 runs, its assignments are given out."""
    async with _open(new_database, files_folder, busy_template) as department:
        yield department


@pytest.fixture(scope="session")
async def looked_at(lasting_database, files_folder, busy_template):
    """The same, shared by tests that change nothing."""
    async with _open(lasting_database, files_folder, busy_template) as department:
        yield department
