"""`python -m reporting verify`: every drift must be 0; exits 1 when they are not."""

from collections.abc import Callable
from typing import Annotated

import typer
import uvloop

from chassis.service import Service, catching_up
from reporting.proof.drift import (
    Drift,
    events_against_logs,
    facts_against_producers,
    figures_against_facts,
)
from reporting.proof.progress import Steps


def add_verify(app: typer.Typer, built: Callable[[str], Service]) -> None:
    """Add the command to the service's verbs."""

    @app.command(help="Compare every figure with the facts, and the facts with the producers.")
    def verify(
        own: Annotated[bool, typer.Option(help="Only figures against own facts.")] = False,
    ) -> None:
        drifts = uvloop.run(_drifts(built("verify"), own_only=own))
        for drift in drifts:
            typer.echo(f"{drift.name}: drift {drift.count}")
            for detail in drift.details:
                typer.echo(f"  {detail}")
        raise typer.Exit(1 if any(drift.count for drift in drifts) else 0)


async def _drifts(service: Service, *, own_only: bool) -> list[Drift]:
    database = service.operators_database("verify")
    with Steps() as steps:
        async with database.sessions() as session:
            drifts = [await figures_against_facts(session, steps.told)]
        if not own_only:
            logs = catching_up(service, database)
            facts = await facts_against_producers(database, logs, steps.told)
            drifts += [facts, await events_against_logs(logs, facts)]
    await database.close()
    return drifts
