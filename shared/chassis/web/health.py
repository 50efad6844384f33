"""What an operator asks every process: alive, ready, and how is it going."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.database import Database

Check = Callable[[], Awaitable[None]]
"""Returns when all is well, raises when not."""
PATIENCE_SECONDS = 2.0


def database_check(database: Database) -> Check:
    """Return a check that the database answers."""

    async def check() -> None:
        async with database.sessions() as session:
            await session.execute(text("SELECT 1"))

    return check


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return /health/live, /health/ready and /metrics; ready means that every check passes."""

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "live"})

    async def ready(_: Request) -> Response:
        results = await asyncio.gather(*(_result(check) for check in checks.values()))
        well = all(result == "ok" for result in results)
        body = {
            "status": "ready" if well else "not_ready",
            "checks": dict(zip(checks, results, strict=True)),
        }
        return JSONResponse(body, status_code=200 if well else 503)

    async def metrics(_: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
    ]


async def _result(check: Check) -> str:
    """Return `ok` or the kind of failure; addresses and passwords stay inside."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await check()
    except Exception as error:  # noqa: BLE001 - any failure is an answer here
        return type(error).__name__
    return "ok"


def health_app(checks: Mapping[str, Check]) -> Starlette:
    """Return the small application that verbs without an API serve."""
    return Starlette(routes=health_routes(checks))
