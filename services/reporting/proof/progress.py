"""How far a long command is, for whoever watches it."""

import sys
from typing import Self

import typer


class Steps:
    """A bar for each step, on stderr."""

    def __init__(self) -> None:
        self._step, self._bar = "", typer.progressbar(length=1, file=sys.stderr)

    def __enter__(self) -> Self:
        """Begin with nothing to show."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last bar on the screen."""
        if self._step:
            self._bar.render_finish()

    def told(self, step: str, done: int, of: int) -> None:
        """Show that so much of a step is done."""
        if step != self._step:
            self.__exit__()
            self._step, self._bar = step, typer.progressbar(length=of, label=step, file=sys.stderr)
        self._bar.length = of
        self._bar.update(done - self._bar.pos)
