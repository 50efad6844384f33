"""The portal's verbs: `python -m portal api | migrate`."""

from typing import Annotated

import structlog
import typer
import uvicorn
from pydantic import ValidationError

from chassis.migrations import upgrade
from chassis.settings import explain
from chassis.telemetry import set_up_logging
from chassis.web.protocol import PatientProtocol
from portal.app import MIGRATIONS, build
from portal.settings import Settings

DRAIN = 5  # seconds a request may take to finish after SIGTERM; event streams end at once
log = structlog.get_logger()
cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def _settings(verb: str) -> Settings:
    try:
        settings = Settings()
    except ValidationError as error:
        typer.echo(explain(error, "PORTAL_"), err=True)
        raise SystemExit(2) from None
    set_up_logging("portal", verb, settings.log_level)
    return settings


@cli.command(help="Serve the pages.")
def api(port: Annotated[int | None, typer.Option(help="Port to serve on.")] = None) -> None:
    """Serve until SIGTERM."""
    settings = _settings("api")
    port = port or settings.port
    log.info("started", port=port)
    uvicorn.run(
        build(settings),
        host=settings.host,
        port=port,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=DRAIN,
    )


@cli.command(help="Bring the portal's one table up to date.")
def migrate() -> None:
    """Run the migrations."""
    upgrade(MIGRATIONS, _settings("migrate").database_url.get_secret_value())


if __name__ == "__main__":
    cli()
