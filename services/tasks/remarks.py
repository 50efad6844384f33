"""Remarks on what people gave in: a stable code, and a sentence that is stored as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_jsonable_python

from chassis.words import Sentence


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person should look at; nothing is refused because of it."""

    code: str
    sentence: Sentence


def in_a_row(parts: Sequence[Sentence], joint: str) -> Sentence:
    """Return several sentences as one, with `joint` between them."""
    facts = {f"part_{number}": part for number, part in enumerate(parts)}
    return Sentence(joint.join(f"{{{name}}}" for name in facts), facts)


def stored(sentence: Sentence) -> dict[str, Any]:
    """Return a sentence as JSON has it: `template` and `facts`, sentences among these alike."""
    data: dict[str, Any] = to_jsonable_python(sentence)
    return data


def sentence_of(data: str | Mapping[str, Any]) -> Sentence:
    """Return a stored sentence. Rows written before sentences were data hold plain Vietnamese."""
    if isinstance(data, str):
        return Sentence(data)
    facts = {name: _fact(fact) for name, fact in data["facts"].items()}
    return Sentence(data["template"], facts)


def _fact(fact: Any) -> Any:
    return sentence_of(fact) if isinstance(fact, Mapping) else fact
