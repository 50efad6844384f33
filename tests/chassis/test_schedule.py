"""Periodic work is remembered by its name, so a name stands for one job."""

from datetime import timedelta

import pytest

from chassis.retention import tidied
from chassis.schedule import Job, Schedule, run_once


async def close_books(session, now):
    pass


def test_a_second_job_of_a_known_name_is_refused():
    schedule = Schedule()
    schedule.every(timedelta(hours=1))(close_books)

    with pytest.raises(TypeError, match="close_books"):
        schedule.every(timedelta(minutes=1))(close_books)


def test_the_chassis_own_jobs_stand_beside_the_services_and_leave_its_list_alone():
    schedule = Schedule()
    schedule.every(timedelta(hours=1))(close_books)

    names = [job.name for job in tidied(schedule, with_live=True).jobs]

    assert names[0] == "close_books"
    assert {"purge_idempotency_keys", "purge_live_events", "seal"} < set(names)
    assert len(names) == len(set(names))
    assert [job.name for job in schedule.jobs] == ["close_books"]


async def told(database, work, batch=None) -> bool:
    return await run_once(Job("tell", timedelta(minutes=1), work, batch), database)


async def test_a_batch_that_is_full_is_followed_by_the_next_at_once_and_each_is_committed(database):
    left, at_once = 23, []

    async def tell(session, now):
        nonlocal left
        at_once.append(min(left, 10))
        left -= at_once[-1]
        return at_once[-1]

    assert await told(database, tell, batch=10)
    assert (at_once, left) == ([10, 10, 3], 0)
    assert not await told(database, tell, batch=10), "a minute has not passed"


async def test_what_fails_between_two_batches_is_due_again(database):
    done = []

    async def tell(session, now):
        if len(done) == 1:
            done.append("failed")
            raise RuntimeError
        done.append("told")
        return 10 if len(done) == 1 else 0

    with pytest.raises(RuntimeError):
        await told(database, tell, batch=10)
    assert await told(database, tell, batch=10)
    assert done == ["told", "failed", "told"]


async def test_work_that_is_no_batch_runs_once_whatever_it_returns(database):
    times = []

    async def tell(session, now):
        times.append(now)
        return 10_000

    assert await told(database, tell)
    assert len(times) == 1
