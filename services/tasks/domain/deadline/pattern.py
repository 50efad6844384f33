"""Patterns written in real Vietnamese, matched against folded text."""

import re
import unicodedata


def pattern(vietnamese: str) -> re.Pattern[str]:
    """Compile a lower-case pattern; accents are dropped as `text.fold` drops them from the text.

    So "hàng tháng" also meets "Hằng tháng" in either Unicode form, and text typed without accents.
    """
    decomposed = unicodedata.normalize("NFD", vietnamese)
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
    return re.compile(plain, re.ASCII)
