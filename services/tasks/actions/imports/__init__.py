"""An appendix on its way in: read, corrected, confirmed."""

from tasks.actions.imports.confirming import confirm
from tasks.actions.imports.correcting import correct
from tasks.actions.imports.finding import find, interruption
from tasks.actions.imports.reading import KIND, run, start
from tasks.actions.imports.repeating import already_planned

__all__ = [
    "KIND", "already_planned", "confirm", "correct", "find", "interruption", "run", "start",
]  # fmt: skip
