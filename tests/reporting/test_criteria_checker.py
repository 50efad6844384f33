"""Reading a criteria set: the demo's is whole, and every mistake is named with its code."""

import copy
from pathlib import Path

import pytest
import yaml

from chassis.i18n import say
from chassis.rules import InputRefused
from reporting.criteria.checker import read
from reporting.criteria.domain import CriteriaSet

DEMO = Path(__file__).parents[2] / "demo" / "criteria_set.yaml"
DATA = yaml.safe_load(DEMO.read_text(encoding="utf-8"))


@pytest.fixture
def data():
    return copy.deepcopy(DATA)


def sub(data, code):
    every = (s for a in data["areas"] for c in a["criteria"] for s in c["sub_criteria"])
    return next(s for s in every if s["code"] == code)


def problems(data):
    with pytest.raises(InputRefused) as refused:
        read(data)
    return {problem.pointer: say(problem.sentence) for problem in refused.value.problems}


def messages(data):
    return " | ".join(problems(data).values())


def test_the_demo_set_is_whole_composed_and_says_so():
    criteria = read(DATA)
    subs = list(criteria.sub_criteria())

    assert criteria.composed
    assert "không phải văn bản chính thức" in criteria.notice
    assert (len(criteria.areas), sum(len(a.criteria) for a in criteria.areas)) == (8, 42)
    assert (len(subs), sum(s.max_points for s in subs)) == (83, 100)
    assert sum(s.max_points for s in subs if s.is_survey) == 22
    assert [s.code for s in subs if s.counts == "plan"] == ["1.1.3"]
    assert [s.code for s in subs if s.counts == "linked"] == ["1.4.1", "1.6.1", "3.1.1", "7.1.2"]


def test_a_set_survives_being_stored_as_json():
    criteria = read(DATA)

    assert CriteriaSet.model_validate(criteria.as_json()) == criteria


def test_points_that_do_not_add_up_are_named_at_their_level(data):
    sub(data, "1.1.2")["max_points"] = "0.75"
    sub(data, "1.1.2")["rule"]["true_points"] = "0.75"

    found = problems(data)

    assert found["/areas/0/criteria/0/max_points"] == (
        "1.1: điểm các phần cộng lại là 2,75, khác điểm tối đa 2,5"
    )
    assert len(found) == 1


def test_a_set_that_is_not_out_of_one_hundred_is_refused(data):
    data["total_points"] = "90"

    assert "phải là 100" in messages(data)


def test_a_code_used_twice_and_a_code_outside_its_parent_are_named(data):
    sub(data, "1.1.2")["code"] = "1.1.1"
    sub(data, "2.3.1")["code"] = "9.3.1"

    assert "1.1.1: mã bị trùng" in messages(data)
    assert "9.3.1: mã phải bắt đầu bằng “2.3.”" in messages(data)


@pytest.mark.parametrize(
    ("code", "change", "said"),
    [
        ("1.1.3", {"floor": "1.2"}, "1.1.3: floor: giá trị không hợp lệ"),
        ("7.4.1", {"floor": "0.9"}, "7.4.1: sàn 0,9 cao hơn mức đủ điểm 0,7"),
        ("1.1.3", {"full_at": "0", "floor": "0"}, "mức đủ điểm (full_at) phải lớn hơn 0"),
        ("1.1.2", {"true_points": "0.25"}, "1.1.2: “đạt” phải được điểm tối đa"),
        ("1.1.3", {"method": "guess"}, "cách tính điểm (method) không có trong danh mục"),
        ("1.1.3", {"flor": "0.8"}, "1.1.3: flor: trường này không dùng đến"),
        ("1.8.1", {"option_weights": {"A": "0.5"}}, "phương án tốt nhất phải có trọng số 1"),
        ("5.4.1", {"deducts": [{"per": "x", "minus": "0"}]}, "mức trừ “x” phải lớn hơn 0"),
    ],
)
def test_a_rule_that_cannot_be_scored_with_is_refused(data, code, change, said):
    sub(data, code)["rule"].update(change)

    assert said in messages(data)


@pytest.mark.parametrize(
    ("code", "tier", "change", "said"),
    [
        ("1.1.1", 1, {"points": "0.5"}, "phải ít điểm hơn bậc"),
        ("1.1.1", 0, {"points": "0.4"}, "bậc đầu phải được điểm tối đa 0,5"),
        ("1.3.1", 1, {"at_least": "0.3"}, "ngưỡng các bậc (at_least) phải giảm dần"),
        ("1.3.1", 2, {"at_least": "0.1"}, "bậc cuối phải có ngưỡng (at_least) bằng 0"),
        ("1.3.1", 0, {"at_least": "30"}, "ngưỡng tỷ lệ (at_least) phải từ 0 đến 1"),
        ("1.6.1", 2, {"any_overdue": None}, "điều kiện không hợp với cách đo “tasks”"),
        ("1.1.1", 0, {"all_done": True}, "điều kiện không hợp với cách đo “choice”"),
    ],
)
def test_tiers_out_of_order_or_without_their_condition_are_refused(data, code, tier, change, said):
    sub(data, code)["rule"]["tiers"][tier].update(change)

    assert said in messages(data)


@pytest.mark.parametrize(
    ("code", "change", "said"),
    [
        ("1.1.3", {"counts": None}, "phải nêu đếm gì"),
        ("1.1.2", {"counts": "plan"}, "phải nêu đếm gì"),
        ("1.6.1", {"feeds_from": None, "counts": None}, "phải lấy dữ liệu từ nhiệm vụ"),
        ("8.1.1", {"feeds_from": None}, "phải lấy số liệu khảo sát"),
        ("5.4.1", {"feeds_from": "tasks", "counts": "linked"}, "tính theo tỷ lệ hoặc theo bậc"),
        ("1.3.2", {"na_when": None}, "phải nêu khi nào (na_when)"),
        ("1.1.3", {"max_points": None}, "1.1.3: max_points: giá trị không hợp lệ"),
    ],
)
def test_what_feeds_a_sub_criterion_must_fit_its_rule(data, code, change, said):
    sub(data, code).update(change)

    assert said in messages(data)


def test_a_missing_field_is_pointed_at(data):
    del sub(data, "1.1.3")["rule"]["floor"]

    pointer = "/areas/0/criteria/0/sub_criteria/2/rule/floor"
    assert problems(data)[pointer] == "1.1.3: floor: thiếu trường này"


def test_grades_must_fall_and_end_at_zero(data):
    names = {"Khá": "65", "Tốt": "80", "Yếu": "10"}
    data["grade_bands"] = [{"name": name, "at_least": least} for name, least in names.items()]

    found = messages(data)

    assert "các mức phải giảm dần, “Tốt” không được bắt đầu từ “Khá” trở lên" in found
    assert "mức cuối “Yếu” phải bắt đầu từ 0" in found


@pytest.mark.parametrize(("field", "wrong"), [("composed", 1), ("year", "2025"), ("title", 5)])
def test_a_set_takes_no_value_for_one_of_another_type(data, field, wrong):
    assert list(problems({**data, field: wrong})) == [f"/{field}"]
