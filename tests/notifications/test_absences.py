"""Who stands in is told from the first day of an absence to the last, beside who is away."""

from datetime import timedelta

import pytest
from tests.notifications import world as w
from tests.notifications.world import id_of, person_changed

from chassis.clock import database_now, local_date


async def absence(world, first: int, last: int, **changed) -> dict:
    async with world.database.sessions() as session:
        today = local_date(await database_now(session))
    return {
        "substitute_id": id_of("colleague_cchc"), "absent_from": today + timedelta(first),
        "absent_until": today + timedelta(last), **changed,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "stands_in"),
    [(0, 0, True), (-3, 0, True), (0, 5, True), (1, 5, False), (-5, -1, False)],
)
async def test_who_stands_in_is_told_on_the_days_of_the_absence(world, first, last, stands_in):
    away = await absence(world, first, last)
    await world.happen(person_changed("officer_cchc", version=2, **away))
    await world.happen(w.created(1))
    told = await world.told()
    assert told["officer_cchc"] == ["accountable"], "who is away finds it when they are back"
    assert told.get("colleague_cchc") == (["stands_in"] if stands_in else None)


async def test_who_may_not_open_it_does_not_stand_in(world):
    away = await absence(world, 0, 3, substitute_id=id_of("officer_ldvl"))
    await world.happen(person_changed("officer_cchc", version=2, **away))
    await world.happen(w.created(1, coordinating_unit_ids=[]))
    assert "officer_ldvl" not in await world.told()


async def test_who_has_moved_stands_in_no_more_though_they_may_open_it(world):
    away = await absence(world, 0, 3)
    await world.happen(person_changed("officer_cchc", version=2, **away))
    await world.happen(person_changed("colleague_cchc", version=2, unit_id=id_of("LDVL")))
    await world.happen(w.created(1))  # LDVL helps with it
    assert "colleague_cchc" not in await world.told()


async def test_who_is_told_already_is_told_once_for_the_own_reason(world):
    away = await absence(world, 0, 3, substitute_id=id_of("head_cchc"))
    await world.happen(person_changed("officer_cchc", version=2, **away))
    await world.happen(w.created(1))
    assert (await world.told())["head_cchc"] == ["head_of_unit"]


async def test_an_older_word_about_a_person_says_nothing(world):
    back = person_changed("officer_cchc", version=3)
    away = await absence(world, 0, 3)
    await world.happen(back)
    await world.happen(person_changed("officer_cchc", version=2, **away))
    await world.happen(w.created(1))
    assert "colleague_cchc" not in await world.told()
