"""Rounds end by hand and by the clock, and their unused tickets with them."""

from datetime import timedelta

from sqlalchemy import text
from tests.surveys.world import ballot

from chassis.clock import database_now
from surveys import jobs
from surveys.closing import actions as closing


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
