"""Issuing a plan asks everybody on its "Nơi nhận" to take note of it; coverage is a figure."""

import asyncio

import pytest


@pytest.fixture
async def sent(department):
    """A plan in force that goes to the room CCHC and the room LĐVL."""
    units = await department.units()
    department.codes = ("CCHC", "LĐVL")
    recipients = [units[code] for code in department.codes]
    department.plan = await department.add_plan(recipient_unit_ids=recipients)
    department.path = f"/v1/plans/{department.plan['id']}"
    return department


async def coverage(department, who: str = "office") -> dict:
    answer = await getattr(department, who).get(f"{department.path}/acknowledgements")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_everybody_of_the_recipients_is_asked_and_counted_by_unit(sent):
    people = await sent.rows(
        "SELECT u.code FROM person p JOIN unit u ON u.id = p.unit_id "
        "WHERE u.code = ANY(:codes) AND p.active AND p.role <> 'external_system'",
        codes=list(sent.codes),
    )
    found = await coverage(sent)

    assert (found["asked"], found["acknowledged"]) == (len(people), 0)
    assert len(found["units"]) == 2
    assert len(found["not_yet"]) == len(people)
    [event] = await sent.events("plan_activated")
    assert len(event["data"]["plan"]["recipient_unit_ids"]) == 2


async def test_a_plan_waits_in_ones_own_day_until_one_has_taken_note_of_it(sent):
    waits = (await sent.unit_officer.get("/v1/me/work")).json()["acknowledge"]
    await sent.unit_officer.post(f"{sent.path}/acknowledge")
    after = (await sent.unit_officer.get("/v1/me/work")).json()["acknowledge"]

    assert [(each["id"], each["title"]) for each in waits] == [
        (sent.plan["id"], sent.plan["title"])
    ]
    assert after == []


async def test_one_click_takes_note_once_whoever_clicks_twice(sent):
    before = await coverage(sent, "unit_officer")
    answers = await asyncio.gather(
        *[sent.unit_officer.post(f"{sent.path}/acknowledge") for _ in range(3)]
    )
    after = await coverage(sent, "unit_officer")

    assert {answer.status_code for answer in answers} == {200}
    assert (before["asks_me"], after["asks_me"], after["mine_at"] is not None) == (
        True,
        False,
        True,
    )
    assert after["acknowledged"] == 1
    [event] = await sent.events("plan_acknowledged")
    assert event["data"]["acknowledgement"]["plan_id"] == sent.plan["id"]
    seen = (await sent.office.get(sent.path)).json()
    assert seen["version"] == sent.plan["version"], "nobody's form grows stale by it"


async def test_who_is_of_no_recipient_is_not_asked_and_cannot(sent):
    refused = await sent.unit_head_tdkt.post(f"{sent.path}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_not_addressed")
    assert (await coverage(sent, "unit_head_tdkt"))["asks_me"] is False


async def test_a_unit_reads_who_of_its_own_has_not_yet_and_of_others_only_counts(sent):
    own = (await sent.units())["CCHC"]
    found = await coverage(sent, "unit_head")
    assert {one["unit_id"] for one in found["not_yet"]} == {own}
    assert len(found["units"]) == 2


async def test_a_changed_list_of_recipients_asks_those_who_came_and_no_more_those_who_left(sent):
    units = await sent.units()
    await sent.unit_head_ldvl.post(f"{sent.path}/acknowledge")
    before = await coverage(sent)
    wanted = {"recipient_unit_ids": [units["CCHC"], units["TĐKT"]], "reason": "Bổ sung nơi nhận"}

    changed = await sent.office.patch(sent.path, wanted, seen=sent.plan["version"])
    after = await coverage(sent)

    assert changed.status_code == 200, changed.text
    counts = {one["unit_name"]: (one["asked"], one["acknowledged"]) for one in after["units"]}
    assert len(counts) == 3, "who has taken note stays counted"
    assert after["acknowledged"] == before["acknowledged"] == 1
    assert (1, 1) in counts.values()


async def test_who_joins_a_recipient_later_may_take_note_and_is_counted(sent):
    units = await sent.units()
    asked = (await coverage(sent))["asked"]
    await sent.execute(
        "UPDATE person SET unit_id = :unit WHERE employee_code = 'unit_head_tdkt'",
        unit=units["CCHC"],
    )
    answer = await sent.unit_head_tdkt.post(f"{sent.path}/acknowledge")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["asked"], answer.json()["acknowledged"]) == (asked + 1, 1)


async def test_a_plan_that_is_over_is_not_taken_note_of_any_more(sent):
    body = {"reason": "Hết năm"}
    await sent.office.post(f"{sent.path}/close", body, seen=sent.plan["version"])
    refused = await sent.unit_head.post(f"{sent.path}/acknowledge")
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_not_in_force")
