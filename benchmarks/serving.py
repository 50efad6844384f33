"""The references served as our services serve themselves, and their processes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any, Self

import uvicorn
import uvloop

PATIENCE = 30.0  # seconds until a port answers


def serve(application: Any, port: int) -> None:
    """Serve with the settings of `chassis.cli.serve_verbs`."""
    config = uvicorn.Config(
        application, host="127.0.0.1", port=port, log_config=None, access_log=False,
        timeout_keep_alive=75, server_header=False, lifespan="off",
    )  # fmt: skip
    uvloop.run(uvicorn.Server(config).serve())


class Processes:
    """Some `python -m …` of ours, stopped together."""

    def __init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(20)

    def start(
        self, *arguments: str, port: int | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start one; return when its port answers, if it has one."""
        command = [sys.executable, "-m", *arguments]
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL
        )
        self._running.append(process)
        if port:
            _wait_open(port, command)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_open(port: int, command: Sequence[str]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise TimeoutError(f"does not answer: {' '.join(command)}") from None
            time.sleep(0.05)
        else:
            return
