"""Which events a subscription takes. Pure: the feed, webhooks and queues ask this one function."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

T = TypeVar("T")
Envelope = Mapping[str, Any]
"""A CloudEvents envelope as JSON was read: ids and instants are text."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted. `types` None: every type; `unit_ids` None: of every unit and of none.

    Attributes:
        types: declared types, not patterns.
        unit_ids: an event passes when it is about one of them.
        fields: for a dotted path of the envelope (`data.assignment.status`) the values it may
            have; all paths must fit. A path that an event does not have does not fit.
    """

    types: frozenset[str] | None = None
    unit_ids: frozenset[UUID] | None = None
    fields: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def within(wanted: Filter, scope: Filter) -> Filter:
    """Return what is wanted and in scope; a scope names no fields."""
    return Filter(
        _both(wanted.types, scope.types), _both(wanted.unit_ids, scope.unit_ids), wanted.fields
    )


def takes(wanted: Filter, envelope: Envelope, units: frozenset[UUID] | None = None) -> bool:
    """Tell whether an event is one that is wanted.

    `units`: its `units_of`, for who asks for many filters.
    """
    if wanted.types is not None and envelope["type"] not in wanted.types:
        return False
    if wanted.unit_ids is not None:
        about = units_of(envelope["data"]) if units is None else units
        if wanted.unit_ids.isdisjoint(about):
            return False
    return all(_fits(envelope, path, values) for path, values in wanted.fields.items())


_LISTS = ("coordinating_unit_ids", "unit_ids", "former_unit_ids")


def units_of(data: Mapping[str, Any]) -> frozenset[UUID]:
    """Return the units an event is about: leading, helping, asked, and those that led before.

    None: it is about the whole department.

    Read from the state that every public event carries, by the names these have in all of them.
    """
    found = set()
    for state in data.values():
        if isinstance(state, Mapping):
            listed = [id_ for name in _LISTS for id_ in state.get(name) or ()]
            found |= {UUID(str(each)) for each in (state.get("unit_id"), *listed) if each}
    return frozenset(found)


def _both(one: frozenset[T] | None, other: frozenset[T] | None) -> frozenset[T] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _fits(envelope: Envelope, path: str, values: Collection[Any]) -> bool:
    return any(_same(found, value) for found in _at(envelope, path.split(".")) for value in values)


def _same(found: Any, value: Any) -> bool:
    """Compare as JSON does: `true` is not 1."""
    return isinstance(found, bool) == isinstance(value, bool) and found == value


def _at(value: Any, path: Sequence[str]) -> Iterator[Any]:
    """Yield what stands at a path; of a list each of its elements."""
    if isinstance(value, list):
        for each in value:
            yield from _at(each, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
