"""docs/asyncapi.yaml, for other systems, and the table in docs/events.md, from what is declared."""

from importlib import import_module
from typing import Any

import yaml

from contracts.catalogue import declared
from contracts.envelope import CONTENT_TYPE, PublicEnvelope
from contracts.events import Event

SERVICES = ("tasks", "surveys", "notifications", "reporting")
_PROMISE = (
    "CloudEvents 1.0, structured JSON. Within a version only optional additions. An event carries "
    "the full state of its subject: keep the highest `aggregateversion`, drop an `id` seen before."
)
_SERVERS: dict[str, Any] = {
    "notifications": {
        "host": "{host}",
        "protocol": "https",
        "description": "The notifications service of an installation",
        "variables": {"host": {"description": "Where it is reached", "default": "localhost:8003"}},
        "security": [{"$ref": "#/components/securitySchemes/token"}],
    }
}
_SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the role external_system",
    }
}
_QUERY = {
    "type": "object",
    "properties": {
        "after": {"type": "string"},
        "types": {"type": "string", "examples": ["tasks.*,surveys.round_opened.v1"]},
        "units": {"type": "string"},
        "wait": {"type": "integer", "minimum": 0, "maximum": 30},
    },
}


def consumers() -> dict[str, list[str]]:
    """Return, for each declared type, the services that handle it."""
    found: dict[str, list[str]] = {type_: [] for type_ in declared()}
    for service in SERVICES:
        router = import_module(f"{service}.app").EVENTS
        for type_ in router.routes if router else ():
            found[type_].append(service)
    return found


def event_table() -> str:
    """Return the events as a Markdown table: type, audience, consumers, meaning."""
    taken = consumers()
    lines = ["| event | audience | consumed by | what happened |", "|---|---|---|---|"]
    for type_, event in declared().items():
        meaning = (event.__doc__ or "").strip().split("\n")[0]
        lines.append(f"| `{type_}` | {event.audience} | {', '.join(taken[type_])} | {meaning} |")
    return "\n".join(lines) + "\n"


def asyncapi() -> str:
    """Return the AsyncAPI 3.0 description of what other systems may read, as YAML."""
    public = {t: event for t, event in declared().items() if event.audience == "public"}
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {"title": "Nhịp CCHC: public events", "version": "1", "description": _PROMISE},
        "defaultContentType": CONTENT_TYPE,
        "servers": _SERVERS,
        "channels": {
            "feed": {
                "address": "/v1/events",
                "title": "Public events behind a cursor, by long poll",
                "servers": [{"$ref": "#/servers/notifications"}],
                "messages": {
                    event.__name__: {"$ref": f"#/components/messages/{event.__name__}"}
                    for event in public.values()
                },
            }
        },
        "operations": {
            "readEvents": {
                "action": "send",
                "channel": {"$ref": "#/channels/feed"},
                "summary": "Hand out what a reader has not seen; docs/events.md says how to ask",
                "bindings": {"http": {"method": "GET", "query": _QUERY}},
            }
        },
        "components": {
            "messages": {event.__name__: _message(t, event) for t, event in public.items()},
            "schemas": {"Envelope": _envelope()},
            "securitySchemes": _SECURITY,
        },
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _message(type_: str, event: type[Event]) -> dict[str, Any]:
    """Return one message: the envelope, with the data of its type."""
    of_type = {
        "type": {"const": type_},
        "data": {"$ref": f"../shared/contracts/schemas/{type_}.json"},
    }
    envelope = {"$ref": "#/components/schemas/Envelope"}
    return {
        "name": type_,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().split("\n")[0],
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [envelope, {"type": "object", "properties": of_type}]},
    }


def _envelope() -> dict[str, Any]:
    """Return the schema of the envelope; its data is each type's own."""
    schema = PublicEnvelope.model_json_schema()
    schema["properties"]["data"] = {"type": "object"}
    return schema
