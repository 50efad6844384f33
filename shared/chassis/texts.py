"""What is no text to anybody: signs that cannot be stored, and words that nobody can see. Pure."""

from unicodedata import category

# Shown as nothing, though Unicode calls them letters or symbols: Hangul fillers, empty Braille.
_FILLERS = frozenset(map(chr, (0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800)))
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})  # a mark needs its letter


def storable(text: str) -> bool:
    """Tell whether a text can be kept: no U+0000 (PostgreSQL), no half of a pair (UTF-8)."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def blank(text: str) -> bool:
    """Tell whether a text shows nothing: empty, or spaces and signs without a shape alone."""
    return all(sign in _FILLERS or category(sign) in _UNSEEN for sign in text)
