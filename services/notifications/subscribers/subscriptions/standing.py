"""What a stored subscription takes, and where it stands."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from notifications.subscribers.subscriptions.choice import PUBLIC, known_types
from notifications.subscribers.subscriptions.matching import Filter
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position


def position(subscription: Subscription) -> Position:
    """Return up to where everything was handed over."""
    return Position(subscription.cursor_tx, subscription.cursor_seq)


def wanted_by(subscription: Subscription) -> Filter:
    """Return what a subscription takes; its partner's scope is another matter."""
    units = subscription.unit_ids
    return filter_of(
        subscription.types, None if units is None else frozenset(units), subscription.fields
    )


def filter_of(
    types: Collection[str], units: frozenset[UUID] | None, fields: Mapping[str, Sequence[Any]]
) -> Filter:
    """Return what is taken by patterns of types (none: all), units (None: all) and fields."""
    return Filter(known_types(types) if types else frozenset(PUBLIC), units, fields)
