"""What units say in their reports, as sentences of the Office's report."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from starlette.datastructures import FormData

from portal.pages.report_acts import MOST_AT_ONCE, _unit_words
from portal.unit_words import LONGEST, sentences_of

pytestmark = pytest.mark.pure
COMPILED = {
    "themes": [
        {"code": "staff", "name": "Nhân lực", "difficulties": [
            {"unit_id": "1", "unit_name": "Phòng A", "text": "Thiếu người.\n"},
            {"unit_id": "2", "unit_name": "Phòng B", "text": "Mới  sáp nhập"},
        ]},
    ],
    "units": [
        {"unit_name": "Phòng A", "proposals": "Bổ sung biên chế."},
        {"unit_name": "Phòng B", "proposals": " "},
    ],
    "reasons": [
        {"unit_name": "Phòng A", "number": "NV-2025-0001", "text": "Chờ văn bản. "},
        {"unit_name": "Phòng A", "number": "NV-2025-0004", "text": "Thiếu kinh phí"},
    ],
}  # fmt: skip


def report(*sections: str, said: str = "") -> dict:
    sentences = [{"text": said}]
    return {"sections": [{"id": id_, "sentences": sentences} for id_ in sections]}


def test_each_theme_is_a_sentence_that_names_every_unit_and_each_proposal_its_unit():
    assert sentences_of(report("difficulties", "proposals"), COMPILED) == [
        {
            "section": "difficulties",
            "text": "Nhân lực: Phòng A: Thiếu người; Phòng B: Mới sáp nhập.",
        },
        {"section": "proposals", "text": "Phòng A: Bổ sung biên chế."},
    ]


def test_what_the_report_says_already_is_not_said_twice():
    said = "Phòng A: Bổ sung biên chế."

    assert sentences_of(report("proposals", said=said), COMPILED) == []


def test_a_report_without_these_sections_takes_nothing():
    assert sentences_of(report("progress"), COMPILED) == []


def test_causes_are_what_units_say_of_what_is_late_and_nothing_else():
    late = "Phòng A, NV-2025-0001: Chờ văn bản; NV-2025-0004: Thiếu kinh phí."

    assert sentences_of(report("causes", "difficulties"), COMPILED)[0] == {
        "section": "causes", "text": late,
    }  # fmt: skip
    silent = {**COMPILED, "themes": [], "reasons": []}
    assert sentences_of(report("causes"), silent) == []


def test_difficulties_are_causes_where_no_section_is_for_them_alone():
    said = [each["text"] for each in sentences_of(report("causes"), COMPILED)]

    assert said[0] == "Nhân lực: Phòng A: Thiếu người; Phòng B: Mới sáp nhập."
    assert len(said) == 2


def test_what_many_units_say_is_more_sentences_and_nobody_is_cut():
    said = [{"unit_name": f"Đơn vị {n}", "text": f"{n} " + "khó " * 100} for n in range(40)]
    theme = {"code": "x", "name": "Kinh phí", "difficulties": said}
    reasons = [{"unit_name": "Phòng A", "number": f"NV-{n}", "text": "chờ " * 100}
               for n in range(40)]  # fmt: skip
    made = sentences_of(
        report("difficulties", "causes"), {**COMPILED, "themes": [theme], "reasons": reasons}
    )

    assert all(len(each["text"]) <= LONGEST for each in made)
    for section, begin, named in (
        ("difficulties", "Kinh phí: ", [f"{each['unit_name']}: " for each in said]),
        ("causes", "Phòng A, ", [f"{each['number']}: " for each in reasons]),
    ):
        texts = [each["text"] for each in made if each["section"] == section]
        assert len(texts) > 1
        assert all(each.startswith(begin) and each.endswith(".") for each in texts)
        assert all(sum(name in each for each in texts) == 1 for name in named)


def test_a_proposal_of_many_words_is_taken_over_to_the_last():
    proposals = " ".join(f"từ{n}" for n in range(3000))
    compiled = {**COMPILED, "units": [{"unit_name": "Phòng A", "proposals": proposals}]}
    texts = [each["text"] for each in sentences_of(report("proposals"), compiled)]

    assert all(len(each) <= LONGEST for each in texts)
    assert " ".join(each.removeprefix("Phòng A: ").rstrip(".") for each in texts) == proposals


async def test_more_sentences_than_one_change_takes_are_taken_in_several_and_none_is_left_out():
    units = [
        {"unit_name": f"Phòng {n}", "proposals": "Thêm người"} for n in range(MOST_AT_ONCE + 1)
    ]
    held = {**report("proposals"), "plan_id": "p", "version": 3}
    changes: list[tuple[str, list[dict[str, str]]]] = []

    async def get(service: str, path: str, **query: str) -> Any:
        return held if service == "reporting" else {**COMPILED, "units": units}

    async def patch(service: str, path: str, body: Any, *, version: str) -> Any:
        changes.append((version, body["sentences"]))
        return {"version": int(version) + 1}

    visit: Any = SimpleNamespace(api=SimpleNamespace(get=get, patch=patch))
    assert await _unit_words(visit, UUID(int=1), FormData({"version": "3"}))
    assert [(version, len(sent)) for version, sent in changes] == [("3", MOST_AT_ONCE), ("4", 1)]
