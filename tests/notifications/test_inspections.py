"""Who hears that an inspection is announced, changed or given up, and what is said."""

from datetime import date, timedelta

from tests.notifications.requests import (
    finding_recorded,
    inspection_announced,
    inspection_concluded,
)
from tests.notifications.test_requests import waiting
from tests.notifications.world import id_of, person_changed

from chassis.clock import database_now, local_date

BY = "Hồ sơ cần có trước khi đoàn bắt đầu ngày 08/09/2025:"
TOLD = {"head_cchc": ["inspected"], "officer_ldvl": ["in_team"], "office_2": ["in_team"]}
LATER = {"starts_on": date(2025, 9, 15), "ends_on": date(2025, 9, 15)}


async def said(world) -> list[tuple[str, str]]:
    rows = await world.rows("SELECT DISTINCT title, body, facts, created_at FROM notification")
    return sorted({(row.title.format(**row.facts), row.body.format(**row.facts)) for row in rows})


async def test_the_head_and_the_team_read_where_when_and_which_records_are_asked(world):
    await world.happen(inspection_announced())
    assert await world.told() == TOLD
    assert await said(world) == [
        (
            "Thông báo kiểm tra tại Phòng CCHC, 08/09/2025 – 09/09/2025: Công tác CCHC",
            f"{BY} Kế hoạch CCHC của đơn vị; Sổ theo dõi hồ sơ.",
        )
    ]
    rows = await world.rows("SELECT DISTINCT subject_type, subject_id FROM notification")
    assert [tuple(row) for row in rows] == [("inspection", id_of("inspection"))]


async def test_where_no_records_are_asked_it_says_so(world):
    await world.happen(inspection_announced(records=[]))
    [(_, body)] = await said(world)
    assert body == f"{BY} hiện không yêu cầu."


async def test_who_stands_in_for_the_head_is_told_beside_the_head(world):
    async with world.database.sessions() as session:
        today = local_date(await database_now(session))
    away = {"absent_from": today, "absent_until": today + timedelta(3)}
    substitute = id_of("officer_cchc")
    await world.happen(person_changed("head_cchc", version=2, substitute_id=substitute, **away))
    await world.happen(inspection_announced())
    assert await world.told() == {**TOLD, "officer_cchc": ["stands_in"]}


async def test_one_of_the_team_who_has_moved_into_the_unit_is_not_told_as_one_of_the_team(world):
    await world.happen(person_changed("officer_ldvl", version=2, unit_id=id_of("CCHC")))
    await world.happen(inspection_announced())
    assert "officer_ldvl" not in await world.told()


async def test_other_days_overtake_those_that_were_announced(world):
    await world.happen(inspection_announced())
    await world.happen(inspection_announced("changed", 3, **LATER))
    changed = {(code, "inspection_announced") for code in TOLD}
    assert await waiting(world) == changed
    left = await world.rows('SELECT DISTINCT "case" FROM notification WHERE moot_at IS NULL')
    assert [row.case for row in left] == ["changed"]
    assert (await said(world))[0][0] == (
        "Kiểm tra tại Phòng CCHC được điều chỉnh, nay là 15/09/2025: Công tác CCHC"
    )


async def test_nobody_waits_for_an_inspection_that_was_cancelled(world):
    await world.happen(inspection_announced())
    await world.happen(inspection_announced("cancelled", 3))
    assert await waiting(world) == set()
    left = await world.rows('SELECT "case" FROM notification WHERE moot_at IS NULL')
    assert [row.case for row in left] == ["cancelled"] * len(TOLD)


async def test_an_announcement_that_comes_after_the_cancellation_is_not_told(world):
    await world.happen(inspection_announced("cancelled", 3))
    await world.happen(inspection_announced())
    rows = await world.rows('SELECT DISTINCT "case" FROM notification')
    assert [row.case for row in rows] == ["cancelled"]


async def test_a_finding_leaves_the_units_notice_as_it_was_and_the_conclusion_ends_it(world):
    await world.happen(inspection_announced())
    await world.happen(finding_recorded())
    before = await waiting(world)
    await world.happen(inspection_concluded())
    assert ("head_cchc", "inspection_announced") in before
    assert {what for _, what in await waiting(world)} == {"inspection_concluded"}
