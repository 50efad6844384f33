"""Turns the services' JSON log lines into something a person reads, one colour per process."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

COLOURS = cycle(["cyan", "green", "magenta", "blue", "bright_cyan", "bright_magenta", "yellow"])
LEVELS = {"warning": "yellow", "error": "red", "critical": "bold red"}
# In the prefix, the time or the level already, or for machines only: the files have them.
HIDDEN = {
    "at", "level", "service", "verb", "event", "exception",
    "trace_id", "request_id", "actor_id", "correlation_id",
}  # fmt: skip
# Between services, once a minute each: of interest only when it fails.
ROUTINE = "/internal/"
FIRST_ERROR = 400  # HTTP status
WIDTH = 21  # of the name before each line
LONGEST_FACT = 300  # letters of one value


class LogPrinter:
    """Prints lines of several processes; can hold them back while something else has the screen."""

    def __init__(self, console: Console, folder: Path | None = None) -> None:
        """Print to `console`; keep every line as it came in a file per process in `folder`."""
        self._console, self._folder = console, folder
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700, parents=True)
        self._colours: dict[str, str] = {}
        self.expected: tuple[str, ...] = ()
        """Beginnings of lines that are not shown, as they are what is expected just now."""
        self._held: list[Text] | None = None

    def line(self, name: str, line: str) -> None:
        """Print one line that the process `name` wrote."""
        self._keep(name, line)
        moment, level, text = read_line(line)
        if text and not text.startswith(self.expected):
            self._show(moment, name, text, LEVELS.get(level, ""))

    def say(self, name: str, text: str, style: str = "bold yellow") -> None:
        """Print a remark of the supervisor's own about `name`."""
        self._keep(name, text)
        self._show(_now(), name, text, style)

    def _keep(self, name: str, line: str) -> None:
        if self._folder is not None:
            with (self._folder / f"{name.replace(' ', '-')}.log").open("a") as file:
                file.write(line + "\n")

    def _show(self, moment: str, name: str, text: str, style: str) -> None:
        shown = Text()
        shown.append(f"{moment} ", style="dim")
        shown.append(f"{name:<{WIDTH}}│ ", style=self._colour(name))
        shown.append(text, style=style)
        self._out(shown)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold lines back until the end of the block."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for shown in held:
                self._out(shown)

    def _out(self, shown: Text) -> None:
        if self._held is not None:
            self._held.append(shown)
        else:
            self._console.print(shown, soft_wrap=True)

    def _colour(self, name: str) -> str:
        return self._colours.setdefault(name, next(COLOURS))


def read_line(line: str) -> tuple[str, str, str]:
    """Return (HH:MM:SS, level, text) of a log line; no text means: not worth showing.

    A line that is not JSON is its own text.
    """
    try:
        values = json.loads(line) if line.startswith("{") else None
    except ValueError:
        values = None
    if not isinstance(values, dict) or "event" not in values:
        return _now(), "", line
    if values["event"] == "request":
        return _local(str(values.get("at", ""))), str(values.get("level", "")), _request(values)
    facts = " ".join(f"{k}={_short(v)}" for k, v in values.items() if k not in HIDDEN)
    text = f"{values['event']} {facts}".rstrip()
    if values.get("exception"):
        text += "\n" + str(values["exception"])
    return _local(str(values.get("at", ""))), str(values.get("level", "")), text


def _request(values: dict[str, Any]) -> str:
    status, route = values.get("status", 0), str(values.get("route", ""))
    if ROUTINE in route and status < FIRST_ERROR:
        return ""
    return f"{values.get('method')} {route} {status} {values.get('ms')} ms"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_FACT else f"{text[:LONGEST_FACT]}…"


def _local(moment: str) -> str:
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return _now()


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
