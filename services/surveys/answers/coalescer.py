"""Many callers, one query: what arrives while a group is at work goes together in the next."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from chassis.database import is_away, may_be_tried_again

Q = TypeVar("Q")
A = TypeVar("A")


class Coalescer(Generic[Q, A]):
    """Hands `work` up to `most` questions at once; it returns one answer for each, in order.

    There is no waiting for a first group to fill: alone, a question is a group of one. `rest`:
    seconds between two groups, in which the next one gathers. When `work` fails for a reason that
    may lie in one of the questions, they are asked again one by one, so that no question fails its
    neighbours.
    """

    def __init__(
        self, work: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], most: int, rest: float = 0.0
    ) -> None:
        """Take the work; no task runs while nobody asks, and nothing needs to be closed."""
        self._work, self._most, self._rest = work, most, rest
        self._waiting: deque[tuple[Q, asyncio.Future[A]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """Return the answer, or raise what `work` raised."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                count = min(self._most, len(self._waiting))
                group = [self._waiting.popleft() for _ in range(count)]
                await self._answer([asked for asked in group if not asked[1].done()])
                await asyncio.sleep(self._rest)
        finally:
            self._task = None

    async def _answer(self, group: Sequence[tuple[Q, asyncio.Future[A]]]) -> None:
        try:
            answers = await self._work([question for question, _ in group])
        except Exception as error:  # noqa: BLE001 - it is the askers' to handle
            if len(group) > 1 and not (is_away(error) or may_be_tried_again(error)):
                for one in group:
                    await self._answer([one])
                return
            for _, future in group:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(group, answers, strict=True):
            if not future.done():
                future.set_result(answer)
