"""Turns the services' JSON log lines into something a person reads, one colour per process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import cycle
from typing import Any

from rich.console import Console
from rich.text import Text

COLOURS = cycle(["cyan", "green", "magenta", "blue", "bright_cyan", "bright_magenta", "yellow"])
LEVELS = {"warning": "yellow", "error": "red", "critical": "bold red"}
# Shown in the prefix, the time or the level already, or of use to a machine only.
HIDDEN = {"at", "level", "service", "verb", "event", "exception", "trace_id"}
LONGEST_FACT = 300  # letters of one value


class LogPrinter:
    """Prints lines of several processes; can hold them back while something else has the screen."""

    def __init__(self, console: Console, width: int = 22) -> None:
        self._console, self._width = console, width
        self._colours: dict[str, str] = {}
        self._held: list[Text] | None = None

    def line(self, name: str, line: str) -> None:
        """Print one line that the process `name` wrote."""
        moment, level, text = read_line(line)
        shown = Text()
        shown.append(f"{moment} ", style="dim")
        shown.append(f"{name:<{self._width}}│ ", style=self._colour(name))
        shown.append(text, style=LEVELS.get(level, ""))
        self._out(shown)

    def say(self, name: str, text: str, style: str = "bold yellow") -> None:
        """Print a remark of the supervisor's own about `name`."""
        shown = Text(f"{_now()} ", style="dim")
        shown.append(f"{name:<{self._width}}│ ", style=self._colour(name))
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
    """Return (HH:MM:SS, level, text) of a log line; a line that is not JSON is its own text."""
    try:
        values = json.loads(line) if line.startswith("{") else None
    except ValueError:
        values = None
    if not isinstance(values, dict) or "event" not in values:
        return _now(), "", line
    facts = " ".join(f"{k}={_short(v)}" for k, v in values.items() if k not in HIDDEN)
    text = f"{values['event']} {facts}".rstrip()
    if values.get("exception"):
        text += "\n" + str(values["exception"])
    return _local(str(values.get("at", ""))), str(values.get("level", "")), text


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
