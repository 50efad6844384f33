"""The office excludes and restores ballots one by one, to see what each did to the figures."""

from uuid import uuid4

from tests.reporting.attacks.attackers import exclude_and_restore, outside_of_units, truth
from tests.reporting.attacks.old_rule import OldRule
from tests.reporting.attacks.outputs import differences, without_counts
from tests.reporting.attacks.worlds import citizens
from tests.reporting.ballots import drift


async def test_under_the_old_rule_excluding_a_ballot_reads_it_25_times_of_25():
    right = 0
    for seed in range(25):
        id_, department = uuid4(), OldRule()
        crowd = citizens(id_, 50, 0, seed)
        await department.send(*crowd, *citizens(id_, 40, 1, seed))
        victim = crowd[seed]
        right += await exclude_and_restore(department, victim) == truth(victim)
    assert right == 25


async def test_excluding_and_restoring_moves_counts_only_whatever_the_ballots_place(world):
    crowd = [citizens(world.round_id, 25, unit, 1) for unit in range(3)]
    for unit in crowd:
        await world.send(*unit)
    places = await world.rows(
        "SELECT response_id, released_in, response_id IN "
        "(SELECT unnest(ballots) FROM steering_pool) AS pooled FROM response_fact ORDER BY 1"
    )
    victims = {(row.released_in, row.pooled): row.response_id for row in places}
    assert len(victims) == 4  # waiting and released, in steering's pool and in its set
    ballots = {each.response_id: each for unit in crowd for each in unit}
    start = await world.look()
    for victim in victims.values():
        assert await exclude_and_restore(world, ballots[victim]) == {}
        now = await world.look()
        assert differences(without_counts(start), without_counts(now)) == []
    assert await drift(world.database) == 0


async def test_excluding_one_by_one_down_to_the_victim_shows_nothing_while_open(world):
    crowd = [citizens(world.round_id, 25, unit, 1) for unit in range(3)]
    for unit in crowd:
        await world.send(*unit)
    start = await world.look()
    *known, _ = crowd[0]
    for ballot in known:
        await world.exclude(ballot)
    now = await world.look()
    assert differences(without_counts(start), without_counts(now)) == []
    # Then a release of the others: the drained unit is not due, and keeps what it showed.
    for unit in (1, 2):
        await world.send(*citizens(world.round_id, 20, unit, 2))
    page = await world.look()
    answer = page[f"director /v1/indices/satisfaction/{world.round_id}"]
    assert answer["released"]["release"] == 1
    assert outside_of_units(page) == {}


async def test_ten_excluded_leave_with_a_release_of_their_unit_and_fewer_do_not(world):
    crowd = [citizens(world.round_id, 40, unit, 1) for unit in range(3)]
    for unit in crowd:
        await world.send(*unit)
    released = {
        row.response_id
        for row in await world.rows("SELECT response_id FROM response_fact WHERE released_in = 1")
    }
    shown = [[each for each in unit if each.response_id in released] for unit in crowd]
    await world.exclude(*shown[0][:9], *shown[1][:10])
    for unit in range(3):
        await world.send(*citizens(world.round_id, 10, unit, 2))
    left = await world.rows(
        "SELECT left_in, count(*) AS n FROM response_fact WHERE left_in IS NOT NULL GROUP BY 1"
    )
    assert [(row.left_in, row.n) for row in left] == [(2, 10)]
    assert await drift(world.database) == 0
