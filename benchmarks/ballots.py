"""Ballots that are cheap to send and easy to count: a few hundred patterns, each with its cells."""

import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

QUESTIONNAIRE = Path(__file__).parents[1] / "demo/questionnaire.yaml"
PATTERNS = 500
ANSWERED = 0.96  # of the scaled questions of a ballot

Cell = tuple[str, int, int]  # unit id, position of the scaled question from 1, level 1..5
Sent = Counter[tuple[str, int]]  # accepted ballots by unit id and pattern


@dataclass(frozen=True)
class Pattern:
    """What one ballot says; `levels` by position of the scaled question, None: left out."""

    levels: tuple[int | None, ...]
    body: str
    """The JSON after `{"response_id": "…"`."""


def questionnaire() -> Any:
    """Return the demo's questionnaire as it is posted."""
    return yaml.safe_load(QUESTIONNAIRE.read_text())


def patterns(count: int = PATTERNS) -> list[Pattern]:
    """Return the same patterns each time."""
    scaled = codes()
    return [_pattern(scaled, random.Random(number)) for number in range(count)]


def codes() -> list[str]:
    """Return the scaled questions in the order in which cells number them."""
    return [
        question["code"]
        for part in questionnaire()["sections"]
        for question in part["questions"]
        if question["kind"] == "scale5"
    ]


def expected(sent: Sent, made: list[Pattern]) -> Counter[Cell]:
    """Return what every cell must hold once these ballots are counted."""
    cells: Counter[Cell] = Counter()
    for (unit, number), count in sent.items():
        for position, level in enumerate(made[number].levels, 1):
            if level is not None:
                cells[unit, position, level] += count
    return cells


def differing(wanted: Mapping[Any, int], found: Mapping[Any, int]) -> list[str]:
    """Return one line per cell that does not hold what it must."""
    keys: Iterable[Any] = wanted.keys() | found.keys()
    return [
        f"{key}: sent {wanted.get(key, 0)}, counted {found.get(key, 0)}"
        for key in sorted(keys)
        if wanted.get(key, 0) != found.get(key, 0)
    ]


def _pattern(scaled: list[str], chance: random.Random) -> Pattern:
    levels = [
        chance.choice((3, 4, 4, 5, 5)) if chance.random() < ANSWERED else None for _ in scaled
    ]
    answers = {code: level for code, level in zip(scaled, levels, strict=True) if level}
    rest = json.dumps({"answers": answers, "choices": {}, "text": {}}, separators=(",", ":"))
    return Pattern(tuple(levels), rest[1:])
