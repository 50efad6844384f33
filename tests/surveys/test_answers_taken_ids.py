"""A response id stands for one ballot: the same one again is accepted, another one is told so."""

import asyncio
from uuid import UUID, uuid4

import pytest
from tests.statements import counted_statements
from tests.surveys.test_answers_group_commit import checked, prepared
from tests.surveys.world import World, ballot, form

from chassis.database import Database


async def other_level(_world: World, sent: dict) -> dict:
    return {**sent, "answers": {**sent["answers"], "F1.2": 2}}


async def other_choice(_world: World, sent: dict) -> dict:
    return {**sent, "choices": {"P.1": [2]}}


async def other_unit(world: World, sent: dict) -> dict:
    return {**sent, "unit_id": str(world.unit_b)}


async def other_channel(_world: World, sent: dict) -> dict:
    return {**sent, "channel": "kiosk"}


@pytest.mark.parametrize("change", [other_level, other_choice, other_unit, other_channel])
async def test_a_known_id_with_anything_else_in_it_is_refused_in_words_and_nothing_changes(
    world, change
):
    link = await world.link(await world.open_round())
    sent = ballot(3, choices={"P.1": [1]}, unit_id=str(world.unit_a))
    assert (await world.submit(link["code"], sent)).status_code == 202
    [stored] = await world.rows("SELECT * FROM response")

    other = await world.submit(link["code"], await change(world, sent))
    again = await world.submit(link["code"], sent)

    assert (other.status_code, other.json()["code"]) == (409, "response_id_taken")
    assert "chưa được ghi nhận" in other.json()["detail"]
    assert again.status_code == 202
    assert await world.rows("SELECT * FROM response") == [stored]


async def test_a_known_id_is_not_accepted_for_another_round_lane_or_ticket(world):
    first, second = await world.open_round(), await world.open_round()
    mine, other_unit = await world.tickets(first, 1), await world.tickets(first, 1, world.unit_b)
    elsewhere, link = await world.tickets(second, 1), await world.link(first, world.unit_a)
    sent = ballot()
    assert (await world.submit(mine[0], sent)).status_code == 202

    for code in (other_unit[0], elsewhere[0], link["code"]):
        answer = await world.submit(code, sent)
        assert (answer.status_code, answer.json()["code"]) == (409, "response_id_taken")
    assert await world.count("ticket") == 2  # a ballot that was not taken spends nothing
    assert await world.count("response") == 1


async def test_a_ticket_that_was_spent_does_not_vouch_for_other_answers_under_its_ballots_id(world):
    [code] = await world.tickets(await world.open_round(), 1)
    sent = ballot(2)
    assert (await world.submit(code, sent)).status_code == 202

    again = await world.submit(code, sent)
    changed = await world.submit(code, {**ballot(5), "response_id": sent["response_id"]})

    assert again.status_code == 202
    assert (changed.status_code, changed.json()["code"]) == (409, "response_id_taken")


async def test_after_the_end_only_the_ballot_that_is_there_is_said_to_be_there(world):
    round_ = await world.open_round()
    link, sent = await world.link(round_), ballot(2)
    assert (await world.submit(link["code"], sent)).status_code == 202
    await world.made(f"/v1/rounds/{round_['id']}/close")

    again = await world.submit(link["code"], sent)
    changed = await world.submit(link["code"], {**ballot(5), "response_id": sent["response_id"]})

    assert again.status_code == 202
    assert (changed.status_code, changed.json()["code"]) == (409, "response_id_taken")


async def test_a_ballot_entered_by_staff_under_a_known_id_is_refused_unless_it_is_the_same(world):
    round_, another = await world.open_round(), await world.open_round()
    sent = {**ballot(4), "unit_id": str(world.unit_a), "channel": "paper"}
    path = f"/v1/rounds/{round_['id']}/ballots"
    assert (await world.post(path, sent)).status_code == 202

    again = await world.post(path, sent)
    changed = [
        await world.post(path, {**sent, "unit_id": str(world.unit_b)}),
        await world.post(path, {**sent, "unit_id": None}),
        await world.post(path, {**sent, "answers": {**sent["answers"], "F1.1": 1}}),
        await world.post(f"/v1/rounds/{another['id']}/ballots", sent),
    ]

    assert again.status_code == 202
    assert {(a.status_code, a.json()["code"]) for a in changed} == {(409, "response_id_taken")}
    assert await world.count("response") == 1


