"""The one rounding, exact numbers as text, and small groups that an attacker cannot subtract."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.shown import decimal, may_release, number, released, shown, stands_at, text, visible

FRACTIONS = st.fractions(max_denominator=10**6)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        (Fraction(6832, 84), "81.33"),
        (Fraction(90), "90.00"),
        (Fraction("0.005"), "0.01"),  # half up, not to even
        (Fraction("2.675"), "2.68"),  # a float would give 2.67
        (Fraction("-0.005"), "-0.01"),
        (Fraction("-0.004"), "0.00"),
        (Decimal("0.00499999999999999999999999999999999999"), "0.00"),
    ],
)
def test_figures_are_shown_with_two_places_half_up(value, seen):
    assert f"{shown(value)}" == seen


def test_no_figure_stays_no_figure():
    assert shown(None) is None


@given(FRACTIONS)
def test_what_is_shown_is_at_most_half_a_hundredth_away(value):
    assert abs(Fraction(shown(value)) - value) <= Fraction(1, 200)


@given(FRACTIONS)
def test_a_number_written_as_text_is_read_back_exactly(value):
    assert number(text(value)) == value


@pytest.mark.parametrize(("value", "written"), [("1.410", "1.41"), ("100", "100"), ("1e3", "1000")])
def test_an_ending_decimal_is_written_plainly(value, written):
    assert text(Fraction(value)) == written
    assert f"{decimal(Fraction(value))}" == written


def test_an_endless_decimal_is_written_as_a_fraction_and_stored_to_twelve_places():
    assert text(Fraction(2, 3)) == "2/3"
    assert decimal(Fraction(2, 3)) == Decimal("0.666666666667")


def test_a_finer_cell_moves_in_steps_of_five():
    assert [stands_at(n) for n in (0, 4, 5, 34)] == [0, 0, 5, 30]
    assert not may_release(34, 30)
    assert may_release(35, 30)


def test_each_cell_is_released_by_its_own_steps_and_a_mended_one_at_once():
    four_more, five_more = [0, 4, 9, 9], [0, 5, 9, 9]
    assert released([0, 0, 9, 9], four_more, 2) == [0, 0, 9, 9]
    assert released([0, 0, 9, 9], five_more, 2) == five_more
    assert released([6, 0, 9, 9], [5, 0, 9, 9], 2) == [5, 0, 9, 9]


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), max_size=20))
def test_two_shown_states_of_a_cell_never_differ_by_fewer_than_five_answers(batches):
    counts, before = [0] * 6, [0] * 6
    for more in batches:
        counts = [was + new for was, new in zip(counts, more, strict=True)]
        after = released(before, counts, 3)
        for cell in (slice(0, 3), slice(3, 6)):
            assert after[cell] == before[cell] or sum(after[cell]) - sum(before[cell]) >= 5
            assert sum(counts[cell]) - sum(after[cell]) < 5
        before = after


def test_one_small_unit_takes_a_second_one_along():
    assert visible({"A": 40, "B": 75, "C": 10}, 30) == {"B"}


def test_small_units_that_are_enough_together_take_nobody_along():
    assert visible({"A": 40, "B": 20, "C": 10}, 30) == {"A"}


def test_all_large_units_are_visible_and_a_lone_small_one_hides_everything():
    assert visible({"A": 40, "B": 30}, 30) == {"A", "B"}
    assert visible({"A": 40, "B": 3}, 30) == set()


def test_who_was_hidden_before_stays_hidden_so_that_two_moments_cannot_be_subtracted():
    assert visible({"A": 40, "B": 45, "C": 10}, 30, hidden_before={"B", "C"}) == {"A"}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 80), max_size=8), st.integers(1, 40))
def test_total_minus_visible_is_nobody_or_a_group_large_enough(groups, min_n):
    seen = visible(groups, min_n)

    rest = sum(n for group, n in groups.items() if group not in seen)
    assert all(groups[group] >= min_n for group in seen)
    assert not seen or rest == 0 or rest >= min_n
