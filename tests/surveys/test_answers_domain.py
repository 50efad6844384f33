"""Answers of a form or a JSON body: all right, or every fault said; nothing imputed."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from surveys.answers.domain import Answers, Raw, check, form_fields, raw_from_form
from surveys.answers.reading import MOST_ERRORS, AnswerError
from surveys.questionnaires.domain import load

QUESTIONNAIRE = load(
    yaml.safe_load((Path(__file__).parents[2] / "demo" / "questionnaire.yaml").read_text())
)
UNIT = UUID("0194c0de-0000-7000-8000-00000000000a")
ITEMS = sorted(QUESTIONNAIRE.items)


def accepted(raw: Raw, units: tuple[UUID, ...] = (UNIT,)) -> Answers:
    result = check(QUESTIONNAIRE, raw, units)
    assert isinstance(result, Answers), result
    return result


def refused(raw: Raw, units: tuple[UUID, ...] = (UNIT,)) -> list[AnswerError]:
    result = check(QUESTIONNAIRE, raw, units)
    assert isinstance(result, list), result
    return result


def posted(*pairs: tuple[str, str]) -> Raw:
    return raw_from_form(QUESTIONNAIRE, form_fields(pairs))


def test_a_form_and_a_json_body_with_the_same_answers_are_the_same_ballot() -> None:
    form = posted(
        ("response_id", "8a0f"), ("lang", "en"),
        ("F1.1", "5"), ("F1.2", ""), ("P.1", "0"), ("E.1", "3"), ("E.1", "1"),
        ("T.1", " Nên có\r\nghế chờ. "), ("D.7", str(UNIT)),
    )  # fmt: skip
    json = Raw({"F1.1": 5, "F1.2": None}, {"P.1": [0], "E.1": [1, 3]}, {"T.1": "Nên có\nghế chờ."},
               str(UNIT))  # fmt: skip

    assert accepted(form) == accepted(json)
    assert accepted(json).scaled == {"F1.1": 5}
    assert accepted(json).choices == {"P.1": [0], "E.1": [1, 3]}
    assert accepted(json).unit_id == UNIT


@pytest.mark.parametrize("value", [0, 6, -1, True, 3.0, "3", [3], {}])
def test_a_level_that_is_no_whole_number_from_1_to_5_is_refused(value: Any) -> None:
    [error] = refused(Raw({"F1.3": value}))

    assert (error.code, error.pointer) == ("F1.3", "/answers/F1.3")
    assert str(error.sentence) == "Câu 3: chọn một mức từ 1 đến 5."


@pytest.mark.parametrize("value", ["6", "٣", "3.0", "-1", "năm", "1" * 5000])
def test_a_form_value_out_of_range_is_refused_like_a_number(value: str) -> None:
    assert [error.code for error in refused(posted(("F1.3", value)))] == ["F1.3"]


def test_two_values_for_one_scaled_question_are_refused() -> None:
    assert [error.code for error in refused(posted(("F1.1", "5"), ("F1.1", "1")))] == ["F1.1"]


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"E.1": [0, 1, 2, 3]}, "Câu 29: chọn tối đa 3 phương án, đang chọn 4."),
        ({"E.1": [0, 0]}, "Câu 29: có phương án được chọn hai lần."),
        ({"E.1": [8]}, "Câu 29: chọn trong 8 phương án của câu hỏi."),
        ({"E.1": [True]}, "Câu 29: chọn trong 8 phương án của câu hỏi."),
        ({"P.2": [0, 1]}, "Câu 27: chỉ chọn một phương án."),
        ({"P.2": "x"}, "Câu 27: chọn trong 3 phương án của câu hỏi."),
    ],
)
def test_choices_that_the_question_does_not_allow_are_refused(
    choices: dict[str, object], message: str
) -> None:
    assert [str(error.sentence) for error in refused(Raw(choices=choices))] == [message]


def test_a_text_too_long_is_refused_with_both_lengths_and_2000_is_not_too_long() -> None:
    [error] = refused(Raw(text={"T.1": "x" * 2001}))

    assert str(error.sentence) == "Câu 30: viết tối đa 2000 ký tự, đang có 2001."
    assert len(accepted(Raw(text={"T.1": "x" * 2000})).texts["T.1"]) == 2000


def test_what_no_database_can_store_is_taken_out_of_a_text() -> None:
    kept = accepted(Raw(text={"T.1": "Hai\x00 lo\u0300ng\ud800\tlắm\x1b"})).texts["T.1"]

    assert kept == "Hai lòng lắm"
    kept.encode()


@pytest.mark.parametrize(
    "raw",
    [
        Raw({"F9.9": 3}),
        Raw({"P.1": 1}),
        Raw(choices={"F1.1": [3]}),
        Raw(choices={"D.7": [0]}),
        Raw(text={"F1.1": "tốt"}),
    ],
)
def test_a_code_that_is_not_asked_there_is_refused_by_name(raw: Raw) -> None:
    [error] = refused(raw)

    assert str(error.sentence).startswith("Phiếu không có câu hỏi mã ")
    assert error.code == ""


def test_a_unit_must_be_one_of_those_on_offer_and_not_given_when_the_ticket_says_it() -> None:
    other = "0194c0de-0000-7000-8000-00000000000b"

    assert refused(Raw({"F1.1": 5}, unit_id=other))[0].code == "D.7"
    assert refused(Raw({"F1.1": 5}, unit_id=["a", "b"]))[0].code == "D.7"
    assert refused(Raw({"F1.1": 5}, unit_id=str(UNIT)), units=())[0].pointer == "/unit_id"
    assert accepted(Raw({"F1.1": 5}), units=()).unit_id is None


@pytest.mark.parametrize(
    "raw", [Raw(), posted(("F1.1", "")), Raw(choices={"D.2": [0]}), Raw(text={"T.1": "  "})]
)
def test_a_ballot_without_any_opinion_is_refused(raw: Raw) -> None:
    [error] = refused(raw)

    assert str(error.sentence).startswith("Phiếu chưa có ý kiến nào.")


def test_nothing_else_is_required_and_what_is_skipped_is_missing_not_zero() -> None:
    assert accepted(Raw(text={"T.1": "Tốt"})).scaled == {}
    assert accepted(Raw({"O.1": 5})).scaled == {"O.1": 5}


@pytest.mark.parametrize(("answered", "invalid"), [(12, True), (13, False), (19, False)])
def test_a_ballot_with_too_few_items_is_kept_and_flagged(answered: int, invalid: bool) -> None:
    ballot = accepted(Raw(dict.fromkeys(ITEMS[:answered], 4)))

    assert ballot.invalid_ballot is invalid
    assert len(ballot.scaled) == answered


def test_general_questions_do_not_help_a_ballot_to_count() -> None:
    general = {code: 5 for code, asked in QUESTIONNAIRE.questions.items() if asked.general}

    assert accepted(Raw({**dict.fromkeys(ITEMS[:12], 4), **general})).invalid_ballot


def test_errors_come_in_the_order_of_the_form() -> None:
    raw = posted(("E.1", "9"), ("ZZ", "1"), ("F2.1", "9"), ("F1.1", "9"))

    assert [error.code for error in refused(raw)] == ["F1.1", "F2.1", "E.1", ""]


def test_a_hostile_body_gets_a_short_answer() -> None:
    flood = Raw({f"{'x' * 5000}{n}": 1 for n in range(5000)})

    errors = refused(flood)

    assert len(errors) == MOST_ERRORS
    assert max(len(str(error.sentence)) for error in errors) < 100


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)
codes = st.sampled_from(list(QUESTIONNAIRE.questions)) | st.text(max_size=4)
bodies = st.dictionaries(codes, anything, max_size=4)


@given(bodies, bodies, bodies, anything)
def test_no_body_breaks_the_check_and_what_it_accepts_is_in_range(
    answers: dict[str, object], choices: dict[str, object], text: dict[str, object], unit: object
) -> None:
    result = check(QUESTIONNAIRE, Raw(answers, choices, text, unit), (UNIT,))

    if isinstance(result, Answers):
        assert set(result.scaled.values()) <= {1, 2, 3, 4, 5}
        for code, indexes in result.choices.items():
            assert set(indexes) <= set(range(len(QUESTIONNAIRE.questions[code].options)))
    else:
        assert all(str(error.sentence) for error in result)
