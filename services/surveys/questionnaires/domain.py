"""The questionnaire: sections of questions, each with its kind, limits and wording.

A published version never changes: a correction is a new version (`check_editable`).
"""

from functools import cached_property
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chassis.rules import RuleBroken
from chassis.words import N_, Sentence
from contracts.surveys import QuestionKind, QuestionnaireState, QuestionState
from surveys.questionnaires.problems import Fault, explain

Status = Literal["draft", "published"]

ACTS: dict[Status, tuple[str, ...]] = {"draft": ("change", "publish"), "published": ("change",)}
"""What may be done with a questionnaire, by the status of its version: see `access.RIGHTS`."""
SCALE: dict[int, Sentence] = {
    1: Sentence(N_("Rất không hài lòng")),
    2: Sentence(N_("Không hài lòng")),
    3: Sentence(N_("Bình thường")),
    4: Sentence(N_("Hài lòng")),
    5: Sentence(N_("Rất hài lòng")),
}
"""The five levels of a scaled question, in the words of decision 1001/QĐ-BNV's surveys."""

CODE = r"^[A-Z][A-Z0-9]{0,7}(\.[A-Z0-9]{1,4})*$"  # also a form field and an HTML id
TEXT_DEFAULT = 2000  # characters of a free text, enough for a page
MOST_QUESTIONS = 100  # a ballot nobody finishes; also bounds the page and the stored answer


