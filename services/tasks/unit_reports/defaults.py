"""What is composed for units' reports until the Office sets its own: themes, steps, the form."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "defaults.json"


@dataclass(frozen=True)
class Setting:
    """What holds for all reports. `version` 0: composed by us, nobody of the Office set it.

    `themes`: of difficulties, `code`, `name`, `active`, in their order. `reminder_steps`: working
    days before the last one. `form`: what stands around the compiled report.
    """

    version: int
    themes: Sequence[Mapping[str, Any]]
    reminder_steps: Sequence[int]
    form: Mapping[str, Any]

    def names(self) -> dict[str, str]:
        """Return the names of all themes by code, those out of use too."""
        return {each["code"]: each["name"] for each in self.themes}

    def in_use(self) -> dict[str, str]:
        """Return the names of the themes that may be chosen."""
        return {each["code"]: each["name"] for each in self.themes if each["active"]}


@lru_cache(maxsize=1)
def composed() -> Setting:
    """Return what stands until the Office sets its own: no official text."""
    held = _held()
    return Setting(
        version=0, themes=held["themes"], reminder_steps=held["reminder_steps"], form=held["form"]
    )


def urging_words() -> str:
    """Return the words that are offered where units are urged to report; people change them."""
    words: str = _held()["urging_words"]
    return words


@lru_cache(maxsize=1)
def _held() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text())
    return found
