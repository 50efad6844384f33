"""`python -m <service> parked`: what failed and why; to show, to replay, to discard."""

from collections.abc import Awaitable, Callable, Collection
from typing import Annotated
from uuid import UUID

import typer
import uvloop
from sqlalchemy.ext.asyncio import AsyncSession

from chassis.clock import database_now
from chassis.messaging import inbox
from chassis.service import Service

Id = UUID | None
Act = Callable[[AsyncSession], Awaitable[None]]
ShowOption = Annotated[Id, typer.Option("--show", help="Show one event, whole.")]
ReplayOption = Annotated[Id, typer.Option("--replay", help="Put one event into the line again.")]
LikeOption = Annotated[
    str | None, typer.Option("--replay-like", help="Replay all whose error holds this text.")
]
DiscardOption = Annotated[
    Id, typer.Option("--discard", help="Close one event without effect; asks for --reason.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it goes into the audit trail.")]


def add_parked(app: typer.Typer, built: Callable[[str], Service]) -> None:
    """Add the command to the service's verbs."""

    @app.command(help="List events that failed; show, replay or discard them.")
    def parked(
        show: ShowOption = None,
        replay: ReplayOption = None,
        replay_like: LikeOption = None,
        discard: DiscardOption = None,
        reason: ReasonOption = "",
    ) -> None:
        if discard and not reason.strip():
            raise typer.BadParameter("say why: --reason TEXT", param_hint="--discard")

        async def act(session: AsyncSession) -> None:
            if show:
                await _show(session, show)
                return
            if replay or replay_like:
                count = await inbox.replay(session, id=replay, like=replay_like)
                typer.echo(f"{count} events go into the line again.")
            if discard:
                guarded = service.events.guarded() if service.events else []
                await _refuse_what_comes_again(session, discard, guarded)
                await _discard(session, discard, reason.strip())
            await _list(session)

        service = built("parked")
        uvloop.run(_in_a_transaction(service, act))


async def _in_a_transaction(service: Service, act: Act) -> None:
    database = service.operators_database("parked")
    try:
        async with database.sessions.begin() as session:
            await act(session)
    finally:
        await database.close()


async def _show(session: AsyncSession, id_: UUID) -> None:
    row = await inbox.show(session, id_)
    if row is None:
        typer.echo(f"No event {id_} has failed here.", err=True)
        raise typer.Exit(1)
    for name, value in row._mapping.items():  # noqa: SLF001 - SQLAlchemy's public name
        typer.echo(f"{name}: {value}")


async def _refuse_what_comes_again(
    session: AsyncSession, id_: UUID, guarded: Collection[str]
) -> None:
    """A type whose facts are its guard is known by its fact alone: closing its row ends nothing."""
    row = await inbox.show(session, id_)
    if row is not None and row.type in guarded:
        typer.echo(
            f"{row.type} cannot be discarded: without its fact it is missing here, and comes again"
            " from its producer's log every minute. Mend what its error names, then --replay"
            f" {id_}.",
            err=True,
        )
        raise typer.Exit(1)


async def _discard(session: AsyncSession, id_: UUID, reason: str) -> None:
    if not await inbox.discard(session, id_, reason, await database_now(session)):
        typer.echo(f"No event {id_} is parked here.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Event {id_} is discarded.")


async def _list(session: AsyncSession) -> None:
    rows = await inbox.parked(session)
    for row in rows:
        typer.echo(f"{row.id}  {row.state}  {row.type}  tried {row.attempts}x  {row.error}")
    if not rows:
        typer.echo("No event has failed.")
