"""Ballots that staff enter without a ticket: whose they are, how they count, what is not kept."""

import asyncio
from uuid import uuid4

import pytest
from tests.surveys.world import World, ballot


def entry(world: World, **more) -> dict:
    return {**ballot(), "unit_id": str(world.unit_a), "channel": "paper", **more}


async def enter(world: World, round_: dict, body: dict, code: str = "office", **more):
    return await world.post(f"/v1/rounds/{round_['id']}/ballots", body, code, **more)


@pytest.mark.parametrize("channel", ["paper", "kiosk", "interview"])
@pytest.mark.parametrize("code", ["office", "unit_head", "unit_officer"])
async def test_the_office_and_units_enter_ballots_of_the_supervised_lane(world, code, channel):
    sent = entry(world, channel=channel, text={"T.1": "Nên có ghế chờ"})
    answer = await enter(world, await world.open_round(), sent, code)

    assert (answer.status_code, answer.json()) == (
        202, {"response_id": sent["response_id"], "status": "accepted", "complete": True},
    )  # fmt: skip
    [stored] = await world.rows("SELECT lane, channel, unit_id, state FROM response")
    assert tuple(stored) == ("supervised", channel, world.unit_a, "counted")
    [event] = await world.events("surveys.response_submitted.v1")
    assert (event["data"]["lane"], event["data"]["channel"]) == ("supervised", channel)
    assert await world.count("remark") == 1


@pytest.mark.parametrize("unit", ["unit_b", None])
async def test_a_unit_enters_ballots_about_itself_only(world, unit):
    unit_id = unit and str(getattr(world, unit))
    answer = await enter(
        world, await world.open_round(), entry(world, unit_id=unit_id), "unit_officer"
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert answer.json()["detail"] == "Bạn chỉ được nhập phiếu về đơn vị mình"
    assert await world.count("response") == 0


async def test_the_office_may_enter_a_ballot_that_names_no_unit_but_none_of_a_strange_unit(world):
    round_ = await world.open_round()
    nowhere = await enter(world, round_, entry(world, unit_id=None))
    strange = await enter(world, round_, entry(world, unit_id=str(uuid4())))

    assert nowhere.status_code == 202
    assert (strange.status_code, strange.json()["code"]) == (422, "unit_not_in_round")
    assert [error["pointer"] for error in strange.json()["errors"]] == ["/unit_id"]
    assert [row.unit_id for row in await world.rows("SELECT unit_id FROM response")] == [None]


async def test_a_round_that_is_not_to_be_seen_is_not_there(world):
    draft, unknown = await world.draft_round(), {"id": str(uuid4())}
    hidden = await enter(world, draft, entry(world), "unit_head")
    missing = await enter(world, unknown, entry(world))
    early = await enter(world, draft, entry(world))

    for answer in (hidden, missing):
        assert (answer.status_code, answer.json()["code"]) == (404, "round_not_found")
    assert (early.status_code, early.json()["code"]) == (403, "round_not_open")


@pytest.mark.parametrize("code", ["director", "appraiser", "auditor", "admin", "external"])
async def test_nobody_else_enters_ballots(world, code):
    answer = await enter(world, await world.open_round(), entry(world), code)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_ballot_entered_is_refused_in_the_words_of_the_public_route(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    for wrong in (
        {"answers": {"F1.1": 6, "F9.9": 1}},
        {"answers": {}},
        {"response_id": "0194c0de-0000-7000-8000-00000000000a"},
        {"surprise": 1},
        {"channel": "web", "answers": {}},
    ):
        body = entry(world, **wrong)
        entered = await enter(world, round_, body)
        public = await world.submit(link["code"], {**ballot(), "channel": "paper", **wrong})

        assert entered.status_code == 422
        if "channel" not in wrong:
            assert entered.json() == {**public.json(), "instance": entered.json()["instance"]}
    assert await world.count("response") == 0


async def test_a_closed_round_takes_no_entry_but_says_again_that_it_has_one(world):
    round_, known = await world.open_round(), entry(world)
    await enter(world, round_, known)
    await world.made(f"/v1/rounds/{round_['id']}/close")
    late, again = await enter(world, round_, entry(world)), await enter(world, round_, known)

    assert (late.status_code, late.json()["code"]) == (410, "round_closed")
    assert again.status_code == 202
    assert await world.count("response") == 1


async def test_the_ballots_id_makes_sending_twice_harmless_and_its_key_is_not_kept(world):
    round_, sent = await world.open_round(), entry(world)
    answers = [await enter(world, round_, sent, key="the-same-key") for _ in range(2)]
    other = await enter(world, round_, sent, key="another-key")

    assert [answer.status_code for answer in (*answers, other)] == [202] * 3
    assert await world.count("response") == 1
    kept = await world.rows("SELECT body FROM idempotency_key")
    assert not [row for row in kept if sent["response_id"].encode() in bytes(row.body)]


async def test_nothing_that_is_stored_leads_from_a_ballot_to_who_entered_it(world):
    round_, sent = await world.open_round(), entry(world)
    entries = await world.count("audit_entry")
    await enter(world, round_, sent, "unit_officer")

    assert await world.count("audit_entry") == entries
    [event] = await world.events("surveys.response_submitted.v1")
    assert not {"actorid", "requestid"} & event.keys()
    assert event["time"].endswith(":00:00Z")
    for table in ("response", "remark", "event_log", "outbox", "answer_count", "idempotency_key"):
        written = str(await world.rows(f"SELECT * FROM {table}"))
        assert str(world.people["unit_officer"]) not in written, table


async def test_more_who_enter_at_once_than_there_are_connections_wait_for_none(world):
    round_ = await world.open_round()
    answers = await asyncio.gather(*(enter(world, round_, entry(world)) for _ in range(30)))

    assert {answer.status_code for answer in answers} == {202}
    assert await world.count("response") == 30


@pytest.mark.parametrize("channel", ["web", "kiosk", "paper"])
async def test_the_code_decides_the_lane_whatever_channel_is_claimed(world, channel):
    round_ = await world.open_round()
    [code], link = await world.tickets(round_, 1), await world.link(round_)
    for way in (code, link["code"]):
        assert (await world.submit(way, ballot(channel=channel))).status_code == 202

    stored = await world.rows("SELECT lane, channel FROM response ORDER BY lane")
    assert [tuple(row) for row in stored] == [("open", channel), ("ticket", channel)]
    counted = await world.rows("SELECT lane, sum(counted) FROM answer_count GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in counted] == [("open", 1), ("ticket", 1)]


async def test_nobody_outside_claims_an_interview(world):
    link = await world.link(await world.open_round())

    assert (await world.submit(link["code"], ballot(channel="interview"))).status_code == 422
