"""What only time brings about: reminders and overdue announcements, each exactly once."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from chassis.clock import database_now
from chassis.schedule import Job, run_once
from tasks import jobs
from tasks.assignments import reminders
from tasks.calendar.moment import moment
from tasks.jobs import announce_due_soon, announce_overdue


async def due(department, assignment, on) -> None:
    """Make an assignment due on a day, as if the appendix had said so."""
    async with department.database.sessions() as session:
        last = (await moment(session)).calendar.last_working_day_on_or_before(on)
    await department.execute(
        "UPDATE assignment SET due_on = :on, last_working_day = :last, status = 'not_started' "
        "WHERE id = :id", on=on, last=last, id=assignment["id"],
    )  # fmt: skip


@pytest.fixture
async def quiet(busy):
    """Nothing is due but what a test makes due; returns the department."""
    await busy.execute("UPDATE assignment SET due_on = NULL, last_working_day = NULL")
    return busy


async def working_days_ahead(department, days: int):
    async with department.database.sessions() as session:
        at = await moment(session)
    return at.calendar.add_working_days(at.today, days)


async def test_what_was_imported_long_past_due_is_announced_once(busy):
    overdue = (await busy.office.get("/v1/assignments/counts")).json()["overdue"]

    announced = await busy.run_clock(announce_overdue)
    again = await busy.run_clock(announce_overdue)

    events = await busy.events("assignment_overdue")
    assert overdue > 50
    assert (announced, again, len(events)) == (overdue, 0, overdue)
    state = events[0]["data"]["assignment"]
    assert state["version"] == 2
    assert events[0]["data"]["overdue_since"] > state["due_on"]


async def test_a_run_is_bounded_and_the_next_goes_on(busy):
    async with busy.database.sessions.begin() as session:
        now = await database_now(session)
        first = await reminders.announce_overdue(session, now, limit=10)
    rest = await busy.run_clock(announce_overdue)
    subjects = [event["subject"] for event in await busy.events("assignment_overdue")]
    assert first == 10
    assert len(subjects) == len(set(subjects)) == first + rest


@pytest.mark.parametrize(
    ("job", "days"), [(reminders.announce_due_soon, 3), (reminders.announce_overdue, -1)]
)
async def test_all_that_comes_due_together_is_announced_in_one_run_each_once(quiet, job, days):
    today = await quiet.today()
    day = today - timedelta(1) if days < 0 else await working_days_ahead(quiet, days)
    await quiet.execute(
        "UPDATE assignment SET due_on = :day, last_working_day = :day, status = 'not_started'",
        day=day,
    )
    [row] = await quiet.rows("SELECT count(*) AS n FROM assignment")
    clock = Job(job.__name__, timedelta(minutes=1), partial(job, limit=20), batch=20)
    assert await run_once(clock, quiet.database)
    events = [
        each for each in await quiet.events() if each["type"].endswith(("soon.v1", "overdue.v1"))
    ]
    assert row.n > 60
    assert len({each["subject"] for each in events}) == len(events) == row.n


def test_the_clock_goes_on_while_its_batches_are_full():
    batches = {job.name: job.batch for job in jobs.schedule.jobs}
    bounded = {name for name, batch in batches.items() if batch == reminders.MOST}
    assert bounded == {name for name in batches if name.startswith("announce_")}


async def test_an_assignment_somebody_is_changing_waits_for_the_next_run(quiet):
    assignment = await quiet.one()
    await due(quiet, assignment, await quiet.today() - timedelta(days=1))
    async with quiet.database.sessions.begin() as session:
        await session.execute(
            text("SELECT 1 FROM assignment WHERE id = :id FOR UPDATE"), {"id": assignment["id"]}
        )
        meanwhile = await quiet.run_clock(announce_overdue)
    assert (meanwhile, await quiet.run_clock(announce_overdue)) == (0, 1)


@pytest.mark.parametrize(("days", "step"), [(0, 0), (1, 1), (2, 3), (3, 3), (6, 7), (7, 7)])
async def test_a_reminder_names_its_step_and_is_sent_once(quiet, days, step):
    await due(quiet, await quiet.one(), await working_days_ahead(quiet, days))

    announced = await quiet.run_clock(announce_due_soon)
    again = await quiet.run_clock(announce_due_soon)

    [event] = await quiet.events("assignment_due_soon")
    said = event["data"]["step"], event["data"]["working_days_left"]
    assert (announced, again, said) == (1, 0, (step, days)), "late, it says how many there are"


async def test_nobody_is_reminded_eight_working_days_ahead_or_of_what_is_handed_in(quiet):
    assignment = await quiet.one()
    await due(quiet, assignment, await working_days_ahead(quiet, 8))
    early = await quiet.run_clock(announce_due_soon)
    await due(quiet, assignment, await working_days_ahead(quiet, 3))
    await quiet.execute(
        "UPDATE assignment SET status = 'submitted' WHERE id = :id", id=assignment["id"]
    )
    submitted = await quiet.run_clock(announce_due_soon)
    assert (early, submitted) == (0, 0)


async def test_each_nearer_step_of_one_due_day_is_announced_and_no_step_twice(quiet):
    assignment = await quiet.one()
    sent = []
    for days in (7, 6, 3, 2, 1, 0):
        await due(quiet, assignment, await working_days_ahead(quiet, days))
        # the same deadline, seen from nearer: time has passed, the due day has not moved
        await quiet.execute(
            "UPDATE assignment SET reminded_for = due_on WHERE reminded_for IS NOT NULL"
        )
        sent.append(await quiet.run_clock(announce_due_soon))
    steps = [e["data"]["working_days_left"] for e in await quiet.events("assignment_due_soon")]
    assert (sent, steps) == ([1, 0, 1, 0, 1, 1], [7, 3, 1, 0])


async def test_a_new_due_day_is_announced_anew(quiet):
    assignment = await quiet.one()
    sent = []
    for days in (7, 7):
        await due(quiet, assignment, await working_days_ahead(quiet, days))
        sent.append(await quiet.run_clock(announce_due_soon))
    for days in (1, 2):
        await due(quiet, assignment, await quiet.today() - timedelta(days=days))
        sent.append(await quiet.run_clock(announce_overdue))
    assert sent == [1, 0, 1, 1]


async def test_the_timeline_shows_the_system_as_the_one_who_announced(quiet):
    assignment = await quiet.one()
    await due(quiet, assignment, await quiet.today() - timedelta(days=1))
    await quiet.run_clock(announce_overdue)
    path = f"/v1/assignments/{assignment['id']}/timeline"
    newest = (await quiet.office.get(path)).json()["data"][0]
    assert (newest["kind"], newest["actor_name"], newest["version"]) == ("overdue", None, 2)


async def test_a_draft_binds_nobody(busy):
    await busy.execute("UPDATE plan SET status = 'draft'")
    [plan] = (await busy.office.get("/v1/plans")).json()["data"]

    before = await busy.run_clock(announce_overdue)
    await busy.office.post(f"/v1/plans/{plan['id']}/activate")
    after = await busy.run_clock(announce_overdue)

    assert before == 0
    assert after > 50


async def test_nothing_of_a_draft_is_overdue_or_due_and_its_tasks_are_announced_as_a_drafts(busy):
    await busy.execute("UPDATE plan SET status = 'draft'")
    [plan] = (await busy.office.get("/v1/plans")).json()["data"]

    of_all = (await busy.office.get("/v1/assignments/counts")).json()
    of_it = (await busy.office.get("/v1/assignments/counts", plan_id=plan["id"])).json()
    late = (await busy.office.get("/v1/assignments", overdue=True)).json()["data"]
    listed = (await busy.office.get("/v1/assignments", limit=200)).json()["data"]

    assert (of_all["all"], of_all["overdue"], of_all["due"]) == (0, 0, 0)
    assert (of_it["all"] > 50, of_it["overdue"], of_it["due"]) == (True, 0, 0)
    assert late == []
    flags = {(one["overdue"], one["overdue_days"], one["working_days_left"]) for one in listed}
    assert flags == {(False, None, None)}
