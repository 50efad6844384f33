"""Read the values of one ballot, each against its question, and collect what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard
from unicodedata import category, normalize
from uuid import UUID

from chassis.words import N_, Sentence
from surveys.questionnaires.domain import SCALE, Question, Questionnaire

MOST_ERRORS = 50  # enough to correct a form; a hostile body gets no longer answer

Place = Literal["answers", "choices", "text", "unit_id"]  # where a JSON body holds the value

EMPTY = N_("Phiếu chưa có ý kiến nào. Hãy trả lời ít nhất một câu hỏi đánh giá.")
UNKNOWN = N_("Phiếu không có câu hỏi mã {code}.")
LEVEL = N_("Câu {number}: chọn một mức từ 1 đến 5.")
OPTION = N_("Câu {number}: chọn trong {count} phương án của câu hỏi.")
ONE = N_("Câu {number}: chỉ chọn một phương án.")
TOO_MANY = N_("Câu {number}: chọn tối đa {most} phương án, đang chọn {count}.")
TWICE = N_("Câu {number}: có phương án được chọn hai lần.")
LONG = N_("Câu {number}: viết tối đa {most} ký tự, đang có {count}.")
NOT_TEXT = N_("Câu {number}: trả lời bằng chữ.")
UNIT = N_("Câu {number}: chọn một đơn vị trong danh sách.")
NO_UNIT = N_("Phiếu này không hỏi đơn vị giải quyết.")

LEVELS = frozenset(SCALE)


@dataclass(frozen=True)
class AnswerError:
    """One thing to correct. `code` is the question's, "" for the ballot; `pointer` for JSON.

    `sentence` names the question by the number people see.
    """

    code: str
    pointer: str
    sentence: Sentence


class Reader:
    """One ballot. The methods yield what is good and note an AnswerError for what is not."""

    def __init__(self, questionnaire: Questionnaire, units: frozenset[UUID]) -> None:
        self.questionnaire, self.units = questionnaire, units
        self.errors: list[AnswerError] = []

    def levels(self, values: Mapping[str, object]) -> Iterator[tuple[str, int]]:
        """Levels 1..5 of the scaled questions. `True` is no level, neither is 3.0."""
        if self._are_levels(values):
            yield from values.items()
            return
        for question, value in self._given("answers", values, {"scale5"}):
            if type(value) is int and value in LEVELS:
                yield question.code, value
            else:
                self.refuse("answers", question.code, LEVEL)

    def choices(self, values: Mapping[str, object]) -> Iterator[tuple[str, list[int]]]:
        """Option indexes, ascending."""
        for question, value in self._given("choices", values, {"single", "multi"}):
            given: list[object] = value if isinstance(value, list) else [value]
            indexes: list[int] = [index for index in given if self._is_option(index, question)]
            if len(indexes) < len(given):
                self.refuse("choices", question.code, OPTION, count=len(question.options))
            elif indexes and self._may_be_chosen(question, indexes):
                yield question.code, sorted(indexes)

    def texts(self, values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        """Free texts, cleaned; blank ones are missing."""
        for question, value in self._given("text", values, {"text"}):
            text, most = clean(value) if isinstance(value, str) else None, question.most_characters
            if text is None:
                self.refuse("text", question.code, NOT_TEXT)
            elif len(text) > most:
                self.refuse("text", question.code, LONG, most=most, count=len(text))
            elif text:
                yield question.code, text

    def unit(self, value: object) -> UUID | None:
        """The unit named, one of those on offer."""
        code = self.questionnaire.unit_question
        if value is None or value == "":
            return None
        if code is None or not self.units:
            self.refuse("unit_id", "", NO_UNIT)
            return None
        named = next((unit for unit in self.units if str(unit) == str(value).lower()), None)
        if named is None:
            self.refuse("unit_id", code, UNIT)
        return named

    def refuse(self, place: Place, code: str, template: str, **facts: str | int) -> None:
        """Note an error at a question of the questionnaire, or at the whole ballot."""
        if len(self.errors) >= MOST_ERRORS:
            return
        about: dict[str, str | int] = {
            "code": code,
            "number": self.questionnaire.numbers.get(code, 0),
        }
        pointer = f"/{place}" if place == "unit_id" or not code else f"/{place}/{code}"
        self.errors.append(AnswerError(code, pointer, Sentence(template, {**about, **facts})))

    def in_order(self) -> list[AnswerError]:
        """The errors as the questions stand in the form, those about no question last."""
        last = len(self.questionnaire.numbers) + 1
        return sorted(self.errors, key=lambda e: self.questionnaire.numbers.get(e.code, last))

    def _given(
        self, place: Place, values: Mapping[str, object], kinds: set[str]
    ) -> Iterator[tuple[Question, object]]:
        for code, value in values.items():
            question = self.questionnaire.questions.get(code)
            if question is None or question.kind not in kinds or question.options_from:
                self._refuse_unknown(place, code)
            elif value is not None:
                yield question, value

    def _are_levels(self, values: Mapping[str, object]) -> TypeGuard[Mapping[str, int]]:
        """Whether nothing is wrong or missing: most ballots, at a tenth of the cost."""
        return (
            values.keys() <= self.questionnaire.scaled
            and set(map(type, values.values())) <= {int}
            and LEVELS.issuperset(values.values())
        )

    def _refuse_unknown(self, place: Place, code: str) -> None:
        if len(self.errors) < MOST_ERRORS:
            shown = clean(code)[:40]
            self.errors.append(AnswerError("", f"/{place}", Sentence(UNKNOWN, {"code": shown})))

    @staticmethod
    def _is_option(index: object, question: Question) -> TypeGuard[int]:
        return type(index) is int and 0 <= index < len(question.options)

    def _may_be_chosen(self, question: Question, indexes: list[int]) -> bool:
        count, most = len(indexes), question.most_choices
        if count > most and question.kind == "single":
            self.refuse("choices", question.code, ONE)
        elif count > most:
            self.refuse("choices", question.code, TOO_MANY, most=most, count=count)
        elif len(set(indexes)) < count:
            self.refuse("choices", question.code, TWICE)
        else:
            return True
        return False


def clean(text: str) -> str:
    """Give a text one spelling: NFC, one kind of line end, no control characters or surrogates.

    Browsers send CR LF; PostgreSQL refuses U+0000, and UTF-8 has no half of a surrogate pair.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    cleaned = "".join(sign for sign in lines if sign == "\n" or category(sign) not in {"Cc", "Cs"})
    return normalize("NFC", cleaned).strip()
