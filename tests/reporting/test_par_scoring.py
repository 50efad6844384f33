"""Points of one sub-criterion: the worked examples of docs/indices.md 3, and the edges."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.completion.domain import TaskCounts
from reporting.criteria.domain import (
    Boolean,
    Deduction,
    Proportional,
    SubCriterion,
    SurveyIndex,
    SurveyOptions,
    Tiered,
)
from reporting.par.scoring import (
    Cases,
    Chosen,
    Number,
    Ratio,
    boolean,
    deduction,
    proportional,
    score,
    survey_index,
    survey_options,
    tier,
    tier_of_tasks,
)
from reporting.satisfaction.domain import SurveyFigure
from reporting.shown import shown

FLOOR_80 = Proportional(
    method="proportional", numerator="xong", denominator="phải xong", full_at="1", floor="0.8"
)
FULL_AT_70 = FLOOR_80.model_copy(update={"full_at": Decimal("0.7"), "floor": Decimal("0.3")})
ALL_ON_TIME = Tiered.model_validate({
    "method": "tiered", "measure": "tasks", "tiers": [
        {"when": "100% hoàn thành, đúng hạn", "points": "2", "all_done": True, "all_on_time": True},
        {"when": "100% hoàn thành, có trễ", "points": "1", "all_done": True},
        {"when": "còn nhiệm vụ quá hạn", "points": "0", "any_overdue": True},
    ],
})  # fmt: skip
APOLOGIES = Tiered.model_validate({
    "method": "tiered", "measure": "rate", "tiers": [
        {"when": "100%", "points": "1", "at_least": "1"},
        {"when": "từ 80%", "points": "0.5", "at_least": "0.8"},
        {"when": "dưới 80%", "points": "0", "at_least": "0"},
    ],
})  # fmt: skip
DISCIPLINE = Deduction.model_validate({
    "method": "deduction",
    "deducts": [{"per": "lãnh đạo", "minus": "1"}, {"per": "người khác", "minus": "0.5"}],
})  # fmt: skip
WEIGHTS = SurveyOptions.model_validate({
    "method": "survey_options", "respondents": "lãnh đạo sở",
    "option_weights": {"A": "1", "B": "0.6", "C": "0.2", "D": "0"},
})  # fmt: skip


def sub(rule, max_points="2"):
    return SubCriterion(code="1.1.1", name="x", max_points=max_points, rule=rule, source="thử")


@pytest.mark.parametrize(
    ("done", "points"), [(47, "1.41"), (40, "1.20"), (39, "0.00"), (50, "1.50")]
)
def test_a_rate_of_fifty_tasks_earns_its_share_and_nothing_below_the_inclusive_floor(done, points):
    assert shown(proportional(done, 50, FLOOR_80, Fraction(3, 2))) == Decimal(points)


@pytest.mark.parametrize(
    ("done", "points"), [(72, "2"), (70, "2"), (50, "1"), (30, "0.6"), (29, "0")]
)
def test_a_rate_that_is_full_before_one_hundred_percent_is_still_rate_times_maximum_below(
    done, points
):
    assert proportional(done, 100, FULL_AT_70, Fraction(2)) == Fraction(points)


def test_nothing_due_is_left_to_a_person_and_is_neither_zero_nor_full_marks():
    assert proportional(0, 0, FLOOR_80, Fraction(3, 2)) is None


def test_a_third_stays_exact():
    rule = FLOOR_80.model_copy(update={"floor": Decimal(0)})

    assert 3 * proportional(1, 3, rule, Fraction(1)) == 1


def test_a_condition_earns_its_points_or_the_rest():
    rule = Boolean(method="boolean", condition="đủ", true_points="0.5", false_points="0.1")

    assert boolean(True, rule) == Fraction(1, 2)
    assert boolean(False, rule) == Fraction(1, 10)


@pytest.mark.parametrize(
    ("counts", "reached"),
    [
        (TaskCounts(5, 5, 5, 0), 0),
        (TaskCounts(5, 5, 4, 0), 1),
        (TaskCounts(5, 4, 4, 1), 2),
        (TaskCounts(5, 4, 4, 0), None),  # one open, not late: nothing is decided
        (TaskCounts(0, 0, 0, 0), None),
    ],
)
def test_tasks_reach_the_first_tier_whose_conditions_all_hold(counts, reached):
    assert tier_of_tasks(counts, ALL_ON_TIME) == reached


@pytest.mark.parametrize(("done", "points"), [(10, 1), (9, "0.5"), (8, "0.5"), (7, 0)])
def test_a_tier_begins_at_its_limit(done, points):
    assert score(sub(APOLOGIES, "1"), Ratio(done, 10)) == Fraction(points)


def test_tiers_of_a_count_and_of_a_choice_are_read_from_their_own_facts():
    counted = APOLOGIES.model_copy(update={"measure": "count"})
    chosen = APOLOGIES.model_copy(update={"measure": "choice"})

    assert tier(counted, Number(0)) == 2
    assert tier(chosen, Chosen(1)) == 1
    assert tier(chosen, Chosen(3)) is None
    assert score(sub(APOLOGIES), Ratio(0, 0)) is None


def test_one_leader_and_two_others_disciplined_leave_half_a_point_of_two_and_a_half():
    assert deduction((1, 2), DISCIPLINE, Fraction(5, 2)) == Fraction(1, 2)


def test_a_deduction_never_goes_below_zero():
    unlawful = Deduction.model_validate(
        {"method": "deduction", "deducts": [{"per": "văn bản", "minus": "0.5"}]}
    )

    assert deduction((2,), unlawful, Fraction(1, 2)) == 0


def test_a_deduction_without_a_number_for_every_case_is_refused():
    with pytest.raises(ValueError, match="zip"):
        deduction((1,), DISCIPLINE, Fraction(5, 2))


def test_weighted_options_leave_skipped_answers_out():
    answers = {"A": 40, "B": 35, "C": 20, "D": 5}  # 7 skipped are simply not here

    assert shown(survey_options(answers, WEIGHTS, Fraction(3))) == Decimal("1.95")
    assert survey_options({"A": 0}, WEIGHTS, Fraction(3)) is None


def test_a_satisfaction_index_earns_its_percent_of_the_maximum():
    assert survey_index(Fraction(8421, 100), Fraction(5, 2)) == Fraction("2.10525")
    assert survey_index(None, Fraction(5, 2)) is None


def test_a_survey_earns_by_the_figure_everybody_sees_and_nothing_without_one():
    """84 % of 2.5 points are 2.1, whatever was released and rounded to it."""
    rule = sub(SurveyIndex(method="survey_index", factor="F1"), "2.5")

    assert score(rule, SurveyFigure("F1", Fraction(84), 160, release=2)) == Fraction("2.1")
    assert score(rule, SurveyFigure("F1", None, 12, release=1)) is None


def test_facts_of_another_method_are_refused_and_no_facts_give_no_points():
    rule = SurveyIndex(method="survey_index", factor="F1")

    assert score(sub(rule), None) is None
    with pytest.raises(TypeError, match="survey_index"):
        score(sub(rule), Cases((1,)))


@given(st.integers(1, 400), st.data())
def test_more_done_never_earns_less(due, data):
    done = data.draw(st.integers(0, due - 1))

    less, more = (proportional(n, due, FLOOR_80, Fraction(3, 2)) for n in (done, done + 1))

    assert 0 <= less <= more <= Fraction(3, 2)
