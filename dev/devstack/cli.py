"""The commands of `python -m devstack`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from devstack.servers import PrivatePostgres, PrivateRabbitMQ

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


class Change(StrEnum):
    start = "start"
    stop = "stop"
    urls = "urls"
    forget = "forget"


@app.callback()
def about() -> None:
    """What `make run` starts on one machine, for development."""


@app.command()
def servers(
    change: Change, folder: Annotated[Path, typer.Option(help="where they are remembered")]
) -> None:
    """Start, stop or forget the private servers of a folder, or print their URLs."""
    postgres, rabbitmq = PrivatePostgres(folder), PrivateRabbitMQ(folder)
    if change is Change.start:
        postgres.start()
        rabbitmq.start()
    elif change is not Change.urls:
        getattr(rabbitmq, change.value)()
        getattr(postgres, change.value)()
        return
    print(f"DATABASE_URL={postgres.url}")
    print(f"RABBITMQ_URL={rabbitmq.url('/')}")
    print(f"MANAGEMENT_URL={rabbitmq.management_url}")
