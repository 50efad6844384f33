"""Many callers, one query."""

import asyncio

from surveys.answers.coalescer import Coalescer


async def test_questions_arriving_during_work_go_together():
    groups: list[list[int]] = []
    gate = asyncio.Event()

    async def work(questions):
        groups.append(list(questions))
        await gate.wait()
        return [question * 2 for question in questions]

    coalescer = Coalescer(work, most=4)
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(6)]
    await asyncio.sleep(0)  # why: lets the tasks ask, nothing is waited for
    await asyncio.sleep(0)  # why: lets the group start
    asked += [asyncio.create_task(coalescer.ask(number)) for number in range(6, 8)]
    gate.set()

    assert await asyncio.gather(*asked) == [number * 2 for number in range(8)]
    assert [number for group in groups for number in group] == list(range(8))
    assert max(map(len, groups)) == 4
    assert await coalescer.ask(21) == 42


async def test_a_cancelled_request_leaves_the_others_their_answers():
    gate = asyncio.Event()

    async def work(questions):
        await gate.wait()
        return questions

    coalescer = Coalescer(work, most=2)
    asked = [asyncio.create_task(coalescer.ask(number)) for number in range(4)]
    await asyncio.sleep(0)  # why: lets the tasks ask, nothing is waited for
    asked[1].cancel()
    asked[3].cancel()
    gate.set()

    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [results[0], results[2]] == [0, 2]
    assert isinstance(results[1], asyncio.CancelledError)
