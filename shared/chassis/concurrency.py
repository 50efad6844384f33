"""Running loops side by side.

`asyncio.TaskGroup` of Python 3.11 leaves the parent's cancel count raised when a child fails while
the group is already exiting, which makes every later failure look like a cancellation.
"""

import asyncio
from collections.abc import Awaitable


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
