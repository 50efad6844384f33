"""docs/asyncapi.yaml, for other systems, and the table in docs/events.md, from what is declared."""

import json
from importlib import import_module

import yaml

from contracts.catalogue import declared
from notifications.subscribers.catalogue.asyncapi import asyncapi as asyncapi_document

SERVICES = ("tasks", "surveys", "notifications", "reporting")


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
    document = json.loads(json.dumps(asyncapi_document()))  # else what is named twice is an alias
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
