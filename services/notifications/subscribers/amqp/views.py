"""A partner's queue as its partner and the administrators see it."""

from datetime import datetime

from pydantic import Field

from chassis.bodies import ResponseBody
from chassis.messaging.outside import KEPT_MS, MOST_BYTES
from notifications.subscribers.amqp.domain import Bounds, Load, full_at
from notifications.subscribers.amqp.models import PartnerQueue
from notifications.subscribers.subscriptions.positions import Position, cursor_of


class CredentialsView(ResponseBody):
    """How to sign in. `password` is shown this once and kept nowhere; null in a repetition."""

    address: str = Field(examples=["amqps://may-chu.example:5671/partners"])
    user: str
    password: str | None
    queue: str


class QueueView(ResponseBody):
    """A queue, as it was measured some seconds ago.

    `state`: `making` until the broker has it, `failed` while that does not work (it is tried
    again), `ready`. `messages` includes those handed out and not acknowledged. `dropped`: pushed
    out or too old since the beginning; `refused`: given back for good by the partner's program.
    `full_at`: when it will drop its oldest if it goes on growing as in the last hour.
    `overflowed_at`: since it dropped something the partner has not recovered yet;
    `recover_from`: the cursor to recover from, null when the whole queue was lost.
    """

    address: str
    user: str
    queue: str
    state: str = Field(examples=["making", "ready", "failed"])
    messages: int
    bytes: int
    consumers: int
    measured_at: datetime | None
    most_messages: int
    most_bytes: int
    kept_seconds: int
    full_at: datetime | None
    dropped: int
    refused: int
    overflowed_at: datetime | None
    recover_from: str | None


def queue_view(queue: PartnerQueue, address: str, secret: bytes) -> QueueView:
    """Return what is shown of a queue; `secret` signs the cursor."""
    return QueueView(
        **{name: getattr(queue, name) for name in _PLAIN},
        address=address,
        user=queue.name,
        queue=queue.name,
        state=_state(queue),
        most_bytes=MOST_BYTES,
        kept_seconds=KEPT_MS // 1000,
        full_at=_full_at(queue),
        recover_from=_recover_from(queue, secret),
    )


_PLAIN = (
    "messages", "bytes", "consumers", "measured_at", "most_messages", "dropped", "refused",
    "overflowed_at",
)  # fmt: skip


def _state(queue: PartnerQueue) -> str:
    if queue.error:
        return "failed"
    return "ready" if queue.made_at and queue.settled_at else "making"


def _full_at(queue: PartnerQueue) -> datetime | None:
    if queue.measured_at is None or queue.earlier_at is None:
        return None
    earlier = Load(queue.earlier_at, queue.earlier_messages or 0, queue.earlier_bytes or 0)
    now = Load(queue.measured_at, queue.messages, queue.bytes)
    return full_at(earlier, now, Bounds(queue.most_messages, MOST_BYTES))


def _recover_from(queue: PartnerQueue, secret: bytes) -> str | None:
    """Return the place just before the oldest event that was lost."""
    if queue.lost_tx is None or queue.lost_seq is None:
        return None
    return cursor_of(Position(queue.lost_tx, queue.lost_seq - 1), secret)
