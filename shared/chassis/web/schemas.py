"""A JSON schema in the words of a reader: what a value looks like, not how it is validated."""

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_DEEPEST = 6
_BOUNDS = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minimum": ">= {}",
    "maximum": "<= {}",
    "exclusiveMinimum": "> {}",
    "exclusiveMaximum": "< {}",
    "pattern": "like {}",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
}


def shape(schema: Schema, document: Schema, depth: int = 0) -> str:  # noqa: PLR0911 - one per form
    """Return a sketch of the values a schema describes, objects with one line per field."""
    schema = _resolved(schema, document)
    if depth > _DEEPEST:
        return "…"
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " | ".join(shape(option, document, depth) for option in options)
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(v) for v in schema.get("enum", [schema.get("const")]))
    if "properties" in schema:
        return _object(schema, document, depth)
    if schema.get("type") == "array":
        return f"[{shape(schema.get('items', {}), document, depth)}]{_bounds(schema)}"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"{{…: {shape(schema['additionalProperties'], document, depth + 1)}}}"
    return f"{schema.get('format') or schema.get('type', 'any')}{_bounds(schema)}"


def _object(schema: Schema, document: Schema, depth: int) -> str:
    indent = "  " * (depth + 1)
    required = set(schema.get("required", []))
    lines = [
        f"{indent}{name}{'' if name in required else '?'}: {shape(field, document, depth + 1)}"
        for name, field in schema["properties"].items()
    ]
    return "{\n" + "\n".join(lines) + "\n" + "  " * depth + "}"


def _bounds(schema: Schema) -> str:
    found = [text.format(schema[key]) for key, text in _BOUNDS.items() if key in schema]
    return f" ({', '.join(found)})" if found else ""


def _resolved(schema: Schema, document: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return _resolved(found, document)
