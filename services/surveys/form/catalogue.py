"""Sentences in the language of the page: Vietnamese is the source, `locale/en.po` the English."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Literal

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from surveys.domain.wording import Sentence

Language = Literal["vi", "en"]

LOCALE = Path(__file__).parent.parent / "locale"


def language(asked: str | None) -> Language:
    """Read `?lang=`: English only when asked for, Vietnamese for anything else."""
    return "en" if asked == "en" else "vi"


@cache
def translations(lang: Language) -> NullTranslations:
    """Return the catalogue, compiled from the .po in memory: about 10 ms, once per process."""
    if lang == "vi":
        return NullTranslations()
    compiled = BytesIO()
    with (LOCALE / f"{lang}.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=lang))
    compiled.seek(0)
    return GNUTranslations(compiled)


def say(sentence: Sentence, lang: Language) -> str:
    """Say a rule's sentence in a language; Vietnamese when the catalogue lacks it."""
    return translations(lang).gettext(sentence.template).format(**sentence.facts)
