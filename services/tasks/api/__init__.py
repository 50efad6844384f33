"""The HTTP door, by noun."""

from collections.abc import Sequence

from fastapi import APIRouter

from chassis.jobs import job_router
from tasks.api import assignments, calendar, directory, files, history, imports, me, plans

ROUTERS: Sequence[APIRouter] = (
    me.router,
    directory.router,
    calendar.router,
    plans.router,
    imports.router,
    assignments.router,
    history.router,
    files.router,
    job_router("job.read"),
)
