"""A deterministic example of every event: what a reader of version N must always understand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin
from uuid import NAMESPACE_URL, UUID, uuid5

from pydantic import BaseModel

from contracts.envelope import Envelope
from contracts.events import Event

_TIME = datetime(2025, 11, 17, 1, 30, tzinfo=UTC)
_PLAIN: dict[Any, Any] = {
    int: 1,
    str: "VP",
    bool: True,
    date: date(2025, 11, 28),
    datetime: _TIME,
    Decimal: Decimal("87.5"),
}


def sample(kind: Any, name: str) -> Any:
    """Return a value of a type; ids are functions of the field's name."""
    if kind is UUID:
        return uuid5(NAMESPACE_URL, name)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind.model_validate(
            {key: sample(field.annotation, key) for key, field in kind.model_fields.items()}
        )
    return (
        _composed(kind, get_origin(kind), get_args(kind), name) if get_args(kind) else _PLAIN[kind]
    )


def _composed(kind: Any, origin: Any, arguments: tuple[Any, ...], name: str) -> Any:
    if origin is Literal:
        return arguments[0]
    if origin in {Union, UnionType}:
        return sample(next(a for a in arguments if a is not type(None)), name)
    if origin is list:
        return [sample(arguments[0], name)]
    if origin is dict:
        return {sample(arguments[0], name): sample(arguments[1], name)}
    raise TypeError(f"no sample for {kind}")


def example(event_type: type[Event]) -> Envelope:
    """Return a whole message of a type."""
    event = sample(event_type, event_type.type)
    return Envelope(
        id=uuid5(NAMESPACE_URL, event_type.type),
        type=event_type.type,
        source=f"/nhip/{event_type.producer()}",
        subject=event.subject,
        time=_TIME,
        aggregateversion=event.version,
        data=event.model_dump(mode="json"),
    )
