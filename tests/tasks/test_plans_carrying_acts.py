"""What an act has made of a row goes along when its plan gives way: a pause, a later deadline."""

from datetime import timedelta

import pytest
from tests.tasks.test_consequences import drafted
from tests.tasks.test_plans_carrying import carry


@pytest.fixture
async def two(department):
    """The demo's plan in force, and a draft of the same year with a complete document."""
    department.old = await drafted(department, active=True)
    department.new = await department.add_plan(active=False, title="Kế hoạch thay thế")
    return department


async def mine(two) -> dict:
    units = await two.units()
    return await two.one(plan_id=two.old["id"], unit_id=units["CCHC"], overdue=True)


async def shown(two, id_: str) -> dict:
    return (await two.office.get(f"/v1/assignments/{id_}")).json()


async def extend(two, one: dict, *, grant: bool) -> None:
    """Have the unit ask for a month more, and the Office grant it."""
    day = str(await two.today() + timedelta(days=30))
    path = f"/v1/assignments/{one['id']}/extensions"
    asked = await two.unit_officer.post(path, {"due_on": day, "reason": "x"}, seen=one["version"])
    assert asked.status_code == 201, asked.text
    if grant:
        granted = await two.office.post(f"/v1/extensions/{asked.json()['id']}/approve")
        assert granted.status_code == 200, granted.text


async def pause(two, one: dict) -> None:
    path = f"/v1/assignments/{one['id']}/pause"
    answer = await two.office.post(path, {"reason": "Chờ Bộ"}, seen=one["version"])
    assert answer.status_code == 200, answer.text


async def next_year(two) -> dict:
    return await two.add_plan(
        active=False, year=2026, title="Kế hoạch năm 2026", closes_on="2026-11-29"
    )


async def test_a_paused_row_is_owed_by_nobody_before_and_after_and_goes_on_paused(two):
    one = await mine(two)
    await pause(two, one)
    listed = (await two.office.get(f"/v1/plans/{two.old['id']}/carrying")).json()["rows"]
    row = next(each for each in listed if each["assignment_id"] == one["id"])
    told = (await two.office.get(f"/v1/plans/{two.old['id']}/consequences")).json()
    late = (await two.office.get("/v1/assignments/counts", plan_id=two.old["id"])).json()

    answer = await carry(two, "replace", [one["id"]], two.new)

    old = await shown(two, one["id"])
    new = await shown(two, old["carried_to_id"])
    today = str(await two.today())
    assert (row["paused_on"], row["overdue_days"], row["proposed"]) == (today, 0, True)
    assert told["overdue"] == late["overdue"]
    assert answer.json()["closed_counts"]["overdue"] == late["overdue"]
    assert (old["status"], old["paused_on"]) == ("cancelled", None)
    assert (new["paused_on"], new["overdue"], "resume" in new["allowed"]) == (today, False, True)
    [ended] = await two.events("assignment_cancelled")
    assert ended["data"]["because"] == "carried_over"


async def test_what_the_new_plan_has_already_is_paused_as_the_row_was(two):
    import_id = await two.read_appendix(two.new["id"])
    await two.office.post(f"/v1/imports/{import_id}/confirm")
    one = await mine(two)
    await pause(two, one)

    await carry(two, "replace", [one["id"]], two.new)

    old = await shown(two, one["id"])
    assert (await shown(two, old["carried_to_id"]))["paused_on"] == str(await two.today())


async def test_a_later_deadline_that_was_granted_stays_one_unless_another_day_is_entered(two):
    first = await mine(two)
    await extend(two, first, grant=True)
    second = await mine(two)
    await extend(two, second, grant=True)
    day = str(await two.today() + timedelta(days=60))

    rows = [first["id"], {"assignment_id": second["id"], "due_on": day}]
    await carry(two, "replace", rows, two.new)

    kept, entered = [
        await shown(two, (await shown(two, one["id"]))["carried_to_id"]) for one in (first, second)
    ]
    assert (kept["first_due_on"], kept["extended_times"]) == (first["due_on"], 1)
    assert (entered["due_on"], entered["first_due_on"], entered["extended_times"]) == (day, None, 0)


@pytest.mark.parametrize("how", ["replace", "roll_over"])
async def test_an_open_request_for_a_later_deadline_ends_where_its_row_is_carried(two, how):
    one = await mine(two)
    await extend(two, one, grant=False)
    into = two.new if how == "replace" else await next_year(two)

    answer = await carry(two, how, [one["id"]], into)

    assert answer.status_code == 200, answer.text
    old = await shown(two, one["id"])
    new = await shown(two, old["carried_to_id"])
    [request] = old["extensions"]
    assert (request["status"], old["requested_due_on"]) == ("withdrawn", None)
    assert (new["requested_due_on"], new["extensions"]) == (None, [])
    late = await two.office.post(f"/v1/extensions/{request['id']}/approve")
    assert (late.status_code, late.json()["code"]) == (409, "assignment_carried")


async def test_nobodys_day_names_what_another_plan_goes_on_with(two):
    one = await mine(two)
    before = (await two.unit_head.get("/v1/me/work")).json()["unit"]["open"]

    await carry(two, "roll_over", [one["id"]], await next_year(two))

    work = (await two.unit_head.get("/v1/me/work")).json()
    listed = await two.unit_head.http.get(f"/v1/assignments?{work['unit']['query']}&limit=200")
    ids = {each["id"] for each in listed.json()["data"]}
    new = (await shown(two, one["id"]))["carried_to_id"]
    assert (one["id"] in ids, new in ids) == (False, True)
    assert work["unit"]["open"] == len(ids) == before


async def test_what_a_coordinating_unit_owes_goes_along_and_is_owed_here_no_more(two):
    one, units = await mine(two), await two.units()
    await two.execute(
        "UPDATE assignment SET coordinating_unit_ids = ARRAY[CAST(:unit AS uuid)] WHERE id = :id",
        unit=units["LĐVL"], id=one["id"],
    )  # fmt: skip
    body = {
        "unit_id": units["LĐVL"], "what": "Số liệu",
        "due_on": str(await two.today() + timedelta(days=9)),
    }  # fmt: skip
    asked = await two.unit_officer.post(f"/v1/assignments/{one['id']}/contributions", body)
    assert asked.status_code == 201, asked.text

    await carry(two, "replace", [one["id"]], two.new)

    old = await shown(two, one["id"])
    there = f"/v1/assignments/{old['carried_to_id']}/contributions"
    [before] = (await two.office.get(f"/v1/assignments/{one['id']}/contributions")).json()["data"]
    [after] = (await two.office.get(there)).json()["data"]
    told = [
        event["data"]["assignment"]["contributions"]
        for event in await two.events("assignment_created")
        if event["subject"] == old["carried_to_id"]
    ]
    given = await two.unit_officer_ldvl.post(
        f"/v1/contributions/{after['id']}/give", {"note": "Gửi số liệu"}
    )
    assert (before["status"], before["allowed"]) == ("withdrawn", [])
    assert (after["status"], after["what"], after["due_on"]) == ("asked", "Số liệu", body["due_on"])
    assert [one["contribution_id"] for one in told[0]] == [after["id"]]
    assert given.status_code == 200, given.text
