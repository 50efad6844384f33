"""What a stored subscription takes, and where it stands."""

from notifications.subscribers.subscriptions.choice import PUBLIC, known_types
from notifications.subscribers.subscriptions.matching import Filter
from notifications.subscribers.subscriptions.models import Subscription
from notifications.subscribers.subscriptions.positions import Position


def position(subscription: Subscription) -> Position:
    """Return up to where everything was handed over."""
    return Position(subscription.cursor_tx, subscription.cursor_seq)


def wanted_by(subscription: Subscription) -> Filter:
    """Return what a subscription takes; its partner's scope is another matter."""
    types, units = subscription.types, subscription.unit_ids
    return Filter(
        known_types(types) if types else frozenset(PUBLIC),
        None if units is None else frozenset(units),
        subscription.fields,
    )
