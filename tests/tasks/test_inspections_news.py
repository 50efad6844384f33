"""Whom an inspection is announced to hears of it, and of what becomes of it before the visit."""

from datetime import timedelta

from tests.tasks.inspecting import PATH, act, concluded, facts, people, plan


async def announced(busy, **changed):
    inspection = await plan(busy, **changed)
    answer = await act(busy, inspection, "announce", {"number": "12/TB-SNV"})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def change(busy, inspection, **changed):
    path, seen = f"{PATH}/{inspection['id']}", inspection["version"]
    answer = await busy.office.patch(path, changed, seen=seen)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def news(busy) -> list[str]:
    return [each["data"]["news"] for each in await busy.events("inspection_announced")]


async def test_an_announcement_says_days_team_and_the_records_that_are_asked_for(busy):
    inspection, known = await announced(busy), await people(busy)
    [event] = await busy.events("inspection_announced")
    said, body = event["data"], await facts(busy)
    assert (said["news"], said["inspection"]["version"]) == ("announced", inspection["version"])
    assert said["inspection"]["unit_id"] == body["unit_id"]
    assert {name: said[name] for name in ("starts_on", "ends_on")} == {
        "starts_on": body["starts_on"], "ends_on": body["ends_on"],
    }  # fmt: skip
    assert said["team_ids"] == [
        known[code] for code in ("unit_head_tdkt", "unit_officer_ldvl", "unit_officer_ncc")
    ]
    assert said["records"] == ["Kế hoạch CCHC của đơn vị", "Sổ theo dõi hồ sơ"]


async def test_nothing_is_said_before_the_announcement_nor_of_an_unannounced_inspection(busy):
    later = str(await busy.today() + timedelta(days=9))
    planned = await change(busy, await plan(busy), ends_on=later)
    surprise = await change(busy, await plan(busy, method="unannounced"), ends_on=later)
    for each in (planned, surprise):
        assert (await act(busy, each, "cancel", {"reason": "Trùng lịch"})).status_code == 200
    await concluded(busy, "3.2", method="unannounced")
    assert await news(busy) == []


async def test_other_days_and_the_cancellation_are_said_once_it_was_announced(busy):
    inspection = await announced(busy)
    later = await busy.today() + timedelta(days=9)
    moved = await change(busy, inspection, starts_on=str(later), ends_on=str(later))
    await act(busy, moved, "cancel", {"reason": "Trùng lịch"})
    assert await news(busy) == ["announced", "changed", "cancelled"]
    [_, changed, cancelled] = await busy.events("inspection_announced")
    assert (changed["data"]["starts_on"], changed["aggregateversion"]) == (str(later), 3)
    assert "Trùng lịch" not in str(cancelled)


async def test_somebody_new_in_the_team_and_a_record_more_are_said(busy):
    inspection, known = await announced(busy), await people(busy)
    inspection = await change(busy, inspection, member_ids=[known["unit_officer_vp"]])
    records = [*inspection["records"], {"what": "Báo cáo quý", "asked_on": None}]
    await change(busy, inspection, records=records)
    [_, joined, asked] = [each["data"] for each in await busy.events("inspection_announced")]
    assert known["unit_officer_vp"] in joined["team_ids"]
    assert known["unit_officer_ldvl"] not in joined["team_ids"]
    assert asked["records"][-1] == "Báo cáo quý"


async def test_a_record_that_came_and_a_form_sent_without_a_change_are_not_news(busy):
    inspection, body = await announced(busy), await facts(busy)
    same = {name: body[name] for name in ("starts_on", "ends_on", "head_id", "member_ids")}
    inspection = await change(busy, inspection, **same)
    came = [{**each, "received_on": str(await busy.today())} for each in inspection["records"]]
    await change(busy, inspection, records=came)
    assert await news(busy) == ["announced"]
