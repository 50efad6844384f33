"""What small groups forbid: when ballots are released, by which lot, and how finely shown."""

from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.disclosure import pool
from reporting.disclosure.published import Figure
from reporting.disclosure.releases import drawn, due_units, is_due
from reporting.disclosure.thresholds import (
    count_told,
    department_threshold,
    in_tens,
    step,
    stepped,
)

A, B, C, D, NOBODY = (UUID(int=n) for n in (1, 2, 3, 4, 0))
SECRET = b"of this round" * 3
FIGURE = {"n": 40, "release": 2, "at": "2026-11-23T03:00:00Z"}


def ids(count: int, start: int = 0) -> list[bytes]:
    return [UUID(int=start + n).bytes for n in range(count)]


@pytest.mark.parametrize(
    ("n", "size"),
    [
        (1, "10"), (19, "10"), (20, "5"), (99, "5"), (100, "1"), (199, "1"), (200, "0.5"),
        (999, "0.5"), (1000, "0.1"), (50_000, "0.1"),
    ],
)  # fmt: skip
def test_the_more_ballots_the_finer_the_step(n, size):
    assert step(n) == Fraction(size)


@pytest.mark.parametrize(
    ("value", "n", "as_shown"),
    [
        ("82.4", 30, "80"), ("82.5", 30, "85"), ("97.4", 99, "95"), ("97.5", 99, "100"),
        ("84.49", 100, "84"), ("84.5", 199, "85"), ("84.25", 200, "84.5"), ("84.24", 200, "84"),
        ("84.249", 1000, "84.2"), ("0", 30, "0"), ("100", 1000, "100"),
    ],
)  # fmt: skip
def test_a_figure_of_an_open_round_is_rounded_half_up_to_its_step(value, n, as_shown):
    assert stepped(Fraction(value), n, 30) == Fraction(as_shown)


def test_below_thirty_ballots_of_the_department_and_ten_of_a_unit_there_is_no_figure():
    assert stepped(Fraction(80), 29, 30) is None
    assert stepped(Fraction(80), 30, 30) == 80
    assert stepped(Fraction(80), 9, 10) is None
    assert stepped(Fraction(80), 10, 10) == 80
    assert stepped(None, 500, 10) is None


def test_a_round_may_ask_for_more_than_thirty_ballots_and_never_for_fewer():
    assert [department_threshold(n) for n in (1, 30, 31, 100)] == [30, 30, 31, 100]


@given(st.integers(20, 5000), st.data())
def test_one_ballot_more_moves_a_shown_index_by_one_step_at_most(n, data):
    satisfied = data.draw(st.integers(0, n))
    before, after = Fraction(100 * satisfied, n), Fraction(100 * (satisfied + 1), n + 1)

    assert abs(stepped(after, n, 20) - stepped(before, n, 20)) <= step(n)


def test_a_count_of_one_unit_is_told_in_whole_tens_and_so_is_one_of_two_units():
    assert [in_tens(n) for n in (0, 9, 10, 19, 257)] == [0, 0, 10, 10, 250]
    assert [count_told(257, units) for units in (1, 2, 3, 12)] == [250, 250, 257, 257]


def test_a_unit_is_due_with_twenty_waiting_ballots_that_are_a_fifth_of_its_released_ones():
    assert [is_due(n, 0) for n in (19, 20)] == [False, True]
    assert [is_due(20, released) for released in (100, 101)] == [True, False]
    assert [is_due(n, 1000) for n in (199, 200)] == [False, True]


def test_units_release_together_once_three_are_due_and_who_is_not_due_waits():
    assert due_units({A: 20, B: 400}, {}, NOBODY) == set()
    assert due_units({A: 20, B: 400, C: 19}, {}, NOBODY) == set()
    assert due_units({A: 20, B: 400, C: 20, D: 19}, {}, NOBODY) == {A, B, C}
    assert due_units({A: 20, B: 400, C: 20}, {C: 101}, NOBODY) == set()


