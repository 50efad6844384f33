"""When a queue will be full, what may be added to it; pure."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.subscribers.amqp.domain import (
    Bounds,
    Load,
    earlier_of,
    full_at,
    hash_of,
    room_in,
)

NOW = datetime(2025, 11, 3, 8, 0, tzinfo=UTC)
BOUNDS = Bounds(messages=1000, bytes=1_000_000)


def load(minutes: float, messages: int, bytes_: int = 0) -> Load:
    return Load(NOW + timedelta(minutes=minutes), messages, bytes_)


@pytest.mark.parametrize(
    ("earlier", "now", "minutes"),
    [
        (load(-10, 100), load(0, 200), 80),  # 10 a minute, 800 left
        (load(-10, 200), load(0, 100), None),  # its reader gains on it
        (load(-10, 100), load(0, 100), None),
        (load(0, 100), load(0, 100), None),  # one measure says nothing
        (load(-10, 0, 100_000), load(0, 1, 600_000), 8),  # few, but large: bytes come first
        (load(-10, 1200), load(0, 1000), 0),
        (load(-10, 1, 2_000_000), load(0, 1, 1_000_000), 0),
    ],
)
def test_a_queue_that_grows_is_full_when_the_rest_is_filled_at_the_same_pace(earlier, now, minutes):
    expected = None if minutes is None else NOW + timedelta(minutes=minutes)
    assert full_at(earlier, now, BOUNDS) == expected


def test_a_queue_that_hardly_grows_is_never_full():
    assert full_at(load(-60, 0), load(0, 1), Bounds(10**12, 10**18)) is None


def test_a_measure_is_compared_with_for_an_hour_then_the_last_one_takes_its_place():
    first, second, third = load(0, 1), load(59, 2), load(61, 3)
    assert earlier_of(None, None, first) == first
    assert earlier_of(first, first, second) == first
    assert earlier_of(first, second, third) == second


@pytest.mark.parametrize(("held", "room"), [(0, 40), (39, 1), (40, 0), (60, 0)])
def test_catching_up_leaves_a_fifth_of_a_queue_free(held, room):
    assert room_in(held, 50) == room


def test_the_broker_keeps_a_salted_hash():
    """The example of RabbitMQ's own documentation."""
    salt = bytes.fromhex("908DC60A")
    assert hash_of("test12", salt) == "kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR"
