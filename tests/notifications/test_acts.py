"""What overtakes what people were told, when an assignment is extended, paused or handed over."""

from datetime import date

import pytest
from tests.notifications import world as w

MOOT = """SELECT p.employee_code AS code, n.event_type FROM notification n
    JOIN person p ON p.id = n.person_id WHERE n.moot_at IS NOT NULL"""


async def moot(world) -> set[tuple[str, str]]:
    return {(row.code, row.event_type.split(".")[1]) for row in await world.rows(MOOT)}


async def test_a_request_waits_for_the_office_until_somebody_has_decided(world):
    await world.happen(w.extension_requested())
    before = await moot(world)
    await world.happen(w.extended())
    after = await moot(world)
    assert before == set()
    assert after == {(code, "extension_requested") for code in ("office", "office_2", "director")}


@pytest.mark.parametrize("decided", [w.extended(), w.extension_refused()])
async def test_whoever_asked_for_a_later_day_is_told_what_became_of_it(world, decided):
    await world.happen(w.extension_requested(), actor="colleague_cchc")
    await world.happen(decided, actor="office")
    assert (await world.told())["colleague_cchc"] == ["asker"]


async def test_a_request_that_was_decided_before_it_arrived_asks_nobody(world):
    await world.happen(w.extension_refused(3))
    await world.happen(w.extension_requested(2))
    assert "office" not in await world.told()


async def test_an_extension_overtakes_the_reminders_of_the_day_before(world):
    await world.happen(w.overdue(version=2))
    await world.happen(w.extended())
    assert {kind for _, kind in await moot(world)} == {"assignment_overdue"}


async def test_what_is_paused_reminds_nobody_and_what_goes_on_asks_again(world):
    await world.happen(w.overdue(version=2))
    await world.happen(w.paused())
    paused = await moot(world)
    await world.happen(w.resumed())
    rows = await world.rows(
        "SELECT asks FROM notification WHERE event_type = 'tasks.assignment_resumed.v1'"
    )
    assert {kind for _, kind in paused} == {"assignment_overdue"}
    assert rows
    assert all(row.asks for row in rows)


async def test_the_unit_before_is_told_and_what_it_owed_is_over_for_it(world):
    await world.happen(w.overdue(version=2))
    await world.happen(w.handed_over())
    told, over = await world.told(), await moot(world)
    assert "unit_before" in told["head_cchc"]
    assert "head_of_unit" in told["head_ldvl"]
    assert over == {
        ("officer_cchc", "assignment_overdue"), ("head_cchc", "assignment_overdue"),
    }, "the Office still follows it"  # fmt: skip


async def test_the_unit_before_still_hears_what_it_may_open(world):
    await world.happen(w.created(1), w.handed_over())
    rows = await world.rows("SELECT state->'former_unit_ids' AS led FROM subject")
    assert rows[0].led == [str(w.id_of("CCHC"))]


@pytest.mark.parametrize("paused_on", [None, date(2025, 11, 20)])
async def test_what_another_plan_goes_on_with_reminds_nobody_here(world, paused_on):
    await world.happen(w.overdue(version=2))
    await world.happen(w.rolled_over(paused_on=paused_on))
    rows = await world.rows("SELECT status FROM subject")
    assert {kind for _, kind in await moot(world)} == {"assignment_overdue"}
    assert [row.status for row in rows] == ["carried"]
