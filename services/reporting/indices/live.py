"""The stream of figures that move."""

from fastapi import Request
from starlette.responses import Response

from chassis.live import stream
from chassis.web import ServiceRouter

TOPIC = "indices"
router = ServiceRouter(prefix="/v1", tags=["live"])


@router.get("/live", policy="index.read")
async def live_indices(request: Request) -> Response:
    """Server-sent events `index_changed`; honours Last-Event-ID."""
    return stream(request, [TOPIC])
