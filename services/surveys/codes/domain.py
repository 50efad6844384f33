"""Codes under /k/ and the ids of an answer: signed, and leading to nobody.

A code is 16 characters of Crockford base32 in groups of four, `t7f3-k2m9-q4xw-8d2n`:
one for the kind, eight (40 bits) of chance, seven (35 bits) of HMAC-SHA-256 over both.
It says nothing about round, unit or person: those stand in the row that the `key` finds.
The database holds keys only, and without the secret a key makes no code.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid5

Kind = Literal["ticket", "link"]  # ticket: one answer, then gone; link: any number, while open

ENTROPY = 5  # bytes of chance in a code; with the signature a guess hits one time in 2^75 / tickets
KEY, SIGNATURE = 8, 7  # characters
SHORTEST_SECRET = 16  # bytes

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford: no i, l, o, u
_LETTER: dict[Kind, str] = {"ticket": "t", "link": "q"}
_KIND: dict[str, Kind] = {letter: kind for kind, letter in _LETTER.items()}
_AS_TYPED = str.maketrans("oil", "011", "- ")  # what a hand writes for 0 and 1, and separators
_RESPONSES = UUID(
    "6c1a4f0e-2b8d-5e37-9a54-0f7d3c1b8e62"
)  # namespace of our event ids, never changes


class InvalidCode(ValueError):
    """The code leads nowhere. Never says more to a citizen than the page for an unknown code."""


class MalformedCode(InvalidCode):
    """Not a code at all: wrong length, letters or kind. A typing mistake."""


class WrongSignature(InvalidCode):
    """The form of a code, not signed by us: mistyped, guessed, or an old secret's."""


@dataclass(frozen=True)
class Code:
    """A code that we signed. `key` is what the row is found by; `text` is canonical, for a URL."""

    kind: Kind
    key: str
    text: str


def issue(kind: Kind, entropy: bytes, secret: bytes) -> Code:
    """Make a new code from ENTROPY random bytes. Raises ValueError on other lengths."""
    if len(entropy) != ENTROPY:
        raise ValueError(f"a code needs {ENTROPY} random bytes, got {len(entropy)}")
    return code_for(kind, _base32(entropy, KEY), secret)


def code_for(kind: Kind, key: str, secret: bytes) -> Code:
    """Give the code of a stored key again, e.g. to draw a link's QR code."""
    whole = _LETTER[kind] + key + _signature(kind, key, secret)
    return Code(kind, key, "-".join(whole[at : at + 4] for at in range(0, len(whole), 4)))


def parse(text: str, secret: bytes) -> Code:
    """Read a code as people type it: any case, with or without dashes, O for 0, I or L for 1.

    Raises MalformedCode or WrongSignature. The signature is compared in constant time.
    """
    typed = text[:64].lower().translate(_AS_TYPED)
    kind = _KIND.get(typed[:1])
    if kind is None or len(typed) != 1 + KEY + SIGNATURE or not set(typed) <= set(_ALPHABET):
        raise MalformedCode("not a survey code")
    key, signature = typed[1 : 1 + KEY], typed[1 + KEY :]
    if not hmac.compare_digest(signature, _signature(kind, key, secret)):
        raise WrongSignature("the signature does not match")
    return code_for(kind, key, secret)


def response_id(text: str) -> UUID:
    """Read the id a form or kiosk made. Raises ValueError unless it is a UUID of version 4."""
    try:
        made = UUID(text[:64])
    except ValueError as error:
        raise ValueError("response_id is not a UUID") from error
    if made.version != 4:  # noqa: PLR2004 - versions 1, 6 and 7 would carry the time to the µs
        raise ValueError("response_id must be a UUID of version 4")
    return made


def event_id(response: UUID, version: int) -> UUID:
    """Id of the event about a response's version: repeatable, and tells no time as a v7 would."""
    return uuid5(_RESPONSES, f"{response}/{version}")


def event_time(now: datetime) -> datetime:
    """Cut an aware instant to its hour, UTC: all that an answer's event and row keep of it."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _signature(kind: Kind, key: str, secret: bytes) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the ticket secret needs at least {SHORTEST_SECRET} bytes")
    made = hmac.new(secret, f"survey-code/v1/{kind}/{key}".encode(), hashlib.sha256).digest()
    return _base32(made, SIGNATURE)


def _base32(content: bytes, length: int) -> str:
    """Write the first `length` groups of five bits, most significant first."""
    number, bits = int.from_bytes(content, "big"), len(content) * 8
    return "".join(_ALPHABET[number >> bits - 5 * at & 31] for at in range(1, length + 1))
