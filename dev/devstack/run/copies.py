"""`make backup` and `make restore`: the scripts in `deploy` on what `make run` keeps."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from devstack.run.folder import CHECKOUT, ENVIRONMENT, AlreadyRunning, RunFolder
from devstack.run.servers import RunServers
from devstack.servers.binaries import postgres_programs
from devstack.servers.user import server_account

DEPLOY = CHECKOUT / "deploy"


def backup(folder: RunFolder, to: Path) -> None:
    """Copy databases and files of what is running to a new folder."""
    if folder.running() is None:
        sys.exit("Nothing runs here: `make run` first.")
    _run(folder, "backup", to)


def restore(folder: RunFolder, source: Path, services: Sequence[str]) -> None:
    """Put databases and files back; nothing may run. `services`: only these, empty: all."""
    try:
        with folder.alone():
            asyncio.run(_restore(folder, source, services))
    except AlreadyRunning:
        sys.exit("It runs: `make stop` first.")
    print("`make run` goes on from there.")


async def _restore(folder: RunFolder, source: Path, services: Sequence[str]) -> None:
    servers = RunServers(folder)
    await servers.start_postgres()
    try:
        await asyncio.to_thread(_run, folder, "restore", source, *services)
    finally:
        await servers.stop()
    _forget_broker(servers)
    folder.remember("migrated", "")


def _forget_broker(servers: RunServers) -> None:
    """What it still holds is younger than the copy; whoever lacks something asks the logs."""
    if servers.given_rabbitmq:
        print("Empty the virtual host in RABBITMQ_URL: what it holds is younger than the copy.")
    else:
        servers.rabbitmq.forget()


def _run(folder: RunFolder, script: str, *arguments: Path | str) -> None:
    remembered = folder.read(ENVIRONMENT)
    if not remembered:
        sys.exit("Nothing was started here yet: `make run` first.")
    programs = postgres_programs(server_account())
    environment = {**os.environ, **json.loads(remembered)}
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    command = [str(DEPLOY / script), *map(str, arguments)]
    if status := subprocess.run(command, env=environment, check=False).returncode:
        sys.exit(status)
