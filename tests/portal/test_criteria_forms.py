"""The editor of a draft: what its inputs show, and what is sent of them."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from markupsafe import escape
from starlette.datastructures import FormData
from starlette.requests import Request

from portal.criteria_forms import (
    METHODS,
    blank,
    fields_of,
    groups_of,
    read_part,
    with_method,
)
from portal.pages.criteria_parts import part_of
from portal.pages.criteria_sets import by_code, previous
from portal.problems import Problem
from portal.rendering import Renderer

BODY = yaml.safe_load((Path(__file__).parents[2] / "demo" / "criteria_set.yaml").read_text())
EVERY = [
    sub["code"]
    for area in BODY["areas"]
    for criterion in area["criteria"]
    for sub in criterion["sub_criteria"]
]


def shown(part: Any) -> dict[str, str]:
    """Return the form as a browser sends it when nobody changes anything."""
    return {
        each.name: "1" if each.kind == "check" else each.shown(part)
        for group in groups_of(part)
        for each in group.inputs
        if each.kind != "check" or each.shown(part)
    }


@pytest.mark.parametrize("code", ["", "1", "1.1", *EVERY])
def test_a_form_sent_back_as_it_was_shown_changes_nothing(code: str) -> None:
    part = part_of(BODY, code)
    assert read_part(FormData(shown(part)), part) == {}


def test_only_what_was_changed_is_sent_and_the_rest_of_a_rule_stays() -> None:
    part = part_of(BODY, "1.1.3")
    form = FormData({**shown(part), "rule.floor": "0,75", "max_points": "2,5"})
    assert read_part(form, part) == {
        "max_points": "2.5", "rule": {**part["rule"], "floor": "0.75"},
    }  # fmt: skip


def test_a_tier_is_added_on_a_blank_line_and_taken_away_by_emptying_its_words() -> None:
    part = part_of(BODY, "1.6.1")
    tiers = part["rule"]["tiers"]
    more = {"rule.tiers.0.when": "", f"rule.tiers.{len(tiers)}.when": "thêm",
            f"rule.tiers.{len(tiers)}.points": "0,1"}  # fmt: skip

    sent = read_part(FormData({**shown(part), **more}), part)

    assert sent["rule"]["tiers"] == [*tiers[1:], {"when": "thêm", "points": "0.1"}]
    assert sent["rule"]["measure"] == "tasks"


@pytest.mark.parametrize("method", METHODS)
def test_a_row_is_shown_and_sent_as_another_method_scores_it(method: str) -> None:
    stored = part_of(BODY, "1.1.3")
    part = with_method(stored, method)
    assert part["rule"]["method"] == method
    sent = read_part(FormData(shown(part)), part, stored)
    if method == stored["rule"]["method"]:
        assert sent == {}
        return
    assert sent["rule"]["method"] == method
    assert ("feeds_from" in sent) == method.startswith("survey")
    assert "name" not in sent


def test_a_new_code_is_sent_and_tiers_of_tasks_keep_what_they_measure() -> None:
    part = part_of(BODY, "1.6.1")
    assert part["rule"]["measure"] == "tasks"
    assert read_part(FormData({**shown(part), "code": "1.6.9"}), part) == {"code": "1.6.9"}
    more = {"rule.tiers.0.any_overdue": "1"}
    sent = read_part(FormData({**shown(part), **more}), part)
    assert sent["rule"]["tiers"][0]["any_overdue"] is True


def test_an_option_is_added_to_a_surveys_question() -> None:
    code = next(c for c in EVERY if part_of(BODY, c)["rule"]["method"] == "survey_options")
    part = part_of(BODY, code)
    known = part["rule"]["option_weights"]
    sent = read_part(FormData({**shown(part), "rule.option_weights.E": "0,1"}), part)
    assert sent["rule"]["option_weights"] == {**known, "E": "0.1"}


@pytest.mark.parametrize("row", [True, False])
def test_a_part_to_add_is_drawn_blank_and_sent_with_what_was_typed(row: bool) -> None:
    part = blank("1.1.4", row=row)
    html = drawn("criteria/part.html", found=SET, part=part, code="", groups=groups_of(part),
                 methods=METHODS, parent="1.1")  # fmt: skip
    assert 'name="parent" value="1.1"' in html
    assert ('name="method"' in html) == row
    form = FormData({**shown(part), "name": "Mới", "max_points": "0,5"})
    sent = read_part(form, part, {})
    assert (sent["code"], sent["name"], sent["max_points"]) == ("1.1.4", "Mới", "0.5")
    assert ("rule" in sent) == row


def test_grades_and_totals_of_the_set_are_read_with_their_ends() -> None:
    part = copy.deepcopy(dict(BODY))
    more = {"grade_bands.0.more_than": "1", "grade_bands.1.up_to": "80", "total_points": "90"}

    sent = read_part(FormData({**shown(part), **more}), part)

    assert sent["total_points"] == "90"
    assert sent["grade_bands"][:2] == [
        {"name": "Tốt", "at_least": "80", "more_than": True},
        {"name": "Khá", "at_least": "65", "up_to": "80"},
    ]
    assert set(sent) == {"total_points", "grade_bands"}


def test_every_input_is_known_by_the_pointer_the_service_names() -> None:
    fields = fields_of(groups_of(part_of(BODY, "1.3.1")))
    assert fields["/rule/tiers/1/at_least"].name == "rule.tiers.1.at_least"
    assert fields["/max_points"].name == "max_points"


@pytest.mark.parametrize("code", ["", "1", "1.1.1", "1.1.2", "1.1.3", "1.8.1", "5.4.1", "8.1.1"])
def test_an_editor_of_each_method_is_drawn_with_its_values(code: str) -> None:
    part = part_of(BODY, code)
    html = drawn("criteria/part.html", found=SET, part=part, code=code, groups=groups_of(part),
                 methods=METHODS)  # fmt: skip
    for name, value in shown(part).items():
        assert f'name="{name}"' in html
        assert escape(value) in html


def test_differences_say_what_was_and_what_is_and_links_what_becomes_of_them() -> None:
    told = {"since": {**SET, "set_version": 1}, "links_left": 0, "differences": [
        {"kind": "changed", "code": "1.1", "level": "Tiêu chí", "name": "A",
         "changes": [{"heading": "Điểm tối đa", "before": "1", "after": ""}]},
    ]}  # fmt: skip
    html = drawn("criteria/differences.html", found=SET, told=told, others=[told["since"]])
    assert "<del>1</del> → <ins>không ghi</ins>" in html
    assert "Phiên bản 1" in html

    task = {"task_id": "t", "task_number": "7", "content": "Rà soát"}
    links = [
        {
            "code": "1.1.1",
            "standing": "renamed",
            "before": "Cũ",
            "now": "Mới",
            "tasks": [task],
            "documents": [],
        },
        {
            "code": "1.1.2",
            "standing": "gone",
            "before": "Bỏ",
            "now": None,
            "tasks": [task],
            "documents": [],
        },
    ]
    carry = {"since": told["since"], "digest": "d", "links": links}
    html = drawn("criteria/carry.html", found=SET, told=carry, others=[])
    assert 'name="codes" value="1.1.1"' in html
    assert 'value="1.1.2"' not in html, "what is gone cannot be carried"
    assert "checked" not in html, "nothing is carried by itself"
    assert "tên khác" in html


def test_the_version_before_is_of_the_same_code() -> None:
    every = [{**SET, "set_version": number} for number in (1, 2, 3)]
    found = {**SET, "set_version": 3}
    assert (previous(found, [*every, {**SET, "code": "khac", "set_version": 2}]) or {})[
        "set_version"
    ] == 2
    assert previous(found, [{**SET, "code": "khac"}]) is None


@pytest.mark.parametrize(("code", "warned"), [("khac", True), ("bo", False)])
def test_what_would_replace_another_set_is_no_first_choice(code: str, warned: bool) -> None:
    found = {**SET, "composed": False, "problems": [], "allowed": ["publish"]}
    told = {"since": {**SET, "code": code}, "links_left": 3, "differences": []}
    html = drawn("criteria/publish.html", found=found, told=told)
    assert ('id="other-set"' in html) == warned
    assert ('class="btn " type="submit"' in html) == warned
    assert ("Thay thế bộ tiêu chí của Sở" in html) == warned


def test_a_file_that_was_read_is_not_said_to_be_unsent() -> None:
    wrong = Problem(422, {"code": "criteria_set_invalid", "detail": "Tệp chưa khớp",
                          "errors": [{"pointer": "", "message": "Ô B2: sai"}]})  # fmt: skip
    lost = {"file": ["bo.xlsx"]}
    html = drawn("criteria/upload.html", problem=wrong, lost_files=lost)
    assert "Đã đọc tệp “bo.xlsx”" in html
    assert '<div class="again" data-again="file" hidden>' in html
    unread = Problem(413, {"code": "form_too_large"})
    html = drawn("criteria/upload.html", problem=unread, lost_files=lost)
    assert '<div class="again" data-again="file" >' in html


SET = {
    "id": "x", "code": "bo", "set_version": 2, "version": 3, "year": 2025, "title": "Bộ tiêu chí",
    "status": "draft", "problems": [{"pointer": "/areas", "message": "chưa khớp"}],
}  # fmt: skip


def drawn(template: str, **view: Any) -> str:
    """Return a page's own part in Vietnamese."""
    shared = {"form": {}, "problem": None, "csrf_token": "t", "me": None, "path": "/",
              "request": Request({"type": "http", "query_string": b""})}  # fmt: skip
    html = Renderer("1").render(template, "vi", {**shared, **view})
    return html.partition('id="content"')[2]


def test_a_code_that_is_not_there_is_a_page_that_is_not_there() -> None:
    with pytest.raises(Problem) as found:
        part_of(BODY, "9.9.9")
    assert found.value.status == 404


def test_versions_stand_together_by_code_the_newest_first() -> None:
    sets = [
        {"code": code, "set_version": version, "year": year}
        for code, version, year in (("a", 1, 2024), ("b", 1, 2025), ("a", 2, 2024))
    ]
    found = by_code(sets)
    assert [(s["code"], s["set_version"]) for versions in found for s in versions] == [
        ("b", 1), ("a", 2), ("a", 1),
    ]  # fmt: skip
