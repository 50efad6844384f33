"""The verbs on the command line: `python -m <service> api | worker | relay | clock | …`."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import structlog
import typer
import uvicorn
import uvloop
from pydantic import ValidationError

from chassis import telemetry
from chassis.discard_command import add_discard
from chassis.messaging.management import RightsProblem
from chassis.messaging.parked_command import add_parked
from chassis.service import VERBS, Service, Verb, application
from chassis.service import migrate as migrate_service
from chassis.settings import explain
from chassis.web.protocol import PatientProtocol

log = structlog.get_logger()
PortOption = Annotated[
    int | None, typer.Option(help="Port to serve on (only health, but for api).")
]
SocketOption = Annotated[
    int | None,
    typer.Option(
        "--fd",
        help="Serve on this inherited listening socket instead; its processes may overlap.",
    ),
]
Command = Callable[[typer.Typer, Callable[[str], Service]], None]
DRAIN = 20  # seconds a request may take to finish after SIGTERM
YIELDS = 5  # how nice a relay that calls other systems is to those who tell our own people
GARBAGE = 20_000  # objects more than freed: a batch in memory is not searched for cycles


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process has other work to end as well."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve_verbs`."""
        yield


async def serve_verbs(
    service: Service, verbs: Sequence[Verb], port: int, fd: int | None = None
) -> None:
    """Run verbs in this process until SIGTERM, SIGINT, or until one of their loops dies.

    `fd`: a listening socket that the parent opened and keeps. What connects while one process ends
    and the next one starts waits in its queue, instead of being refused.
    """
    app = application(verbs)
    config = uvicorn.Config(
        service.front(app),
        host=service.settings.host,
        port=port,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=DRAIN,
        timeout_keep_alive=75,  # seconds; uvicorn's 5 cut idle connections that clients still use
        server_header=False,
    )
    server = Server(config)
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    work = [asyncio.ensure_future(item) for verb in verbs for item in verb.loops()]
    handed = None if fd is None else [socket.socket(fileno=fd)]
    serving = asyncio.ensure_future(server.serve(handed))
    waiting = asyncio.ensure_future(stopping.wait())
    gc.freeze()  # what is there now stays: looking through it again stops a process for 100 ms
    gc.set_threshold(GARBAGE)
    log.info("started", port=port, verbs=[verb.name for verb in verbs])
    done, _ = await asyncio.wait({*work, serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if live := getattr(app.state, "live", None):
        live.close()  # open streams end now; the server would wait for them
    server.should_exit = True
    await asyncio.wait({serving}, timeout=DRAIN + 5)
    for task in work:
        task.cancel()
    await asyncio.gather(*work, return_exceptions=True)
    for verb in verbs:
        await verb.close()
    if waiting not in done:
        _end_with_the_dead([task for task in (*work, serving) if task in done])


def _end_with_the_dead(ended: Sequence[asyncio.Future[None]]) -> None:
    """A loop that ended by itself takes the process with it: a supervisor starts a whole one."""
    for task in ended:
        error = None if task.cancelled() else task.exception()
        log.error("loop_died", error=f"{type(error).__name__}: {error}", exc_info=error)
        sys.exit(1)


def run(build: Callable[[], Service], *commands: Command) -> None:
    """Run a service's command line: the common verbs, and the service's own commands."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

    def built(verb: str) -> Service:
        try:
            service = build()
        except ValidationError as error:
            prefix = f"{build.__module__.split('.', maxsplit=1)[0]}_".upper()
            typer.echo(explain(error, prefix), err=True)
            raise SystemExit(2) from None
        telemetry.set_up_logging(service.name, verb, service.settings.log_level)
        return service

    def serve(verb: str, names: Sequence[str], port: int | None, fd: int | None) -> None:
        service = built(verb)
        if names == ["relay"] and service.relay_loops:
            os.nice(YIELDS)

        async def main() -> None:
            verbs = [VERBS[name](service) for name in names]
            await serve_verbs(service, verbs, port or service.settings.port, fd)

        uvloop.run(main())

    def add(verb: str, names: Sequence[str], help_: str) -> None:
        def command(port: PortOption = None, fd: SocketOption = None) -> None:
            serve(verb, names, port, fd)

        app.command(verb, help=help_)(command)

    add("api", ["api"], "Serve HTTP.")
    add("worker", ["worker"], "Consume events.")
    add("relay", ["relay"], "Carry events to the broker.")
    add("clock", ["clock"], "Periodic work, and catching up with the other services.")
    add("all", list(VERBS), "Every verb in one process, for one machine.")

    @app.command(help="Bring database schema, broker topology and the rights there up to date.")
    def migrate() -> None:
        _migrate(built("migrate"))

    for add_command in (add_parked, add_discard, *commands):
        add_command(app, built)
    app()


def _migrate(service: Service) -> None:
    try:
        migrate_service(service)
    except RightsProblem as problem:
        typer.echo(str(problem), err=True)
        raise SystemExit(2) from None
