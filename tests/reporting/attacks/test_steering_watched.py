"""The office polls steering's figure around one ballot, and guesses what the victim answered."""

import random
from fractions import Fraction
from uuid import uuid4

import pytest
from tests.reporting.attacks.attackers import by_figures, truth
from tests.reporting.attacks.old_rule import OldRule
from tests.reporting.attacks.outputs import found
from tests.reporting.attacks.worlds import citizens, of, pinned

from reporting.disclosure import pool
from reporting.disclosure.thresholds import DEPARTMENT, stepped
from reporting.satisfaction.domain import AnswerCounts, Measure

RUNS = 600
FLOODS = 100
OF_A_POOL = 1 / (pool.SIZE + 1)


class Screen:
    """Steering's figure over straight ballots: all questions the same level, or a general one."""

    def __init__(self, chance, sizes):
        self.crowd = [chance.choice([1, 5]) if chance.random() < 0.5 else 5 for _ in range(sizes)]
        self.all, self.held = [], []
        for level in self.crowd:
            self.take(level)

    def take(self, level):
        self.all.append(level)
        self.held = pool.through(self.held, [len(self.all) - 1])

    @property
    def value(self):
        levels = [v for place, v in enumerate(self.all) if place not in self.held]
        counts = AnswerCounts(*[levels.count(level) for level in range(1, 6)])
        measured = Measure("", "share", "general_question", (("G", counts),), len(levels))
        return stepped(measured.value, measured.behind, DEPARTMENT)


def _rate(monkeypatch, own, crowd=120):
    """Return how often the best guess is right: down means low, up means high, else a coin."""
    right = 0.0
    for seed in range(RUNS):
        chance = random.Random(seed)
        monkeypatch.setattr(pool, "randbelow", chance.randrange)
        screen = Screen(chance, crowd)
        level, before = chance.choice([1, 5]), screen.value
        screen.take(level)
        for _ in range(own):
            screen.take(5)
        moved = screen.value - before
        if moved == 0:
            right += 0.5
        else:
            right += (moved < 0) == (level == 1)
    return right / RUNS


def _watched(screen, own):
    """Send own ballots, all 5; return how many were not satisfied, by each step that was seen.

    Once the pool holds own ballots only, that number stands still while the count goes on: a step
    of the figure says where it stands. What was seen before that fits no such number is left out.
    """
    looks = []
    for _ in range(own):
        screen.take(5)
        looks.append((len(screen.all) - len(screen.held), screen.value))
    fitting = set(range(len(screen.all)))
    for n, value in reversed(looks):
        fits = {u for u in fitting if stepped(Fraction(100 * (n - u), n), n, DEPARTMENT) == value}
        if not fits:
            break
        fitting = fits
    return Fraction(min(fitting) + max(fitting), 2)


def _rate_of_a_flood(monkeypatch, own, crowd=120):
    """Return how often it is right, with so many own ballots before the victim's and behind it."""
    right = 0
    for seed in range(FLOODS):
        chance = random.Random(seed)
        monkeypatch.setattr(pool, "randbelow", chance.randrange)
        screen = Screen(chance, crowd)
        level, before = chance.choice([1, 5]), _watched(screen, own)
        screen.take(level)
        right += (_watched(screen, own) > before) == (level == 1)
    return right / FLOODS


@pytest.mark.parametrize(("own", "least"), [(60, 0.75), (100, 0.93)])
def test_who_floods_the_pool_on_both_sides_and_watches_each_step_reads_the_ballot(
    monkeypatch, own, least
):
    """No guard of the figure's, tickets are: docs/privacy.md says so, and with these numbers."""
    assert _rate_of_a_flood(monkeypatch, own) >= least


async def test_under_the_old_rule_one_poll_before_and_after_tells_every_ballot():
    right = 0
    for seed in range(25):
        department = OldRule()
        id_ = uuid4()
        (victim,) = citizens(id_, 1, 0, seed)
        await department.send(*citizens(id_, 40, 1, seed))
        before = await department.look()
        await department.send(victim)
        reading = by_figures(before, await department.look(), [])
        right += reading.items() <= truth(victim).items() and bool(reading)
    assert right == 25


@pytest.mark.parametrize("crowd", [50, 120, 300])
def test_one_poll_before_and_after_is_a_coin_but_once_in_21(monkeypatch, crowd):
    deviation = 3 * 0.5 / RUNS**0.5
    assert _rate(monkeypatch, 0, crowd) <= 0.5 + OF_A_POOL / 2 + deviation


@pytest.mark.parametrize("own", [4, 13, 26])
def test_own_ballots_behind_it_push_the_victims_out_no_sooner_than_one_in_21_each(monkeypatch, own):
    pushed = 1 - (1 - OF_A_POOL) ** (own + 1)  # that the victim's ballot has joined by now
    deviation = 3 * 0.5 / RUNS**0.5
    assert _rate(monkeypatch, own) <= 0.5 + pushed / 2 + deviation


async def test_steerings_figure_is_the_same_while_the_victims_ballot_is_in_the_pool(
    world, monkeypatch
):
    seen = []
    for level in (1, 5):
        pinned(monkeypatch, 5)
        await world.begin(aggregator="mean_of_items")
        await world.send(*citizens(world.round_id, 60, 0, 1))
        (victim,) = citizens(world.round_id, 1, 0, 2)
        await world.send(of(victim, level))
        page = await world.look()
        ((held,),) = await world.rows("SELECT held FROM steering_pool")
        assert victim.response_id in held
        (answer,) = found(page, "round_id", "steering")
        seen.append([answer["steering"]])
        steering = [row for row in page["director live"] if row[0] == "steering"]
        assert steering[-1][2]["n"] == 41
        seen[-1].append(steering)
    assert seen[0] == seen[1]


async def test_a_ballots_arrival_moves_steerings_count_whoever_it_pushed(world, monkeypatch):
    told = []
    for seed in range(3):
        pinned(monkeypatch, seed)
        await world.begin()
        await world.send(*citizens(world.round_id, 60, 0, 1))
        await world.send(*citizens(world.round_id, 1, 0, 2))
        page = await world.look()
        told.append([row[2]["n"] for row in page["director live"] if row[1] == "steering_moved"])
    assert told == [[0, 40, 41]] * 3