async def test_equal_and_different_ballots_of_one_id_in_one_batch_are_told_apart(world):
    round_ = await world.open_round()
    group_commit = world.reception.group_commit
    await group_commit.submit(prepared(round_))  # the first look at the round
    id_ = uuid4()
    group = [
        prepared(round_, response_id=id_),
        prepared(round_, response_id=id_),
        prepared(round_, response_id=id_, answers=checked(1)),
        prepared(round_, response_id=id_, unit_id=world.unit_b),
        prepared(round_),
    ]
    outcomes = await asyncio.gather(*(group_commit.submit(one) for one in group))

    taken = "response_id_taken"
    assert outcomes == ["accepted", "accepted", taken, taken, "accepted"]
    assert await world.count("response") == 3
    [row] = await world.rows("SELECT answers FROM response WHERE response_id = :id", id=id_)
    assert set(row.answers.values()) == {4}


async def test_equal_ballots_in_one_batch_cost_no_second_statement(world):
    round_ = await world.open_round()
    group_commit = world.reception.group_commit
    await group_commit.submit(prepared(round_))
    id_ = uuid4()
    with counted_statements(world.database) as statements:
        outcomes = await asyncio.gather(
            *(group_commit.submit(prepared(round_, response_id=id_)) for _ in range(5))
        )

    assert outcomes == ["accepted"] * 5
    assert len(statements) == 1


async def test_two_processes_given_different_ballots_of_one_id_store_one_and_refuse_the_other(
    world,
):
    link = await world.link(await world.open_round())
    database = Database(world.database.url)
    second = World(database)
    pairs = [(ballot(1), ballot(5)) for _ in range(10)]
    for one, other in pairs:
        other["response_id"] = one["response_id"]
    answers = await asyncio.gather(
        *(world.submit(link["code"], one) for one, _ in pairs),
        *(second.submit(link["code"], other) for _, other in reversed(pairs)),
    )
    await database.close()

    assert sorted(answer.status_code for answer in answers) == [202] * 10 + [409] * 10
    assert await world.count("response") == 10


async def test_a_citizen_who_goes_back_and_changes_an_answer_is_told_that_it_came_too_late(world):
    link = await world.link(await world.open_round(), world.unit_a)
    sent = form(4)
    assert (await world.citizen.post(f"/k/{link['code']}", data=sent)).status_code == 303

    changed = await world.citizen.post(f"/k/{link['code']}", data={**sent, "F1.1": "1"})
    english = await world.citizen.post(f"/k/{link['code']}?lang=en", data={**sent, "F1.1": "1"})

    assert (changed.status_code, english.status_code) == (409, 409)
    assert "Phiếu này đã được ghi nhận trước đó" in changed.text
    assert "were not recorded" in english.text
    [row] = await world.rows("SELECT answers FROM response")
    assert row.answers["F1.1"] == 4


async def test_an_unused_ticket_after_the_end_says_that_it_is_over_and_not_that_it_was_used(world):
    round_ = await world.open_round()
    unused, spent = await world.tickets(round_, 2)
    opened = await world.citizen.get(f"/k/{unused}")
    mine = form(5)
    assert (await world.citizen.post(f"/k/{spent}", data=mine)).status_code == 303
    await world.made(f"/v1/rounds/{round_['id']}/close")

    posted = await world.citizen.post(f"/k/{unused}", data=form())
    again = await world.citizen.get(f"/k/{unused}")
    sent = await world.submit(unused, ballot())
    repeated = await world.citizen.post(f"/k/{spent}", data=mine)

    assert opened.status_code == 200
    assert [one.status_code for one in (posted, again, sent)] == [410] * 3
    assert "Phiếu vừa gửi chưa được ghi nhận" in posted.text
    for page in (posted, again):
        assert "Đợt khảo sát đã kết thúc" in page.text
        assert "đã được dùng" not in page.text
    assert sent.json()["code"] == "round_closed"
    assert "không được ghi nhận" in sent.json()["detail"]
    assert repeated.status_code == 303


async def test_a_spent_ticket_used_for_another_ballot_says_that_this_one_was_not_recorded(world):
    [code] = await world.tickets(await world.open_round(), 1)
    assert (await world.citizen.post(f"/k/{code}", data=form(5))).status_code == 303

    other = await world.citizen.post(f"/k/{code}", data=form(1))

    assert other.status_code == 410
    assert "Phiếu vừa gửi chưa được ghi nhận" in other.text


async def test_what_is_kept_of_issued_tickets_is_the_same_before_and_after_one_is_spent(world):
    round_ = await world.open_round()
    codes = await world.tickets(round_, 4)
    before = await world.rows("SELECT *, xmin::text, ctid::text FROM issued_ticket ORDER BY key")
    await world.submit(codes[2], ballot())
    await world.made(f"/v1/rounds/{round_['id']}/close")

    after = await world.rows("SELECT *, xmin::text, ctid::text FROM issued_ticket ORDER BY key")
    assert len(before) == 4
    assert after == before
    assert {row.round_id for row in after} == {UUID(round_["id"])}
