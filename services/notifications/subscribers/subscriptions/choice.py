"""What may be chosen: declared public types and the fields they have. Refused by name otherwise.

Pure.
"""

import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from chassis.rules import InputRefused, Problem
from chassis.words import N_, Sentence
from contracts.catalogue import declared
from contracts.events import STAFF, Event

PUBLIC: Mapping[str, type[Event]] = {
    name: event for name, event in declared().items() if event.audience == "public"
}
"""Every type that leaves our services, in the order of names."""
_ALL_OF = ".*"
_UNKNOWN_TYPE = N_(
    "Không có loại sự kiện công khai nào là «{type}»: hãy chọn trong GET /v1/event_types, hoặc cả "
    "một dịch vụ như tasks.*"
)
_NO_ONE_TYPE = N_(
    "Không có loại sự kiện công khai nào là «{type}»: hãy ghi đúng một loại trong GET "
    "/v1/event_types, ví dụ tasks.assignment_created.v1"
)
_UNKNOWN_FIELD = N_(
    "Không loại sự kiện nào đã chọn có trường «{path}»: hãy xem lược đồ ở GET /v1/event_types, ví "
    "dụ data.assignment.status"
)
_NO_VALUES = N_(
    "«{path}» cần ít nhất một giá trị; mỗi giá trị là chuỗi tối đa {most} ký tự, số nguyên, true, "
    "false hoặc null"
)
LONGEST = 200
"""Characters of a value: every page of events is held against all values of all filters."""
_HIGHEST = 2**63


def known_types(patterns: Iterable[str]) -> frozenset[str]:
    """Return the public types that patterns name: a type, or `tasks.*` for all of a service."""
    return frozenset(name for pattern in patterns for name in _named(pattern))


def check_types(patterns: Sequence[str], pointer: str = "/types") -> None:
    """Raise InputRefused naming every pattern that names no public type."""
    problems = [
        Problem(f"{pointer}/{place}", Sentence(_UNKNOWN_TYPE, {"type": pattern}))
        for place, pattern in enumerate(patterns)
        if not any(_named(pattern))
    ]
    if problems:
        raise InputRefused("event_type_unknown", problems[0].sentence, problems)


def public_event(type_: str) -> type[Event]:
    """Return the event of one public type, no pattern. Raises InputRefused."""
    if type_ not in PUBLIC:
        sentence = Sentence(_NO_ONE_TYPE, {"type": type_})
        raise InputRefused("event_type_unknown", sentence, [Problem("/type", sentence)])
    return PUBLIC[type_]


def check_fields(fields: Mapping[str, Sequence[Any]], patterns: Sequence[str]) -> None:
    """Raise InputRefused naming every path that no chosen type has, or that has no values."""
    chosen = [PUBLIC[name] for name in (known_types(patterns) if patterns else PUBLIC)]
    problems = [
        Problem("/fields/" + path.replace("~", "~0").replace("/", "~1"), sentence)
        for path, values in fields.items()
        for sentence in _wrong(path, values, chosen)
    ]
    if problems:
        raise InputRefused("subscription_field_unknown", problems[0].sentence, problems)


def _named(pattern: str) -> Iterator[str]:
    service = pattern.removesuffix(_ALL_OF)
    for name in PUBLIC:
        if name == pattern or (pattern.endswith(_ALL_OF) and name.startswith(f"{service}.")):
            yield name


def _wrong(path: str, values: Collection[Any], chosen: Iterable[type[Event]]) -> Iterator[Sentence]:
    first, *rest = path.split(".")
    if first != "data" or not rest or not any(_has(event, rest) for event in chosen):
        yield Sentence(_UNKNOWN_FIELD, {"path": path})
    elif not values or not all(_is_plain(value) for value in values):
        yield Sentence(_NO_VALUES, {"path": path, "most": LONGEST})


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST
    return value is None or (isinstance(value, int) and abs(value) < _HIGHEST)


def _is_told(field: FieldInfo) -> bool:
    """Tell whether other systems are told: an answer to "whose?" would tell them, too."""
    return STAFF not in field.metadata


def _has(kind: Any, path: Sequence[str]) -> bool:
    """Tell whether values of a type may have something at a path; of lists, their elements."""
    if get_origin(kind) in {list, Union, types.UnionType}:
        return any(_has(option, path) for option in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(path[0]) if path else None
        return field is not None and _is_told(field) and _has(field.annotation, path[1:])
    if get_origin(kind) is dict:
        return bool(path) and _has(get_args(kind)[1], path[1:])
    return not path and kind is not type(None)
