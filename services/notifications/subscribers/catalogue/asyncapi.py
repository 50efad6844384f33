"""The AsyncAPI 3 document for other systems: public events, by which ways, whole in itself."""

import inspect
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from contracts.envelope import CONTENT_TYPE, PublicEnvelope
from contracts.events import Event
from contracts.outside import outside
from contracts.samples import example
from notifications.subscribers.subscriptions.choice import PUBLIC

_PROMISE = (
    "CloudEvents 1.0, structured JSON. Within a version only optional additions; a new version "
    "stands beside the older one for six months at least. An event carries the full state of its "
    "subject: keep the highest `aggregateversion`, drop an `id` seen before."
)
_WAYS = {
    "feed": (
        "/v1/events",
        "Public events behind a cursor, by long poll",
        "Hand out what a reader has not seen; docs/events.md says how to ask",
    ),
    "webhook": (
        None,
        "One event by POST to the address of a subscription",
        "Send an event, signed; docs/webhooks.md says how to verify it and what to answer",
    ),
    "queue": (
        "/{queue}",
        "A subscription's own bounded queue",
        "Fill the queue; docs/amqp.md says how to read it and what to do when it overflowed",
    ),
}
_HOST = {"description": "Where the installation is reached", "default": "localhost:8003"}
_SERVERS: dict[str, dict[str, Any]] = {
    "feed": {
        "host": "{host}",
        "protocol": "https",
        "description": "The notifications service of an installation",
        "variables": {"host": _HOST},
    },
    "webhook": {
        "host": "{receiver}",
        "protocol": "https",
        "description": "The partner's receiver: https on port 443 of a public address",
        "variables": {"receiver": {"default": "partner.example"}},
    },
    "queue": {
        "host": "{broker}",
        "protocol": "amqps",
        "protocolVersion": "0-9-1",
        "description": "The partners' virtual host; a queue's address is shown with its password",
        "variables": {"broker": {"default": "localhost:5671"}},
    },
}
_SECURITY: dict[str, dict[str, Any]] = {
    "feed": {
        "type": "oauth2",
        "description": "A token of ten minutes for a partner's key, scope `events`",
        "flows": {
            "clientCredentials": {
                "tokenUrl": "/v1/partners/token",
                "availableScopes": {"events": "The feed, the catalogue and subscriptions"},
            }
        },
    },
    "webhook": {
        "type": "httpApiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "Standard Webhooks: HMAC-SHA256 over id, timestamp and body",
    },
    "queue": {"type": "userPassword", "description": "A user of the subscription's own"},
}
_TEXT = {"type": "string"}
_QUERY = {
    "type": "object",
    "properties": {
        "after": _TEXT,
        "types": {**_TEXT, "examples": ["tasks.*,surveys.round_opened.v1"]},
        "units": _TEXT,
        "subscription_id": {**_TEXT, "format": "uuid"},
        "snapshots": {"type": "boolean"},
        "limit": {"type": "integer", "minimum": 1, "maximum": 5000},
        "wait": {"type": "integer", "minimum": 0, "maximum": 30},
    },
}
_BINDINGS: dict[str, dict[str, Any]] = {
    "feed": {"http": {"method": "GET", "query": _QUERY}},
    "webhook": {"http": {"method": "POST"}},
    "queue": {"amqp": {"ack": True}},
}


@cache
def asyncapi() -> dict[str, Any]:
    """Return the document."""
    names = {event: schema for (event, _), schema in _schemas()[0].items()}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Nhịp CCHC: public events", "version": "1", "description": _PROMISE},
        "defaultContentType": CONTENT_TYPE,
        "servers": {way: _server(way) for way in _WAYS},
        "channels": {way: _channel(way) for way in _WAYS},
        "operations": {f"send_by_{way}": _operation(way) for way in _WAYS},
        "components": {
            "messages": {e.__name__: _message(e, names[e]) for e in PUBLIC.values()},
            "schemas": _schemas()[1]["$defs"],
            "securitySchemes": _SECURITY,
        },
    }


@cache
def _schemas() -> Any:
    """Return where each schema stands, and the schemas: those of the envelope, too."""
    models: list[Any] = [(each, "validation") for each in (PublicEnvelope, *PUBLIC.values())]
    return models_json_schema(models, ref_template="#/components/schemas/{model}")


def _server(way: str) -> dict[str, Any]:
    return {**_SERVERS[way], "security": [{"$ref": f"#/components/securitySchemes/{way}"}]}


def _channel(way: str) -> dict[str, Any]:
    address, title, _ = _WAYS[way]
    messages = {
        each.__name__: {"$ref": f"#/components/messages/{each.__name__}"}
        for each in PUBLIC.values()
    }
    named = {"queue": {"description": "Named in the answer that shows its password"}}
    return {
        "address": address,
        "title": title,
        "servers": [{"$ref": f"#/servers/{way}"}],
        "messages": messages,
        **({"parameters": named} if way == "queue" else {}),
    }


def _operation(way: str) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{way}"},
        "summary": _WAYS[way][2],
        "bindings": _BINDINGS[way],
    }


def _message(event: type[Event], schema: dict[str, Any]) -> dict[str, Any]:
    """Return one message: the envelope, with the data of its type."""
    summary = inspect.cleandoc(event.__doc__ or "").split("\n", maxsplit=1)[0]
    if event.deprecated_on is not None:
        summary += f" Sent until {event.deprecated_on}: a newer version stands beside it."
    of_type = {"type": {"const": event.type}, "data": schema}
    envelope = {"$ref": "#/components/schemas/PublicEnvelope"}
    payload = outside(example(event)).model_dump(mode="json", exclude_none=True)
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": summary,
        "contentType": CONTENT_TYPE,
        "payload": {"allOf": [envelope, {"type": "object", "properties": of_type}]},
        "examples": [{"payload": payload}],
    }
