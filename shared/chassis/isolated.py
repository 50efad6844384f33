"""Run a function on somebody's file in a process of its own, with limits on memory and time.

What a hostile or broken file can then cost is one small process, never the service.
"""

import asyncio
import importlib
import pickle
import resource
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

from chassis.errors import InvalidInput, ServiceError

P = ParamSpec("P")
R = TypeVar("R")

SECONDS = 30
MEMORY_BYTES = 1024 * 1024 * 1024
_OUT_OF_MEMORY = 3


async def call(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what the function returns. It must be importable, what goes in and out picklable.

    A ServiceError or ValueError it raises comes through as it is, any other as RuntimeError.
    Raises InvalidInput (`file_too_complex`) after 30 s or above 1 GB.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chassis.isolated",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    task = pickle.dumps((function.__module__, function.__qualname__, args, kwargs))
    try:
        async with asyncio.timeout(SECONDS + 5):  # the process counts its own seconds first
            answer, _ = await process.communicate(task)
    except TimeoutError:
        raise _too_complex() from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return cast(R, _result(process.returncode or 0, answer))


def _result(status: int, answer: bytes) -> Any:
    if status < 0 or status == _OUT_OF_MEMORY:  # below zero: ended by a signal
        raise _too_complex()
    if status:
        raise RuntimeError(f"the process ended with {status}, see its words in the log")
    kind, value = pickle.loads(answer)  # noqa: S301 - written by our own code a moment ago
    if kind == "raised":
        raise value
    return value


def _too_complex() -> InvalidInput:
    return InvalidInput(
        "Tệp quá lớn hoặc quá phức tạp để xử lý; hãy chia nhỏ hoặc lưu lại đơn giản hơn",
        code="file_too_complex",
    )


def main() -> None:
    """Be the other process: read a task, set the limits, answer."""
    module, name, args, kwargs = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our parent's
    out, sys.stdout = sys.stdout.buffer, sys.stderr  # prints must not end up in the answer
    function: Any = importlib.import_module(module)
    for part in name.split("."):
        function = getattr(function, part)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    out.write(_attempt(lambda: function(*args, **kwargs)))
    out.flush()


def _attempt(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps(("returned", work()))
    except MemoryError:
        sys.exit(_OUT_OF_MEMORY)
    except (ServiceError, ValueError) as error:
        return pickle.dumps(("raised", error))
    except Exception as error:  # noqa: BLE001 - its class may not be known where it is read
        return pickle.dumps(("raised", RuntimeError(f"{type(error).__name__}: {error}")))


if __name__ == "__main__":
    main()
