"""`make stop` and `make clean-data`."""

import asyncio
import os
import shutil
import signal
import sys

from devstack.run.databases import drop_databases
from devstack.run.folder import RunFolder
from devstack.run.servers import RunServers
from devstack.servers.memory import read_json
from devstack.servers.processes import wait_until

PATIENCE = 90.0  # seconds: the processes' drain, then the broker's stop


def stop(folder: RunFolder) -> None:
    """Stop the run of this checkout, and private servers that a killed run left behind."""
    running = folder.running()
    if running is not None:
        os.kill(running, signal.SIGTERM)
        if not wait_until(lambda: folder.running() is None, PATIENCE, every=0.2):
            sys.exit(f"Process {running} did not stop within {PATIENCE:.0f} s.")
    asyncio.run(RunServers(folder).stop())
    print("Stopped.")


def clean_data(folder: RunFolder) -> None:
    """Stop, then forget: private servers' data, our databases on a given server, and `.run/`."""
    if not folder.path.exists():
        print("Nothing to forget.")
        return
    stop(folder)
    servers = RunServers(folder)
    servers.postgres.forget()
    servers.rabbitmq.forget()
    installation = read_json(folder.path / "secrets.json").get("installation")
    if servers.given_postgres and installation:
        dropped = asyncio.run(drop_databases(servers.given_postgres, installation))
        print(f"Dropped: {', '.join(dropped) or 'no database'}")
    if servers.given_rabbitmq:
        print("The queues in RABBITMQ_URL stay; delete its virtual host to forget them.")
    shutil.rmtree(folder.path)
    print("Forgotten. `make run` starts anew.")
