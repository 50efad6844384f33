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
PATIENCE_SECONDS = 3.0


def database_check(database: Database) -> Check:
    """Return a check that the database answers."""

    async def check() -> None:
        async with database.sessions() as session:
            await session.execute(text("SELECT 1"))

    return check


async def _live(_: Request) -> Response:
    return JSONResponse({"status": "live"})


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Return /health/live, /health/ready and /metrics; ready means that every check passes."""

    async def ready(_: Request) -> Response:
        results = await asyncio.gather(*(_result(check) for check in checks.values()))
        well = all(result == "ok" for result in results)
        found = dict(zip(checks, results, strict=True))
        body = {"status": "ready" if well else "not_ready", "checks": found}
        return JSONResponse(body, status_code=200 if well else 503)

    return [
        Route("/health/live", _live),
        Route("/health/ready", ready),
        Route("/metrics", _metrics),
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
    """Return the small application of verbs that serve nothing else."""
    return Starlette(routes=health_routes(checks))
