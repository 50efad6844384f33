"""The OpenAPI document says what FastAPI cannot know: who may call, keys, and how failures look."""

from typing import Any

from fastapi import FastAPI

from chassis.access import INTERNAL, PUBLIC
from chassis.web.problems import MEDIA_TYPE

PROBLEM = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457. `code` is stable; title and detail are for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "instance": {"type": "string", "description": "id of the request, as in X-Request-Id"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {
                    "pointer": {"type": "string", "format": "json-pointer"},
                    "message": {"type": "string"},
                    "source": {"type": "string", "enum": ["query", "path", "header"]},
                },
            },
        },
    },
}
_FAILURE = {
    "description": "Any failure",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new value per action, the same one when it is sent again. Kept for 24 hours.",
    "schema": {"type": "string", "maxLength": 255},
}
_SCHEMES = {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
_METHODS = {"get", "post", "put", "patch", "delete"}


def complete_openapi(app: FastAPI) -> None:
    """Make `app.openapi()` return the completed document."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        if "Problem" not in document.setdefault("components", {}).setdefault("schemas", {}):
            _complete(document)
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


def _complete(document: dict[str, Any]) -> None:
    components = document["components"]
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = _SCHEMES
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            if method in _METHODS:
                _complete_operation(method, operation)


def _complete_operation(method: str, operation: dict[str, Any]) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = _FAILURE
    policy = operation.get("x-policy", PUBLIC)
    if policy == PUBLIC:
        return
    operation["security"] = [{"token": []}]
    if method == "post" and policy != INTERNAL:
        operation.setdefault("parameters", []).append(_KEY)
