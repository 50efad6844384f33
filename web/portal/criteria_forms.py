"""The form of a part of a criteria set: its inputs, and the fields that they are read into."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Literal

from starlette.datastructures import FormData

from portal.fields import Field
from portal.forms import text
from portal.i18n import mark

SPARE = 2  # blank lines for more tiers, deductions or grades
Kind = Literal["text", "long", "number", "lines", "check", "choice"]


@dataclass(frozen=True)
class Input:
    """An input. `name`: the path of its field below the part, `rule.tiers.0.points`.

    `options`: of a choice, the values with their words; a blank one says nothing.
    """

    name: str
    label: str
    kind: Kind = "text"
    options: tuple[tuple[str, str], ...] = ()

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


CODE = Input("code", mark("Code"))
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
    "tiered": (
        Input("rule.measure", mark("What is measured"), "choice", (
            ("choice", mark("A person chooses the tier")), ("rate", mark("A rate, 0 to 1")),
            ("count", mark("A count")), ("tasks", mark("The tasks that feed it")),
        )),
    ),
}  # fmt: skip
_BLANK: dict[str, dict[str, Any]] = {
    "deduction": {"deducts": [{"per": "", "minus": "1"}]},
    "boolean": {"condition": "", "true_points": "", "false_points": "0"},
    "tiered": {"measure": "choice", "tiers": [{"when": ""}, {"when": ""}]},
    "proportional": {"numerator": "", "denominator": "", "full_at": "1", "floor": "0"},
    "survey_options": {
        "respondents": "", "option_weights": {"A": "1", "B": "0.6", "C": "0.2", "D": "0"},
    },
    "survey_index": {"factor": ""},
}  # fmt: skip
METHODS = tuple(_BLANK)
_REST = (
    Input("feeds_from", mark("What feeds it"), "choice", (
        ("", mark("people alone")), ("tasks", mark("from tasks")),
        ("surveys", mark("from surveys")), ("reporting", mark("from reports")),
    )),
    Input("counts", mark("Which tasks count, where tasks feed it"), "choice", (
        ("", mark("none")), ("plan", mark("all of the year's plans")),
        ("linked", mark("those linked to it")),
    )),
    Input("evidence", mark("Evidence asked for, one a line"), "lines"),
    Input("na_allowed", mark("May be not applicable"), "check"),
    Input("na_when", mark("Not applicable when")),
    Input("source", mark("Where the row is from")),
)  # fmt: skip
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
    "rule.tiers of tasks": (
        "when", mark("Tier"),
        (("when", mark("Words"), "text"), ("points", mark("Points"), "number"),
         ("all_done", mark("all done"), "check"), ("all_on_time", mark("all on time"), "check"),
         ("any_overdue", mark("some overdue"), "check")),
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
    named = Group(mark("Name and points"), (CODE, NAME, MAXIMUM))
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
        for option in _options(part["rule"])
    ]
    options = [Group(each.name[-1], (each,)) for each in weights]
    filled = [method] if method.inputs else []
    return [named, *filled, *listed, *options, Group(mark("Evidence and the rest"), _REST)]


def with_method(part: Mapping[str, Any], method: str) -> Mapping[str, Any]:
    """Return a row as it is scored by another method, blank where that asks something else.

    What surveys score they feed, and nothing else is fed by them.
    """
    if method not in _BLANK or "rule" not in part or part["rule"]["method"] == method:
        return part
    points = {"true_points": part.get("max_points") or ""} if method == "boolean" else {}
    changed = {**part, "rule": {"method": method, **_BLANK[method], **points}}
    if method.startswith("survey"):
        return {**changed, "feeds_from": "surveys", "counts": None}
    return {**changed, "feeds_from": None} if part.get("feeds_from") == "surveys" else changed


def blank(code: str, *, row: bool) -> Mapping[str, Any]:
    """Return a part that is to be added: a group, or a row that loses points by deduction."""
    group = {"code": code, "name": "", "max_points": ""}
    rule = {"method": "deduction", **_BLANK["deduction"]}
    return {**group, "rule": rule, "source": "set"} if row else group


def _options(rule: Mapping[str, Any]) -> list[str]:
    """Return the options of a survey's question, and the next ones to add."""
    known = list(rule.get("option_weights") or ())
    return known and [*known, *ascii_uppercase[len(known) : len(known) + SPARE]]


def _listed(path: str, part: Mapping[str, Any]) -> Iterator[Group]:
    of_tasks = path == "rule.tiers" and at(part, "rule.measure") == "tasks"
    _, title, columns = _LISTED["rule.tiers of tasks" if of_tasks else path]
    for number in range(len(at(part, path) or ()) + SPARE):
        inputs = (Input(f"{path}.{number}.{name}", label, kind) for name, label, kind in columns)
        yield Group(title, tuple(inputs), number + 1)


def fields_of(groups: Sequence[Group]) -> dict[str, Field]:
    """Return the inputs by the pointers that the service names them with."""
    return {each.pointer: Field(each.name, each.label) for group in groups for each in group.inputs}


def read_part(
    form: FormData, part: Mapping[str, Any], stored: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the fields that the form says otherwise than what is stored; None takes one away.

    `part`: as the form showed it, which with another method is not what is stored.
    """
    read: dict[str, Any] = {}
    for group in groups_of(part):
        for each in group.inputs:
            _put(read, each.name, _value(form, each))
    found, kept = _tidy(read, part), part if stored is None else stored
    return {n: value for n, value in found.items() if _plain(value) != _plain(kept.get(n))}


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
        if " " in path:
            continue  # other columns of the same list
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
        if weights := read["rule"].get("option_weights"):
            read["rule"]["option_weights"] = _said(weights)
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
