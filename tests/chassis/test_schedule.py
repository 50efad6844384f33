"""Periodic work is remembered by its name, so a name stands for one job."""

from datetime import timedelta

import pytest

from chassis.retention import tidied
from chassis.schedule import Schedule


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
