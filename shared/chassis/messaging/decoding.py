"""From the bytes of a message to events: readable, storable, published by their owner."""

from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from chassis.messaging import inbox
from chassis.messaging.broker import Broker
from chassis.messaging.events import Discard, EventRouter, Received
from contracts.envelope import Envelope
from contracts.events import event_class

_ENVELOPES = TypeAdapter(list[Envelope])


class Unreadable(Exception):
    """The body is no event that this service knows."""


def decode(body: bytes, router: EventRouter) -> list[Envelope]:
    """Return the events of a message: one, or a batch. Raises Unreadable."""
    try:
        many = body.lstrip()[:1] == b"["
        envelopes = _ENVELOPES.validate_json(body if many else b"[" + body + b"]")
        for envelope in envelopes:
            if envelope.type not in router.routes:
                raise Unreadable(f"{router.service} does not handle {envelope.type}")
            if not inbox.can_keep(envelope):
                raise Unreadable("its version, its time or a character of it cannot be stored")
    except (ValueError, ValidationError, RecursionError) as error:
        raise Unreadable(str(error)[:500]) from error
    return envelopes


def received(envelope: Envelope, *, replay: bool) -> Received:  # type: ignore[type-arg]
    """Return what a handler sees. Raises Discard when the data does not fit the type's schema."""
    try:
        event = event_class(envelope.type).model_validate(envelope.data)
    except ValidationError as error:
        raise Discard(f"data does not fit {envelope.type}: {error}") from error
    return Received(envelope.id, envelope.time, event, envelope.actorid, replay, envelope)


def check_owner(envelopes: Iterable[Envelope], user: str | None, broker: Broker) -> None:
    """Raise Unreadable unless every event belongs to the user that published the message.

    The broker lets each user publish its own types only; this holds when its rights are wrong, and
    for what comes past the exchange.
    """
    for type_ in {envelope.type for envelope in envelopes}:
        owner = broker.owner_of(type_)
        if user != owner:
            raise Unreadable(
                f"{type_} was published by {user or 'nobody'}; only {owner} publishes it"
            )
