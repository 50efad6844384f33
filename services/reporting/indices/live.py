"""The streams of figures that move."""

from fastapi import Request
from starlette.responses import Response

from chassis.live import stream
from chassis.web import CurrentActor, ServiceRouter
from reporting.access import RIGHTS
from reporting.marks import TOPIC

STEERING = "steering"
router = ServiceRouter(prefix="/v1", tags=["live"])


@router.get("/live", policy="index.follow")
async def live_indices(request: Request, actor: CurrentActor) -> Response:
    """Server-sent events; honours Last-Event-ID.

    `index_changed`, `answers_counted` and `ranking_published` for everybody, `steering_moved` for
    director and office.
    """
    steering = [STEERING] if RIGHTS.may(actor, "index.read_steering") else []
    return stream(request, [TOPIC, *steering])
