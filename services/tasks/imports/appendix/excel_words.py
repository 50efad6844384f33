"""Texts of an Excel cell: runs of letters, each with its own look."""

import re
from dataclasses import dataclass
from typing import Any

from tasks.imports.appendix.marks import raised
from tasks.imports.appendix.package import local

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # a character that XML cannot hold


@dataclass(frozen=True, slots=True)
class Rich:
    """What counts, what is struck through, and marks of notes."""

    text: str
    struck: str = ""
    note_marks: str = ""


def rich(item: Any) -> Rich:
    """Read a shared or an inline string; reading aids (phonetic runs) are no text."""
    text, struck, note_marks = "", "", ""
    for part in item:
        words = "".join(one.text or "" for one in part.iterfind("{*}t"))
        if local(part) == "t":
            text += _plain(part.text or "")
        elif local(part) == "r" and is_on(part.find("{*}rPr/{*}strike")):
            struck += _plain(words)
        elif local(part) == "r" and _is_raised(part):
            kept, mark = raised(text, _plain(words))
            text, note_marks = text + kept, note_marks + mark
        elif local(part) == "r":
            text += _plain(words)
    return Rich(text, struck, note_marks)


def is_on(switch: Any | None) -> bool:
    """Say whether a switch such as <strike/> is there and on."""
    return switch is not None and switch.get("val") not in ("0", "false")


def _is_raised(run: Any) -> bool:
    align = run.find("{*}rPr/{*}vertAlign")
    return align is not None and align.get("val") == "superscript"


def _plain(text: str) -> str:
    """Say what was escaped, but for what is no text: NUL and halves of a surrogate pair."""
    said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\0", "")
    return said.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
