"""Codes under /k/: signed, and leading to nobody. Composed.

A code is 16 characters of Crockford base32 in groups of four, `t7f3-k2m9-q4xw-8d2n`:
one for the kind, eight (40 bits) of chance, seven (35 bits) of HMAC-SHA-256 over both.
It says nothing about round, unit or person: those stand in the row that the `key` finds.
The database holds keys only, and without the secret a key makes no code.
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from surveys.rounds.domain import Status, check_unit

Kind = Literal["ticket", "link"]  # ticket: one answer, then gone; link: any number, while open

ENTROPY = 5  # bytes of chance in a code; with the signature a guess hits one time in 2^75 / tickets
KEY, SIGNATURE = 8, 7  # characters
SHORTEST_SECRET = 16  # bytes

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford: no i, l, o, u
_LETTER: dict[Kind, str] = {"ticket": "t", "link": "q"}
_KIND: dict[str, Kind] = {letter: kind for kind, letter in _LETTER.items()}
_AS_TYPED = str.maketrans("oil", "011", "- ")  # what people write for 0 and 1, and separators
_ENDED = Sentence(N_("Đợt khảo sát đã kết thúc, không phát thêm giấy mời hay liên kết được"))


_VOIDED = Sentence(N_("Tập giấy mời này đã bị hủy; hãy phát hành tập mới"))


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


def check_takes_codes(status: Status, unit_ids: Collection[UUID], unit_id: UUID | None) -> None:
    """Raise unless tickets and links may be made for a round, for a unit of it or for none.

    Raises RuleBroken (`round_already_closed`), InputRefused (`unit_not_in_round`).
    """
    if status in {"closed", "cancelled"}:
        raise RuleBroken("round_already_closed", _ENDED)
    check_unit(unit_ids, unit_id)


def check_not_voided(voided_at: datetime | None) -> None:
    """Raise RuleBroken `batch_voided` for a batch that was voided before."""
    if voided_at is not None:
        raise RuleBroken("batch_voided", _VOIDED)


def _signature(kind: Kind, key: str, secret: bytes) -> str:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"the ticket secret needs at least {SHORTEST_SECRET} bytes")
    made = hmac.new(secret, f"survey-code/v1/{kind}/{key}".encode(), hashlib.sha256).digest()
    return _base32(made, SIGNATURE)


def _base32(content: bytes, length: int) -> str:
    """Write the first `length` groups of five bits, most significant first."""
    number, bits = int.from_bytes(content, "big"), len(content) * 8
    return "".join(_ALPHABET[number >> bits - 5 * at & 31] for at in range(1, length + 1))
