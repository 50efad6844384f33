"""The ids and the time of an answer: they say nothing of who gave it or when exactly. Composed."""

from datetime import UTC, datetime
from uuid import UUID, uuid5

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence

# Namespace of our event ids, never changes.
_RESPONSES = UUID("6c1a4f0e-2b8d-5e37-9a54-0f7d3c1b8e62")
ENTERED = 1
"""A ballot's revision as it came in. Excluded in it, it never counted and was never announced."""
_NOT_RANDOM = Sentence(N_("response_id phải là một UUID phiên bản 4, mới cho mỗi phiếu"))
_RANDOM = 4  # versions 1, 6 and 7 would carry the time to the µs


def response_id(text: str) -> UUID:
    """Read the id a form or kiosk made.

    Raises InputRefused (`response_id_invalid`) unless it is a UUID of version 4.
    """
    try:
        made = UUID(text[:64])
    except ValueError as error:
        raise _refused() from error
    if made.version != _RANDOM:
        raise _refused()
    return made


def event_id(response: UUID, version: int) -> UUID:
    """Return the id of the event about a response's version: repeatable, and tells no time."""
    return uuid5(_RESPONSES, f"{response}/{version}")


def event_time(now: datetime) -> datetime:
    """Return an aware instant cut to its hour, UTC: all that an answer's event and row keep."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _refused() -> InputRefused:
    problem = Problem("/response_id", _NOT_RANDOM)
    return InputRefused("response_id_invalid", _NOT_RANDOM, [problem])
