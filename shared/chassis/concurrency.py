"""Running loops side by side.

`asyncio.TaskGroup` of Python 3.11 leaves the parent's cancel count raised when a child fails while
the group is already exiting, which makes every later failure look like a cancellation.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def all_together(*works: Awaitable[None]) -> None:
    """Run loops until one of them ends; cancel the others, then raise what ended the first."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Return what `work` returns. Raises TimeoutError when it takes longer, and leaves it behind.

    For what may hang so that even a cancellation does not end it, which `asyncio.timeout` awaits.
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        raise
    if not done:
        task.cancel()
        raise TimeoutError(f"not done within {seconds:g} s")
    return task.result()
