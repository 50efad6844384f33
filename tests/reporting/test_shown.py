"""The one rounding, and exact numbers as text."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.shown import decimal, number, shown, text

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
