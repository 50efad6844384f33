"""A reader who surrounds one ballot with 4, 13 or 26 of his own, and polls after each."""

from collections import Counter
from itertools import chain
from types import SimpleNamespace
from uuid import uuid4

import pytest
from tests.reporting.attacks.attackers import surround, truth
from tests.reporting.attacks.old_rule import OldRule
from tests.reporting.attacks.outputs import differences
from tests.reporting.attacks.worlds import citizens, flipped, keeps, of, pinned

from reporting.disclosure.releases import drawn

OWN = {4: (0, 4), 13: (5, 8), 26: (13, 13)}  # before the victim's, and after
AT = 60  # citizens' ballots before all of this


def _own(round_id, sizes, seed=7):
    made = citizens(round_id, sum(sizes), 0, seed)
    return made[: sizes[0]], made[sizes[0] :]


@pytest.mark.parametrize("own", OWN)
async def test_under_the_old_rule_own_ballots_read_the_victims_answers_25_times_of_25(own):
    right = 0
    for seed in range(25):
        id_, department = uuid4(), OldRule()
        stood = citizens(id_, 45 + (seed % 5 if own > 4 else 0), 0, seed)
        await department.send(*stood, *citizens(id_, 30, 1, seed), *citizens(id_, 30, 2, seed))
        (victim,) = citizens(id_, 1, 0, 1000 + seed)
        reading = await surround(department, victim, *_own(id_, OWN[own], seed))
        right += reading == truth(victim)
    assert right == 25


class Watched:
    """A world whose every page is kept."""

    def __init__(self, world):
        self.world, self.pages = world, []

    async def send(self, *ballots):
        await self.world.send(*ballots)

    async def look(self):
        self.pages.append(await self.world.look())
        return self.pages[-1]


async def _play(world, monkeypatch, victim, own, *, inside=False):
    """Sixty citizens, a release; the attack; citizens of the other units, a release."""
    before = OWN[own][0]
    pinned(monkeypatch, keeps(AT + own + 1 + 30, AT + before))
    mine = _own(world.round_id, OWN[own])
    first = [citizens(world.round_id, AT // 3, unit, 1) for unit in range(3)]
    then = [citizens(world.round_id, max(10, 13 - own), unit, 2) for unit in range(3)]
    waiting = [*mine[0], victim, *mine[1], *then[0]]
    await world.begin(_secret(first[0], waiting, victim, inside=inside))
    await world.send(*chain(*first))
    watched = Watched(world)
    reading = await surround(watched, victim, *mine)
    around = await world.reader.look_closely()
    await world.send(*chain(*then))
    about = "SELECT response_id, unit_id, released_in FROM response_fact WHERE released_in = 2"
    taken = await world.rows(about)
    return SimpleNamespace(
        reading=reading, pages=watched.pages, around=around, after=await world.look(),
        inside=victim.response_id in {row.response_id for row in taken},
        units=Counter(row.unit_id for row in taken),
    )  # fmt: skip


def _secret(first, then, victim, *, inside):
    """Return a secret with which the victim's ballot is in the second release, or not."""
    for secret in (bytes([n]) * 32 for n in range(256)):
        ids = {each.response_id.bytes for each in first}
        waiting = {each.response_id.bytes for each in then} | (ids - set(drawn(secret, 1, ids)))
        if (victim.response_id.bytes in drawn(secret, 2, waiting)) == inside:
            return secret
    raise AssertionError


@pytest.mark.parametrize("own", OWN)
async def test_own_ballots_read_nothing_whatever_the_victim_answers(world, monkeypatch, own):
    (someone,) = citizens(world.round_id, 1, 0, 99)
    other = flipped(of(someone, 1), "F1.2") if own == 13 else of(someone, 5)
    one, two = [await _play(world, monkeypatch, each, own) for each in (of(someone, 1), other)]

    assert (one.reading, two.reading, one.inside) == ({}, {}, False)
    assert len(one.pages) == len(two.pages) > own
    for before, after in zip(one.pages, two.pages, strict=True):
        assert differences(before, after) == []
    assert differences(one.around, two.around) == []
    assert differences(one.after, two.after) == []
    assert one.after["director live"] != one.pages[-1]["director live"]  # there was a release


async def test_only_the_release_that_takes_the_victims_ballot_may_tell_worlds_apart(
    world, monkeypatch
):
    (someone,) = citizens(world.round_id, 1, 0, 99)
    one, two = [
        await _play(world, monkeypatch, of(someone, level), 4, inside=True) for level in (1, 5)
    ]
    assert one.inside
    for before, after in zip(one.pages, two.pages, strict=True):
        assert differences(before, after) == []
    assert differences(one.around, two.around) == []
    assert len(one.units) >= 3
    assert min(one.units.values()) >= 10
