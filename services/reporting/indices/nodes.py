"""Explanations as the API gives them: for people to read, and exact to calculate again."""

from collections.abc import Mapping, Sequence

from chassis.i18n import Language, say
from chassis.web import ResponseBody
from chassis.words import Sentence
from contracts.tasks import AssignmentState
from reporting.explanations.domain import Explanation
from reporting.explanations.labels import (
    COUNTS,
    EXTENDED,
    LATE,
    NO_LONGER_APPLICABLE,
    NUMBERS,
    ON_TIME,
    PAUSED,
    STATUSES,
)

WEIGHT = "weight_"


class Labelled(ResponseBody):
    """A number with its name."""

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
    """One step of an explanation. `value` as it is shown; `evaluation` holds it exactly.

    `title`, `rule`, `formula` and the labels are in the language of the request. For programs:
    `step` names what the title says, `title_facts` holds what fills it; `code` is that of the
    sub-criterion which the step is about.
    """

    title: str
    step: str
    title_facts: dict[str, str]
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
    language: Language,
    *,
    notes: Sequence[str] = (),
    facts: Sequence[Fact] = (),
    facts_total: int = 0,
) -> Node:
    """Return an explanation with its steps; `facts` are the assignments behind it."""
    e = explanation
    title, formula = say(e.text, language), e.formula and say(e.formula, language)
    counts = [_count(name, value, language) for name, value in e.facts.items()]
    return Node(
        title=title, step=e.step, title_facts=_facts(e.text, language),
        value=None if e.shown is None else str(e.shown), unit=e.unit, rule=formula or title,
        formula=formula, numbers=_numbers(e.numbers, language), facts=[*counts, *facts],
        facts_total=len(counts) + (facts_total or len(facts)), source=e.source, notes=list(notes),
        code=e.code,
        evaluation=Evaluation(
            rule=e.rule, numbers=dict(e.numbers), facts=dict(e.facts), value=e.value
        ),
        children=[node(part, language) for part in e.parts],
    )  # fmt: skip


def assignment_facts(states: Sequence[AssignmentState], language: Language) -> list[Fact]:
    """Return assignments as facts."""
    return [
        Fact(
            kind="assignment",
            id=str(state.assignment_id),
            label=f"{state.number} {state.subject_matter} {state.occurrence}".strip(),
            value=say(_standing(state), language),
        )
        for state in states
    ]


def _standing(state: AssignmentState) -> Sentence:
    """Return where an assignment stands, and the extension or pause behind it."""
    status = Sentence(STATUSES[state.status])
    if state.status == "cancelled" and state.no_longer_applicable:
        status = Sentence(NO_LONGER_APPLICABLE)
    if state.status == "done" and state.due_on and state.submitted_on:
        status = Sentence(ON_TIME if state.submitted_on <= state.due_on else LATE)
    if state.first_due_on and state.due_on:
        facts = {
            "status": status,
            "first": f"{state.first_due_on:%d/%m/%Y}",
            "now": f"{state.due_on:%d/%m/%Y}",
        }
        status = Sentence(EXTENDED, facts)
    return Sentence(PAUSED, {"status": status}) if state.paused_on else status


def _count(name: str, value: int, language: Language) -> Fact:
    label = say(COUNTS.get(name, name), language)
    return Fact(kind="count", id=None, label=label, value=str(value))


def _numbers(numbers: Mapping[str, str], language: Language) -> list[Labelled]:
    return [Labelled(label=_named(name, language), value=value) for name, value in numbers.items()]


def _named(number: str, language: Language) -> str:
    """Return what a number is called; the weight of an option by the option's letter."""
    if number.startswith(WEIGHT):
        return f"{say(NUMBERS['weight'], language)} {number.removeprefix(WEIGHT)}"
    return say(NUMBERS.get(number, number), language)


def _facts(sentence: Sentence, language: Language) -> dict[str, str]:
    return {
        name: say(fact, language) if isinstance(fact, (str, Sentence)) else str(fact)
        for name, fact in sentence.facts.items()
    }
