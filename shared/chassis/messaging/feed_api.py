"""Routes under /internal/v1/events: what the other services catch up with."""

from typing import Annotated

from fastapi import Query

from chassis.messaging import feed
from chassis.web import INTERNAL, Instant, ServiceRouter, Transaction

router = ServiceRouter(prefix="/internal/v1/events", tags=["internal"])
Types = Annotated[list[str], Query()]


@router.get("", policy=INTERNAL)
async def events_after(
    session: Transaction,
    types: Types,
    after: Annotated[str, Query(pattern=r"^\d+\.\d+$")] = "0.0",
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> feed.Slice:
    """Events behind a cursor, in log order."""
    return await feed.after(session, after, types, limit)


@router.get("/between", policy=INTERNAL)
async def events_between(
    session: Transaction,
    types: Types,
    since: Instant,
    until: Instant,
    seq: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=2000)] = 500,
) -> feed.Page:
    """Events behind (since, seq) whose time lies before `until`, a page at a time."""
    return await feed.between(session, types, since, seq, until, limit)


@router.get("/digest", policy=INTERNAL)
async def digest(
    session: Transaction, types: Types, since: Instant, until: Instant
) -> list[feed.Bucket]:
    """Count and XOR of ids per type and minute."""
    return await feed.digest(session, types, since, until)


@router.get("/sum", policy=INTERNAL)
async def sum_behind(
    session: Transaction,
    types: Types,
    since: Instant,
    seq: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=250_000)] = 250_000,
) -> feed.Sum:
    """Count and XOR of ids of the events behind (since, seq), a piece at a time."""
    return await feed.sum_behind(session, types, since, seq, limit)


@router.get("/heads", policy=INTERNAL)
async def heads(session: Transaction, types: Types) -> feed.Heads:
    """Count and XOR over the newest version of each aggregate."""
    return await feed.heads(session, types)
