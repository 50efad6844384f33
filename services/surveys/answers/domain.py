"""Checks a ballot against its questionnaire: all of it is right, or nothing is stored. Composed.

No question is required and nothing is imputed: a question left out, empty or "Không trả lời" is
missing, never 0 and never "unsatisfied". One opinion at least must be there: an empty ballot, or
one that says only who answered, is refused. A ballot with too few items answered is not refused:
it is stored and flagged (`invalid_ballot`), and does not count in the index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from surveys.answers.reading import EMPTY, AnswerError, Reader
from surveys.questionnaires.domain import Questionnaire

State = Literal["counted", "held", "excluded"]
"""What becomes of a stored ballot."""
NO_ANSWER = ""  # the value of "Không trả lời" in the form; null in JSON
NOT_ANSWERS = {"response_id", "lang", "partial"}  # form fields that belong to no question
LONGEST_NUMBER = 3  # digits of a level or an option index

Fields = Mapping[str, Sequence[str]]  # a posted form: every field with all its values


@dataclass(frozen=True)
class Answers:
    """One accepted ballot.

    `scaled`: question code → 1..5. `choices`: code → option indexes from 0, ascending.
    `texts`: code → non-empty text, NFC. `unit_id`: the unit the respondent named, if asked.
    """

    scaled: dict[str, int]
    choices: dict[str, list[int]]
    texts: dict[str, str]
    unit_id: UUID | None
    invalid_ballot: bool


@dataclass(frozen=True)
class Raw:
    """Values as they came: any type, any code. From a JSON body as it is, or by `raw_from_form`."""

    answers: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, object] = field(default_factory=dict)
    text: Mapping[str, object] = field(default_factory=dict)
    unit_id: object = None


def check(
    questionnaire: Questionnaire, raw: Raw, units: Collection[UUID] = ()
) -> Answers | list[AnswerError]:
    """Return the ballot, or every reason against it in the order of the form. Raises nothing.

    Args:
        raw: values as they came, of any type and under any code.
        units: ids that may be named; empty when ticket or link already say which unit served,
            naming one is an error then.
    """
    reader = Reader(questionnaire, frozenset(units))
    scaled = dict(reader.levels(raw.answers))
    choices = dict(reader.choices(raw.choices))
    texts = dict(reader.texts(raw.text))
    unit_id = reader.unit(raw.unit_id)
    if not reader.errors and not questionnaire.opinions & {*scaled, *choices, *texts}:
        reader.refuse("answers", "", EMPTY)
    if reader.errors:
        return reader.in_order()
    items = questionnaire.items
    enough = questionnaire.ballot_rule.accepts(len(items & scaled.keys()), len(items))
    return Answers(scaled, choices, texts, unit_id, invalid_ballot=not enough)


def form_fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Gather the pairs of a posted form; what `render.form` needs to show the answers again."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def raw_from_form(questionnaire: Questionnaire, fields: Fields) -> Raw:
    """Sort a form's fields by the kind of their question; strings of digits become numbers."""
    sorted_: dict[str, dict[str, object]] = {"answers": {}, "choices": {}, "text": {}}
    unit: object = None
    for name, values in fields.items():
        given = [value for value in values if value != NO_ANSWER]
        if not given or name in NOT_ANSWERS:
            continue
        if name == questionnaire.unit_question:
            unit = given[0] if len(given) == 1 else given
        else:
            place, value = _placed(questionnaire, name, given)
            sorted_[place][name] = value
    return Raw(sorted_["answers"], sorted_["choices"], sorted_["text"], unit)


def _placed(questionnaire: Questionnaire, name: str, given: list[str]) -> tuple[str, object]:
    question = questionnaire.questions.get(name)
    numbers = [_number(value) for value in given]
    if question is None or question.kind == "scale5":
        return "answers", numbers[0] if len(numbers) == 1 else numbers
    if question.kind == "text":
        return "text", "\n".join(given)
    return "choices", numbers


def _number(value: str) -> int | str:
    """Read ASCII digits as a number; anything else stays a string, for the check to refuse."""
    short = value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER
    return int(value) if short else value
