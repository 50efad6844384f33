"""The base of every event and the registry of declared types.

A type is declared, never derived from the class name: the class may be renamed, the type may not.
"""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Audience = Literal["public", "internal"]
STAFF = "staff"
OfStaff = Annotated[
    UUID | None, STAFF, Field(description="One of the staff; always null for other systems.")
]
"""Whom an event is about, for our own services: `contracts.outside` leaves it out."""
SeveralOfStaff = Annotated[
    list[UUID] | None, STAFF, Field(description="Some of the staff; always null for other systems.")
]

_registry: dict[str, type["Event"]] = {}


class Payload(BaseModel):
    """A value inside an event. Readers ignore fields they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Payload):
    """Something that happened. `type` is the routing key and the name of the schema."""

    type: ClassVar[str]
    audience: ClassVar[Audience]
    aggregate: ClassVar[str]
    deprecated_on: ClassVar[date | None]

    def __init_subclass__(
        cls,
        *,
        type: str,
        aggregate: str,
        audience: Audience = "public",
        deprecated_on: date | None = None,
        **facts: Any,
    ) -> None:
        """Register the declared type; two classes may not share one.

        `deprecated_on`: until when it is sent; a newer version stands beside it.
        """
        super().__init_subclass__(**facts)
        if type in _registry:
            raise TypeError(f"{type} is declared twice: {_registry[type].__name__}, {cls.__name__}")
        cls.type, cls.audience, cls.aggregate = type, audience, aggregate
        cls.deprecated_on = deprecated_on
        _registry[type] = cls

    @property
    def subject(self) -> UUID:
        """Id of the aggregate the event is about."""
        raise NotImplementedError

    @property
    def version(self) -> int:
        """Gapless version of the aggregate after the event, from 1."""
        raise NotImplementedError

    @classmethod
    def producer(cls) -> str:
        """Name of the service that publishes this type."""
        return cls.type.split(".", 1)[0]


def event_class(type_: str) -> type[Event]:
    """Return the class of a declared type. Raises KeyError for a type nobody declared."""
    return _registry[type_]


def declared() -> dict[str, type[Event]]:
    """Return every declared type with its class. Import `contracts.catalogue` first."""
    return dict(sorted(_registry.items()))