def test_ballots_of_no_unit_release_along_and_are_not_counted_among_the_three():
    assert due_units({A: 20, B: 20, NOBODY: 500}, {}, NOBODY) == set()
    assert due_units({A: 20, B: 20, C: 20, NOBODY: 20}, {}, NOBODY) == {A, B, C, NOBODY}
    assert due_units({A: 20, B: 20, C: 20, NOBODY: 19}, {}, NOBODY) == {A, B, C}


@given(st.permutations(ids(41)))
def test_half_of_the_waiting_ballots_is_drawn_and_the_order_of_arrival_has_no_part_in_it(waiting):
    taken = drawn(SECRET, 1, waiting)

    assert taken == drawn(SECRET, 1, ids(41))
    assert len(taken) == len(set(taken)) == 20
    assert set(taken) < set(waiting)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 500))
def test_another_secret_or_another_release_draws_other_ballots(secret, release):
    taken = set(drawn(secret, release, ids(400)))

    assert taken != set(drawn(secret + b"x", release, ids(400)))
    assert taken != set(drawn(secret, release + 1, ids(400)))


def test_over_many_releases_every_ballot_is_drawn_about_as_often_as_not():
    times = dict.fromkeys(ids(20), 0)
    for release in range(400):
        for ballot in drawn(SECRET, release, ids(20)):
            times[ballot] += 1

    assert sum(times.values()) == 400 * 10
    assert all(140 < often < 260 for often in times.values()), "six standard deviations"


ARRIVALS = st.lists(
    st.dictionaries(st.sampled_from([A, B, C, D, NOBODY]), st.integers(0, 60)), max_size=12
)


@given(ARRIVALS)
def test_every_release_is_of_thirty_ballots_at_least_of_three_units_with_ten_each(arrivals):
    waiting: dict[UUID, list[bytes]] = {}
    released: dict[UUID, int] = {}
    made = 0
    for number, arriving in enumerate(arrivals):
        for unit, count in arriving.items():
            fresh = ids(count, 1000 * (10 * number + unit.int))
            waiting[unit] = [*waiting.get(unit, ()), *fresh]
        while due := due_units({u: len(w) for u, w in waiting.items()}, released, NOBODY):
            made += 1
            joining = {unit: drawn(SECRET, made, waiting[unit]) for unit in due}
            units = {unit: len(ballots) for unit, ballots in joining.items() if unit != NOBODY}
            assert len(units) >= 3
            assert sum(units.values()) >= 30
            assert min(map(len, joining.values())) >= 10
            for unit, ballots in joining.items():
                assert len(ballots) <= len(waiting[unit]) / 2
                assert 11 * len(ballots) >= released.get(unit, 0), "a tenth of it, or nearly"
                released[unit] = released.get(unit, 0) + len(ballots)
                waiting[unit] = [ballot for ballot in waiting[unit] if ballot not in ballots]


def test_the_first_twenty_ballots_stay_in_the_pool():
    assert pool.through([], ids(7)) == ids(7)
    assert pool.through(ids(7), ids(13, 7)) == ids(20)


def test_with_the_next_one_each_of_the_twenty_one_may_be_who_leaves(monkeypatch):
    left = []
    for place in range(21):
        monkeypatch.setattr(pool, "randbelow", lambda below, place=place: min(place, below - 1))
        held = pool.through(ids(20), ids(1, 20))
        assert len(held) == 20
        left += set(ids(21)) - set(held)

    assert left == ids(21)


@given(st.lists(st.integers(0, 30), max_size=8))
def test_the_pool_holds_twenty_or_all_there_are_and_no_ballot_twice(batches):
    held: list[UUID] = []
    came = 0
    for size in batches:
        before, fresh = set(held), ids(size, came)
        came += size
        held = pool.through(held, fresh)
        assert len(held) == len(set(held)) == min(20, came)
        assert set(held) <= before | set(fresh), "whoever has left the pool never comes back"


@given(st.fractions(0, 100))
def test_an_exact_figure_is_stored_and_read_back_exactly(value):
    figure = Figure.model_validate({**FIGURE, "share": value, "mean5": None})

    assert Figure.model_validate(figure.model_dump(mode="json")) == figure
    assert Figure.model_validate(figure.model_dump(mode="json")).share == value
