"""How many answers there are, and who sees how many."""

import asyncio
from uuid import UUID

import pytest
from tests.surveys.world import World, ballot


async def counts(world: World, round_: dict, code: str = "director") -> dict:
    return (await world.get(f"/v1/rounds/{round_['id']}/answers_count", code)).json()


async def answered(world: World, round_: dict, *, tickets: dict[UUID, int], links: int = 0) -> None:
    """Ballots by tickets of units, and by an open link of unit A."""
    ways = [(await world.link(round_, world.unit_a))["code"]] * links
    for unit, number in tickets.items():
        ways += (await world.tickets(round_, number, unit))[:number]
    answers = await asyncio.gather(*(world.submit(way, ballot()) for way in ways))
    assert {answer.status_code for answer in answers} == {202}


async def enter(world: World, round_: dict, number: int) -> None:
    for _ in range(number):
        body = {**ballot(), "unit_id": str(world.unit_a), "channel": "paper"}
        await world.made(f"/v1/rounds/{round_['id']}/ballots", body)


def lanes(told: dict) -> dict[str, int]:
    return {each["lane"]: each["counted"] for each in told["lanes"]}


async def three_units(world: World, **said) -> dict:
    return await world.open_round(unit_ids=[str(unit) for unit in world.units], **said)


async def test_the_departments_count_is_live_and_a_units_in_tens(world):
    round_ = await three_units(world)
    await answered(world, round_, tickets={world.unit_a: 11, world.unit_b: 9, world.unit_c: 1})
    [left] = await world.tickets(round_, 1)
    few = {**ballot(), "answers": {"F1.1": 5}}
    assert (await world.submit(left, few)).status_code == 202
    await world.tickets(round_, 3)

    told, own = await counts(world, round_), await counts(world, round_, "unit_head")

    assert told == {
        "counted": 21, "held": 0, "excluded": 1, "tickets_issued": 25, "tickets_unused": 3,
        "lanes": [
            {"lane": "ticket", "counted": 21}, {"lane": "supervised", "counted": 0},
            {"lane": "open", "counted": 0},
        ],
        "units": [
            {"unit_id": str(world.unit_a), "counted": 10},
            {"unit_id": str(world.unit_b), "counted": 0},
            {"unit_id": str(world.unit_c), "counted": 0},
        ],
    }  # fmt: skip
    assert own["units"] == told["units"][:1]


async def test_of_fewer_than_three_units_everything_is_told_in_tens(world):
    round_ = await world.open_round()
    await answered(world, round_, tickets={world.unit_a: 9, world.unit_b: 5}, links=3)
    await world.tickets(round_, 12)

    for code in ("director", "office", "unit_head"):
        told = await counts(world, round_, code)
        assert (told["counted"], told["tickets_issued"], told["tickets_unused"]) == (10, 20, 10)
        assert lanes(told) == {"ticket": 10, "supervised": 0, "open": 0}
        assert {each["counted"] for each in told["units"]} == {0}
    await world.made(f"/v1/rounds/{round_['id']}/close")
    closed = await counts(world, round_)
    assert (closed["counted"], closed["tickets_unused"]) == (10, 10)
    assert lanes(closed) == {"ticket": 10, "supervised": 0, "open": 0}


async def test_ballots_without_a_ticket_are_told_beside_in_tens_and_exactly_once_closed(world):
    round_ = await three_units(world)
    await answered(world, round_, tickets={world.unit_a: 2}, links=13)
    await enter(world, round_, 1)
    told = await counts(world, round_)
    await world.made(f"/v1/rounds/{round_['id']}/close")

    assert lanes(told) == {"ticket": 2, "supervised": 0, "open": 10}
    assert told["counted"] == 2
    assert {each["counted"] for each in told["units"]} == {0}
    assert lanes(await counts(world, round_)) == {"ticket": 2, "supervised": 1, "open": 13}
    assert (await counts(world, round_))["counted"] == 2


async def test_a_round_with_open_links_in_its_index_counts_them_in_it_once_it_is_closed(world):
    round_ = await three_units(world, open_in_index=True)
    await answered(world, round_, tickets={world.unit_a: 2}, links=13)
    await enter(world, round_, 1)
    told = await counts(world, round_)
    await world.made(f"/v1/rounds/{round_['id']}/close")
    closed = await counts(world, round_)

    assert lanes(told) == {"ticket": 2, "supervised": 0, "open": 10}
    assert told["counted"] == 2
    assert told["units"][0] == {"unit_id": str(world.unit_a), "counted": 0}
    assert lanes(closed) == {"ticket": 2, "supervised": 1, "open": 13}
    assert closed["counted"] == 16
    assert closed["units"][0] == {"unit_id": str(world.unit_a), "counted": 10}


@pytest.mark.parametrize("open_in_index", [False, True])
async def test_ballots_of_which_nobody_said_the_unit_are_told_in_tens_too(world, open_in_index):
    round_ = await three_units(world, open_in_index=open_in_index)
    way = (await world.link(round_))["code"]
    await asyncio.gather(*(world.submit(way, ballot()) for _ in range(12)))
    told = await counts(world, round_)
    await world.made(f"/v1/rounds/{round_['id']}/close")
    closed = await counts(world, round_)

    def nobody_said(of: dict) -> list[int]:
        return [each["counted"] for each in of["units"] if each["unit_id"] is None]

    assert nobody_said(told) == []
    assert nobody_said(closed) == ([10] if open_in_index else [])
