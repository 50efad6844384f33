"""What is told of counts, and what cannot be reckoned from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.surveys import Lane
from surveys.answers.tens import counts_in_index, of_department, tens, tickets

FEW = st.integers(1, 2)


@pytest.mark.parametrize(("number", "told"), [(0, 0), (9, 0), (10, 10), (19, 10), (123, 120)])
def test_tens_are_rounded_down(number: int, told: int) -> None:
    assert tens(number) == told


def test_the_number_of_a_round_is_told_as_it_is_from_three_units_on() -> None:
    assert [of_department(47, units) for units in (1, 2, 3, 20)] == [40, 40, 47, 47]


def test_tickets_are_told_as_they_are_from_three_units_on() -> None:
    assert tickets(45, 8, 3) == (45, 37)


@given(st.integers(0, 500), st.integers(0, 500), FEW)
def test_of_few_units_tickets_left_are_whole_tens_and_never_less_than_none(
    used: int, left: int, units: int
) -> None:
    issued, unused = tickets(used + left, used, units)

    assert unused >= 0
    assert issued % 10 == unused % 10 == 0


@given(st.integers(0, 500), st.integers(0, 100), st.integers(0, 9), st.integers(0, 9), FEW)
def test_of_few_units_all_that_is_told_is_the_same_wherever_in_its_ten_the_used_number_stands(
    issued: int, ten: int, one: int, other: int, units: int
) -> None:
    """Not even who issued the tickets, and knows their number, can subtract."""
    issued += 10 * ten + 9
    told = [
        (tickets(issued, used, units), of_department(used, units))
        for used in (10 * ten + one, 10 * ten + other)
    ]

    assert told[0] == told[1]


@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("ended", [False, True])
def test_ballots_without_a_ticket_count_in_the_index_at_its_end_and_only_if_the_round_says_so(
    *, said: bool, ended: bool
) -> None:
    def counts(lane: Lane) -> bool:
        return counts_in_index(lane, open_in_index=said, ended=ended)

    assert counts("ticket")
    assert counts("supervised") is counts("open") is (said and ended)
