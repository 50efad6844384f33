"""A reader who subtracts: units from the department, a release from the next one."""

from collections import Counter
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reporting.attacks.attackers import outside_of_units, truth
from tests.reporting.attacks.old_rule import OldRule
from tests.reporting.attacks.worlds import citizens
from tests.reporting.conftest import UNITS

from reporting.disclosure.closing import Joining, askable, split
from reporting.disclosure.releases import drawn, due_units

NOBODY = UUID(int=0)
FEWEST, FINER = 3, 10


async def test_under_the_old_rule_the_department_less_its_units_is_one_ballot_25_times_of_25():
    right = 0
    for seed in range(25):
        id_, department = uuid4(), OldRule()
        for unit in range(3):
            await department.send(*citizens(id_, 30 + 5 * unit, unit, seed))
        assert outside_of_units(await department.look()) == {}
        (victim,) = citizens(id_, 1, seed % 3, 1000 + seed)
        await department.send(victim)
        reading = outside_of_units(await department.look())
        right += reading == {"left": 1, **{n: truth(victim)[n] for n in ("satisfied", "score")}}
    assert right == 25


async def test_the_department_less_its_units_is_nobody_before_and_after_each_release(world):
    releases, seen = 0, None
    for batch in range(8):
        for unit in range(3):
            await world.send(*citizens(world.round_id, 7 + 2 * unit, unit, batch))
        page = await world.look()
        assert outside_of_units(page) == {}
        answer = page[f"director /v1/indices/satisfaction/{world.round_id}"]
        shown = {unit["unit_id"]: unit["released"] for unit in answer["units"]}
        whole = answer["released"]
        if whole != seen:
            releases, seen = releases + 1, whole
            moved = await world.rows(
                f"SELECT count(*) AS n FROM response_fact WHERE released_in = {whole['release']} "
                "GROUP BY unit_id"
            )
            assert len(moved) >= FEWEST
            assert min(row.n for row in moved) >= FINER
        if whole:
            assert sum(each["n"] for each in shown.values() if each) <= whole["n"]
            assert answer["mean5"] is None
            assert all(q["distribution"] is None for q in answer["questions"])
    assert releases >= 2


ARRIVALS = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 30)), max_size=40)


@settings(max_examples=200)
@given(ARRIVALS)
def test_every_release_takes_30_ballots_of_three_units_ten_of_each_at_least(arrivals):
    secret, waiting, released, number = b"s" * 32, {}, Counter(), 0
    units = [NOBODY, *(UUID(int=n) for n in range(1, 5))]
    for unit, n in arrivals:
        waiting.setdefault(units[unit], set()).update(uuid4().bytes for _ in range(n))
        due = due_units({u: len(w) for u, w in waiting.items()}, released, NOBODY)
        if not due:
            continue
        number += 1
        taken = {u: drawn(secret, number, waiting[u]) for u in due}
        for u, ballots in taken.items():
            waiting[u] -= set(ballots)
            released[u] += len(ballots)
        assert len(taken.keys() - {NOBODY}) >= FEWEST
        assert min(map(len, taken.values())) >= FINER
        assert sum(map(len, taken.values())) >= FEWEST * FINER


JOINING = st.builds(Joining, st.just(0) | st.integers(10, 40), st.integers(0, 30)).flatmap(
    lambda each: st.builds(
        Joining, st.just(each.before), st.just(each.joining), st.integers(0, each.before)
    )
)


@given(st.dictionaries(st.sampled_from([*UNITS, NOBODY]), JOINING, max_size=4))
def test_closing_shows_no_unit_below_ten_and_isolates_no_fewer(units):
    chosen = split(units)
    assert chosen.exact | chosen.keeping | chosen.hidden == units.keys()
    assert all(units[unit].total >= FINER for unit in chosen.exact | chosen.keeping)
    left = sum(units[unit].total for unit in units.keys() - chosen.exact)
    assert not chosen.exact or left == 0 or left >= FINER
    for unit in chosen.exact:
        each = units[unit]
        assert each.changed == 0 or each.changed >= FINER or each.before < FINER


@given(st.dictionaries(st.sampled_from(UNITS), st.integers(0, 30)), st.integers(0, 30))
def test_a_question_of_units_less_than_the_departments_is_nobodys_or_tens(groups, others):
    shown = askable({unit: {"Q": n} for unit, n in groups.items()}, [{"Q": others}])
    left = others + sum(n for unit, n in groups.items() if unit not in shown)
    assert all(groups[unit] == 0 or groups[unit] >= FINER for unit in shown)
    assert not shown or left == 0 or left >= FINER
