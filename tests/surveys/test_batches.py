"""Batches of tickets: listed without saying who used one, voided, issued anew."""

import pytest
from tests.surveys.world import ballot


async def batch_of(world, round_: dict, count: int, unit=None) -> dict:
    body = {"unit_id": str(unit or world.unit_a), "count": count}
    return await world.made(f"/v1/rounds/{round_['id']}/tickets", body)


async def void(world, round_: dict, batch: dict, reason: str = "In hỏng"):
    path = f"/v1/rounds/{round_['id']}/ticket_batches/{batch['batch_id']}/void"
    return await world.post(path, {"reason": reason})


async def page(world, code: str) -> str:
    return (await world.citizen.get(f"/k/{code}")).text


async def test_a_voided_batch_takes_no_answer_and_what_it_brought_stays_counted(world):
    round_ = await world.open_round()
    batch = await batch_of(world, round_, 3)
    used, unused, _ = [ticket["code"] for ticket in batch["tickets"]]
    sent = ballot()
    assert (await world.submit(used, sent)).status_code == 202

    voided = await void(world, round_, batch)

    assert voided.json()["void_reason"] == "In hỏng"
    late = await world.submit(unused, ballot())
    assert (late.status_code, late.json()["code"]) == (410, "ticket_voided")
    assert (await world.submit(used, sent)).status_code == 202, "the same ballot again is no error"
    assert "Giấy mời này không còn hiệu lực" in await page(world, unused)
    assert await world.count("response") == 1
    assert await world.count("ticket") == 0


async def test_whoever_issued_tickets_is_led_to_the_batches_and_finds_his_there(world):
    path = f"/v1/rounds/{(await world.open_round())['id']}"
    answer = await world.post(f"{path}/tickets", {"unit_id": None, "count": 2})

    assert answer.headers["location"] == f"{path}/ticket_batches"
    listed = (await world.get(answer.headers["location"])).json()["data"]
    assert [one["id"] for one in listed] == [answer.json()["batch_id"]]


async def test_a_new_batch_takes_the_place_of_a_voided_one(world):
    round_ = await world.open_round()
    await void(world, round_, await batch_of(world, round_, 2))

    new = await batch_of(world, round_, 2)

    assert (await world.submit(new["tickets"][0]["code"], ballot())).status_code == 202
    path = f"/v1/rounds/{round_['id']}/ticket_batches"
    listed = (await world.get(path)).json()["data"]
    assert [(one["count"], one["voided_at"] is None, one["allowed"]) for one in listed] == [
        (2, True, ["void_tickets"]),
        (2, False, []),
    ]


async def test_the_codes_of_a_voided_batch_are_not_shown_again(world):
    round_ = await world.open_round()
    path, body = f"/v1/rounds/{round_['id']}/tickets", {"unit_id": None, "count": 2}
    batch = (await world.post(path, body, key="of-one-sheet")).json()
    await void(world, round_, batch)

    again = await world.post(path, body, key="of-one-sheet")

    assert (again.status_code, again.json()["code"]) == (409, "batch_voided")


async def test_a_batch_is_voided_once_of_its_own_round_while_that_lasts(world):
    round_, other = await world.open_round(), await world.open_round()
    batch = await batch_of(world, round_, 1)

    assert (await void(world, other, batch)).json()["code"] == "batch_not_found"
    assert (await void(world, round_, batch, "  ")).status_code == 422
    assert (await void(world, round_, batch)).status_code == 200
    assert (await void(world, round_, batch)).json()["code"] == "batch_voided"
    left = await batch_of(world, round_, 1)
    await world.made(f"/v1/rounds/{round_['id']}/close")
    assert (await void(world, round_, left)).json()["code"] == "round_already_closed"


async def test_voiding_tells_nobody_how_many_of_a_batch_were_used(world):
    """Of three units counts are exact: what is told before and after may not differ by the used."""
    round_ = await world.open_round(unit_ids=[str(unit) for unit in world.units])
    batch = await batch_of(world, round_, 20)
    await batch_of(world, round_, 30, world.unit_b)
    path = f"/v1/rounds/{round_['id']}/answers_count"
    for ticket in batch["tickets"][:3]:
        await world.submit(ticket["code"], ballot())
    before = (await world.get(path)).json()

    await void(world, round_, batch)

    after = (await world.get(path)).json()
    assert (before["tickets_issued"], before["tickets_unused"]) == (50, 47)
    assert (after["tickets_issued"], after["tickets_unused"]) == (30, 27)
    assert after["counted"] == before["counted"] == 3
    audit = await world.rows("SELECT after FROM audit_entry WHERE action = 'round.void_tickets'")
    assert "voided" not in str(audit[0].after)


@pytest.mark.parametrize("end", ["close", "cancel"])
async def test_an_unused_ticket_says_that_the_round_has_ended_not_that_it_was_used(world, end):
    round_ = await world.open_round()
    used, unused = await world.tickets(round_, 2)
    await world.submit(used, ballot())
    body = {"reason": "Sai phiếu hỏi"} if end == "cancel" else {}
    await world.made(f"/v1/rounds/{round_['id']}/{end}", body)

    late = await world.submit(unused, ballot())

    assert (late.status_code, late.json()["code"]) == (410, "round_closed")
    shown = await page(world, unused)
    assert "Đợt khảo sát đã kết thúc" in shown
    assert "đã được dùng" not in shown
    assert await world.count("response") == 1


async def test_a_used_ticket_of_an_open_round_says_that_it_was_used(world):
    round_ = await world.open_round()
    [used] = await world.tickets(round_, 1)
    await world.submit(used, ballot())
    assert "Giấy mời này đã được dùng" in await page(world, used)
