"""`python -m reporting rebuild`: the cells of rounds once more from their facts."""

from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Annotated
from uuid import UUID

import typer
import uvloop

from chassis.database import Database
from chassis.service import Service
from reporting.proof.lacking import Piece, pieces
from reporting.proof.progress import Steps
from reporting.proof.rebuild import rebuild

RoundOption = Annotated[UUID | None, typer.Option("--round", help="Only this round.")]


def add_rebuild(app: typer.Typer, built: Callable[[str], Service]) -> None:
    """Add the command to the service's verbs."""

    @app.command(
        "rebuild",
        help="Recompute the figures of survey rounds from the facts; safe while running.",
    )
    def command(round_id: RoundOption = None) -> None:
        uvloop.run(_rebuild(built("rebuild"), round_id))


async def _rebuild(service: Service, only: UUID | None) -> None:
    database = service.operators_database("rebuild")
    async with database.sessions() as session:
        found = await pieces(session, only)
    by_round: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in found:
        by_round[piece.round_id].append(piece)
    with Steps() as steps:
        for id_, of_round in by_round.items():
            typer.echo(await _of_round(database, id_, of_round, steps))
    await database.close()


async def _of_round(database: Database, id_: UUID, found: list[Piece], steps: Steps) -> str:
    began, facts, mended = perf_counter(), 0, 0
    for done, piece in enumerate(found, start=1):
        async with database.sessions.begin() as session:
            more = await rebuild(session, piece)
        facts, mended = facts + more[0], mended + more[1]
        steps.told(f"round {id_}", done, len(found))
    return f"round {id_}: {facts} facts in {perf_counter() - began:.2f} s, {mended} cells mended"
