"""What may not change inside a version of an event: additions only, and only optional ones.

The values of a field may grow where only our services read it: one of the version before fails on a
value it does not know, keeps the event and tries again, until it is renewed.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def breaking_changes(old: Schema, new: Schema, *, internal: bool = False) -> list[str]:
    """Return, in words, every change of a schema that a reader of the old one would trip over."""
    found = _compare(old, new, old.get("$defs", {}), new.get("$defs", {}), "data")
    return [words for words, only_grew in found if not (internal and only_grew)]


def _compare(
    old: Schema, new: Schema, old_defs: Schema, new_defs: Schema, at: str
) -> Iterator[tuple[str, bool]]:
    for name, was in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is None:
            yield f"{at}.{name} is gone", False
        elif _shape(was) != _shape(now):
            yield f"{at}.{name} was {_shape(was)} and is {_shape(now)}", _only_grew(was, now)
    for name in set(old.get("required", [])) - set(new.get("required", [])):
        yield f"{at}.{name} is no longer always there", False
    for name, was in old_defs.items():
        if name not in new_defs:
            yield f"{name} is gone", False
        else:
            yield from _compare(was, new_defs[name], {}, {}, name)


def _only_grew(was: Schema, now: Schema) -> bool:
    """Tell whether a field takes every value it took, and more."""
    same = {**was, "enum": None} == {**now, "enum": None}
    return same and set(was.get("enum", [])) < set(now.get("enum", []))


def _shape(schema: Schema) -> str:
    parts = {k: v for k, v in schema.items() if k not in {"title", "description", "default"}}
    return str(sorted(parts.items(), key=lambda item: item[0]))
