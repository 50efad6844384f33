"""What small groups forbid: steps an attacker cannot subtract, and who is hidden with whom."""

from hypothesis import given
from hypothesis import strategies as st

from reporting.disclosure import may_release, released, stands_at, visible


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
