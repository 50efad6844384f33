"""Grades: every result has exactly one, and a decision that leaves a hole is told where."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.reporting.criteria_sets import criteria_sets

from chassis.i18n import say
from reporting.criteria import checker

DATA = yaml.safe_load((Path(__file__).parents[2] / "demo" / "criteria_set.yaml").read_text())
NINE = yaml.safe_load(
    (Path(__file__).parents[2] / "demo" / "criteria_set_procedures.yaml").read_text()
)


def problems(bands, data=DATA) -> dict[str, str]:
    whole = checker.shaped({**data, "grade_bands": bands})
    return {p.pointer: say(p.sentence) for p in checker.problems_of(whole)}


def test_a_real_table_in_which_exactly_fifteen_has_no_grade_is_told_so():
    bands = [
        {"name": "Xuất sắc", "at_least": "15", "more_than": True},
        {"name": "Tốt", "at_least": "12", "below": "15"},
        {"name": "Khá", "at_least": "9", "below": "12"},
        {"name": "Yếu", "at_least": "0", "below": "9"},
    ]

    assert problems(bands, NINE) == {
        "/grade_bands/1/below": "Xếp loại: đúng 15 không thuộc mức nào (giữa “Tốt” và “Xuất sắc”)"
    }


@pytest.mark.parametrize(
    ("upper", "pointer", "said"),
    [
        ({"below": "79"}, "/grade_bands/1/below", "từ 79 đến 80 không có mức nào"),
        ({"below": "81"}, "/grade_bands/1/below", "81 vừa thuộc “Khá” vừa thuộc “Tốt”"),
        ({"up_to": "80"}, "/grade_bands/1/up_to", "80 vừa thuộc “Khá” vừa thuộc “Tốt”"),
        ({"up_to": "79.99"}, "/grade_bands/1/up_to", "từ 79,99 đến 80 không có mức nào"),
        ({"below": "80", "up_to": "80"}, "/grade_bands/1/below", "chỉ ghi một trong hai"),
    ],
)
def test_an_upper_end_that_does_not_meet_the_higher_grade_is_named(upper, pointer, said):
    bands = [{"name": "Tốt", "at_least": "80"}, {"name": "Khá", "at_least": "0", **upper}]

    assert said in problems(bands)[pointer]


@pytest.mark.parametrize("upper", [{}, {"below": "80"}])
def test_an_upper_end_that_meets_it_is_right(upper):
    bands = [{"name": "Tốt", "at_least": "80"}, {"name": "Khá", "at_least": "0", **upper}]

    assert problems(bands) == {}


def test_the_lowest_grade_takes_zero_and_the_highest_reaches_the_top():
    assert (
        "phải bắt đầu từ 0"
        in problems([{"name": "Đạt", "at_least": "0", "more_than": True}])[
            "/grade_bands/0/at_least"
        ]
    )
    assert (
        "phải đến hết 100"
        in problems([{"name": "Đạt", "at_least": "0", "up_to": "99"}])["/grade_bands/0/up_to"]
    )


@given(criteria_sets(), st.fractions(0, 100))
def test_a_set_that_passes_gives_every_index_exactly_one_grade(whole, index):
    assert checker.problems_of(whole) == []
    value = whole.result(index)
    takes = [
        band
        for band, higher in zip(whole.grade_bands, [None, *whole.grade_bands], strict=False)
        if band.takes(value) and not (higher and higher.takes(value))
    ]
    assert len(takes) == (1 if whole.grade_bands else 0)
    if whole.rounding.grades_on == "exact":
        assert whole.grade(index) == (takes[0] if takes else None)


def test_grades_stand_on_the_unrounded_value_unless_the_set_says_otherwise():
    exact = checker.read(DATA)
    shown = checker.read({**DATA, "rounding": {"places": 2, "grades_on": "shown"}})
    just_below = Fraction("79.996")

    assert exact.grade(just_below).name == "Khá"
    assert shown.grade(just_below).name == "Tốt"
    assert exact.grade(Fraction(80)).name == "Tốt"


def test_the_nine_indices_are_a_set_in_points_without_a_hole():
    whole = checker.read(NINE)
    subs = list(whole.sub_criteria())

    assert (len(subs), {s.max_points for s in subs}) == (9, {Decimal(2)})
    assert (whole.total_points, whole.scale, whole.serves) == (18, 18, "own_figure")
    assert whole.composed
    assert [whole.grade(Fraction(points * 100, 18)).name for points in (18, 15, 12, 9, 6, 0)] == [
        "Xuất sắc", "Xuất sắc", "Tốt", "Khá", "Trung bình", "Yếu",
    ]  # fmt: skip
    assert whole.grade(Fraction("14.99") * 100 / 18).name == "Tốt"
