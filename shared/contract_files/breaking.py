"""What may not change inside a version of an event: additions only, and only optional ones."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Return, in words, every change of a schema that a reader of the old one would trip over."""
    return list(_compare(old, new, old.get("$defs", {}), new.get("$defs", {}), "data"))


def _compare(
    old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, at: str
) -> Iterator[str]:
    for name, was in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is None:
            yield f"{at}.{name} is gone"
        elif _shape(was) != _shape(now):
            yield f"{at}.{name} was {_shape(was)} and is {_shape(now)}"
    for name in set(old.get("required", [])) - set(new.get("required", [])):
        yield f"{at}.{name} is no longer always there"
    for name, was in old_defs.items():
        if name not in new_defs:
            yield f"{name} is gone"
        else:
            yield from _compare(was, new_defs[name], {}, {}, name)


def _shape(schema: Schema) -> str:
    parts = {k: v for k, v in schema.items() if k not in {"title", "description", "default"}}
    return str(sorted(parts.items(), key=lambda item: item[0]))
