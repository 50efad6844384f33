"""People move, leave and change roles; units close: nobody is told of what stays shut to them."""

import pytest
from tests.notifications import world as w
from tests.notifications.conftest import key
from tests.notifications.world import id_of, person_changed, unit_changed

from contracts.tasks import AssignmentChanged

LOST = "Nhiệm vụ NV-2025-0001 không còn người chịu trách nhiệm"


async def titles(person) -> list[str]:
    listed = (await person.get("/v1/notifications")).json()["data"]
    return [one["title"] for one in listed if not one["moot"]]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"unit_id": id_of("LDVL")}, "Cán bộ officer_cchc đã chuyển sang đơn vị khác"),
        ({"unit_id": id_of("TTR")}, "Cán bộ officer_cchc đã chuyển sang đơn vị khác"),
        ({"active": False}, "Cán bộ officer_cchc không còn làm việc"),
        ({"role": "auditor"}, "Cán bộ officer_cchc đã đổi vai trò"),
    ],
)
async def test_the_office_and_the_head_see_that_a_task_has_lost_its_person(
    world, as_person, changed, says
):
    await world.happen(w.created(1), w.created(2, accountable_person_id=id_of("head_cchc")))
    await world.happen(person_changed("officer_cchc", version=2, **changed))
    for code, reason in (("office", "office_follows"), ("head_cchc", "head_of_unit")):
        person = await as_person(code)
        (lost,) = [
            one for one in (await person.get("/v1/notifications")).json()["data"]
            if one["category"] == "accountable"
        ]  # fmt: skip
        assert (lost["title"], lost["reason"], lost["asks"]) == (LOST, reason, True)
        assert lost["body"].startswith(says)


async def test_what_somebody_was_told_and_may_no_longer_open_is_settled(world, as_person):
    await world.happen(w.created(1), w.due_soon(3))
    officer = await as_person("officer_cchc")
    assert len(await titles(officer)) == 2
    await world.happen(person_changed("officer_cchc", version=2, unit_id=id_of("TTR")))
    assert await titles(officer) == []
    assert (await officer.get("/v1/notifications/unread_count")).json() == {"unread": 0}
    assert len(await titles(await as_person("head_cchc"))) == 2, "new task, and the loss"


async def test_who_helps_now_keeps_what_was_told(world, as_person):
    await world.happen(w.created(1))
    await world.happen(person_changed("officer_cchc", version=2, unit_id=id_of("LDVL")))
    assert len(await titles(await as_person("officer_cchc"))) == 1


async def test_the_loss_is_settled_once_somebody_else_is_named_or_the_person_is_back(
    world, as_person
):
    await world.happen(w.created(1), w.created(2))
    await world.happen(person_changed("officer_cchc", version=2, unit_id=id_of("TTR")))
    office = await as_person("office")
    assert len(await titles(office)) == 2
    named = w.assignment(1, version=2, accountable_person_id=id_of("colleague_cchc"))
    await world.happen(AssignmentChanged(assignment=named), actor="office")
    assert await titles(office) == [LOST.replace("0001", "0002")]
    await world.happen(person_changed("officer_cchc", version=3))
    assert await titles(office) == []


async def test_what_is_over_loses_nobody(world, as_person):
    await world.happen(w.created(1))
    await world.happen(w.accepted(), actor="office")
    await world.happen(person_changed("officer_cchc", version=2, active=False))
    assert await titles(await as_person("office_2")) == []


async def test_a_person_with_many_tasks_is_lost_in_one_digest(world, as_person):
    await world.happen(*[w.created(n) for n in range(1, 13)])
    await world.happen(person_changed("officer_cchc", version=2, active=False))
    office = await as_person("office")
    (digest,) = (await office.get("/v1/notifications")).json()["data"]
    assert digest["title"] == "12 nhiệm vụ không còn người chịu trách nhiệm"
    assert len(digest["items"]) == 12
    read = await office.post(f"/v1/notifications/{digest['id']}/read", json={}, headers=key())
    assert read.json()["allowed"] == []


async def test_the_office_sees_what_a_closed_unit_still_leads(world, as_person):
    await world.happen(w.created(1), w.created(2, unit_id=id_of("LDVL"), coordinating_unit_ids=[]))
    await world.happen(unit_changed("CCHC", version=2, active=False))
    closed = "Đơn vị chủ trì nhiệm vụ NV-2025-0001 đã ngừng hoạt động"
    assert await titles(await as_person("office")) == [closed]
    assert closed in await titles(await as_person("head_cchc"))


async def test_an_older_change_that_comes_late_says_nothing_of_a_person_who_is_back(
    world, as_person
):
    await world.happen(w.created(1))
    await world.happen(person_changed("officer_cchc", version=4))
    await world.happen(person_changed("officer_cchc", version=3, active=False))
    assert await titles(await as_person("office")) == []
    assert len(await titles(await as_person("officer_cchc"))) == 1


async def test_an_older_change_that_comes_late_brings_nobody_back(world, as_person):
    await world.happen(w.created(1))
    await world.happen(person_changed("officer_cchc", version=4, active=False))
    await world.happen(person_changed("officer_cchc", version=3))
    assert await titles(await as_person("office")) == [LOST]


async def test_an_older_closing_that_comes_late_does_not_close_an_open_unit(world, as_person):
    await world.happen(w.created(1))
    await world.happen(unit_changed("CCHC", version=3))
    await world.happen(unit_changed("CCHC", version=2, active=False))
    assert await titles(await as_person("office")) == []


async def test_a_unit_that_is_open_again_asks_nobody_any_more(world, as_person):
    await world.happen(w.created(1), w.created(2, unit_id=id_of("LDVL"), coordinating_unit_ids=[]))
    for code in ("CCHC", "LDVL"):
        await world.happen(unit_changed(code, version=2, active=False))
    office = await as_person("office")
    assert len(await titles(office)) == 2
    await world.happen(unit_changed("CCHC", version=4))
    await world.happen(unit_changed("LDVL", version=1))
    assert await titles(office) == ["Đơn vị chủ trì nhiệm vụ NV-2025-0002 đã ngừng hoạt động"]
    assert (await office.get("/v1/notifications/unread_count")).json() == {"unread": 1}


async def test_a_reminder_after_the_move_goes_to_the_head_alone(world):
    await world.happen(w.created(1))
    await world.happen(person_changed("officer_cchc", version=2, unit_id=id_of("TTR")))
    await world.happen(w.due_soon(5, 7))
    rows = await world.rows(
        "SELECT p.employee_code AS code FROM notification n JOIN person p ON p.id = n.person_id"
        " WHERE n.event_type = 'tasks.assignment_due_soon.v1'"
    )
    assert [row.code for row in rows] == ["head_cchc"]


async def test_the_first_fill_of_the_directory_tells_nobody(world):
    await world.happen(w.created(1), actor="office")
    await world.rows("UPDATE beginning SET at = now() + interval '1 hour'")
    before = await world.rows("SELECT count(*) FROM notification")
    gone = person_changed("officer_cchc", version=2, active=False)
    await world.consumer.apply([w.envelope(gone)], replay=True)
    assert await world.rows("SELECT count(*) FROM notification") == before
