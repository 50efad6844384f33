"""What units say in their reports under a plan, as sentences of the Office's report."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

LONGEST = 5000  # characters of a sentence
SECTIONS = ("causes", "difficulties", "proposals")
"""Sections of an outline that hold what units say; a report without them takes nothing."""


def sentences_of(report: dict[str, Any], compiled: dict[str, Any]) -> list[dict[str, str]]:
    """Return what units say and the report does not say yet, by the section it belongs to.

    What they name as difficulties is a cause, where no section is for difficulties alone.
    """
    sections = {each["id"]: each for each in report["sections"]}
    said = {s["text"] for each in sections.values() for s in each["sentences"]}
    difficulties, causes = list(_difficulties(compiled)), list(_reasons(compiled))
    words = {
        "causes": causes if "difficulties" in sections else difficulties + causes,
        "difficulties": difficulties, "proposals": list(_proposals(compiled)),
    }  # fmt: skip
    return [
        {"section": section, "text": text}
        for section in SECTIONS
        if section in sections
        for text in words[section]
        if text not in said
    ]


def _reasons(compiled: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each unit, or more: why, in its own words, something is late."""
    units: dict[str, list[str]] = {}
    for each in compiled["reasons"]:
        units.setdefault(each["unit_name"], []).append(f"{each['number']}: {_plain(each['text'])}")
    for unit, reasons in units.items():
        yield from _fitting(f"{unit}, ", reasons)


def _difficulties(compiled: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each theme, or more where they are many: who says what."""
    for theme in compiled["themes"]:
        said = [f"{one['unit_name']}: {_plain(one['text'])}" for one in theme["difficulties"]]
        yield from _fitting(f"{theme['name']}: ", said)


def _proposals(compiled: dict[str, Any]) -> Iterator[str]:
    for unit in compiled["units"]:
        if unit["proposals"].strip():
            yield from _fitting(f"{unit['unit_name']}: ", [_plain(unit["proposals"])])


def _fitting(begin: str, parts: list[str]) -> Iterator[str]:
    """Yield sentences that begin alike: nothing is left out because there is much of it."""
    room, said = LONGEST - len(begin) - 1, list[str]()
    pieces = [piece for part in parts for piece in wrap(part, room, break_on_hyphens=False)]
    for part in pieces:
        if said and len(f"{begin}{'; '.join([*said, part])}.") > LONGEST:
            yield f"{begin}{'; '.join(said)}."
            said = []
        said.append(part)
    if said:
        yield f"{begin}{'; '.join(said)}."


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(" .;")
