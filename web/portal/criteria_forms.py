"""The form of a part of a criteria set: its inputs, and the fields that they are read into."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from starlette.datastructures import FormData

from portal.fields import Field
from portal.forms import text
from portal.i18n import mark

SPARE = 2  # blank lines for more tiers, deductions or grades
Kind = Literal["text", "long", "number", "lines", "check"]


@dataclass(frozen=True)
class Input:
    """An input. `name`: the path of its field below the part, `rule.tiers.0.points`."""

    name: str
    label: str
    kind: Kind = "text"

    @property
    def pointer(self) -> str:
        """How the service names the field."""
        return "/" + self.name.replace(".", "/")

    def shown(self, part: Mapping[str, Any]) -> str:
        """Return what the input holds of a part as it is stored."""
        value = at(part, self.name)
        if value is None or value is False:
            return ""
        if self.kind == "lines":
            return "\n".join(value)
        return str(value).replace(".", ",") if self.kind == "number" else str(value)


@dataclass(frozen=True)
class Group:
    """Inputs under one heading; `number` tells alike ones apart."""

    title: str
    inputs: tuple[Input, ...]
    number: int | None = None


NAME = Input("name", mark("Name"))
MAXIMUM = Input("max_points", mark("Maximum points"), "number")
_METHODS: dict[str, tuple[Input, ...]] = {
    "proportional": (
        Input("rule.numerator", mark("Numerator")),
        Input("rule.denominator", mark("Denominator")),
        Input("rule.full_at", mark("Full points from this rate, 0 to 1"), "number"),
        Input("rule.floor", mark("Floor: below this rate no points, 0 to 1"), "number"),
    ),
    "boolean": (
        Input("rule.condition", mark("Condition")),
        Input("rule.true_points", mark("Points when it holds"), "number"),
        Input("rule.false_points", mark("Points when it does not"), "number"),
    ),
    "survey_options": (
        Input("rule.respondents", mark("Who answers")),
        Input("rule.question", mark("Code of the survey question")),
    ),
    "survey_index": (Input("rule.factor", mark("Code of the satisfaction factor")),),
}
_REST = (
    Input("evidence", mark("Evidence asked for, one a line"), "lines"),
    Input("na_allowed", mark("May be not applicable"), "check"),
    Input("na_when", mark("Not applicable when")),
    Input("source", mark("Where the row is from")),
)
_HEAD = (
    Input("title", mark("Title")),
    Input("notice", mark("Notice that is shown with it"), "long"),
    Input("total_points", mark("Total points"), "number"),
    Input("bonus_max", mark("Most bonus points"), "number"),
    Input("penalty_max", mark("Most penalty points"), "number"),
)
_LISTED: dict[str, tuple[str, str, tuple[tuple[str, str, Kind], ...]]] = {
    "rule.tiers": (
        "when", mark("Tier"),
        (("when", mark("Words"), "text"), ("points", mark("Points"), "number"),
         ("at_least", mark("From"), "number")),
    ),
    "rule.deducts": (
        "per", mark("Deduction"),
        (("per", mark("Words"), "text"), ("minus", mark("Points lost"), "number")),
    ),
    "grade_bands": (
        "name", mark("Grade"),
        (("name", mark("Name"), "text"), ("at_least", mark("From"), "number"),
         ("more_than", mark("Only above it"), "check"), ("below", mark("Below"), "number"),
         ("up_to", mark("Up to"), "number")),
    ),
}  # fmt: skip


def groups_of(part: Mapping[str, Any]) -> list[Group]:
    """Return the inputs of a sub-criterion, of a part above it, or of the set itself."""
    if "areas" in part:
        return [Group(mark("The set"), _HEAD), *_listed("grade_bands", part)]
    named = Group(mark("Name and points"), (NAME, MAXIMUM))
    if "rule" not in part:
        return [named]
    method = Group(mark("Method"), _METHODS.get(part["rule"]["method"], ()))
    listed = [
        group
        for path in ("rule.tiers", "rule.deducts")
        if at(part, path) is not None
        for group in _listed(path, part)
    ]
    weights = [
        Input(f"rule.option_weights.{option}", mark("Weight, 0 to 1"), "number")
        for option in part["rule"].get("option_weights", {})
    ]
    options = [Group(each.name[-1], (each,)) for each in weights]
    filled = [method] if method.inputs else []
    return [named, *filled, *listed, *options, Group(mark("Evidence and the rest"), _REST)]


def _listed(path: str, part: Mapping[str, Any]) -> Iterator[Group]:
    _, title, columns = _LISTED[path]
    for number in range(len(at(part, path) or ()) + SPARE):
        inputs = (Input(f"{path}.{number}.{name}", label, kind) for name, label, kind in columns)
        yield Group(title, tuple(inputs), number + 1)


def fields_of(groups: Sequence[Group]) -> dict[str, Field]:
    """Return the inputs by the pointers that the service names them with."""
    return {each.pointer: Field(each.name, each.label) for group in groups for each in group.inputs}


def read_part(form: FormData, part: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that the form says otherwise than the part does; None takes one away."""
    read: dict[str, Any] = {}
    for group in groups_of(part):
        for each in group.inputs:
            _put(read, each.name, _value(form, each))
    found = _tidy(read, part)
    return {n: value for n, value in found.items() if _plain(value) != _plain(part.get(n))}


def _value(form: FormData, each: Input) -> Any:
    written = text(form, each.name)
    if each.kind == "check":
        return bool(written)
    if each.kind == "lines":
        return [line.strip() for line in written.split("\n") if line.strip()]
    return (written.replace(",", ".") if each.kind == "number" else written) or None


def _tidy(read: dict[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """Turn numbered lines into lists, leave blank ones out, keep what no input shows."""
    for path, (named_by, _, _) in _LISTED.items():
        lines = at(read, path)
        if lines is not None:
            before = at(part, path) or []
            kept = [
                {**_else(before, int(number), line), **_said(line)}
                for number, line in lines.items()
                if line[named_by]
            ]
            _put(read, path, kept)
    if "rule" in read:
        shown = dict.fromkeys(read["rule"])
        unshown = {k: v for k, v in part["rule"].items() if k not in shown}
        read["rule"] = {**unshown, **_said(read["rule"])}
    return read


def _else(before: Sequence[Mapping[str, Any]], number: int, line: Mapping[str, Any]) -> Any:
    there = before[number] if number < len(before) else {}
    return {name: value for name, value in there.items() if name not in line}


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, False)}


def _plain(value: Any) -> Any:
    """Return a value without what says nothing, to be compared."""
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items() if v not in (None, False)}
    return [_plain(each) for each in value] if isinstance(value, list) else value or None


def at(data: Any, path: str) -> Any:
    """Return what stands at a path, or None."""
    for step in path.split("."):
        if isinstance(data, Mapping):
            data = data.get(step)
        elif isinstance(data, Sequence) and not isinstance(data, str) and step.isdecimal():
            data = data[int(step)] if int(step) < len(data) else None
        else:
            return None
    return data


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for step in parents:
        data = data.setdefault(step, {})
    data[last] = value
