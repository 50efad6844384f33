"""`python -m reporting rebuild`: the cells of rounds once more from their facts."""

from collections.abc import Callable
from time import perf_counter
from typing import Annotated
from uuid import UUID

import typer
import uvloop

from chassis.service import Service
from reporting.proof.rebuild import rebuild_round, rounds

RoundOption = Annotated[UUID | None, typer.Option("--round", help="Only this round.")]


def add_rebuild(app: typer.Typer, built: Callable[[str], Service]) -> None:
    """Add the command to the service's verbs."""

    @app.command(help="Recompute the figures of survey rounds from the facts; safe while running.")
    def rebuild(round_id: RoundOption = None) -> None:
        uvloop.run(_rebuild(built("rebuild"), round_id))


async def _rebuild(service: Service, only: UUID | None) -> None:
    database = service.database("worker")
    async with database.sessions() as session:
        ids = [only] if only else await rounds(session)
    for id_ in ids:
        began = perf_counter()
        async with database.sessions.begin() as session:
            facts, mended = await rebuild_round(session, id_)
        seconds = perf_counter() - began
        typer.echo(f"round {id_}: {facts} facts in {seconds:.2f} s, {mended} cells mended")
    await database.close()
