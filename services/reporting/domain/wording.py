"""Sentences the rules say to people: Vietnamese here, other languages from a catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """A Vietnamese template with `{names}` and what to put in them.

    `template` is also the catalogue key. A Decimal among the facts gets the language's comma.
    """

    template: str
    facts: Mapping[str, Any] = field(default_factory=dict)
