"""`python -m <service> discard-unknown`: what no producer's log holds goes, with a reason."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Annotated

import typer
import uvloop

from chassis.clock import database_now
from chassis.discarding import aggregate_of, discard
from chassis.messaging import unknown
from chassis.messaging.catching_up import CatchingUp
from chassis.messaging.unknown import Unknown
from chassis.service import Service, catching_up
from contracts.envelope import Envelope

NOTHING = "Every event that took effect here stands in its producer's log."
ReasonOption = Annotated[str, typer.Option(help="Why; kept in the audit. Without it: only list.")]


def add_discard(app: typer.Typer, built: Callable[[str], Service]) -> None:
    """Add the command to a service's verbs."""

    @app.command(help="Remove what took effect here and is in no producer's log: forged events.")
    def discard_unknown(reason: ReasonOption = "") -> None:
        left = uvloop.run(_discard(built("discard"), reason.strip()))
        raise typer.Exit(1 if left else 0)


async def _discard(service: Service, reason: str) -> int:
    """Return how many are left."""
    database = service.operators_database("discard")
    logs = catching_up(service, database)
    events = await unknown.find(logs)
    for type_, count in sorted(Counter(event.type for event in events).items()):
        typer.echo(f"{type_}: {count} in no log")
    if events and reason:
        told = await told_about(logs, events, service.told_whole)
        async with database.sessions.begin() as session:
            now = await database_now(session)
            await discard(session, logs.router, service.undo, events, told, reason, now)
        typer.echo(f"{len(events)} discarded: {reason}")
    elif events:
        typer.echo('Nothing was changed. To remove them: --reason "…"')
    else:
        typer.echo(NOTHING)
    await database.close()
    return 0 if reason else len(events)


async def told_about(
    logs: CatchingUp, events: Sequence[Unknown], whole: Collection[str] = ()
) -> list[Envelope]:
    """Return what the logs say about the aggregates of events.

    Of types whose facts are their guard nothing: there the fact is forgotten, no aggregate. Of
    kinds of aggregates in `whole` everything: there all of them are forgotten.
    """
    subjects = {event.subject for event in events if event.subject}
    aggregates = {aggregate_of(event.type) for event in events if event.subject}
    told: list[Envelope] = []
    for producer in logs.producers:
        types = [
            type_
            for type_ in logs.router.types_of(producer.name)
            if aggregate_of(type_) in aggregates and not logs.router.routes[type_].guarded_by
        ]
        if types:
            all_of = [type_ for type_ in types if aggregate_of(type_) in whole]
            told += await unknown.told_of(producer, types, subjects, all_of)
    return told
