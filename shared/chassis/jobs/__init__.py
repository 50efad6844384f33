"""Long work: a row that is enqueued with the change that wants it and survives restarts."""

from chassis.jobs.api import JobView, job_router
from chassis.jobs.queue import Job, enqueue, find
from chassis.jobs.runner import JobContext, JobFunctions, JobRunner

__all__ = [
    "Job",
    "JobContext",
    "JobFunctions",
    "JobRunner",
    "JobView",
    "enqueue",
    "find",
    "job_router",
]
