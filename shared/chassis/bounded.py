"""A module of ours in a process of its own, for what strangers made: bounded on all sides."""

import asyncio
import ctypes
import resource
import sys

_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000  # CLONE_NEWUSER, CLONE_NEWNET of sched.h


async def run(module: str, *arguments: str, content: bytes, seconds: float) -> bytes | None:
    """Return what the module wrote: nothing if it died at a limit, None when its time was up.

    No secrets stand in its environment, and nothing of it is left behind.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(seconds):
            output, _ = await process.communicate(content)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return output


def confine(memory: int, processor_seconds: int) -> None:
    """Bound this process: bytes of address space, seconds of a core, no files, no network."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor_seconds, processor_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Some hosts refuse this to whoever is not root; nothing run here asks for a network anyway.
    ctypes.CDLL(None).unshare(_NEW_USERS | _NEW_NETWORK)
