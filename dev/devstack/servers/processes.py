"""Processes of our own: find them again, wait for them, end them. Never anybody else's."""

import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil


def alive(pid: int | None) -> psutil.Process | None:
    """Return the process `pid`; None when it is gone or a zombie nobody has fetched yet."""
    if pid is None:
        return None
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process
    except psutil.NoSuchProcess:
        return None


def number_in(path: Path) -> int | None:
    """Return the number on the first line of a pid file; None when there is none."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def works_in(pid: int | None, folder: Path, name: str) -> bool:
    """Say whether the process `pid` lives, is called `name` and works in `folder`."""
    try:
        process = alive(pid)
        return process is not None and (process.name(), process.cwd()) == (name, str(folder))
    except psutil.Error:
        return False


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """Return the living processes called `name` whose working directory is `folder`."""
    found = []
    for process in psutil.process_iter(["name", "cwd", "status"]):
        info = process.info
        ours = (info["name"], info["cwd"]) == (name, str(folder))
        if ours and info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def wait_until(condition: Callable[[], bool], within: float, every: float = 0.05) -> bool:
    """Wait up to `within` seconds for `condition`; say whether it came."""
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def end(process: psutil.Process, within: float, by: int = signal.SIGTERM) -> None:
    """Ask `process` to end; after `within` seconds kill it."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(by)
        if not wait_until(lambda: alive(process.pid) is None, within):
            process.kill()
            wait_until(lambda: alive(process.pid) is None, 5)


def kill_all(processes: list[psutil.Process]) -> None:
    """Kill the processes at once and wait until they are gone."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    for process in processes:
        wait_until(lambda pid=process.pid: alive(pid) is None, 5)  # type: ignore[misc]


def tail(path: Path, lines: int = 15) -> str:
    """Return the last lines of a log for an error text; empty when there is none."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
