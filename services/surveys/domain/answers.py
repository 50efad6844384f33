"""Check what a respondent sent against the questionnaire: all of it is right, or nothing is kept.

No question is required and nothing is imputed: a question left out, empty or "Không trả lời" is
missing, never 0 and never "unsatisfied". One opinion at least must be there: an empty ballot, or
one that says only who answered, is refused. A ballot with too few items answered is not refused:
it is kept and flagged (`invalid_ballot`), and does not count in the index.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from unicodedata import category, normalize
from uuid import UUID

from surveys.domain.questionnaire import Question, Questionnaire
from surveys.domain.wording import N_, Sentence

NO_ANSWER = ""  # the value of "Không trả lời" in the form; null in JSON
MOST_ERRORS = 50  # enough to correct a form; a hostile body gets no longer answer
NOT_ANSWERS = {"response_id", "lang"}  # form fields that belong to no question

Place = Literal["answers", "choices", "text", "unit_id"]  # where JSON bodies hold the value
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
class AnswerError:
    """One thing to correct. `code` is the question's, "" for the ballot; `pointer` for JSON."""

    code: str
    pointer: str
    sentence: Sentence

    @property
    def message(self) -> str:
        """The Vietnamese sentence, naming the question by number and code."""
        return str(self.sentence)


@dataclass(frozen=True)
class Raw:
    """Values as they came: any type, any code. Made by `raw_from_form`, or of a JSON body as it is."""

    answers: Mapping[str, object] = field(default_factory=dict)
    choices: Mapping[str, object] = field(default_factory=dict)
    text: Mapping[str, object] = field(default_factory=dict)
    unit_id: object = None


def form_fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    """Gather the pairs of a posted form; what `form.render` needs to show the answers again."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def raw_from_form(questionnaire: Questionnaire, fields: Fields) -> Raw:
    """Sort a form's fields by the kind of their question; strings of digits become numbers."""
    answers, choices, text = dict[str, object](), dict[str, object](), dict[str, object]()
    unit: object = None
    for name, values in fields.items():
        given = [_number(value) for value in values if value != NO_ANSWER]
        question = questionnaire.questions.get(name)
        if not given or name in NOT_ANSWERS:
            continue
        if question is None or question.kind == "scale5":
            answers[name] = given[0] if len(given) == 1 else given
        elif question.options_from:
            unit = values[0] if len(given) == 1 else given
        elif question.kind == "text":
            text[name] = "\n".join(values)
        else:
            choices[name] = given
    return Raw(answers, choices, text, unit)


def check(
    questionnaire: Questionnaire, raw: Raw, units: Collection[UUID] = ()
) -> Answers | list[AnswerError]:
    """Return the ballot, or every reason against it in the order of the form.

    Args:
        units: ids that may be named; empty when ticket or link already say which unit served,
            naming one is an error then.
    """
    reader = _Reader(questionnaire, frozenset(units))
    scaled = reader.each("answers", raw.answers, reader.level)
    choices = reader.each("choices", raw.choices, reader.chosen)
    texts = reader.each("text", raw.text, reader.text)
    unit_id = reader.unit(raw.unit_id)
    if not reader.errors and not questionnaire.opinions & {*scaled, *choices, *texts}:
        reader.refuse("", "answers", EMPTY)
    if reader.errors:
        return reader.sorted_errors()
    enough = questionnaire.ballot_rule.accepts(
        len(questionnaire.items & scaled.keys()), len(questionnaire.items)
    )
    return Answers(scaled, choices, texts, unit_id, invalid_ballot=not enough)


class _Reader:
    """Reads one ballot value by value and collects what is wrong."""

    def __init__(self, questionnaire: Questionnaire, units: frozenset[UUID]) -> None:
        self.questionnaire, self.units = questionnaire, units
        self.errors: list[AnswerError] = []

    def each[T](self, place, values, read): ...  # noqa: E501
