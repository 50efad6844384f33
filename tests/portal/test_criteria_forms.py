"""The editor of a draft: what its inputs show, and what is sent of them."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.datastructures import FormData

from portal.criteria_forms import fields_of, groups_of, read_part
from portal.pages.criteria_parts import part_of
from portal.pages.criteria_sets import by_code
from portal.problems import Problem

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
