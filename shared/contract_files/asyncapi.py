"""docs/asyncapi.yaml and the table in docs/events.md, from the declared events and the handlers."""

from importlib import import_module
from typing import Any

import yaml

from contracts.catalogue import declared
from contracts.events import Event

SERVICES = ("tasks", "surveys", "notifications", "reporting")
_TRANSPORT = "CloudEvents 1.0, structured JSON; topic exchange `events`; routing key = type."


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
    """Return the AsyncAPI 3.0 description of every event, as YAML."""
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {"title": "Nhịp CCHC: events", "version": "1", "description": _TRANSPORT},
        "defaultContentType": "application/cloudevents+json",
        "channels": {type_: _channel(type_, event) for type_, event in declared().items()},
        "operations": {
            f"publish.{type_}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{_escaped(type_)}"},
                "summary": f"Published by {event.producer()} ({event.audience})",
            }
            for type_, event in declared().items()
        },
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _channel(type_: str, event: type[Event]) -> dict[str, Any]:
    message = {
        "name": type_,
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().split("\n")[0],
        "payload": {"$ref": f"../shared/contracts/schemas/{type_}.json"},
    }
    return {
        "address": type_,
        "messages": {event.__name__: message},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": {"name": "events", "type": "topic"}},
        },
    }
