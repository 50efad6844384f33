"""The caller's own day."""

from chassis.web import CurrentActor, ServiceRouter, Transaction
from tasks.calendar.moment import moment
from tasks.work.actions import work_of
from tasks.work.views import WorkView

router = ServiceRouter(prefix="/v1/me", tags=["me"])


@router.get("/work", policy="work.read")
async def read_work(session: Transaction, actor: CurrentActor) -> WorkView:
    """Return what waits for the caller, their own work and their unit's, and what moved."""
    return await work_of(session, actor, await moment(session))
