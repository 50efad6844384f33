"""A kind of report, read back from its form: sections added, taken out, put in another order."""

import pytest
from starlette.datastructures import FormData

from portal.report_kind_forms import read_kind

pytestmark = pytest.mark.pure
ALL = {"id": "all", "about": "work.all", "running": "Có {work.all}.", "ended": None, "zero": None}
BODY = {
    "windows": [], "annexes": [], "outline": [
        {"id": "a", "heading": "Một", "level": 1, "words": ["x"], "table": None,
         "chart": False, "sentences": [ALL]},
        {"id": "b", "heading": "Hai", "level": 2, "words": [], "table": "units", "chart": True,
         "sentences": []},
    ],
}  # fmt: skip
KEPT = {
    "section-0-heading": "Một", "section-0-0-running": "Có {work.all}.", "section-1-heading": "Hai",
}  # fmt: skip
SHAPED = {
    **KEPT, "section-0-level": "1", "section-0-words": "x", "section-0-table": "",
    "section-1-level": "2", "section-1-words": "", "section-1-table": "units",
}  # fmt: skip


def outline(**said: str) -> list[dict]:
    form = {name.replace("_", "-"): value for name, value in said.items()}
    return read_kind(FormData({**SHAPED, **form}), BODY)["outline"]


def test_a_form_without_the_shape_leaves_it_as_it_is() -> None:
    assert read_kind(FormData(KEPT), BODY)["outline"] == BODY["outline"]
    assert outline() == BODY["outline"]


def test_a_level_that_is_no_number_is_for_the_service_to_refuse() -> None:
    assert [each["level"] for each in outline(section_0_level="x")] == ["x", 2]


def test_a_section_is_taken_out() -> None:
    assert [each["id"] for each in outline(section_0_removed="true")] == ["b"]


def test_a_section_stands_where_its_number_says() -> None:
    assert [each["id"] for each in outline(section_0_place="2", section_1_place="1")] == ["b", "a"]


def test_a_new_section_has_a_code_out_of_its_heading_and_may_stand_first() -> None:
    made = outline(
        section_2_heading="Đánh giá chung", section_2_level="2", section_2_words="thể chế, bộ máy",
        section_2_table="overdue", section_2_place="0", section_2_new_about="work.done",
        section_2_new_running="Đã xong {work.done}.", section_2_new_zero="Chưa xong.",
    )  # fmt: skip

    assert [each["id"] for each in made] == ["danh_gia_chung", "a", "b"]
    assert made[0] == {
        "id": "danh_gia_chung", "heading": "Đánh giá chung", "level": 2, "table": "overdue",
        "words": ["thể chế", "bộ máy"], "sentences": [
            {"id": "sentence", "about": "work.done", "running": "Đã xong {work.done}.",
             "ended": None, "zero": "Chưa xong."},
        ],
    }  # fmt: skip


def test_two_new_sections_of_one_heading_are_two() -> None:
    made = outline(section_2_heading="Một mục", section_3_heading="Một mục")

    assert [each["id"] for each in made] == ["a", "b", "mot_muc", "mot_muc_2"]


def test_a_sentence_is_added_and_one_that_is_left_empty_is_taken_out() -> None:
    made = outline(section_0_0_running="", section_0_new_running="Khác.")

    assert [each["running"] for each in made[0]["sentences"]] == ["Khác."]


def test_a_new_section_has_not_the_code_of_what_frames_the_text() -> None:
    assert outline(section_2_heading="Opening")[-1]["id"] == "opening_2"


def test_a_year_that_is_none_of_the_three_is_for_the_service_to_refuse() -> None:
    form = {"window-0-name": "Quý", "window-0-starts_year": "x", "window-0-ends_year": "-1"}
    made = read_kind(FormData({**SHAPED, **form}), BODY)["windows"][0]

    assert (made["starts_year"], made["ends_year"]) == ("x", -1)


def test_no_words_of_a_sentence_are_thrown_away_in_silence() -> None:
    made = outline(section_1_new_ended="Đã xong.", section_2_new_running="Có việc.")

    assert [each["heading"] for each in made] == ["Một", "Hai", ""]
    assert [one["ended"] for one in made[1]["sentences"]] == ["Đã xong."]
    assert made[2]["sentences"][0]["running"] == "Có việc."
