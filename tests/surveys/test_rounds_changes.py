"""Rounds are corrected and cancelled, and whoever follows them hears of it."""

from datetime import date, timedelta

import pytest
from tests.surveys.world import ballot


async def changed(world, round_: dict, **facts):
    return await world.as_(
        "office", "PATCH", f"/v1/rounds/{round_['id']}", facts, seen=round_["version"]
    )


async def test_an_open_round_gets_another_title_and_last_day_and_says_so(world):
    round_ = await world.open_round()
    later = (date.fromisoformat(round_["closes_on"]) + timedelta(days=9)).isoformat()

    answer = await changed(world, round_, title="Khảo sát quý III", closes_on=later)

    assert answer.status_code == 200, answer.text
    [event] = await world.events("surveys.round_changed.v1")
    state = event["data"]["round"]
    assert (state["title"], state["closes_on"], state["version"]) == ("Khảo sát quý III", later, 3)


async def test_nobody_hears_of_a_draft_that_is_corrected_nor_of_a_change_to_what_is(world):
    draft, open_ = await world.draft_round(), await world.open_round()
    earlier = (await world.today()).isoformat()

    moved = await changed(world, draft, opens_on=earlier, closes_on=earlier)
    same = await changed(world, open_, title=open_["title"])

    assert (moved.json()["closes_on"], moved.json()["version"]) == (earlier, 2)
    assert same.json()["version"] == open_["version"]
    assert await world.events("surveys.round_changed.v1") == []


async def test_days_that_cannot_be_are_named_by_their_field(world):
    round_ = await world.open_round()
    yesterday = (await world.today() - timedelta(days=1)).isoformat()

    for facts, pointer in (
        ({"closes_on": yesterday}, "/closes_on"),
        ({"opens_on": yesterday}, "/opens_on"),
        ({"title": ""}, "/title"),
    ):
        answer = await changed(world, round_, **facts)
        assert answer.status_code == 422, facts
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_a_change_to_what_somebody_else_changed_is_refused(world):
    round_ = await world.open_round()
    assert (await changed(world, round_, title="Một")).status_code == 200
    assert (await changed(world, round_, title="Hai")).status_code == 412


async def test_a_cancelled_round_takes_no_answer_and_ends_as_cancelled(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    [ticket] = await world.tickets(round_, 1)
    await world.submit(link["code"], ballot())

    answer = await world.made(f"/v1/rounds/{round_['id']}/cancel", {"reason": "Sai phiếu hỏi"})

    assert (answer["status"], answer["cancelled_because"]) == ("cancelled", "Sai phiếu hỏi")
    assert answer["allowed"] == []
    [event] = await world.events("surveys.round_closed.v1")
    state = event["data"]["round"]
    assert (state["status"], state["cancelled"]) == ("closed", True)
    assert event["data"]["ballots"] is None, "of ballots that count in no index nobody is told"
    for code in (link["code"], ticket):
        late = await world.submit(code, ballot())
        assert (late.status_code, late.json()["code"]) == (410, "round_closed")
    again = await world.post(f"/v1/rounds/{round_['id']}/cancel", {"reason": "nữa"})
    assert (again.status_code, again.json()["code"]) == (409, "round_already_cancelled")


@pytest.mark.parametrize("act", ["open", "close"])
async def test_a_cancelled_round_is_neither_opened_nor_closed(world, act):
    round_ = await world.open_round()
    await world.made(f"/v1/rounds/{round_['id']}/cancel", {"reason": "Thôi"})
    answer = await world.post(f"/v1/rounds/{round_['id']}/{act}")
    assert (answer.status_code, answer.json()["code"]) == (409, "round_already_cancelled")


async def test_a_cancelled_draft_stays_the_departments_business(world):
    draft = await world.draft_round()
    await world.made(f"/v1/rounds/{draft['id']}/cancel", {"reason": "Làm lại"})

    assert await world.events("surveys.round_closed.v1") == []
    assert (await world.get(f"/v1/rounds/{draft['id']}", "unit_head")).status_code == 404
    assert (await world.get(f"/v1/rounds/{draft['id']}")).json()["status"] == "cancelled"


async def test_a_cancelled_draft_still_says_that_none_of_its_tickets_was_used(world):
    draft = await world.draft_round()
    await world.tickets(draft, 40)
    await world.made(f"/v1/rounds/{draft['id']}/cancel", {"reason": "Làm lại"})

    counts = (await world.get(f"/v1/rounds/{draft['id']}/answers_count")).json()
    assert (counts["tickets_issued"], counts["tickets_unused"]) == (40, 40)


async def test_a_round_cancelled_after_it_was_open_is_still_seen_by_the_units(world):
    round_ = await world.open_round()
    await world.made(f"/v1/rounds/{round_['id']}/cancel", {"reason": "Thôi"})
    seen = await world.get(f"/v1/rounds/{round_['id']}", "unit_head")
    assert (seen.status_code, seen.json()["status"]) == (200, "cancelled")
