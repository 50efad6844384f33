"""What is done all the time owes a word each quarter: said once when a whole one passed without."""

from datetime import date, timedelta

import pytest

from tasks.assignments.domain import quarter_before
from tasks.jobs import announce_missed_updates


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 4, 1), date(2025, 1, 1), date(2025, 3, 31)),
        (date(2025, 3, 31), date(2024, 10, 1), date(2024, 12, 31)),
        (date(2025, 1, 1), date(2024, 10, 1), date(2024, 12, 31)),
        (date(2025, 9, 30), date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 12, 31), date(2025, 7, 1), date(2025, 9, 30)),
    ],
)
def test_the_quarter_before_a_day(day, first, last):
    assert quarter_before(day) == (first, last)


@pytest.fixture
async def always(busy) -> dict:
    """The one continuous assignment, led by CCHC, about which nobody has said a word for a year."""
    found = await busy.one(deadline_kind="continuous")
    await busy.execute("UPDATE assignment SET status = 'cancelled' WHERE id <> :id", id=found["id"])
    await busy.execute(
        "UPDATE assignment SET unit_id = (SELECT id FROM unit WHERE code = 'CCHC') WHERE id = :id",
        id=found["id"],
    )
    await long_ago(busy)
    return found


async def long_ago(busy) -> None:
    await busy.execute(
        "UPDATE assignment_entry SET at = at - CAST(:year AS interval)", year=timedelta(days=365)
    )


async def shown(busy, assignment) -> dict:
    return (await busy.office.get(f"/v1/assignments/{assignment['id']}")).json()


async def waiting(busy) -> int:
    work = (await busy.unit_officer.get("/v1/me/work")).json()["waiting"]
    return next(one["count"] for one in work if one["what"] == "update")


async def test_a_quarter_without_a_word_is_announced_once_until_somebody_reports(busy, always):
    ran = [await busy.run_clock(announce_missed_updates) for _ in range(2)]
    [event] = await busy.events("assignment_update_missed")
    owed, counted = await shown(busy, always), await waiting(busy)
    listed = (await busy.office.get("/v1/assignments", update_owed="true")).json()["data"]
    _, last = quarter_before(await busy.today())
    report = await busy.unit_officer.post(
        f"/v1/assignments/{always['id']}/progress", {"percent": 50, "note": "Quý này đã làm"},
        seen=owed["version"],
    )  # fmt: skip
    after = await shown(busy, always)
    assert ran == [1, 0]
    assert event["data"]["quarter_ended_on"] == str(last)
    assert (owed["update_owed"], counted, [each["id"] for each in listed]) == (
        True, 1, [always["id"]],
    )  # fmt: skip
    assert report.status_code == 200, report.text
    assert (after["update_owed"], await waiting(busy)) == (False, 0)
    assert await busy.run_clock(announce_missed_updates) == 0


async def test_it_is_said_again_when_the_next_quarter_has_passed_in_silence(busy, always):
    await busy.run_clock(announce_missed_updates)
    await busy.execute("UPDATE assignment SET overdue_announced_for = DATE '2025-06-30'")
    assert await busy.run_clock(announce_missed_updates) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE assignment SET paused_on = now()::date",
        "UPDATE assignment SET status = 'submitted'",
        "UPDATE plan SET issued_on = now()::date",
        "UPDATE plan SET status = 'closed'",
        "UPDATE assignment_entry SET at = now() WHERE kind = 'created'",
    ],
)
async def test_nothing_is_owed_of_what_is_paused_handed_in_new_or_of_a_plan_that_ended(
    busy, always, change
):
    await busy.execute(change)
    assert await busy.run_clock(announce_missed_updates) == 0


async def test_what_has_a_day_owes_no_periodic_word(busy):
    await busy.execute("UPDATE assignment SET status = 'done' WHERE deadline_kind = 'continuous'")
    await long_ago(busy)
    assert await busy.run_clock(announce_missed_updates) == 0
