"""Every request body of every service: JSON's own types, and a bound on every text and list."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter, ValidationError

from chassis.service import describe
from devstack.run.folder import SERVICES

SAMPLES = {
    "string": "chữ", "integer": 7, "number": 7.5, "boolean": True, "object": {"a": 1},
    "array": [{}], "null": None,
}  # fmt: skip
LOOKALIKES = {
    "integer": ["7", 7.0, True, "7.0"],
    "boolean": [0, 1, "true", "yes", "on"],
    "number": [True, "bảy"],
    "date": ["0", "20250102", "1764374400", "2025-1-2", "02/01/2025", "2025-02-30", 0, 20250102],
    "uuid": ["x", 7, ""],
}
Place = tuple[str | int, ...]
OPEN = {"answers", "choices", "text"}  # of a ballot: checked against its questionnaire


def bodies() -> dict[str, Any]:
    """The type of each body by `service METHOD path`; not of documents with their own checker."""
    found = {}
    for service in SERVICES:
        module = importlib.import_module(f"{service}.app")
        app = describe(service, module.ROUTERS, module.POLICIES)
        for context in iter_route_contexts(app.routes):
            route = context.original_route
            if not isinstance(route, APIRoute) or not route.body_field:
                continue
            annotation = route.dependant.body_params[0].field_info.annotation
            if hasattr(annotation, "model_fields"):
                found[f"{service} {min(route.methods)} {route.path}"] = annotation
    return found


BODIES = bodies()


def resolved(schema: dict, whole: dict) -> dict:
    if "$ref" in schema:
        return resolved(whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    return schema


def forms(schema: dict, whole: dict) -> list[dict]:
    """The alternatives of a schema."""
    schema = resolved(schema, whole)
    options = schema.get("anyOf") or schema.get("oneOf") or [schema]
    return [resolved(option, whole) for option in options]


def leaves(schema: dict, whole: dict, place: Place = ()) -> Iterator[tuple[Place, list[dict]]]:
    """Every field of a body with its alternatives, those of nested objects and lists too."""
    for option in forms(schema, whole):
        for name, field in option.get("properties", {}).items():
            yield (*place, name), forms(field, whole)
            yield from leaves(field, whole, (*place, name))
        if option.get("type") == "array":
            yield (*place, 0), forms(option["items"], whole)
            yield from leaves(option["items"], whole, (*place, 0))


def wrong_values(options: list[dict]) -> Iterator[Any]:
    types = {option.get("type", "string") for option in options}
    kinds = types | {option.get("format", "") for option in options}
    for kind, sample in SAMPLES.items():
        if kind not in types and not (kind == "integer" and "number" in types):
            yield sample
    for kind in kinds & LOOKALIKES.keys():
        if not (kind == "integer" and "number" in types):
            yield from LOOKALIKES[kind]


def put_at(place: Place, value: Any) -> Any:
    for part in reversed(place):
        value = [value] if part == 0 else {part: value}
    return value


def errors_at(adapter: TypeAdapter, place: Place, value: Any) -> bool:
    try:
        adapter.validate_python(put_at(place, value))
    except ValidationError as error:
        return any(tuple(one["loc"])[: len(place)] == place for one in error.errors())
    return False


def test_the_bodies_of_all_services_that_take_any_are_found():
    assert len(BODIES) > 20
    assert {name.split()[0] for name in BODIES} >= {"tasks", "surveys", "reporting"}


@pytest.mark.parametrize("name", BODIES)
def test_no_field_takes_a_value_of_another_json_type(name):
    adapter = TypeAdapter(BODIES[name])
    schema = adapter.json_schema()
    taken = [
        (place, value)
        for place, options in leaves(schema, schema)
        if place[0] not in OPEN
        for value in wrong_values(options)
        if not errors_at(adapter, place, value)
    ]
    assert taken == []


@pytest.mark.parametrize("name", BODIES)
def test_every_text_and_every_list_of_a_body_is_bounded(name):
    schema = TypeAdapter(BODIES[name]).json_schema()
    unbounded = [
        place
        for place, options in leaves(schema, schema)
        for option in options
        if (option.get("type") == "array" and "maxItems" not in option)
        or (
            option.get("type") == "string"
            and not {"maxLength", "enum", "const", "format"} & option.keys()
            and not any(other.get("type") == "number" for other in options)
        )
    ]
    assert unbounded == []
