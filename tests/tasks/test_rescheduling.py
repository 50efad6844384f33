"""A year of the calendar: what is known of it, and what its change would move before it does."""

import pytest
from tests.tasks.office import demo


async def year_of(department, year: int = 2025) -> list[dict]:
    return (await department.office.get(f"/v1/calendar/{year}")).json()["days"]


@pytest.fixture
def storm() -> dict:
    return {"day": "2025-09-30", "working": False, "name": "Bão"}


async def test_what_would_move_is_shown_and_nothing_moves(busy, storm):
    days, path = await year_of(busy), "/v1/calendar/2025/preview"
    before = (await busy.office.get("/v1/assignments", limit=200)).json()
    answer = await busy.office.post(path, {"days": [*days, storm]})
    same = await busy.office.post(path, {"days": days})
    due = {one["id"] for one in before["data"] if one["last_working_day"] == "2025-09-30"}

    moves = answer.json()
    assert {move["assignment_id"] for move in moves["data"]} == due
    assert moves["count"] == len(due) > 0
    assert {(move["before"], move["after"]) for move in moves["data"]} == {
        ("2025-09-30", "2025-09-29")
    }
    assert same.json() == {"count": 0, "data": []}
    assert (await busy.office.get("/v1/assignments", limit=200)).json() == before
    assert await year_of(busy) == days


async def test_what_was_shown_is_what_moves(busy, storm):
    days = [*await year_of(busy), storm]
    shown = (await busy.office.post("/v1/calendar/2025/preview", {"days": days})).json()
    await busy.put_calendar(2025, days)
    events = await busy.events("assignment_changed")
    assert {event["subject"] for event in events} == {
        move["assignment_id"] for move in shown["data"]
    }


async def test_wrong_days_are_named_in_the_preview_too(looked_at):
    day = {"day": "2024-01-01", "working": False, "name": "Tết"}
    answer = await looked_at.office.post("/v1/calendar/2025/preview", {"days": [day]})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/days/0/day")


async def test_the_years_that_are_known_are_those_of_the_demo(looked_at):
    listed = (await looked_at.office.get("/v1/calendar")).json()
    assert listed["known_years"] == sorted(demo("calendar.yaml")["years"])
    for year, content in demo("calendar.yaml")["years"].items():
        known = (await looked_at.office.get(f"/v1/calendar/{year}/known")).json()
        days = [{**day, "day": str(day["day"])} for day in content["days"]]
        assert (known["source"], known["days"]) == (content["source"], days)
        assert next(each for each in listed["data"] if each["year"] == year)["days"] == [
            {name: day[name] for name in ("day", "working", "name")} for day in days
        ]


async def test_of_a_year_nobody_read_about_nothing_is_offered(looked_at):
    answer = await looked_at.office.get("/v1/calendar/2050/known")
    assert (answer.status_code, answer.json()["code"]) == (404, "calendar_unknown")
