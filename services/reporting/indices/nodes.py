"""Explanations as the API gives them: for people to read, and exact to calculate again."""

from collections.abc import Sequence
from typing import Any

from chassis.web import ResponseBody
from contracts.tasks import AssignmentState
from reporting.explanations.evaluation import Explanation
from reporting.explanations.labels import FACTS, NUMBERS, PERCENT_RULES, STATUSES


class Labelled(ResponseBody):
    """A number with its Vietnamese name."""

    label: str
    value: str


class Fact(ResponseBody):
    """A stored fact: a count, or one assignment that is counted."""

    kind: str
    id: str | None
    label: str
    value: str | None


class Evaluation(ResponseBody):
    """What a machine needs to calculate the value again: docs/indices.md lists the rules."""

    rule: str
    numbers: dict[str, str]
    facts: dict[str, int]
    value: str | None


class Node(ResponseBody):
    """One step of an explanation. `value` as it is shown; `evaluation` holds it exactly."""

    title: str
    value: str | None
    unit: str
    rule: str
    formula: str | None
    numbers: list[Labelled]
    facts: list[Fact]
    facts_total: int
    source: str | None
    notes: list[str]
    code: str | None
    evaluation: Evaluation
    children: list["Node"]


def node(
    explanation: Explanation,
    *,
    notes: Sequence[str] = (),
    facts: Sequence[Fact] = (),
    facts_total: int = 0,
    code: str | None = None,
) -> Node:
    """Return an explanation with its steps; `facts` are the assignments behind it."""
    e = explanation
    counts = [
        Fact(kind="count", id=None, label=FACTS.get(name, name), value=str(value))
        for name, value in e.facts.items()
    ]
    return Node(
        title=e.text,
        value=None if e.shown is None else str(e.shown),
        unit="percent" if e.rule in PERCENT_RULES else "points",
        rule=e.formula or e.text,
        formula=e.formula or None,
        numbers=[
            Labelled(label=NUMBERS.get(name, name), value=value)
            for name, value in e.numbers.items()
        ],
        facts=[*counts, *facts],
        facts_total=len(counts) + (facts_total or len(facts)),
        source=e.source,
        notes=list(notes),
        code=code or _code(e),
        evaluation=Evaluation(rule=e.rule, numbers=e.numbers, facts=e.facts, value=e.value),
        children=[node(part) for part in e.parts],
    )


def assignment_facts(states: Sequence[AssignmentState]) -> list[Fact]:
    """Return assignments as facts."""
    return [
        Fact(
            kind="assignment",
            id=str(state.assignment_id),
            label=f"{state.number} {state.subject_matter} {state.occurrence}".strip(),
            value=STATUSES[state.status],
        )
        for state in states
    ]


def _code(explanation: Explanation) -> str | None:
    """Return the sub-criterion a step is about: steps begin with its code, e.g. `1.1.3 Mức độ…`."""
    first: Any = explanation.text.split(" ", 1)[0]
    return first if first.count(".") == 2 and not first.endswith(".") else None  # noqa: PLR2004
