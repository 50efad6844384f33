"""What an answer means, and when the next attempt is. Pure.

The waits are those Standard Webhooks recommends: ten attempts within three days and three hours.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WAITS = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Behind the first attempt, which is at once: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h."""
ATTEMPTS = len(WAITS) + 1
ALARMS = (50, 70, 90, 100)
"""Percent of the allowed failures in a row at which people are told; the last disables."""
LONGEST_ASKED = timedelta(hours=6)
"""What a `Retry-After` may ask for at most."""
_JITTER = 0.1  # of the wait, so that what failed together does not come back together
_PROBES = (1, 5, 10, 20, 40, 80, 160, 300)  # seconds between two attempts at what is failing
_BUSY = frozenset({429, 502, 504})
_GONE = 410


@dataclass(frozen=True)
class Answer:
    """What a receiver said. `status` None: nothing, and `error` says why."""

    status: int | None
    error: str | None = None
    retry_after: str | None = None
    milliseconds: int = 0

    @property
    def taken(self) -> bool:
        """Whether it took the event: 2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP

    @property
    def gone(self) -> bool:
        """Whether it never wants to hear from us again."""
        return self.status == _GONE

    @property
    def busy(self) -> bool:
        """Whether it, or what stands before it, asks us to slow down."""
        return self.status in _BUSY


def next_wait(
    attempts: int, answer: Answer, now: datetime, *, luck: float = 0.0
) -> timedelta | None:
    """Return how long the next attempt of an event waits; None: there is none.

    Args:
        attempts: those made, this one included.
        luck: from 0 to 1, spreads the waits by a tenth.
    """
    if answer.gone or attempts >= ATTEMPTS:
        return None
    wait = WAITS[attempts - 1] * (1 + _JITTER * luck)
    return max(wait, asked(answer.retry_after, now))


def hold(failures_in_row: int, answer: Answer, now: datetime) -> timedelta:
    """Return how long nothing at all goes to a receiver that has failed so many times in a row.

    One that is busy is given twice the time.
    """
    probe = timedelta(seconds=_PROBES[min(max(failures_in_row, 1), len(_PROBES)) - 1])
    return max(probe * 2 if answer.busy else probe, asked(answer.retry_after, now))


def asked(retry_after: str | None, now: datetime) -> timedelta:
    """Return what `Retry-After` asks for, seconds or a date; nothing when it cannot be read."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        seconds = int(text[:9])
    else:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, TypeError, OverflowError):
            return timedelta(0)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        seconds = int((aware - now).total_seconds())
    return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_ASKED)


def alarm(attempts: int, failures_in_row: int, told: int) -> int | None:
    """Return the percent to tell people of now; None: nothing new.

    An event's own attempts count, and only while the receiver took nothing else in between: an
    event that alone is refused is a fault of that event.

    Args:
        told: the highest percent that was told since the receiver last took something.
    """
    if attempts > failures_in_row:
        return None
    share = 100 * attempts // ATTEMPTS
    reached = max((each for each in ALARMS if each <= share), default=0)
    return reached if reached > told else None
