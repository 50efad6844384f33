"""Header fields that every reader decodes to exactly what was written.

The standard library folds between two encoded words, where readers drop the space (RFC 2047, 6.2),
and makes encoded words of long identifiers; so fields are written here, and folded nowhere else.
"""

import re
from base64 import b64encode
from collections.abc import Iterator

LINE = 76  # characters of a line with an encoded word (RFC 2047, 2), the field's name included
WORD = 75
_FRAME = len("=?utf-8?b??=")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 -]*[A-Za-z0-9])?")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SENDER = re.compile(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')  # RFC 5322, 3.2.4


def text_field(name: str, text: str) -> str:
    """Return the value of a field that is text, as in Subject.

    Raises ValueError for line breaks and other control characters.
    """
    if CONTROL.search(text):
        raise ValueError(f"{name}: control characters in {text!r}")
    if _PLAIN.fullmatch(text) and len(name) + 2 + len(text) <= LINE:
        return text
    return "\r\n ".join(_words(text, LINE - len(name) - 2))


def address_field(name: str, person: str, address: str) -> str:
    """Return the value of a field that is one address, as in To. Raises as `text_field`.

    `address` must have been checked (`chassis.entered`): it is written as it is.
    """
    return f"{text_field(name, person)}\r\n <{address}>" if person else f"<{address}>"


def parted(sender: str) -> tuple[str, str]:
    """Return name and address of `Name <address>`; name may be empty, or quoted as in RFC 5322.

    Commas in it need no quotes.
    """
    found = _SENDER.fullmatch(sender)
    if not found:
        return "", sender.strip()
    quoted = _QUOTED.fullmatch(found["name"])
    name = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else found["name"]
    return name, found["address"]


def _words(text: str, room: int) -> Iterator[str]:
    """Encode whole characters; a space stands inside a word, where no reader drops it."""
    piece = b""
    for character in text:
        more = piece + character.encode()
        if _FRAME + len(b64encode(more)) > room:
            yield f"=?utf-8?b?{b64encode(piece).decode()}?="
            more, room = character.encode(), WORD
        piece = more
    yield f"=?utf-8?b?{b64encode(piece).decode()}?="
