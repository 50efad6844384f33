"""Rounds end by hand and by the clock, and their unused tickets with them."""

import asyncio
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.surveys.test_batches import batch_of, void
from tests.surveys.test_review_api import called
from tests.surveys.world import ballot

from chassis.clock import database_now
from surveys import jobs
from surveys.closing import actions as closing
from surveys.rounds import actions as rounds


async def run_clock(world) -> int:
    async with world.database.sessions.begin() as session:
        return await closing.close_ended(session, await database_now(session))


async def end_yesterday(world, round_: dict) -> None:
    yesterday = await world.today() - timedelta(days=1)
    async with world.database.sessions.begin() as session:
        await session.execute(
            text("UPDATE survey_round SET opens_on = :day, closes_on = :day WHERE id = :id"),
            {"day": yesterday, "id": round_["id"]},
        )


async def test_the_clock_closes_a_round_the_day_after_its_last(world):
    ended, running = await world.open_round(), await world.open_round(days=0)
    await world.tickets(ended, 2)
    await end_yesterday(world, ended)

    assert await run_clock(world) == 1
    assert await run_clock(world) == 0
    assert (await world.get(f"/v1/rounds/{ended['id']}")).json()["status"] == "closed"
    assert (await world.get(f"/v1/rounds/{running['id']}")).json()["status"] == "open"
    [event] = await world.events("surveys.round_closed.v1")
    assert event["subject"] == ended["id"]
    assert "actorid" not in event
    assert await world.count("ticket") == 0


async def waits(world, task: asyncio.Task) -> bool:
    """Whether a task waits for a lock, or is done."""
    return task.done() or bool(await world.rows("SELECT 1 FROM pg_locks WHERE NOT granted"))


async def extend(world, session, round_: dict) -> None:
    days = {"closes_on": await world.today() + timedelta(days=3)}
    await rounds.change(session, world.actor(), UUID(round_["id"]), round_["version"], days)


async def give_up(world, session, round_: dict) -> None:
    await closing.cancel(session, world.actor(), UUID(round_["id"]), "Mưa bão")


async def end(world, session, round_: dict) -> None:
    await closing.close(session, world.actor(), UUID(round_["id"]))


@pytest.mark.parametrize(
    ("meanwhile", "status", "tickets"),
    [(extend, "open", 2), (give_up, "cancelled", 0), (end, "closed", 0)],
)
async def test_what_somebody_just_does_to_an_ended_round_the_clock_waits_for_and_heeds(
    world, eventually, meanwhile, status, tickets
):
    held, other = [await world.open_round() for _ in range(2)]
    await world.tickets(held, 2)
    for round_ in (held, other):
        await end_yesterday(world, round_)
    async with world.database.sessions() as session:
        await meanwhile(world, session, held)
        clock = asyncio.create_task(run_clock(world))
        await eventually(partial(waits, world, clock))
        assert not clock.done()
        await session.commit()

    assert await clock == 1
    assert (await world.get(f"/v1/rounds/{held['id']}")).json()["status"] == status
    assert (await world.get(f"/v1/rounds/{other['id']}")).json()["status"] == "closed"
    assert await world.count("ticket") == tickets


