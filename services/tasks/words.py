"""One way to compare Vietnamese text, whatever keyboard and word processor it came from."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps

# The marks of Vietnamese. Others (a stroke through a number) are kept: they change the meaning.
_MARKS = frozenset("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
_LOOKALIKES = str.maketrans(
    {
        "\u00d0": "Đ", "\u0189": "Đ", "\u00f0": "đ",  # eth, African D: they look like Đ
        "\u200b": None, "\u200c": None, "\u200d": None,
        "\u2060": None, "\ufeff": None, "\u00ad": None,
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u2160": "I", "\u2161": "II", "\u2162": "III", "\u2163": "IV",
        "\r": "\n", "\v": "\n", "\f": "\n", "\u2028": "\n",
    }
)  # fmt: skip
_NOT_WORD = re.compile(r"[\W_]+")


_SHORT = 300  # characters: what is asked for again and again within a row; longer is not kept


def _kept_while_short(change: Callable[[str], str]) -> Callable[[str], str]:
    kept = lru_cache(maxsize=4096)(change)

    @wraps(change)
    def changed(text: str) -> str:
        return kept(text) if len(text) <= _SHORT else change(text)

    return changed


@_kept_while_short
def tidy(text: str) -> str:
    """Return the text composed (NFC) with Đ for Ð, plain spaces and hyphens; line breaks stay."""
    plain = unicodedata.normalize("NFC", text.translate(_LOOKALIKES))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)


@_kept_while_short
def fold(text: str) -> str:
    """Return tidy text in lower case without accents, character for character.

    The length stays the same, so that a position in the answer is a position in `text`.
    """
    return "".join(map(_plain, text))


def pattern(vietnamese: str) -> re.Pattern[str]:
    """Compile a lower-case pattern written in real Vietnamese, to match against folded text.

    So "hàng tháng" also meets "Hằng tháng" in either Unicode form, and text typed without accents.
    """
    decomposed = unicodedata.normalize("NFD", vietnamese)
    plain = "".join(part for part in decomposed if part not in _MARKS).replace("đ", "d")
    return re.compile(plain, re.ASCII)


@_kept_while_short
def key(text: str) -> str:
    """Return the words alone, folded and one space apart: equal for two spellings of one name."""
    return _NOT_WORD.sub(" ", fold(tidy(text))).strip()


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    decomposed = unicodedata.normalize("NFD", character.lower())
    base = "".join(part for part in decomposed if part not in _MARKS).replace("đ", "d")
    return base if len(base) == 1 else character