class Model(BaseModel):
    """A part of a questionnaire: unknown fields are refused, values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, strict=True)


class Question(Model):
    """One question. Every question may be skipped; there is no `required` on purpose.

    `general` asks about the section (or the service) as a whole: shown, never counted as an item.
    `options_from="units"`: the options are the units of the round, the answer is a unit's id.
    `source` says where the wording comes from; `composed` when it is ours.
    """

    code: str = Field(pattern=CODE)
    kind: QuestionKind
    text: str = Field(min_length=1, max_length=500)
    general: bool = False
    options: list[str] = Field(default=[], max_length=40)
    options_from: Literal["units"] | None = None
    max_choices: int | None = Field(default=None, ge=1)
    max_len: int | None = Field(default=None, ge=1, le=5000)
    source: str | None = Field(default=None, max_length=300)

    @property
    def most_choices(self) -> int:
        """How many options one answer may name."""
        return 1 if self.kind == "single" else self.max_choices or len(self.options)

    @property
    def most_characters(self) -> int:
        """Length limit of a free text, in characters."""
        return self.max_len or TEXT_DEFAULT

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        wrong = next((sentence for broken, sentence in self._rules() if broken), None)
        if wrong:
            raise Fault(wrong, most=self.max_choices, count=len(self.options))
        return self

    def _rules(self) -> list[tuple[bool, str]]:
        from_units, count = self.options_from is not None, len(self.options)
        chosen = self.kind in {"single", "multi"} and not from_units
        return [
            (chosen and count < 2,  # noqa: PLR2004 - a choice
             N_("cần ít nhất hai phương án trả lời")),
            (not chosen and count > 0, N_("loại câu hỏi này không có phương án trả lời")),
            (len(set(self.options)) < count, N_("có hai phương án trả lời trùng nhau")),
            (from_units and self.kind != "single",
             N_("chỉ câu chọn một mới lấy phương án từ đơn vị")),
            (self.max_choices is not None and self.kind != "multi",
             N_("“max_choices” chỉ dùng cho câu chọn nhiều")),
            ((self.max_choices or 0) > count > 0,
             N_("cho chọn tối đa {most} nhưng chỉ có {count} phương án")),
            (self.max_len is not None and self.kind != "text",
             N_("“max_len” chỉ dùng cho câu trả lời bằng chữ")),
            (self.general and self.kind != "scale5",
             N_("câu hỏi chung (“general”) phải theo thang 5 mức")),
        ]  # fmt: skip


class Section(Model):
    """Questions shown together. With `factor` it is a SIPAS factor and its code is the factor's.

    `about_respondent`: who answers, not what they think; such answers alone make no ballot.
    """

    code: str = Field(pattern=CODE)
    title: str = Field(min_length=1, max_length=200)
    factor: bool = False
    about_respondent: bool = False
    questions: list[Question] = Field(min_length=1, max_length=MOST_QUESTIONS)

    @model_validator(mode="after")
    def _factor_has_items(self) -> Self:
        scaled = [question for question in self.questions if question.kind == "scale5"]
        if self.factor and all(question.general for question in scaled):
            raise Fault(N_("yếu tố phải có ít nhất một câu theo thang 5 mức"))
        if self.factor and sum(question.general for question in scaled) > 1:
            raise Fault(N_("mỗi yếu tố chỉ có một câu hỏi chung"))
        return self


class BallotRule(Model):
    """A ballot counts when at least `answered` of every `of` scaled items are answered.

    2 of 3 is a composed rule, not one read in a decision: data, to be changed when one is.
    """

    answered: int = Field(default=2, ge=0)
    of: int = Field(default=3, ge=1)

    def accepts(self, answered: int, items: int) -> bool:
        """Tell whether `answered` of `items` are enough; the limit itself is."""
        return answered * self.of >= items * self.answered


class Questionnaire(Model):
    """Everything asked of a respondent. `load` builds one and explains what is wrong with it.

    `composed_note` is shown wherever the questionnaire is: its wording is not an official form's.
    `english` maps a Vietnamese text of this questionnaire to English; what it lacks stays as it is.
    """

    code: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9-]+$")
    title: str = Field(min_length=1, max_length=300)
    composed: bool
    composed_note: str | None = Field(default=None, max_length=500)
    sections: list[Section] = Field(min_length=1, max_length=20)
    ballot_rule: BallotRule = BallotRule()
    english: dict[str, str] = {}

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by its code, in the order of the form."""
        return {question.code: question for part in self.sections for question in part.questions}

    @cached_property
    def scaled(self) -> frozenset[str]:
        """Codes of the questions answered by a level from 1 to 5."""
        return frozenset(code for code, asked in self.questions.items() if asked.kind == "scale5")

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number people see beside each question, from 1."""
        return {code: number for number, code in enumerate(self.questions, start=1)}

    @cached_property
    def items(self) -> frozenset[str]:
        """Codes of the scaled questions an index is made of: in a factor and not general."""
        return frozenset(
            question.code
            for part in self.sections
            for question in part.questions
            if part.factor and question.kind == "scale5" and not question.general
        )

    @cached_property
    def opinions(self) -> frozenset[str]:
        """Codes of the questions that ask what somebody thinks, not who they are."""
        return frozenset(
            question.code
            for part in self.sections
            for question in part.questions
            if not part.about_respondent
        )

    @cached_property
    def unit_question(self) -> str | None:
        """Code of the question that asks which unit served, if there is one."""
        return next((code for code, q in self.questions.items() if q.options_from), None)

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        asked = [question for part in self.sections for question in part.questions]
        _refuse_repeats([part.code for part in self.sections], N_("mã phần {code} dùng hai lần"))
        _refuse_repeats([question.code for question in asked], N_("mã câu hỏi {code} dùng hai lần"))
        if len(asked) > MOST_QUESTIONS:
            raise Fault(N_("phiếu có {count} câu, tối đa {most}"), count=len(asked),
                        most=MOST_QUESTIONS)  # fmt: skip
        if sum(question.options_from is not None for question in asked) > 1:
            raise Fault(N_("chỉ một câu hỏi được lấy phương án từ danh sách đơn vị"))
        if self.composed and not self.composed_note:
            raise Fault(N_("phiếu tự soạn phải có câu nói rõ điều đó (“composed_note”)"))
        self._refuse_stray_translations(asked)
        return self

    def _refuse_stray_translations(self, asked: list[Question]) -> None:
        texts = {self.title, self.composed_note, *(part.title for part in self.sections)}
        texts |= {text for question in asked for text in (question.text, *question.options)}
        if stray := next((text for text in self.english if text not in texts), None):
            raise Fault(N_("bản tiếng Anh dịch một câu không có trong phiếu: “{text}”"),
                        text=stray[:80])  # fmt: skip


def _refuse_repeats(codes: list[str], sentence: str) -> None:
    if twice := next((code for code in codes if codes.count(code) > 1), None):
        raise Fault(sentence, code=twice)


def load(raw: Any) -> Questionnaire:
    """Build a questionnaire from parsed YAML or JSON; composed structure, `demo/` has one.

    Raises InputRefused (`questionnaire_invalid`) with a sentence per fault, each naming the
    question, and its JSON pointer into `raw`.
    """
    try:
        return Questionnaire.model_validate(raw)
    except ValidationError as error:
        raise explain(error, raw) from error


def check_editable(status: Status) -> None:
    """Raise RuleBroken (`questionnaire_published`) unless the version is still a draft.

    Also the guard of publishing. Composed: rounds must know what exactly they ask.
    """
    if status == "published":
        sentence = N_("Phiếu đã ban hành, không sửa được; hãy tạo phiên bản mới.")
        raise RuleBroken("questionnaire_published", Sentence(sentence))


def to_state(
    questionnaire: Questionnaire, questionnaire_id: UUID, version: int
) -> QuestionnaireState:
    """Return the questionnaire as its event has it: no English, no limits, factors by code."""
    return QuestionnaireState(
        questionnaire_id=questionnaire_id,
        version=version,
        code=questionnaire.code,
        title=questionnaire.title,
        composed=questionnaire.composed,
        factors={part.code: part.title for part in questionnaire.sections if part.factor},
        questions=[_state(q, part) for part in questionnaire.sections for q in part.questions],
    )


def _state(question: Question, part: Section) -> QuestionState:
    return QuestionState(
        code=question.code,
        kind=question.kind,
        text=question.text,
        factor=part.code if part.factor and question.kind == "scale5" else None,
        general=question.general,
        options=question.options,
    )