async def test_past_its_last_day_a_round_takes_nothing_even_before_the_clock_closes_it(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    await world.submit(link["code"], ballot())
    await end_yesterday(world, round_)
    answer = await world.submit(link["code"], ballot())

    assert (answer.status_code, answer.json()["code"]) == (410, "round_closed")
    assert await world.count("response") == 1


def test_the_clock_has_its_work():
    assert {job.name for job in jobs.schedule.jobs} == {"close_ended_rounds"}


async def test_closing_a_round_forgets_the_tickets_nobody_used_and_keeps_their_number(world):
    round_ = await world.open_round(unit_ids=[str(unit) for unit in world.units])
    codes = await world.tickets(round_, 4)
    await world.submit(codes[0], ballot())
    await world.made(f"/v1/rounds/{round_['id']}/close")

    assert await world.count("ticket") == 0
    counts = (await world.get(f"/v1/rounds/{round_['id']}/answers_count")).json()
    assert (counts["tickets_issued"], counts["tickets_unused"]) == (4, 3)


async def test_a_round_that_closes_says_what_was_ever_counted_in_each_lane(world):
    round_ = await world.open_round()
    path = f"/v1/rounds/{round_['id']}"
    codes, link = await world.tickets(round_, 4), await world.link(round_)
    sent = [ballot() for _ in range(3)]
    for code, one in zip(codes, sent, strict=False):
        await world.submit(code, one)
    await world.submit(codes[3], {**ballot(), "answers": {"F1.1": 5}})
    for _ in range(2):
        await world.submit(link["code"], ballot())
    gone = {"ballot_ids": await called(world, sent[:2]), "reason": "Trùng"}
    await world.made(f"{path}/exclusions", gone)
    again = {**gone, "ballot_ids": gone["ballot_ids"][:1]}
    await world.made(f"{path}/restorations", again)
    await world.made(f"{path}/close")

    [event] = await world.events("surveys.round_closed.v1")
    assert event["data"]["ballots"] == [
        {"lane": "ticket", "counted": 2, "excluded": 1, "revisions": 3 + 2 + 1},
        {"lane": "supervised", "counted": 0, "excluded": 0, "revisions": 0},
        {"lane": "open", "counted": 2, "excluded": 0, "revisions": 2},
    ]


async def test_a_round_that_closes_while_ballots_rain_misses_none_of_them(world):
    round_ = await world.open_round()
    link = await world.link(round_)
    ways = [asyncio.create_task(world.submit(link["code"], ballot())) for _ in range(60)]
    await ways[0]
    await world.made(f"/v1/rounds/{round_['id']}/close")
    statuses = [answer.status_code for answer in await asyncio.gather(*ways)]

    [event] = await world.events("surveys.round_closed.v1")
    [*_, opened] = event["data"]["ballots"]
    assert opened["counted"] == statuses.count(202) == await world.count("response")
    assert set(statuses) <= {202, 410}


async def test_of_few_units_the_trace_of_a_closing_tells_unused_tickets_in_tens(world):
    few = await world.open_round()
    many = await world.open_round(unit_ids=[str(unit) for unit in world.units])
    for round_ in (few, many):
        [code, *_] = await world.tickets(round_, 24)
        await world.submit(code, ballot())
        await world.made(f"/v1/rounds/{round_['id']}/close")

    lines = await world.rows(
        "SELECT after FROM audit_entry WHERE action = 'round.close' ORDER BY id"
    )
    assert [line.after["tickets_unused"] for line in lines] == [20, 23]


async def test_a_round_that_closes_says_how_many_tickets_it_issued_and_which_were_voided(world):
    round_ = await world.open_round(unit_ids=[str(unit) for unit in world.units])
    codes = await world.tickets(round_, 4)
    lost = await batch_of(world, round_, 3)
    await world.submit(codes[0], ballot())
    await world.submit(lost["tickets"][0]["code"], ballot())
    await void(world, round_, lost)
    await world.made(f"/v1/rounds/{round_['id']}/close")

    [event] = await world.events("surveys.round_closed.v1")
    assert event["data"]["tickets"] == {"issued": 4, "voided": 3}, "not what was used of them"


async def test_of_few_units_a_round_that_closes_says_its_tickets_in_tens(world):
    round_ = await world.open_round()
    await world.tickets(round_, 24)
    await void(world, round_, await batch_of(world, round_, 9))
    await world.made(f"/v1/rounds/{round_['id']}/close")

    [event] = await world.events("surveys.round_closed.v1")
    assert event["data"]["tickets"] == {"issued": 20, "voided": 0}


async def test_a_round_without_tickets_says_that_it_issued_none_and_a_cancelled_one_nothing(world):
    without, given_up = await world.open_round(), await world.open_round()
    await world.tickets(given_up, 24)
    await world.made(f"/v1/rounds/{without['id']}/close")
    await world.made(f"/v1/rounds/{given_up['id']}/cancel", {"reason": "Mưa bão"})

    events = await world.events("surveys.round_closed.v1")
    told = {event["subject"]: event["data"]["tickets"] for event in events}
    assert told == {without["id"]: {"issued": 0, "voided": 0}, given_up["id"]: None}
