"""Which act is open in which state of a sheet, and to whom: by table."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import get_args

import pytest

from chassis.rules import InputRefused, RuleBroken
from reporting.criteria.domain import (
    Area,
    Boolean,
    CriteriaSet,
    Criterion,
    Proportional,
    SubCriterion,
    SurveyIndex,
)
from reporting.par.inputs import Inputs
from reporting.par.scoring import Ratio
from reporting.score_sheets.entries import (
    Filled,
    check_complete,
    check_difference,
    lacking,
    points_given,
    rows_of_sheet,
)
from reporting.score_sheets.outcome import Outcome, outcome
from reporting.score_sheets.steps import (
    DATED,
    OPEN,
    State,
    after_lock,
    before_lock,
    check_day,
    check_new_day,
    check_state,
    open_acts,
)
from reporting.shown import shown

TABLE = """
    opened        self_score prove lock                    body
    self_scoring  self_score prove lock                    body
    locked                                                 body
    explaining    prove answer lock                        body
    explained                                              body
    approved                                               body
    published                                              body
    opened                                                 appraiser
    self_scoring                                           appraiser
    locked        lock appraise ask                        appraiser
    explaining                                             appraiser
    explained     appraise                                 appraiser
    approved                                               appraiser
    published                                              appraiser
    opened        import_last_year count_ballots           office
    self_scoring  import_last_year count_ballots           office
    locked        count_ballots                            office
    explained     count_ballots                            office
    approved      publish                                  office
    published                                              office
    locked                                                 director
    explained     approve                                  director
    approved      reopen                                   director
    published     reopen                                   director
    opened        extend enter_survey                      keeper
    self_scoring  extend enter_survey                      keeper
    locked        reopen enter_survey                      keeper
    explaining    reopen extend enter_survey               keeper
    explained     reopen enter_survey                      keeper
    approved                                               keeper
    published                                              keeper
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
RATE = Proportional(
    method="proportional", numerator="việc xong", denominator="việc giao", full_at="1", floor="0.8"
)


def sub(code: str = "1.1.1", most: str = "10", rule=None, **more) -> SubCriterion:
    rule = rule or Boolean(method="boolean", condition="có", true_points=most, false_points="0")
    return SubCriterion(code=code, name=code, max_points=most, rule=rule, source="x", **more)


def criteria(*subs: SubCriterion, bonus: str = "2", penalty: str = "3") -> CriteriaSet:
    total = sum(each.max_points for each in subs)
    return CriteriaSet(
        code="s", title="Bộ", year=2025, composed=True, notice="", total_points=total,
        bonus_max=bonus, penalty_max=penalty, grade_bands=[],
        areas=[Area(code="1", name="a", max_points=total, criteria=[
            Criterion(code="1.1", name="c", max_points=total, sub_criteria=subs)
        ])],
    )  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[-1]} {row[0]}")
def test_a_party_may_do_in_a_state_what_the_table_says(row):
    state, *acts, party = row
    assert sorted(open_acts(state, {party})) == sorted(acts)


def test_every_act_is_refused_in_every_state_that_is_not_its_own():
    for act, states in OPEN.items():
        for state in get_args(State):
            if state in states:
                check_state(act, state)
                continue
            with pytest.raises(RuleBroken) as refused:
                check_state(act, state)
            assert refused.value.code == "score_sheet_state"


@pytest.mark.parametrize(
    ("state", "asked", "after"),
    [
        ("self_scoring", False, "locked"), ("locked", True, "explaining"),
        ("locked", False, "explained"), ("explaining", True, "explained"),
    ],
)  # fmt: skip
def test_a_lock_leads_to_the_next_state_and_past_explanations_where_nothing_is_asked(
    state, asked, after
):
    assert after_lock(state, asked=asked) == after


@pytest.mark.parametrize("asked", [True, False])
def test_a_lock_undone_leads_back_to_where_it_was_taken(asked):
    for state in ("self_scoring", "locked", "explaining"):
        if state == "explaining" and not asked:
            continue
        assert before_lock(after_lock(state, asked=asked), answered=asked) == state


