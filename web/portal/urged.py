"""What stands on every page of somebody who was urged, until they say that they know, or later."""

import asyncio
from datetime import datetime
from typing import Any

from fastapi import Request

from portal.client import Api
from portal.problems import Problem, ServiceDown, SignInNeeded

PATIENCE = 1.0  # seconds: no page waits longer for it
SHOWN = 5


async def to_acknowledge(
    request: Request, api: Api, postponed_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Return what the person must acknowledge; nothing for a part of a page, or when it fails.

    `postponed_at`: what had come by then waits for the next sign-in.
    """
    if request.method != "GET" or "HX-Request" in request.headers:
        return []
    try:
        async with asyncio.timeout(PATIENCE):
            found = await api.get(
                "notifications", "/v1/notifications", to_acknowledge="true", limit=SHOWN
            )
    except (Problem, ServiceDown, SignInNeeded, TimeoutError):
        return []
    data: list[dict[str, Any]] = found["data"]
    if postponed_at is None:
        return data
    return [each for each in data if datetime.fromisoformat(each["created_at"]) > postponed_at]
