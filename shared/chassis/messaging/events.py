"""What a service's `handlers.py` is made of: a router of event types to handlers of batches."""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from contracts.envelope import Envelope
from contracts.events import Event

E_co = TypeVar("E_co", bound=Event, covariant=True)


waiting_since: ContextVar[float | None] = ContextVar("waiting_since", default=None)
"""While a batch is handled: when its oldest change was committed, in seconds since 1970."""


@dataclass(frozen=True)
class Received(Generic[E_co]):
    """One event as it arrived. `replay`: part of a new consumer's first fill, tell nobody.

    `envelope`: all of it, for who hands it on.
    """

    id: UUID
    time: datetime
    event: E_co
    actor_id: UUID | None = None
    replay: bool = False
    envelope: Envelope | None = None


Handler = Callable[[list[Received[Any]], AsyncSession], Awaitable[None]]
H = TypeVar("H", bound=Handler)


class Discard(Exception):
    """Never try this event again: park it now, with this reason."""


class Retry(Exception):
    """Try this event again after a time of the handler's choice."""

    def __init__(self, reason: str, *, after: timedelta) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True)
class Guard:
    """A table into which a handler itself inserts each event at most once, instead of the inbox.

    `id`, `time`: its columns of the event's id and time. `of_many`: it holds events of several
    types, each under its `type`.
    """

    table: str
    id: str = "event_id"
    time: str = "event_time"
    of_many: bool = False


@dataclass(frozen=True)
class Route:
    """Which handler takes a type. `guarded_by`: table whose fact row replaces the inbox row."""

    handler: Handler
    guarded_by: Guard | None = None


class EventRouter:
    """A service's subscriptions, one readable list. One handler per type."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.routes: dict[str, Route] = {}

    def on(self, *types: type[Event], guarded_by: Guard | None = None) -> Callable[[H], H]:
        """Register a handler for event types. Guarded events get no inbox row."""

        def register(handler: H) -> H:
            for event_type in types:
                if event_type.type in self.routes:
                    raise TypeError(f"{self.service} handles {event_type.type} twice")
                self.routes[event_type.type] = Route(handler, guarded_by)
            return handler

        return register

    def producers(self) -> list[str]:
        """Names of the services whose events are handled here."""
        return sorted({type_.split(".", 1)[0] for type_ in self.routes})

    def types_of(self, producer: str) -> list[str]:
        """Types of one producer that are handled here."""
        return sorted(t for t in self.routes if t.split(".", 1)[0] == producer)

    def guarded(self) -> list[str]:
        """Types that get no inbox row: only a fact tells that one took effect."""
        return sorted(type_ for type_, route in self.routes.items() if route.guarded_by)

    def is_busy(self, producer: str) -> bool:
        """Whether a producer sends events of the cheap kind that its facts guard."""
        return any(self.routes[type_].guarded_by for type_ in self.types_of(producer))
