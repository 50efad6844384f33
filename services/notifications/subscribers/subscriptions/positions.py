"""Where somebody stands among the public events: one kind of cursor for every transport."""

import base64
import hashlib
import hmac
from typing import Literal, NamedTuple
from uuid import UUID

from chassis.errors import FieldError, InvalidInput
from chassis.words import N_, Sentence

Source = Literal["query"]
_EVENTS, _SNAPSHOT = b"public_events\0", b"public_events.snapshot\0"
_SIGNATURE_BYTES = 12
_INVALID = N_(
    "Con trỏ «{cursor}» không hợp lệ: hãy dùng đúng giá trị next đã nhận, để trống để đọc từ đầu, "
    "hoặc ghi now để đọc từ bây giờ"
)
_SHOWN = 40  # characters of a wrong cursor that are repeated


class Position(NamedTuple):
    """Everything up to here was seen. `tx` is the transaction that kept the event."""

    tx: int
    seq: int


BEGINNING = Position(0, 0)


def cursor_of(position: Position, secret: bytes) -> str:
    """Return a position as it leaves: opaque, and nobody else's can be made up."""
    return _sealed(f"{position.tx}.{position.seq}", _EVENTS, secret)


def position_of(cursor: str, secret: bytes, source: Source | None = "query") -> Position:
    """Return the position of a cursor, of whichever transport. Raises InvalidInput naming it.

    `source`: None when it stood in a body.
    """
    tx, seq = _opened(cursor, _EVENTS, secret, source).split(".")
    return Position(int(tx), int(seq))


def snapshot_cursor_of(until: Position, subject: UUID, secret: bytes) -> str:
    """Return the cursor of a snapshot that was taken at `until` and goes on behind a subject."""
    return _sealed(f"{until.tx}.{until.seq}.{subject}", _SNAPSHOT, secret)


def snapshot_of(cursor: str, secret: bytes) -> tuple[Position, UUID]:
    """Return when a snapshot was taken and where it goes on. Raises InvalidInput."""
    tx, seq, subject = _opened(cursor, _SNAPSHOT, secret).split(".")
    return Position(int(tx), int(seq)), UUID(subject)


def wrong_query(
    name: str, code: str, sentence: Sentence, source: Source | None = "query"
) -> InvalidInput:
    """Return the refusal of one value of a query, or of a body."""
    wrong: FieldError = {
        "pointer": f"/{name}",
        "message": sentence.template,
        "facts": sentence.facts,
    }
    if source is not None:
        wrong["source"] = source
    return InvalidInput(sentence, code=code, errors=[wrong])


def _invalid(cursor: str, source: Source | None) -> InvalidInput:
    shown = cursor if len(cursor) <= _SHOWN else f"{cursor[:_SHOWN]}…"
    return wrong_query("after", "cursor_invalid", Sentence(_INVALID, {"cursor": shown}), source)


def _sealed(payload: str, kind: bytes, secret: bytes) -> str:
    raw = payload.encode()
    return base64.urlsafe_b64encode(_sign(kind + raw, secret) + raw).rstrip(b"=").decode()


def _opened(cursor: str, kind: bytes, secret: bytes, source: Source | None = "query") -> str:
    try:
        text = cursor.encode("ascii")
        raw = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise _invalid(cursor, source) from error
    signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(kind + payload, secret)):
        raise _invalid(cursor, source)
    return payload.decode()


def _sign(message: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, message, hashlib.sha256)[:_SIGNATURE_BYTES]
