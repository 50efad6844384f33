"""An appendix on its way in: read, corrected, confirmed."""

from tasks.actions.imports.confirming import confirm
from tasks.actions.imports.correcting import correct
from tasks.actions.imports.finding import find, interruption
from tasks.actions.imports.reading import KIND, run, start

__all__ = ["KIND", "confirm", "correct", "find", "interruption", "run", "start"]