@pytest.mark.parametrize(("today", "open_"), [(29, True), (30, True), (31, False)])
def test_the_last_day_is_open_and_the_day_after_is_not(today, open_):
    last, now = date(2025, 10, 30), date(2025, 10, today)
    for act in DATED:
        if open_:
            check_day(act, last, now)
            continue
        with pytest.raises(RuleBroken) as refused:
            check_day(act, last, now)
        assert refused.value.code == "score_sheet_closed"
        assert "30/10/2025" in str(refused.value.sentence)
    check_day("lock", last, now)
    assert ("self_score" in open_acts("opened", {"body"}, day_passed=not open_)) == open_
    assert "lock" in open_acts("opened", {"body"}, day_passed=not open_)


@pytest.mark.parametrize(
    ("day", "needed", "said"),
    [
        (None, True, "hãy nêu hạn mới"), (date(2025, 10, 9), False, "09/10/2025 đã qua"),
        (date(2025, 10, 11), False, "sớm hơn hạn hiện nay 12/10/2025"),
    ],
)  # fmt: skip
def test_a_new_last_day_leaves_time_and_is_only_moved_on(day, needed, said):
    with pytest.raises(InputRefused) as refused:
        check_new_day(day, date(2025, 10, 12), date(2025, 10, 10), needed=needed)
    assert (refused.value.code, refused.value.problems[0].pointer) == (
        "score_sheet_day", "/closes_on",
    )  # fmt: skip
    assert said in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("points", "done", "due", "field"),
    [
        ("8", None, None, "points"), (None, 4, None, "due"), (None, None, 5, "done"),
        (None, 6, 5, "done"), (None, 0, 0, "due"),
    ],
)  # fmt: skip
def test_a_rate_takes_numerator_and_denominator_and_nothing_else(points, done, due, field):
    with pytest.raises(InputRefused) as refused:
        points_given(sub(rule=RATE), points and Decimal(points), done, due, "self_score")
    assert refused.value.problems[0].pointer == f"/{field}"


def test_the_points_of_a_rate_are_computed():
    given = [
        points_given(sub(most="1.5", rule=RATE), None, done, 50, "self_score")
        for done in (50, 47, 40, 39)
    ]
    assert given == [Decimal("1.5"), Decimal("1.41"), Decimal("1.2"), Decimal(0)]


def test_points_are_one_of_the_steps_that_the_set_names():
    assert points_given(sub(), Decimal(10), None, None, "self_score") == 10
    with pytest.raises(InputRefused) as refused:
        points_given(sub(), Decimal(7), None, None, "self_score")
    assert "0,00; 10,00" in str(refused.value) or "0.00; 10.00" in str(refused.value)


def test_the_points_of_a_survey_are_never_typed():
    survey = sub(rule=SurveyIndex(method="survey_index", factor="F1"))
    for column in ("self_score", "appraised_1", "appraised_2"):
        with pytest.raises(InputRefused):
            points_given(survey, Decimal(5), None, None, column)


def test_other_points_than_the_bodys_need_a_reason():
    check_difference(sub(), Decimal(5), Decimal(5), None)
    check_difference(sub(), Decimal(4), Decimal(5), "Thiếu quyết định")
    with pytest.raises(InputRefused):
        check_difference(sub(), Decimal(4), Decimal(5), " ")


def test_a_lock_names_every_row_that_lacks_score_or_evidence():
    rows = [
        Filled(sub("1.1.1")),
        Filled(sub("1.1.2"), self_score=Decimal(1)),
        Filled(sub("1.1.3"), self_score=Decimal(1), proof=True),
        Filled(sub("1.1.4"), not_applicable=True),
        Filled(sub("1.1.5", rule=SurveyIndex(method="survey_index", factor="F1"))),
        Filled(rows_of_sheet(criteria(sub()))["bonus"]),
        Filled(rows_of_sheet(criteria(sub()))["penalty"], self_score=Decimal(1)),
    ]
    found = lacking("self_scoring", rows)
    assert found == [
        ("1.1.1", "score"), ("1.1.1", "evidence"), ("1.1.2", "evidence"), ("penalty", "evidence"),
    ]  # fmt: skip
    with pytest.raises(RuleBroken) as refused:
        check_complete(found)
    said = str(refused.value)
    assert "thiếu điểm: 1.1.1" in said
    assert "1.1.1, 1.1.2, Điểm trừ" in said


