"""The commands of `python -m devstack`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import httpx
import typer

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
def run(
    split: Annotated[bool, typer.Option(help="one process per verb")] = False,
    demo: Annotated[bool, typer.Option(help="load the demo the first time")] = True,
) -> None:
    """Start everything; Ctrl-C stops it."""
    from devstack.run import up

    up.run(split=split, with_demo=demo)


@app.command()
def stop() -> None:
    """Stop what `run` started, from another terminal."""
    from devstack.run import down, folder

    down.stop(folder.RunFolder())


@app.command()
def clean_data() -> None:
    """Stop, and forget all data."""
    from devstack.run import down, folder

    down.clean_data(folder.RunFolder())


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="a folder that does not exist yet")]) -> None:
    """Copy the databases and files of what is running."""
    from devstack.run import copies, folder

    copies.backup(folder.RunFolder(), to)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(help="a folder of `backup`")],
    services: Annotated[list[str] | None, typer.Argument(help="only these")] = None,
) -> None:
    """Put databases and files back as a backup has them; stop first."""
    from devstack.run import copies, folder

    copies.restore(folder.RunFolder(), source, services or [])


@app.command()
def token(who: Annotated[str, typer.Argument(help="employee code, e.g. office")]) -> None:
    """Print an access token of a demo person."""
    from devstack.sign_in import access_token

    try:
        print(access_token(_addresses()["issuer"], who))
    except LookupError as error:
        sys.exit(str(error))
    except httpx.HTTPError:
        sys.exit("The issuer does not answer: is `make run` running?")


@app.command()
def demo() -> None:
    """Load the demo into what is running; safe to run again."""
    from rich.progress import track

    from devstack.demo.loading import Demo
    from devstack.demo.office import DemoFailed, Office

    try:
        for _, step in track(Demo(Office(_addresses())).steps(), description="Demo"):
            step()
    except DemoFailed as error:
        sys.exit(str(error))
    except httpx.HTTPError:
        sys.exit("A service does not answer: is `make run` running?")


@app.command()
def servers(
    change: Change, folder: Annotated[Path, typer.Option(help="where they are remembered")]
) -> None:
    """Start, stop or forget the private servers of a folder, or print their URLs."""
    from devstack.servers import PrivatePostgres, PrivateRabbitMQ, ServerFailed

    postgres, rabbitmq = PrivatePostgres(folder), PrivateRabbitMQ(folder)
    try:
        if change is Change.start:
            postgres.start()
            rabbitmq.start()
        elif change is not Change.urls:
            getattr(rabbitmq, change.value)()
            getattr(postgres, change.value)()
            return
    except ServerFailed as error:
        sys.exit(str(error))
    print(f"DATABASE_URL={postgres.url}")
    print(f"RABBITMQ_URL={rabbitmq.url('/')}")
    print(f"MANAGEMENT_URL={rabbitmq.management_url}")


def _addresses() -> dict[str, str]:
    from devstack.run.folder import RunFolder

    addresses = RunFolder().addresses
    if not addresses:
        sys.exit("Nothing has run here yet: `make run` first.")
    return addresses


@app.command()
def contracts(
    check: Annotated[bool, typer.Option(help="only compare with what is committed")] = False,
) -> None:
    """Generate schemas, examples, event tables, AsyncAPI, OpenAPI and .env.example."""
    from contract_files import generate

    problems = generate(check=check)
    for problem in problems:
        print(problem)
    if problems:
        raise SystemExit(1)
    print("Everything generated is what the code says; every event has a consumer.")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def service(context: typer.Context) -> None:
    """Run a service's command beside what is running, e.g. `service reporting verify`."""
    import json
    import os

    from devstack.run.folder import ENVIRONMENT, RunFolder

    text = RunFolder().read(ENVIRONMENT)
    if not text:
        sys.exit("Nothing was started here yet: `make run` first.")
    os.environ.update(json.loads(text))
    os.execv(sys.executable, [sys.executable, "-m", *context.args])  # noqa: S606 - our own program
