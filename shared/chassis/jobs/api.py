"""`GET /v1/jobs/{id}`: how far a piece of long work is."""

from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.bodies import ResponseBody
from chassis.errors import NotFound
from chassis.jobs.queue import find
from chassis.web.router import ServiceRouter
from chassis.web.views import CurrentActor, Transaction


class JobView(ResponseBody):
    """A job as its owner sees it. `state`: queued, running, done or failed."""

    id: UUID
    kind: str
    state: str
    progress: int
    result: dict[str, Any] | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


def job_router(policy: str) -> ServiceRouter:
    """Return a router with the one route; a job is visible to who started it, and to admin."""
    router = ServiceRouter(prefix="/v1", tags=["jobs"])

    @router.get("/jobs/{id}", policy=policy)
    async def read_job(id: UUID, session: Transaction, actor: CurrentActor) -> JobView:
        """Return state, progress and result of a job. 404 for somebody else's."""
        job = await find(session, id)
        if job.created_by != actor.person_id and actor.role != "admin":
            raise NotFound("Không tìm thấy công việc này", code="job_not_found")
        return JobView.model_validate(job)

    return router
