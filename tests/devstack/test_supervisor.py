"""The supervisor: the dead start again, a stop is orderly, and nobody outlives it."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from devstack import supervisor as module
from devstack.log_lines import LogPrinter, read_line
from devstack.servers.processes import alive, wait_until
from devstack.supervisor import Child, Failed, Supervisor

Waiting = Callable[..., Awaitable[object]]
DRAINS = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: (print("drained"), sys.exit()))
print("up")
signal.pause()
"""
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up")
signal.pause()
"""


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(output: io.StringIO) -> Supervisor:
    return Supervisor(LogPrinter(Console(file=output, width=200)))


def python(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-u", "-c", code], {})


async def test_a_child_that_was_killed_starts_again(
    supervisor: Supervisor, output: io.StringIO, eventually: Waiting
) -> None:
    child = python("tasks", "import signal; print('here'); signal.pause()")
    supervisor.start(child)
    await eventually(lambda: "here" in output.getvalue(), within=10)
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: output.getvalue().count("here") == 2, within=10)
    assert child.pid not in (None, first)
    assert "was ended by SIGKILL" in output.getvalue()
    await supervisor.stop()
    assert child.pid is None


async def test_a_child_that_cannot_start_is_named_with_its_reason(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch, eventually: Waiting
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    supervisor.start(python("surveys", "raise SystemExit('SURVEYS_DATABASE_URL is missing')"))
    await eventually(lambda: supervisor.children[0].failures >= 3, within=10)
    with pytest.raises(Failed, match=r"surveys does not start[\s\S]*_DATABASE_URL is missing"):
        supervisor.check()
    await supervisor.stop()


async def test_a_child_may_drain_and_one_that_will_not_end_is_killed(
    supervisor: Supervisor,
    output: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    eventually: Waiting,
) -> None:
    monkeypatch.setattr(module, "DRAIN_SECONDS", 1.0)
    supervisor.start(python("good", DRAINS))
    supervisor.start(python("deaf", DEAF))
    await eventually(lambda: output.getvalue().count("up") == 2, within=10)
    began = time.monotonic()
    await supervisor.stop()
    assert time.monotonic() - began < 5
    assert "drained" in output.getvalue()
    assert "killed" in output.getvalue()
    assert [child.pid for child in supervisor.children] == [None, None]


def test_children_die_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    code = f"""
import asyncio, io, sys
from rich.console import Console
from devstack.log_lines import LogPrinter
from devstack.supervisor import Child, Supervisor
child = "import os,signal; open({str(told)!r},'w').write(str(os.getpid())); signal.pause()"
async def main():
    Supervisor(LogPrinter(Console())).start(Child("x", [sys.executable, "-c", child], {{}}))
    await asyncio.Event().wait()
asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    assert wait_until(lambda: told.exists() and bool(told.read_text()), within=10)
    child = psutil.Process(int(told.read_text()))
    parent.kill()
    parent.wait()
    assert wait_until(lambda: alive(child.pid) is None, within=10)


def test_a_json_log_line_becomes_one_a_person_reads_and_others_stay_as_they_are() -> None:
    line = {"at": "2025-11-23T01:02:03Z", "level": "warning", "event": "relay_behind", "count": 3}
    assert read_line(json.dumps(line))[1:] == ("warning", "relay_behind count=3")
    assert read_line("Traceback (most recent call last):")[2].startswith("Traceback")
    assert read_line('{"not": "a log"}')[2] == '{"not": "a log"}'


def test_lines_are_held_back_while_somebody_else_has_the_screen(output: io.StringIO) -> None:
    printer = LogPrinter(Console(file=output, width=200))
    with printer.held():
        printer.line("tasks", "later")
        assert output.getvalue() == ""
    assert "later" in output.getvalue()
