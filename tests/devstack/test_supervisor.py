"""The supervisor: the dead start again, a stop is orderly, and nobody outlives it."""

import asyncio
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from devstack import supervisor as module
from devstack.log_lines import LogPrinter, read_line
from devstack.supervisor import Child, Failed, Supervisor


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(output: io.StringIO) -> Supervisor:
    return Supervisor(LogPrinter(Console(file=output, width=200)))


def python(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-u", "-c", code], {})


async def eventually(condition: Callable[[], bool], within: float = 10) -> None:
    async with asyncio.timeout(within):
        while not condition():
            await asyncio.sleep(0.05)


async def test_a_child_that_was_killed_starts_again(
    supervisor: Supervisor, output: io.StringIO
) -> None:
    child = python("tasks", "import time; print('here'); time.sleep(60)")
    supervisor.start(child)
    await eventually(lambda: "here" in output.getvalue())
    first = child.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await eventually(lambda: output.getvalue().count("here") == 2)
    assert child.pid not in (None, first)
    assert "was ended by SIGKILL" in output.getvalue()
    await supervisor.stop()
    assert child.pid is None


async def test_a_child_that_cannot_start_is_named_with_its_reason(
    supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    supervisor.start(python("surveys", "raise SystemExit('SURVEYS_DATABASE_URL is missing')"))
    with pytest.raises(
        Failed, match=r"surveys does not start[\s\S]*SURVEYS_DATABASE_URL is missing"
    ):
        async with asyncio.timeout(10):
            while True:
                supervisor.check()
                await asyncio.sleep(0.05)
    await supervisor.stop()


async def test_a_child_may_drain_and_one_that_will_not_end_is_killed(
    supervisor: Supervisor, output: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAIN_SECONDS", 1.0)
    drains = "import signal,sys,time\nsignal.signal(signal.SIGTERM,lambda *_:(print('drained'),sys.exit()))\nprint('up');time.sleep(60)"
    deaf = "import signal,time\nsignal.signal(signal.SIGTERM,signal.SIG_IGN)\nprint('up');time.sleep(60)"
    supervisor.start(python("good", drains))
    supervisor.start(python("deaf", deaf))
    await eventually(lambda: output.getvalue().count("up") == 2)
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
child = "import os,time; open({str(told)!r},'w').write(str(os.getpid())); time.sleep(60)"
async def main():
    Supervisor(LogPrinter(Console())).start(Child("x", [sys.executable, "-c", child], {{}}))
    await asyncio.sleep(60)
asyncio.run(main())
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    wait_for(lambda: told.exists() and bool(told.read_text()))
    child = psutil.Process(int(told.read_text()))
    parent.kill()
    parent.wait()
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def wait_for(condition: Callable[[], bool], within: float = 10) -> None:
    end = time.monotonic() + within
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


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
