"""What leaves for other systems of a public event: everything but who of the staff it was.

Made once, when an event is kept for them, so that every transport hands out the same bytes.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from contracts.envelope import Envelope, PublicEnvelope
from contracts.events import STAFF, event_class


def outside(envelope: Envelope) -> PublicEnvelope:
    """Return an event without its actor, its request and ids of staff (fields `OfStaff`)."""
    facts = {name: getattr(envelope, name) for name in PublicEnvelope.model_fields}
    facts["data"] = _without_staff(event_class(envelope.type), envelope.data)
    return PublicEnvelope.model_construct(**facts)


def _without_staff(kind: type[BaseModel], data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _told(kind, name, value) for name, value in data.items()}


def _told(kind: type[BaseModel], name: str, value: Any) -> Any:
    field = kind.model_fields.get(name)
    if field is None:
        return value
    if STAFF in field.metadata:
        return None
    state = field.annotation
    if isinstance(state, type) and issubclass(state, BaseModel) and isinstance(value, Mapping):
        return _without_staff(state, value)
    return value
