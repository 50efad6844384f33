"""Partners at the door of every service: how often they may ask, and what they read is noted."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from chassis import audit
from chassis.access import Reach
from chassis.clock import database_now
from chassis.errors import TooManyRequests
from chassis.words import N_, Sentence

REQUESTS = 240  # of one partner, to one process of a service, in
WINDOW = 60.0  # seconds
_TOO_MANY = N_("Mỗi phút chỉ được gửi {limit} yêu cầu: hãy thử lại sau {seconds} giây")


@dataclass(frozen=True)
class Read:
    """What a partner read: the route, and how many items the answer held."""

    reach: Reach
    route: str
    items: int


NoteRead = Callable[[AsyncSession, Read], Awaitable[None]]


async def note_in_audit(session: AsyncSession, read: Read) -> None:
    """Write what was read into the service's audit."""
    partner_id = read.reach.partner_id
    await audit.record(
        session, actor_id=partner_id, action="partner.read", subject_id=partner_id, before=None,
        after={"route": read.route, "items": read.items}, reason=None,
        now=await database_now(session),
    )  # fmt: skip


class PartnerLimits:
    """Counts requests by partner in windows of a minute. In memory: each process by itself."""

    def __init__(self, limit: int = REQUESTS, window: float = WINDOW) -> None:
        """`limit`: requests in so many seconds."""
        self.limit, self.window = limit, window
        self._counts: dict[UUID, tuple[float, int]] = {}

    def take(self, request: Request, partner_id: UUID) -> None:
        """Count a request; its answer says what is left. Raises TooManyRequests."""
        now = time.monotonic()
        began, count = self._counts.get(partner_id, (now, 0))
        if now - began >= self.window:
            began, count = now, 0
        self._counts[partner_id] = began, count + 1
        seconds = int(began + self.window - now) + 1
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.limit - count - 1, 0)),
            "RateLimit-Reset": str(seconds),
        }
        request.scope["state"]["headers"] = headers
        if count >= self.limit:
            facts = {"limit": self.limit, "seconds": seconds}
            retry = {"Retry-After": str(seconds)}
            raise TooManyRequests(
                Sentence(_TOO_MANY, facts), code="partner_too_fast", headers=retry
            )


def say_items(request: Request, count: int) -> None:
    """Say how many items the answer holds, where counting them in a large one would be dear."""
    request.state.items = count


def items_in(request: Request, response: Response) -> int:
    """Return how many items an answer holds: as said, those of its list, or the one that it is."""
    said: int | None = getattr(request.state, "items", None)
    if said is not None:
        return said
    body = bytes(getattr(response, "body", b""))
    if not body or not (response.media_type or "").endswith("json"):
        return 0
    answer = json.loads(body)
    data = answer.get("data") if isinstance(answer, dict) else answer
    return len(data) if isinstance(data, list) else 1
