"""Texts as cells of a workbook hold them: no text is a formula, whatever it begins with."""

import re
from typing import Literal

_DANGEROUS = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠")
"""How a text begins that Excel makes a formula of once somebody edits it."""
# Not in XML, or turning what follows around: a document says what is written.
_NEVER_WRITTEN = re.compile("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LONGEST = 32_767  # characters of a cell


def quoted(text: str) -> Literal["", "quoted "]:
    """Return how the name of a text's look begins: what Excel takes for a formula is quoted."""
    return "quoted " if text.startswith(_DANGEROUS) else ""


def tidy(value: object) -> str:
    """Return a text that XML and a cell can hold.

    The library takes what begins and ends as its own markup for markup: a blank behind it does not.
    """
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    text = _NEVER_WRITTEN.sub("", text)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text
