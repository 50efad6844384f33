"""The demo's directory and calendar, without a database."""

from datetime import date
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml

from contracts.tasks import CalendarDay
from tasks.domain.calendar import WorkingCalendar
from tasks.domain.deadline import Frame
from tasks.domain.units import Unit, UnitBook

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
def demo_units() -> dict[str, Unit]:
    """Every unit of the demo by its code."""
    return {
        one["code"]: Unit(
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