def test_the_appraisers_lock_wants_points_or_a_yes_to_not_applicable():
    rows = [
        Filled(sub("1"), self_score=Decimal(1), proof=True),
        Filled(sub("2"), not_applicable=True),
        Filled(sub("3"), not_applicable=True, not_applicable_accepted=True),
        Filled(sub("4"), appraised=Decimal(0)),
    ]
    assert lacking("locked", rows) == [("1", "appraisal"), ("2", "appraisal")]


def test_the_lock_of_explanations_wants_an_answer_to_each_question():
    rows = [Filled(sub("1"), asked=True), Filled(sub("2"), asked=True, answered=True)]
    assert lacking("explaining", rows) == [("1", "answer")]


def test_68_32_points_of_84_applicable_are_81_33_percent():
    parts = criteria(sub("1", "84"), sub("2", "16"), bonus="0", penalty="0")
    inputs = {"1": Inputs(appraised_1=Decimal("68.32")), "2": Inputs(not_applicable=True)}
    found = outcome(parts, inputs)
    assert (found.points, found.applicable_points) == (Decimal("68.32"), Decimal(84))
    assert shown(found.index) == Decimal("81.33")


def test_two_bodies_shown_alike_have_different_exact_figures():
    parts = criteria(sub("1", "100"))
    one, other = (
        outcome(parts, {"1": Inputs(appraised_2=Decimal(p))}).index for p in ("90.024", "90.016")
    )
    assert shown(one) == shown(other) == Decimal("90.02")
    assert one > other


def test_a_self_score_is_never_final_and_the_second_appraisal_outweighs_the_first():
    parts = criteria(sub("1", "100"))
    assert outcome(parts, {"1": Inputs(self_score=Decimal(100))}).index is None
    both = Inputs(self_score=Decimal(100), appraised_1=Decimal(60), appraised_2=Decimal(80))
    assert outcome(parts, {"1": both}).index == 80


def test_an_appraised_rate_counts_exactly_though_it_is_kept_to_six_places():
    parts = criteria(sub("1", "3", rule=RATE.model_copy(update={"floor": Decimal(0)})))
    found = outcome(parts, {"1": Inputs(appraised_1=Ratio(1, 7))})
    assert found.index == Fraction(100, 7)


def test_bonus_and_penalty_move_the_index_up_to_their_caps():
    parts = criteria(sub("1", "100"), bonus="2", penalty="3")
    inputs = {"1": Inputs(appraised_1=Decimal(50))}
    assert outcome(parts, inputs, bonus=Decimal(5), penalty=Decimal(1)).index == 51
    assert outcome(parts, inputs, bonus=Decimal(0), penalty=Decimal(9)).index == 47


def test_a_row_no_survey_scored_counts_nothing_or_leaves_the_sum_as_the_block_says():
    survey = sub("2", "20", rule=SurveyIndex(method="survey_index", factor="F1"))
    parts, inputs = criteria(sub("1", "80"), survey), {"1": Inputs(appraised_1=Decimal(40))}
    assert outcome(parts, inputs, without_survey="zero").index == 40
    assert outcome(parts, inputs, without_survey="left_out").index == 50


def test_what_was_approved_is_read_as_it_was_written():
    parts = criteria(sub("1", "3", rule=RATE.model_copy(update={"floor": Decimal(0)})), sub("2"))
    found = outcome(parts, {"1": Inputs(appraised_1=Ratio(1, 7)), "2": Inputs(not_applicable=True)})
    assert Outcome.from_json(found.as_json()) == found
