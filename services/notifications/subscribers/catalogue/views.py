"""What is said of an event type: from the contracts, nothing written twice."""

import inspect
import re
from datetime import date
from typing import Any

from pydantic import Field

from chassis.bodies import ResponseBody
from chassis.i18n import Language, say
from chassis.words import N_
from contracts.events import Event
from contracts.outside import outside
from contracts.samples import example
from notifications.subscribers.subscriptions.choice import PUBLIC

PROMISE = N_(
    "Trong một phiên bản chỉ thêm trường không bắt buộc; phiên bản mới đứng cạnh phiên bản cũ ít "
    "nhất sáu tháng. Mỗi sự kiện mang trạng thái đầy đủ: hãy giữ aggregateversion lớn nhất và bỏ "
    "qua id đã nhận."
)
_VERSION = re.compile(r"\.v(\d+)$")


class EventTypeEntry(ResponseBody):
    """A public event type. `version` is its type's; `deprecated_on` null: no successor yet.

    `meaning` is the contract's own first sentence, in English.
    """

    type: str
    service: str
    aggregate: str
    version: int
    meaning: str
    deprecated_on: date | None


class EventTypes(ResponseBody):
    """Every public event type, by name."""

    data: list[EventTypeEntry]


class EventTypeView(EventTypeEntry):
    """One type whole. `schema` describes `data` of the envelope, `example` is an envelope."""

    description: str
    promise: str
    json_schema: dict[str, Any] = Field(serialization_alias="schema")
    example: dict[str, Any]


def listed() -> EventTypes:
    """Return the list of all."""
    return EventTypes(
        data=[EventTypeEntry.model_validate(_entry(each)) for each in PUBLIC.values()]
    )


def whole(event: type[Event], language: Language) -> EventTypeView:
    """Return all there is to say of one, the promise in a language."""
    return EventTypeView.model_validate(
        {
            **_entry(event),
            "description": inspect.cleandoc(event.__doc__ or ""),
            "promise": say(PROMISE, language),
            "json_schema": event.model_json_schema(),
            "example": outside(example(event)).model_dump(mode="json", exclude_none=True),
        }
    )


def written(view: ResponseBody) -> bytes:
    """Return the JSON of a view."""
    return view.model_dump_json(by_alias=True).encode()


def _entry(event: type[Event]) -> dict[str, Any]:
    found = _VERSION.search(event.type)
    return {
        "type": event.type,
        "service": event.producer(),
        "aggregate": event.aggregate,
        "version": int(found[1]) if found else 1,
        "meaning": inspect.cleandoc(event.__doc__ or "").split("\n", maxsplit=1)[0],
        "deprecated_on": event.deprecated_on,
    }
