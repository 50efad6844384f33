"""How many answers there are, and who sees how many."""

import asyncio

from tests.surveys.world import ballot


async def test_counts_are_live_for_the_department_and_stepped_by_five_for_units(world):
    round_ = await world.open_round()
    link_a, link_b = await world.link(round_, world.unit_a), await world.link(round_, world.unit_b)
    codes = await world.tickets(round_, 3)
    ways = [link_a["code"]] * 5 + [link_b["code"]] * 4 + codes[:1]
    await asyncio.gather(*(world.submit(code, ballot()) for code in ways))
    few = {**ballot(), "answers": {"F1.1": 5}}
    await world.submit(link_a["code"], few)

    path = f"/v1/rounds/{round_['id']}/answers_count"
    counts = (await world.get(path, "director")).json()
    own = (await world.get(path, "unit_head")).json()

    assert counts == {
        "counted": 10, "held": 0, "excluded": 1, "tickets_issued": 3, "tickets_unused": 2,
        "units": [
            {"unit_id": str(world.unit_a), "counted": 5},
            {"unit_id": str(world.unit_b), "counted": 0},
        ],
    }  # fmt: skip
    assert own["units"] == counts["units"][:1]
