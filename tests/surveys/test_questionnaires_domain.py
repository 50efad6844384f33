"""The questionnaire: the demo's loads, faults are named in Vietnamese, published ones stay."""

from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml
from pydantic import ValidationError

from chassis.rules import InputRefused, RuleBroken
from surveys.questionnaires.domain import (
    ACTS,
    BallotRule,
    Questionnaire,
    check_editable,
    load,
    to_state,
)

DEMO = Path(__file__).parents[2] / "demo" / "questionnaire.yaml"

SMALL: dict[str, Any] = {
    "code": "small",
    "title": "Phiếu nhỏ",
    "composed": False,
    "sections": [
        {
            "code": "F1",
            "title": "Tiếp cận",
            "factor": True,
            "questions": [
                {"code": "F1.1", "kind": "scale5", "text": "Dễ tìm"},
                {"code": "F1.G", "kind": "scale5", "text": "Nói chung", "general": True},
            ],
        },
        {
            "code": "O",
            "title": "Khác",
            "questions": [
                {"code": "P.1", "kind": "single", "text": "Mấy lần?", "options": ["Một", "Hai"]},
                {"code": "T.1", "kind": "text", "text": "Góp ý", "max_len": 20},
            ],
        },
    ],
}


def demo() -> Questionnaire:
    return load(yaml.safe_load(DEMO.read_text()))


def problems(raw: Any) -> list[str]:
    with pytest.raises(InputRefused) as refused:
        load(raw)
    return [str(problem.sentence) for problem in refused.value.problems]


def changed(question: int, **facts: Any) -> dict[str, Any]:
    raw = deepcopy(SMALL)
    section, at = divmod(question, 2)
    raw["sections"][section]["questions"][at].update(facts)
    return raw


def test_the_demo_questionnaire_has_five_factors_nineteen_items_and_says_it_is_composed() -> None:
    questionnaire = demo()
    state = to_state(questionnaire, uuid4(), 3)

    assert list(state.factors) == ["F1", "F2", "F3", "F4", "F5"]
    assert len(questionnaire.items) == 19
    assert [question.code for question in state.questions if question.general] == [
        "F1.G", "F2.G", "F3.G", "F4.G", "F5.G", "O.1",
    ]  # fmt: skip
    assert state.composed
    assert "không phải mẫu phiếu chính thức" in str(questionnaire.composed_note)
    assert questionnaire.unit_question == "D.7"
    assert state.version == 3


def test_the_overall_question_belongs_to_no_factor_in_the_event() -> None:
    by_code = {question.code: question for question in to_state(demo(), uuid4(), 1).questions}

    assert by_code["O.1"].factor is None
    assert by_code["F3.2"].factor == "F3"
    assert by_code["P.1"].factor is None


def test_every_text_of_the_demo_questionnaire_has_its_english() -> None:
    questionnaire = demo()
    said = {questionnaire.title, questionnaire.composed_note}
    said |= {part.title for part in questionnaire.sections}
    for question in questionnaire.questions.values():
        said |= {question.text, *question.options}

    assert said == set(questionnaire.english)


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        (changed(0, options=["a", "b"]), "Câu F1.1", "không có phương án"),
        (changed(2, options=["Một"]), "Câu P.1", "ít nhất hai phương án"),
        (changed(2, options=["Một", "Một"]), "Câu P.1", "trùng nhau"),
        (changed(2, options=["Một", "Hai"], max_choices=2), "Câu P.1", "chọn nhiều"),
        (changed(2, kind="multi", max_choices=5), "Câu P.1", "tối đa 5 nhưng chỉ có 2"),
        (changed(2, general=True), "Câu P.1", "thang 5 mức"),
        (changed(3, max_len=9000), "Câu T.1", "không được quá 5000"),
        (changed(3, options_from="units", max_len=None), "Câu T.1", "chỉ câu chọn một"),
        (changed(3, kind="slider"), "Câu T.1", "chỉ nhận"),
        (changed(3, text="  "), "Câu T.1", "không được để trống"),
        (changed(3, required=True), "Câu T.1", "không có mục nào tên “required”"),
        (changed(0, general=True), "Phần F1", "ít nhất một câu theo thang"),
        ({**SMALL, "composed": True}, "Phiếu", "composed_note"),
        ({**SMALL, "english": {"Không có": "None"}}, "Phiếu", "không có trong phiếu"),
        ({**SMALL, "sections": []}, "Phiếu", "còn trống"),
        (["không phải phiếu"], "Phiếu", "các cặp tên và giá trị"),
    ],
)
def test_a_fault_is_named_in_vietnamese_with_the_question_it_is_in(
    raw: Any, place: str, words: str
) -> None:
    [message] = problems(raw)

    assert message.startswith(f"{place}: ")
    assert words in message


def test_two_questions_may_not_share_a_code() -> None:
    assert problems(changed(1, code="F1.1")) == ["Phiếu: mã câu hỏi F1.1 dùng hai lần"]


def test_all_faults_are_told_at_once_with_pointers_into_the_body() -> None:
    raw = changed(0, kind="slider")
    raw["sections"][1]["questions"][0]["text"] = ""
    with pytest.raises(InputRefused) as refused:
        load(raw)

    assert [problem.pointer for problem in refused.value.problems] == [
        "/sections/0/questions/0/kind",
        "/sections/1/questions/0/text",
    ]


def test_a_published_version_is_never_edited() -> None:
    check_editable("draft")
    with pytest.raises(RuleBroken, match="tạo phiên bản mới"):
        check_editable("published")
    with pytest.raises(ValidationError):
        load(SMALL).title = "khác"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("answered", "items", "counts"), [(13, 19, True), (12, 19, False), (2, 3, True), (0, 0, True)]
)
def test_a_ballot_needs_two_of_every_three_items_and_the_limit_is_enough(
    answered: int, items: int, counts: bool
) -> None:
    assert BallotRule().accepts(answered, items) is counts


def test_the_ballot_rule_is_data_of_the_questionnaire() -> None:
    strict = load({**SMALL, "ballot_rule": {"answered": 1, "of": 1}})

    assert not strict.ballot_rule.accepts(18, 19)


def test_a_draft_may_be_published_and_a_published_version_only_corrected_by_a_next_one() -> None:
    assert {status: "publish" in acts for status, acts in ACTS.items()} == {
        "draft": True, "published": False,
    }  # fmt: skip
    assert all("change" in acts for acts in ACTS.values())
