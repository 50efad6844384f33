"""The clock does all that `tasks.jobs` has for it: a function without a time is forgotten."""

import inspect

from tasks import jobs


def test_every_periodic_work_has_its_time():
    periodic = {
        name
        for name, work in inspect.getmembers(jobs, inspect.iscoroutinefunction)
        if list(inspect.signature(work).parameters) == ["session", "now"]
    }

    assert {job.name.rpartition(".")[2] for job in jobs.schedule.jobs} == periodic
    assert len(periodic) > 5
