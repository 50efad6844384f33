"""The ladder: data that is changed with a reason, climbed once a working day, each step once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from tests.tasks.test_assignments_reminders import due

from tasks.jobs import announce_due_soon
from tasks.urging.reminders import escalate

MORNING = datetime(2026, 3, 16, 2, tzinfo=UTC)  # Monday, nine o'clock there
LATE = {1: date(2026, 3, 13), 3: date(2026, 3, 11), 5: date(2026, 3, 9), 10: date(2026, 3, 2)}


@pytest.fixture
async def quiet(busy):
    """Nothing is due but what a test makes due; one row, led by CCHC with its officer."""
    await busy.execute("UPDATE assignment SET due_on = NULL, last_working_day = NULL")
    await busy.execute("UPDATE person SET absent_from = NULL, absent_until = NULL,"
                       " substitute_id = NULL")  # fmt: skip
    return busy


@pytest.fixture
async def row(quiet) -> dict:
    units = await quiet.units()
    found = await quiet.one(unit_id=units["CCHC"])
    await quiet.execute(
        "UPDATE assignment SET accountable_person_id ="
        " (SELECT id FROM person WHERE employee_code = 'unit_officer') WHERE id = :id",
        id=found["id"],
    )  # fmt: skip
    return found


async def climb(department, at=MORNING) -> int:
    async with department.database.sessions.begin() as session:
        return await escalate(session, at)


async def told(department) -> dict[str, str]:
    found = await department.rows(
        "SELECT p.employee_code, r.urged_as FROM urging_recipient r"
        " JOIN person p ON p.id = r.person_id"
    )
    return {row.employee_code: row.urged_as for row in found}


EXPECTED = {
    1: {"unit_officer": "person"},
    3: {"unit_officer": "person", "unit_head": "head"},
    5: {"unit_officer": "person", "unit_head": "head", "office": "office"},
    10: {"unit_officer": "person", "unit_head": "head", "office": "office", "director": "director"},
}


async def test_a_climb_that_finds_nothing_does_not_spend_the_day(quiet, row):
    assert await climb(quiet) == 0
    await due(quiet, row, LATE[1])

    assert await climb(quiet) == 1


@pytest.mark.parametrize("late", EXPECTED)
async def test_each_level_is_told_when_its_day_has_come(quiet, row, late):
    await due(quiet, row, LATE[late])
    count = await climb(quiet)
    events = await quiet.events("unit_urged")
    people = [person for event in events for person in event["data"]["people"]]
    assert await told(quiet) == EXPECTED[late]
    assert count == len(people) == late_people(late)
    assert {person["days_late"] for person in people} == {late}, "in true words"
    assert {event["data"]["origin"] for event in events} == {"ladder"}


def late_people(late: int) -> int:
    return len(EXPECTED[late])


async def test_each_step_of_a_due_day_is_told_once_and_a_later_one_anew(quiet, row):
    await due(quiet, row, LATE[1])
    first = await climb(quiet)
    again = await climb(quiet, MORNING + timedelta(hours=1))
    next_day = await climb(quiet, MORNING + timedelta(days=1))
    head = await climb(quiet, MORNING + timedelta(days=2))
    await due(quiet, row, date(2026, 3, 18))
    anew = await climb(quiet, MORNING + timedelta(days=3))
    assert (first, again, next_day, head, anew) == (1, 0, 0, 1, 1)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 15, 2, tzinfo=UTC),
        datetime(2026, 2, 17, 2, tzinfo=UTC),
        datetime(2026, 3, 15, 23, tzinfo=UTC),
        datetime(2026, 3, 16, 12, tzinfo=UTC),
    ],
    ids=["a Sunday", "Tết", "before work", "after work"],
)
async def test_nobody_is_told_outside_working_hours(quiet, row, at):
    await due(quiet, row, date(2026, 2, 2))
    assert await climb(quiet, at) == 0
    assert await quiet.rows("SELECT 1 FROM urging") == []


@pytest.mark.parametrize(
    "change", ["status = 'done'", "status = 'submitted'", "paused_on = due_on"]
)
async def test_what_nobody_owes_climbs_no_ladder(quiet, row, change):
    await due(quiet, row, LATE[10])
    await quiet.execute(f"UPDATE assignment SET {change} WHERE id = :id", id=row["id"])
    assert await climb(quiet) == 0


async def test_who_stands_in_is_told_beside_who_is_away(quiet, row):
    await due(quiet, row, LATE[1])
    await quiet.execute(
        "UPDATE person SET absent_from = :day, absent_until = :day,"
        " substitute_id = (SELECT id FROM person WHERE employee_code = 'unit_head')"
        " WHERE employee_code = 'unit_officer'",
        day=MORNING.date(),
    )  # fmt: skip
    await climb(quiet)
    assert await told(quiet) == {"unit_officer": "person", "unit_head": "stands_in"}


@pytest.mark.parametrize(
    "moved",
    ["unit_id = (SELECT id FROM unit WHERE code = 'LĐVL')", "role = 'auditor'", "active = false"],
)
async def test_a_substitute_who_may_stand_in_no_more_is_not_told(quiet, row, moved):
    await due(quiet, row, LATE[1])
    await quiet.execute(
        "UPDATE person SET absent_from = :day, absent_until = :day,"
        " substitute_id = (SELECT id FROM person WHERE employee_code = 'unit_head')"
        " WHERE employee_code = 'unit_officer'",
        day=MORNING.date(),
    )  # fmt: skip
    await quiet.execute(f"UPDATE person SET {moved} WHERE employee_code = 'unit_head'")
    await climb(quiet)
    assert await told(quiet) == {"unit_officer": "person"}


@pytest.mark.parametrize("role", ["office", "unit_head"])
async def test_whoever_stands_in_for_the_office_is_of_the_office(quiet, row, role):
    await due(quiet, row, LATE[5])
    await quiet.execute(
        "UPDATE person SET absent_from = :day, absent_until = :day,"
        " substitute_id = (SELECT id FROM person WHERE employee_code = 'unit_head_tdkt')"
        " WHERE employee_code = 'office'",
        day=MORNING.date(),
    )  # fmt: skip
    await quiet.execute(
        "UPDATE person SET role = :role WHERE employee_code = 'unit_head_tdkt'", role=role
    )
    await climb(quiet)
    as_ = {"office": "office", "unit_head": None}[
        role
    ]  # of the Office, they are told for themselves
    assert (await told(quiet)).get("unit_head_tdkt") == as_


async def test_without_an_accountable_person_the_head_is_told_first(quiet, row):
    await due(quiet, row, LATE[1])
    await quiet.execute("UPDATE assignment SET accountable_person_id = NULL")
    await climb(quiet)
    assert await told(quiet) == {"unit_head": "person"}


async def test_killed_before_the_commit_nobody_was_told_and_then_each_once(quiet, row):
    await due(quiet, row, LATE[3])
    async with quiet.database.sessions() as killed:
        assert await escalate(killed, MORNING) == 2
        await killed.rollback()
    nobody = await quiet.events("unit_urged")
    assert nobody == []
    assert await climb(quiet) == 2
    assert await climb(quiet) == 0


async def test_two_clocks_at_once_tell_once(quiet, row):
    await due(quiet, row, LATE[1])
    async with quiet.database.sessions.begin() as session:
        assert await escalate(session, MORNING) == 1
        async with quiet.database.sessions() as other:
            await other.execute(text("SET lock_timeout = '200ms'"))
            with pytest.raises(Exception, match="lock timeout"):
                await escalate(other, MORNING)
    assert await climb(quiet) == 0


# ---------------------------------------------------------------- the ladder as data


async def ladder(department, who="office") -> dict:
    return (await getattr(department, who).get("/v1/urging_ladder")).json()


def body_of(found: dict, **changed) -> dict:
    kept = {name: value for name, value in found.items()
            if name not in {"version", "composed", "allowed"}}  # fmt: skip
    return {**kept, "reason": "Thử nghiệm", **changed}


async def test_the_ladder_of_now_is_what_the_code_had_and_says_that_it_is_composed(busy):
    found = await ladder(busy, "unit_officer")
    assert found["before"] == [0, 1, 3, 7]
    assert [(each["working_days"], each["told"]) for each in found["escalation"]] == [
        (1, "person"), (3, "head"), (5, "office"), (10, "director"),
    ]  # fmt: skip
    assert (found["repeat_hours"], found["composed"], found["allowed"]) == (24, True, [])


async def test_office_and_administrator_change_it_with_a_reason_and_leave_a_trace(busy):
    found = await ladder(busy)
    put = busy.office.put
    stale = await put("/v1/urging_ladder", body_of(found), seen=found["version"] + 1)
    silent = await put("/v1/urging_ladder", body_of(found, reason=""), seen=found["version"])
    wrong = body_of(found, escalation=[{"working_days": 5, "told": "person"},
                                       {"working_days": 3, "told": "head"}])  # fmt: skip
    refused = await put("/v1/urging_ladder", wrong, seen=found["version"])
    done = await busy.admin.put(
        "/v1/urging_ladder", body_of(found, before=[2, 5], repeat_hours=48), seen=found["version"]
    )
    foreign = await busy.unit_head.put("/v1/urging_ladder", body_of(found), seen=2)
    [line] = await busy.rows(
        "SELECT reason, after FROM audit_entry WHERE action = 'urging_ladder.change'"
    )
    assert (stale.status_code, silent.status_code, refused.status_code) == (412, 422, 422)
    assert refused.json()["errors"][0]["pointer"] == "/escalation"
    assert (done.status_code, done.json()["version"]) == (200, found["version"] + 1)
    assert foreign.status_code == 403
    assert line.reason == "Thử nghiệm"
    assert line.after == {"before": [2, 5], "repeat_hours": 48}


async def test_the_clock_reads_the_steps_before_the_due_day(quiet, row):
    found = await ladder(quiet)
    today = await quiet.today()
    await quiet.office.put("/v1/urging_ladder", body_of(found, before=[]), seen=found["version"])
    await due(quiet, row, today)
    assert await quiet.run_clock(announce_due_soon) == 0
    await quiet.office.put("/v1/urging_ladder", body_of(found, before=[0]), seen=2)
    assert await quiet.run_clock(announce_due_soon) == 1
