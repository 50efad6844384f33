"""Whose figure is exact when a round is closed, who keeps the last one, who is hidden with whom."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from reporting.disclosure.closing import Joining, Split, askable, hide_few, split

A, B, C, D = (UUID(int=n) for n in (1, 2, 3, 4))


def of(exact=(), keeping=(), hidden=()) -> Split:
    return Split(frozenset(exact), frozenset(keeping), frozenset(hidden))


def test_everybody_with_ten_ballots_and_ten_changes_is_exact():
    assert split({A: Joining(40, 20), B: Joining(30, 10), C: Joining(0, 10)}) == of({A, B, C})


def test_a_unit_without_any_change_is_exact_over_the_same_ballots():
    assert split({A: Joining(40, 0), B: Joining(30, 0)}) == of({A, B})


def test_nine_changes_would_tell_themselves_so_the_unit_keeps_its_figure():
    """C's 8 and B's 9 are 17 that nobody can tell apart: nobody else is hidden."""
    units = {A: Joining(40, 20), B: Joining(30, 9), C: Joining(0, 8)}

    assert split(units) == of({A}, {B}, {C})
    assert split({**units, B: Joining(30, 5, leaving=4)}) == of({A}, {B}, {C})
    ten = split({**units, B: Joining(30, 6, leaving=4)})
    assert ten == of({A}, (), {B, C}), "with its ten B is exact, and hidden for C's eight alone"


def test_a_lone_small_unit_takes_the_smallest_other_one_along():
    """Department minus A minus B would be C's eight."""
    assert split({A: Joining(40, 20), B: Joining(30, 10), C: Joining(0, 8)}) == of({A}, (), {B, C})


def test_a_lone_unit_that_keeps_its_figure_takes_the_smallest_other_one_along():
    """Department minus A minus D would be B with its five new ones, against B without them."""
    units = {A: Joining(40, 20), B: Joining(30, 5), D: Joining(0, 12)}

    assert split(units) == of({A}, {B}, {D})


def test_two_small_units_that_are_ten_together_take_nobody_along():
    assert split({A: Joining(40, 20), B: Joining(0, 4), C: Joining(0, 6)}) == of({A}, (), {B, C})


def test_a_unit_of_nothing_but_excluded_ballots_is_hidden_and_takes_nobody_along():
    assert split({A: Joining(40, 20), B: Joining(0, 0)}) == of({A}, (), {B})


def test_a_single_large_unit_is_hidden_with_a_single_small_one():
    assert split({A: Joining(40, 20), B: Joining(0, 9)}) == of((), (), {A, B})


UNITS = st.dictionaries(
    st.sampled_from([UUID(int=n) for n in range(6)]),
    st.builds(
        lambda before, joining, leaving: Joining(before, joining, min(before, leaving)),
        st.sampled_from([0, *range(10, 60)]),
        st.integers(0, 40),
        st.integers(0, 20),
    ),
)


@given(UNITS)
def test_what_subtraction_tells_is_nothing_or_ten_ballots_at_least(units):
    found = split(units)

    assert found.exact | found.keeping | found.hidden == units.keys()
    assert len(found.exact) + len(found.keeping) + len(found.hidden) == len(units)
    assert all(units[unit].total >= 10 for unit in found.exact | found.keeping)
    for unit in found.exact:
        assert units[unit].changed == 0 or units[unit].changed >= 10 or units[unit].before < 10
    told = sum(units[unit].total for unit in found.hidden)
    told += sum(units[unit].changed for unit in found.keeping)
    assert told == 0 or told >= 10 or not found.exact


def test_whoever_is_hidden_along_is_the_smallest_and_never_anybody_without_need():
    chosen, totals = of({A, B}, (), {C}), {A: 40, B: 30, C: 5}

    assert hide_few(chosen, totals, 5) == of({A}, (), {B, C})
    assert hide_few(chosen, totals, 0) == hide_few(chosen, totals, 10) == chosen
    assert hide_few(of((), (), {C}), totals, 5) == of((), (), {C})


def told(units: dict[UUID, int], others: int) -> frozenset[UUID]:
    """Return the units whose answers to the only question may be told."""
    return askable({unit: {"Q": n} for unit, n in units.items()}, [{"Q": others}])


def test_a_question_that_few_answered_in_one_unit_is_hidden_in_a_second_one():
    """Department minus A would be B and C: 19 answers. With B shown it would be C's seven."""
    assert told({A: 40, B: 12, C: 7}, 0) == {A}
    assert told({A: 40, B: 12, C: 7}, 3) == {A, B}, "three answers of hidden units hide C's"
    assert told({A: 40, B: 12}, 0) == {A, B}
    assert told({A: 40}, 9) == told({}, 9) == set()


def test_a_unit_with_a_question_that_few_answered_tells_none_of_its_questions():
    """Its overall figure less the other questions would be that one."""
    units = {A: {"Q": 40, "R": 40}, B: {"Q": 30, "R": 9}, C: {"Q": 20, "R": 0}}

    assert askable(units, [{"Q": 0, "R": 1}]) == {A, C}
    assert askable({A: units[A]}, [{"Q": 10, "R": 9}]) == set()


@given(
    st.dictionaries(st.sampled_from([UUID(int=n) for n in range(5)]), st.integers(0, 30)),
    st.integers(0, 30),
)
def test_the_answers_to_a_question_that_subtraction_tells_are_none_or_ten_at_least(groups, others):
    shown = told(groups, others)

    left = others + sum(n for unit, n in groups.items() if unit not in shown)
    assert all(groups[unit] == 0 or groups[unit] >= 10 for unit in shown)
    assert not shown or left == 0 or left >= 10
