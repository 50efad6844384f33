"""A filter by content as people write it, a line per field: `data.assignment.status = done`."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_VALUE = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)')
_WORDS = {"true": True, "false": False, "null": None}
_WHOLE = re.compile(r"-?\d{1,15}")


def read(written: str) -> dict[str, list[Any]]:
    """Return for each path the values it may have; one without any stays, to be refused.

    A value is a whole number, true, false, null or a text; a text that looks like one of those, or
    has a comma, stands in quotation marks. A path on several lines has the values of all of them.
    """
    fields: dict[str, list[Any]] = {}
    for line in filter(None, map(str.strip, written.splitlines())):
        path, _, values = line.partition("=")
        fields.setdefault(path.strip(), []).extend(_values(values))
    return fields


def written(fields: Mapping[str, Sequence[Any]]) -> str:
    """Return a filter as it is written: reading it gives the same."""
    return "\n".join(f"{path} = {', '.join(map(_written, fields[path]))}" for path in fields)


def _values(text: str) -> list[Any]:
    found = (match.strip() for match in _VALUE.findall(text))
    return [_value(each) for each in found if each]


def _value(text: str) -> Any:
    if text.startswith('"'):
        try:
            return json.loads(text)
        except ValueError:
            return text
    if _WHOLE.fullmatch(text):
        return int(text)
    return _WORDS.get(text, text)


def _written(value: Any) -> str:
    if isinstance(value, str) and _values(value) == [value]:
        return value
    return json.dumps(value, ensure_ascii=False)
