"""What people read: Vietnamese is written at the place where it is said, English is looked up.

A catalogue is a gettext file `<language>.po` whose msgid is the Vietnamese sentence, read as it is.
"""

import re
from decimal import Decimal
from pathlib import Path
from typing import Literal

from babel import negotiate_locale
from babel.messages.pofile import read_po

from chassis.words import Sentence

Language = Literal["vi", "en"]

_ENTRY = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")
_english: dict[str, str] = {}


def load(folder: Path) -> None:
    """Add the sentences of `folder/en.po` to the catalogue."""
    with (folder / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    _english.update({str(entry.id): str(entry.string) for entry in catalogue if entry.string})


def say(sentence: str | Sentence, language: Language = "vi", **facts: object) -> str:
    """Return the sentence in a language, facts filled in; Vietnamese where no English is known.

    A fact that is a word of ours is said in the language, too; a Decimal has its comma or point.
    """
    if isinstance(sentence, Sentence):
        facts = {**sentence.facts, **facts}
        sentence = sentence.template
    template = _word(sentence, language)
    said = {name: _fact(fact, language) for name, fact in facts.items()}
    return template.format(**said) if facts else template


def preferred(accept_language: str | None) -> Language:
    """Return the language a request asks for. Vietnamese unless English comes first."""
    ranked = sorted(map(_ranked, (accept_language or "").split(",")), key=lambda item: -item[0])
    chosen = negotiate_locale([tag for weight, tag in ranked if weight], ["vi", "en"], sep="-")
    return "en" if chosen == "en" else "vi"


def _word(word: str, language: Language) -> str:
    return _english.get(word, word) if language == "en" else word


def _fact(fact: object, language: Language) -> object:
    if isinstance(fact, Sentence):
        return say(fact, language)
    if isinstance(fact, Decimal):
        return f"{fact:f}" if language == "en" else f"{fact:f}".replace(".", ",")
    return _word(fact, language) if isinstance(fact, str) else fact


def _ranked(part: str) -> tuple[float, str]:
    """Return weight and tag of one entry; weight 0 for what is not one."""
    match = _ENTRY.fullmatch(part.strip())
    return (float(match[2] or 1), match[1]) if match else (0.0, "")


load(Path(__file__).parent / "locale")
